"""Convolutions over one, two and three axes."""

from __future__ import annotations

from translator.knowledge.cases import Array, Case, case, f32
from translator.knowledge.layers.windows import slide, whole
from translator.knowledge.lenses import INSIDE, filled, fixed, groups, inferred, padding, same
from translator.knowledge.records import Layer, Record
from translator.knowledge.shapes import Bound, Shape
from translator.knowledge.weights import Alike, weight

ONCE = {1: "1", 2: "(1, 1)", 3: "(1, 1, 1)"}
"""Keras's default of a stride and a dilation, by the number of axes."""
CHANNELS_LAST = fixed("tensorflow", "data_format", "None", "'channels_last'")

INITIAL = "torch draws weight and bias from U(±1/sqrt(fan_in)), Keras the kernel by Glorot with a zero bias"


def _convolved(call: Bound) -> Shape:
    return whole(call, call.literals.get("out_channels"), slide(call))


def image(axes: int, channels: int, size: int = 7, last: bool = False) -> Array:
    """Two images over a number of axes, of sizes that differ."""
    sizes = [size + i for i in range(axes)]
    return f32(2, *sizes, channels) if last else f32(2, channels, *sizes)


def _convolution(axes: int, *cases: Case) -> Layer:
    rest = (
        "kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros')"
    )
    once = ONCE[axes]
    return Layer(
        torch=(
            f"torch.nn.Conv{axes}d(in_channels, out_channels, {rest}",
            f"torch.nn.LazyConv{axes}d(out_channels, {rest}",
        ),
        tf=f"keras.layers.Conv{axes}D(filters, kernel_size, strides={once}, padding='valid', "
        f"data_format=None, dilation_rate={once}, groups=1, activation=None, use_bias=True, "
        "kernel_initializer='glorot_uniform', bias_initializer='zeros')",
        args=(
            inferred("in_channels", axis=1),
            same("out_channels", "filters"),
            same("kernel_size"),
            same("stride", "strides"),
            padding(),
            same("dilation", "dilation_rate"),
            same("groups") if axes == 3 else groups(),
            same("bias", "use_bias"),
            filled("padding_mode"),
            CHANNELS_LAST,
            *INSIDE,
        ),
        order="wants",
        rank=axes + 2,
        shape=_convolved,
        weights=(
            weight("weight", "kernel", (*range(2, axes + 2), 1, 0)),
            weight("bias", "bias"),
        ),
        given=(Alike("groups", "groups"),),
        differs="Keras reads its images channels last and stores the kernel as (sizes, in, out). padding='same' "
        "with a stride pads at the end only, torch's number pads both ends: they part on even sizes, so that a "
        "layer of its own makes the border. Keras has no strides beside a dilation.",
        fan_in=("in_channels", "kernel_size"),
        initial=INITIAL,
        naive=f"Conv{axes}D(3, strides=2, padding='same') for Conv{axes}d(k=3, stride=2, padding=1)",
        error="2.19 on even sizes, 0 on odd ones",
        words=f"convolution {axes}d padding same",
        cases=cases,
    )


_LEFT = "torch's counterpart of a border by the size of the image is a class of the file"

CONV1D = _convolution(
    1,
    case("torch.nn.Conv1d(3, 4, 3)", image(1, 3)),
    case("torch.nn.Conv1d(4, 6, 3, stride=2, padding=1, groups=2)", image(1, 4, 8)),
    case("torch.nn.Conv1d(3, 4, 3, padding=2, dilation=2, bias=False)", image(1, 3)),
    case(
        "keras.layers.Conv1D(4, 3, padding='causal', dilation_rate=2)",
        image(1, 3, last=True),
        side="tensorflow",
    ),
    case(
        "keras.layers.Conv1D(4, 4, padding='same', activation='relu')",
        image(1, 3, last=True),
        side="tensorflow",
    ),
)
CONV2D = _convolution(
    2,
    case("torch.nn.Conv2d(3, 4, 3)", image(2, 3)),
    case("torch.nn.Conv2d(3, 4, kernel_size=3, stride=2, bias=False)", image(2, 3)),
    case("torch.nn.Conv2d(4, 6, (3, 1), groups=2, dilation=2)", image(2, 4, 9)),
    case("torch.nn.Conv2d(3, 4, 3, padding=1)", image(2, 3)),
    case("torch.nn.Conv2d(3, 4, 3, stride=2, padding=1)", image(2, 3)),
    case("torch.nn.Conv2d(3, 4, (1, 5), (1, 2), padding=(0, 3))", image(2, 3)),
    case("torch.nn.Conv2d(3, 4, 4, padding='same')", image(2, 3)),
    case("torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3, 2, 1), torch.nn.ReLU())", image(2, 3)),
    case("torch.nn.Conv2d(3, 4, 3, padding=1, padding_mode='reflect')", image(2, 3), one_way=_LEFT),
    case(
        "torch.nn.Conv2d(3, 4, 3, padding=(2, 1), padding_mode='replicate')",
        image(2, 3),
        one_way=_LEFT,
    ),
    case("torch.nn.Conv2d(3, 4, 3, 2, 1, padding_mode='circular')", image(2, 3), one_way=_LEFT),
    case(
        "keras.layers.Conv2D(4, (3, 3), activation='relu')",
        image(2, 3, last=True),
        side="tensorflow",
    ),
    case("keras.layers.Conv2D(4, 4, padding='same')", image(2, 3, last=True), side="tensorflow"),
    case(
        "keras.layers.Conv2D(4, 1, strides=2, padding='same')",
        image(2, 3, last=True),
        side="tensorflow",
    ),
    case(
        "keras.layers.Conv2D(4, 3, strides=2, padding='same')",
        image(2, 3, last=True),
        side="tensorflow",
        one_way=_LEFT,
    ),
    case(
        "keras.Sequential([keras.Input((7, 8, 3)), keras.layers.Conv2D(4, (3, 5), strides=(2, 3), padding='same', "
        "activation='relu')])",
        image(2, 3, last=True),
        side="tensorflow",
        one_way=_LEFT,
    ),
)
CONV3D = _convolution(
    3,
    case("torch.nn.Conv3d(3, 4, 3)", image(3, 3, 5)),
    case("torch.nn.Conv3d(3, 4, (3, 1, 3), stride=2, padding=(1, 0, 1))", image(3, 3, 5)),
    case("keras.layers.Conv3D(4, 3, padding='same')", image(3, 3, 4, last=True), side="tensorflow"),
)

RECORDS: tuple[Record, ...] = (CONV2D, CONV1D, CONV3D)
