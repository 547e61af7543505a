"""Convolutions."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.layers.windows import slide, whole
from translator.knowledge.lenses import INSIDE, fixed, inferred, padding, same
from translator.knowledge.records import Layer, Record
from translator.knowledge.shapes import Bound, Shape
from translator.knowledge.weights import weight


def _convolved(call: Bound) -> Shape:
    return whole(call, call.literals.get("out_channels"), slide(call))


CONV2D = Layer(
    torch=(
        "torch.nn.Conv2d(in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, "
        "bias=True, padding_mode='zeros')",
        "torch.nn.LazyConv2d(out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, "
        "padding_mode='zeros')",
    ),
    tf="keras.layers.Conv2D(filters, kernel_size, strides=(1, 1), padding='valid', data_format=None, "
    "dilation_rate=(1, 1), groups=1, activation=None, use_bias=True, kernel_initializer='glorot_uniform', "
    "bias_initializer='zeros')",
    args=(
        inferred("in_channels", axis=1),
        same("out_channels", "filters"),
        same("kernel_size"),
        same("stride", "strides"),
        padding(),
        same("dilation", "dilation_rate"),
        same("groups"),
        same("bias", "use_bias"),
        fixed("torch", "padding_mode", "'zeros'"),
        fixed("tensorflow", "data_format", "None"),
        *INSIDE,
    ),
    order="wants",
    rank=4,
    shape=_convolved,
    weights=(weight("weight", "kernel", (2, 3, 1, 0)), weight("bias", "bias")),
    differs="Keras reads its images channels last and stores the kernel as (height, width, in, out). padding='same' "
    "with a stride pads at the end only, torch's number pads both ends: they part on even sizes.",
    fan_in=("in_channels", "kernel_size"),
    initial="torch draws weight and bias from U(±1/sqrt(fan_in)), Keras the kernel by Glorot with a zero bias",
    naive="Conv2D(3, strides=2, padding='same') for Conv2d(k=3, stride=2, padding=1)",
    error="2.19 on even sizes, 0 on odd ones",
    words="convolution 2d padding same",
    cases=(
        case("torch.nn.Conv2d(3, 4, 3)", f32(2, 3, 7, 8)),
        case("torch.nn.Conv2d(3, 4, kernel_size=3, stride=2, bias=False)", f32(2, 3, 7, 8)),
        case("torch.nn.Conv2d(4, 6, (3, 1), groups=2, dilation=2)", f32(2, 4, 9, 8)),
        case("torch.nn.Conv2d(3, 4, 3, padding=1)", f32(2, 3, 6, 8)),
        case(
            "keras.layers.Conv2D(4, (3, 3), activation='relu')", f32(2, 7, 8, 3), side="tensorflow"
        ),
        case("keras.layers.Conv2D(4, 4, padding='same')", f32(2, 7, 8, 3), side="tensorflow"),
    ),
)

RECORDS: tuple[Record, ...] = (CONV2D,)
