"""The class that modules derive from."""

from __future__ import annotations

from translator.knowledge.records import Function, Record

MODULE = Function(
    torch="torch.nn.Module",
    tf=("keras.Model", "keras.layers.Layer", "tf.Module", "keras.models.Model"),
    differs="torch runs `forward`, Keras `call`; torch knows its sizes at once, Keras builds its variables at the "
    "first call; a torch module starts in training mode, a Keras call is inference unless training=True.",
    words="subclass model class forward call",
)

RECORDS: tuple[Record, ...] = (MODULE,)
