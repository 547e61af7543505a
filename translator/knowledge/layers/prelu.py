"""The activation that learns its slope."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.layers.convolution import image
from translator.knowledge.lenses import slopes, start
from translator.knowledge.records import Layer, Record
from translator.knowledge.shapes import like_first
from translator.knowledge.weights import Spread, weight

_CONV = "torch.nn.Conv2d(3, 4, 3)"
_KERAS = (
    "keras.Sequential([keras.Input((7, 8, 3)), keras.layers.Conv2D(4, 3), keras.layers.PReLU({})])"
)

PRELU = Layer(
    torch="torch.nn.PReLU(num_parameters=1, init=0.25)",
    tf="keras.layers.PReLU(alpha_initializer='Zeros', alpha_regularizer=None, alpha_constraint=None, shared_axes=None)",
    args=(start("init", "alpha_initializer"), slopes("num_parameters", "shared_axes")),
    order="wants",
    shape=like_first,
    weights=(weight("weight", "alpha", Spread()),),
    differs="torch learns one slope unless told to learn one for each channel, and starts at 0.25; Keras learns one "
    "for each pixel unless axes share theirs, and starts at 0.",
    naive="PReLU()",
    error="1",
    words="parametric relu learned slope",
    cases=(
        case(f"torch.nn.Sequential({_CONV}, torch.nn.PReLU())", image(2, 3)),
        case(f"torch.nn.Sequential({_CONV}, torch.nn.PReLU(4, init=0.1))", image(2, 3)),
        case(
            "keras.Sequential([keras.Input((3,)), keras.layers.Dense(4), keras.layers.PReLU()])",
            f32(2, 3),
            side="tensorflow",
            one_way="how many axes reach it is not known from torch",
        ),
        case(_KERAS.format("shared_axes=[1, 2]"), image(2, 3, last=True), side="tensorflow"),
        case(
            _KERAS.format(
                "alpha_initializer=keras.initializers.Constant(0.2), shared_axes=[1, 2, 3]"
            ),
            image(2, 3, last=True),
            side="tensorflow",
        ),
    ),
)

RECORDS: tuple[Record, ...] = (PRELU,)
