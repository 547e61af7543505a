"""Dropout."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.lenses import fixed, only, same
from translator.knowledge.records import Layer, Record
from translator.knowledge.shapes import like_first

_INPLACE = only("torch", "inplace", "TensorFlow's tensors are immutable")

DROPOUT = Layer(
    torch="torch.nn.Dropout(p=0.5, inplace=False)",
    tf="keras.layers.Dropout(rate, noise_shape=None, seed=None)",
    args=(
        same("p", "rate"),
        _INPLACE,
        fixed("tensorflow", "noise_shape", "None"),
        only("tensorflow", "seed", "the two sides never draw the same numbers"),
    ),
    order="keeps",
    shape=like_first,
    moded=True,
    differs="A torch module drops in training mode, which is on from the start; a Keras layer drops only where "
    "training=True reaches it.",
    words="dropout training mode",
    cases=(
        case("torch.nn.Dropout(0.25)", f32(2, 3)),
        case("torch.nn.Dropout()", f32(2, 3)),
        case("keras.layers.Dropout(0.5)", f32(2, 3), side="tensorflow"),
    ),
)

DROPOUT2D = Layer(
    torch="torch.nn.Dropout2d(p=0.5, inplace=False)",
    tf="keras.layers.SpatialDropout2D(rate, data_format=None, seed=None)",
    args=(
        same("p", "rate"),
        _INPLACE,
        fixed("tensorflow", "data_format", "None"),
        only("tensorflow", "seed", "the two sides never draw the same numbers"),
    ),
    order="wants",
    rank=4,
    shape=like_first,
    moded=True,
    differs="Both drop whole channels.",
    words="spatial dropout",
    cases=(case("torch.nn.Dropout2d(0.25)", f32(2, 3, 4, 4)),),
)

RECORDS: tuple[Record, ...] = (DROPOUT, DROPOUT2D)
