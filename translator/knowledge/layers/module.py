"""The class that modules derive from."""

from __future__ import annotations

from translator.knowledge.cases import script
from translator.knowledge.records import Function, Record

MODULE = Function(
    torch="torch.nn.Module",
    tf=("keras.Model", "keras.layers.Layer", "tf.Module", "keras.models.Model"),
    differs="torch runs `forward`, Keras `call`; torch knows its sizes at once, Keras builds its variables at the "
    "first call; a torch module starts in training mode, a Keras call is inference unless training=True.",
    words="subclass model class forward call",
    cases=(
        script(
            "import torch\nfrom torch import nn\n\n\n"
            "class Twice(nn.Module):\n    def forward(self, x):\n        return 2 * x\n\n\n"
            "print(Twice()(torch.ones(3)).sum().item())"
        ),
        script(
            "import keras\nimport tensorflow as tf\n\n\n"
            "class Twice(keras.layers.Layer):\n    def call(self, x):\n        return 2 * x\n\n\n"
            "print(float(tf.reduce_sum(Twice()(tf.ones([3])))))",
            side="tensorflow",
        ),
    ),
)

RECORDS: tuple[Record, ...] = (MODULE,)
