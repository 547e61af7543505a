"""Layers of Keras that torch has in another form, or not at all."""

from __future__ import annotations

from translator.knowledge.records import Record, Refusal


def _refused(names: str, why: str, instead: str, words: str = "") -> Refusal:
    listed = tuple(f"keras.{name}" for name in names.split())
    return Refusal(torch=(), tf=listed, differs=why, instead=instead, words=words)


_CONVOLUTIONAL = _refused(
    "layers.ConvLSTM1D layers.ConvLSTM2D layers.ConvLSTM3D",
    "torch has no recurrent layer that convolves",
    "write the cell, one convolution of cat([x, h], 1) that gives the four gates, and a loop over the steps",
    "convolutional lstm video",
)
_SPECTRAL = _refused(
    "layers.SpectralNormalization",
    "Keras keeps the vectors of the power iteration as a weight of the wrapper, torch as buffers of the layer",
    "torch.nn.utils.parametrizations.spectral_norm(layer)",
    "spectral norm power iteration",
)
_PENALTY = _refused(
    "layers.ActivityRegularization",
    "Keras adds a penalty for what passes through to the loss by itself",
    "give it back from forward beside the outputs, and add it to the loss",
    "activity penalty l1 l2",
)
_REVERSIBLE = _refused(
    "layers.ReversibleEmbedding",
    "one layer of Keras looks up and, with reverse=True, projects back",
    "nn.Embedding, and F.linear(x, embedding.weight) for the way back",
    "tied embedding logits",
)
_GROUPED = _refused(
    "layers.GroupQueryAttention",
    "torch has no layer of attention whose heads share keys and values",
    "nn.Linear for the four projections and F.scaled_dot_product_attention(q, k, v, enable_gqa=True)",
    "grouped query attention",
)

RECORDS: tuple[Record, ...] = (_CONVOLUTIONAL, _SPECTRAL, _PENALTY, _REVERSIBLE, _GROUPED)
