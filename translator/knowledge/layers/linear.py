"""Fully connected layers."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.lenses import INSIDE, inferred, same
from translator.knowledge.records import Layer, Record
from translator.knowledge.shapes import Bound, Shape
from translator.knowledge.weights import weight


def _last_axis(call: Bound) -> Shape:
    return None if not call.first else (*call.first[:-1], call.literals.get("out_features"))


LINEAR = Layer(
    torch=(
        "torch.nn.Linear(in_features, out_features, bias=True)",
        "torch.nn.LazyLinear(out_features, bias=True)",
    ),
    tf="keras.layers.Dense(units, activation=None, use_bias=True, kernel_initializer='glorot_uniform', "
    "bias_initializer='zeros')",
    args=(
        inferred("in_features"),
        same("out_features", "units"),
        same("bias", "use_bias"),
        *INSIDE,
    ),
    shape=_last_axis,
    weights=(weight("weight", "kernel", (1, 0)), weight("bias", "bias")),
    fan_in=("in_features",),
    initial="torch draws weight and bias from U(±1/sqrt(in_features)), Keras the kernel by Glorot with a zero bias",
    differs="Dense learns its input width from the first batch; its kernel is the transpose of torch's weight.",
    naive="Dense.set_weights([weight, bias])",
    error="1.97; a square matrix loads silently untransposed",
    words="fully connected affine layer",
    cases=(
        case("torch.nn.Linear(3, 4)", f32(2, 3)),
        case("torch.nn.Linear(3, 4, bias=False)", f32(2, 5, 3)),
        case("keras.layers.Dense(4, activation='relu')", f32(2, 3), side="tensorflow"),
    ),
)

IDENTITY = Layer(
    torch="torch.nn.Identity()",
    tf="keras.layers.Identity()",
    order="keeps",
    shape=lambda call: call.first,
    cases=(case("torch.nn.Identity()", f32(2, 3)),),
)

RECORDS: tuple[Record, ...] = (LINEAR, IDENTITY)
