"""Pooling over one, two and three axes."""

from __future__ import annotations

from translator.knowledge.cases import Case, case
from translator.knowledge.layers.convolution import CHANNELS_LAST, image
from translator.knowledge.layers.windows import channels, slide, whole
from translator.knowledge.lenses import Lens, fixed, padding, same
from translator.knowledge.records import Layer, Record
from translator.knowledge.shapes import Bound, Shape

_TWO = {1: "2", 2: "(2, 2)", 3: "(2, 2, 2)"}
_MAX = "(kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False)"
_AVERAGE = "(kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True{divisor})"
AT_THE_END = "the border at the end is a layer of its own"
OWN_SIZE = "torch's counterpart of a border by the size of the image is a class of the file"


def pooled(call: Bound) -> Shape:
    """The shape that is left: windows follow one another where no stride is stated."""
    return whole(call, channels(call), slide(call, default_stride=None))


def _in_twos(axes: int) -> tuple[Lens, ...]:
    """Windows of two that do not overlap: there "same" adds one pixel at the end, as torch's ceil_mode does."""
    pair = f"({', '.join('2' * axes)},)" if axes == 1 else f"({', '.join('2' * axes)})"
    return (
        fixed("torch", "kernel_size", "2", pair),
        fixed("torch", "stride", "None", "2", pair),
        fixed("torch", "padding", "0"),
        fixed("torch", "ceil_mode", "True"),
        fixed("tensorflow", "pool_size", "2", pair),
        fixed("tensorflow", "strides", "None", "2", pair),
        fixed("tensorflow", "padding", "'same'", "'SAME'"),
        CHANNELS_LAST,
    )


def _maximum(axes: int) -> tuple[Layer, ...]:
    torch, tf = f"torch.nn.MaxPool{axes}d", f"keras.layers.MaxPooling{axes}D"
    signature = f"{tf}(pool_size={_TWO[axes]}, strides=None, padding='valid', data_format=None)"
    whole_windows = (
        fixed("torch", "dilation", "1"),
        fixed("torch", "return_indices", "False"),
    )
    plain = Layer(
        torch=torch + _MAX,
        tf=signature,
        args=(
            same("kernel_size", "pool_size"),
            same("stride", "strides"),
            padding("lowest"),
            fixed("torch", "ceil_mode", "False"),
            *whole_windows,
            CHANNELS_LAST,
        ),
        order="wants",
        rank=axes + 2,
        shape=pooled,
        differs='"same" with a stride pads at the end only; torch\'s number pads both ends, with minus infinity, '
        "which a layer of its own does in Keras: zeros would win over what is negative.",
        naive=f"ZeroPadding{axes}D(1), MaxPooling{axes}D(3, 2)",
        error="3.43 on negative values",
        words="max pooling",
        cases=(
            case(f"{torch}(2)", image(axes, 3)),
            case(f"{torch}(3, stride=2)", image(axes, 3)),
            case(f"{torch}(3, stride=1, padding=1)", image(axes, 3)),
            case(f"{torch}(3, 2, padding=1)", image(axes, 3, 8), one_way=OWN_SIZE),
            case(f"{tf}()", image(axes, 3, last=True), side="tensorflow"),
            case(
                f"{tf}(3, 2, padding='same')",
                image(axes, 3, last=True),
                side="tensorflow",
                one_way=OWN_SIZE,
            ),
        ),
    )
    rounded_up = Layer(
        torch=torch + _MAX,
        tf=signature,
        args=(*_in_twos(axes), *whole_windows),
        order="wants",
        rank=axes + 2,
        shape=pooled,
        words="max pooling ceil_mode same",
        cases=(
            case(f"{torch}(2, ceil_mode=True)", image(axes, 3)),
            case(f"{torch}(2, 2, ceil_mode=True)", image(axes, 3)),
            case(f"{tf}(2, padding='same')", image(axes, 3, last=True), side="tensorflow"),
        ),
    )
    left_over = Layer(
        torch=torch + _MAX,
        tf=signature,
        args=(
            same("kernel_size", "pool_size"),
            same("stride", "strides"),
            padding("lowest"),
            fixed("torch", "ceil_mode", "True"),
            *whole_windows,
            CHANNELS_LAST,
        ),
        order="wants",
        rank=axes + 2,
        shape=pooled,
        differs="What is left over at the end has a window of its own: a border there makes room for it.",
        words="max pooling ceil_mode",
        cases=(
            case(f"{torch}(3, stride=2, ceil_mode=True)", image(axes, 3), one_way=AT_THE_END),
            case(f"{torch}(3, 2, ceil_mode=True)", image(axes, 3, 8), one_way=AT_THE_END),
            case(f"{torch}(3, 2, 1, ceil_mode=True)", image(axes, 3, 8), one_way=AT_THE_END),
        ),
    )
    return rounded_up, plain, left_over


def _average(axes: int) -> tuple[Layer, ...]:
    torch, tf = f"torch.nn.AvgPool{axes}d", f"keras.layers.AveragePooling{axes}D"
    divisor = "" if axes == 1 else ", divisor_override=None"
    usual_divisor = () if axes == 1 else (fixed("torch", "divisor_override", "None"),)

    def layer(*args: Lens, cases: tuple[Case, ...], differs: str = "") -> Layer:
        return Layer(
            torch=torch + _AVERAGE.format(divisor=divisor),
            tf=f"{tf}(pool_size, strides=None, padding='valid', data_format=None)",
            args=(*args, *usual_divisor),
            order="wants",
            rank=axes + 2,
            shape=pooled,
            differs=differs,
            words="average pooling mean",
            cases=cases,
        )

    sizes = (
        same("kernel_size", "pool_size"),
        same("stride", "strides"),
        fixed("torch", "ceil_mode", "False"),
        CHANNELS_LAST,
    )
    return (
        layer(
            *_in_twos(axes),
            fixed("torch", "count_include_pad", "True", "False"),
            cases=(
                case(f"{torch}(2, ceil_mode=True)", image(axes, 3)),
                case(f"{tf}(2, padding='same')", image(axes, 3, last=True), side="tensorflow"),
            ),
        ),
        layer(
            *sizes,
            padding("counted"),
            fixed("torch", "count_include_pad", "True"),
            cases=(
                case(f"{torch}(2)", image(axes, 3)),
                case(f"{torch}(3, 2, 1)", image(axes, 3)),
                case(f"{tf}(2, 3)", image(axes, 3, last=True), side="tensorflow"),
            ),
            differs='Keras leaves the border of "same" out of the average, torch counts its zeros unless told '
            "otherwise.",
        ),
        layer(
            *sizes,
            padding("left out"),
            fixed("torch", "count_include_pad", "False"),
            cases=(
                case(f"{torch}(3, 1, 1, count_include_pad=False)", image(axes, 3)),
                case(f"{tf}(3, 1, 'same')", image(axes, 3, last=True), side="tensorflow"),
            ),
            differs="Both leave the border out of the average.",
        ),
    )


RECORDS: tuple[Record, ...] = (
    *(record for axes in (2, 1, 3) for record in _maximum(axes)),
    *(record for axes in (2, 1, 3) for record in _average(axes)),
)
