"""Borders around images, and cutting them off."""

from __future__ import annotations

from translator.knowledge.cases import case
from translator.knowledge.layers.borders import CROPPING, FILLED
from translator.knowledge.layers.convolution import CHANNELS_LAST, image
from translator.knowledge.layers.windows import channels, spatial, whole
from translator.knowledge.lenses import fixed, same, sides
from translator.knowledge.records import Layer, Pair, Record
from translator.knowledge.shapes import Bound, Shape, Size, number

_ONE = {1: "1", 2: "(1, 1)", 3: "((1, 1), (1, 1), (1, 1))"}
_TWO_SIDED = {1: "(1, 2)", 2: "(1, 2, 3, 4)", 3: "(1, 2, 3, 4, 0, 1)"}
_PAIRS = {1: "(1, 2)", 2: "((1, 2), (3, 4))", 3: "((1, 2), (3, 4), (0, 1))"}
_CLASS = "what the file has for it is a class of its own"


def grown(call: Bound) -> Shape:
    """A border of as many pixels at every end."""
    sizes = spatial(call)
    if sizes is None:
        return None
    border = call.literals.get("padding")
    return whole(call, channels(call), tuple(_wider(size, number(border)) for size in sizes))


def _wider(size: Size, border: int | None) -> Size:
    known = number(size)
    return None if known is None or border is None else known + 2 * border


def _zeros(axes: int) -> Layer:
    torch, tf = f"torch.nn.ZeroPad{axes}d", f"keras.layers.ZeroPadding{axes}D"
    last = image(axes, 3, last=True)
    by_axis = f"{tf}({tuple(range(1, axes + 1))})"
    own = () if axes == 1 else (case(by_axis, last, side="tensorflow"),)
    return Layer(
        torch=f"{torch}(padding)",
        tf=f"{tf}(padding={_ONE[axes]}, data_format=None)",
        args=(sides("padding", "padding"), CHANNELS_LAST),
        order="wants",
        rank=axes + 2,
        shape=grown,
        differs="Of four numbers torch names left, right, top, bottom, Keras ((top, bottom), (left, right)).",
        naive="ZeroPadding2D(((l, r), (t, b)))",
        error="another shape",
        words="border padding zeros",
        cases=(
            case(f"{torch}(2)", image(axes, 3)),
            case(f"{torch}({_TWO_SIDED[axes]})", image(axes, 3)),
            case(f"{tf}()", last, side="tensorflow"),
            case(f"{tf}({_PAIRS[axes]})", last, side="tensorflow"),
            *own,
        ),
    )


def _constant(axes: int) -> tuple[Record, ...]:
    torch = f"torch.nn.ConstantPad{axes}d"
    zeros = Layer(
        torch=f"{torch}(padding, value)",
        tf=f"keras.layers.ZeroPadding{axes}D(padding={_ONE[axes]}, data_format=None)",
        args=(sides("padding", "padding"), fixed("torch", "value", "0", "0.0"), CHANNELS_LAST),
        order="wants",
        rank=axes + 2,
        shape=grown,
        words="border padding constant",
        cases=(case(f"{torch}({_TWO_SIDED[axes]}, 0.0)", image(axes, 3)),),
    )
    other = Pair(
        torch=f"{torch}(padding, value)",
        tf="ConstantPadding(padding, value)",
        args=(sides("padding", "padding"), same("value")),
        order="wants",
        rank=axes + 2,
        shape=grown,
        only_from="torch",
        helper=FILLED["constant"],
        words="border padding constant",
        cases=(
            case(f"{torch}(1, 3.5)", image(axes, 3), one_way=_CLASS),
            case(f"{torch}({_TWO_SIDED[axes]}, -1.0)", image(axes, 3), one_way=_CLASS),
        ),
    )
    return zeros, other


def _filled(torch: str, fill: str, axes: int) -> Pair:
    name = f"torch.nn.{torch}{axes}d"
    helper = FILLED[fill]
    return Pair(
        torch=f"{name}(padding)",
        tf=f"{helper[0]}(padding)",
        args=(sides("padding", "padding"),),
        order="wants",
        rank=axes + 2,
        shape=grown,
        only_from="torch",
        helper=helper,
        differs="Keras has no such layer; tf.pad reflects, and mirrors with the outermost pixel.",
        words="border padding",
        cases=(
            case(f"{name}(1)", image(axes, 3), one_way=_CLASS),
            case(f"{name}({_TWO_SIDED[axes]})", image(axes, 3), one_way=_CLASS),
        ),
    )


def _cropping(axes: int) -> Pair:
    """Keras's cropping: torch pads by negative numbers."""
    tf = f"keras.layers.Cropping{axes}D"
    default = {1: "(1, 1)", 2: "((0, 0), (0, 0))", 3: "((1, 1), (1, 1), (1, 1))"}[axes]
    more = "" if axes == 1 else ", data_format=None"
    return Pair(
        torch="Cropping(cropping)",
        tf=f"{tf}(cropping={default}{more})",
        args=(sides("cropping", "cropping"), *(() if axes == 1 else (CHANNELS_LAST,))),
        order="wants",
        rank=axes + 2,
        shape=cut,
        only_from="tensorflow",
        helper=CROPPING,
        differs="torch has no such module: nn.functional.pad takes negative widths.",
        words="crop border",
        cases=(
            case(f"{tf}(1)", image(axes, 3, last=True), side="tensorflow", one_way=_CLASS),
            case(
                f"{tf}({_PAIRS[axes]})",
                image(axes, 3, last=True),
                side="tensorflow",
                one_way=_CLASS,
            ),
        ),
    )


def cut(call: Bound) -> Shape:
    """An image of another size."""
    sizes = spatial(call)
    return None if sizes is None else whole(call, channels(call), (None,) * len(sizes))


RECORDS: tuple[Record, ...] = (
    *(_zeros(axes) for axes in (2, 1, 3)),
    *(record for axes in (2, 1, 3) for record in _constant(axes)),
    *(_filled("ReflectionPad", "reflect", axes) for axes in (2, 1, 3)),
    *(_filled("ReplicationPad", "replicate", axes) for axes in (2, 1, 3)),
    *(_filled("CircularPad", "circular", axes) for axes in (2, 1, 3)),
    *(_cropping(axes) for axes in (2, 1, 3)),
)
