"""Pooling of whole images, and to a size."""

from __future__ import annotations

from translator.knowledge.cases import case
from translator.knowledge.layers.convolution import CHANNELS_LAST, image
from translator.knowledge.layers.windows import channels, spatial, whole
from translator.knowledge.lenses import fixed, same, tensor
from translator.knowledge.records import Layer, Pair, Record
from translator.knowledge.shapes import Bound, Shape


def _one_pixel(call: Bound) -> Shape:
    return None if call.first is None else whole(call, channels(call), (1,) * (len(call.first) - 2))


def _no_pixels(call: Bound) -> Shape:
    return None if call.first is None else (call.first[0], channels(call))


def _first_two(call: Bound) -> Shape:
    return call.first[:2] if call.first else None


def _any_size(call: Bound) -> Shape:
    sizes = spatial(call)
    if sizes is None:
        return None
    wanted = call.literals.get("output_size")
    stated = wanted if isinstance(wanted, tuple | list) else (wanted,) * len(sizes)
    known = [size if isinstance(size, int) else None for size in stated]
    return whole(
        call, channels(call), tuple(known) if len(known) == len(sizes) else (None,) * len(sizes)
    )


def _ones(axes: int) -> tuple[str, ...]:
    return ("1", "(1,)" if axes == 1 else f"({', '.join('1' * axes)})")


class _Names:
    """What pooling of one kind over so many axes is called on both sides."""

    def __init__(self, torch: str, tf: str, axes: int) -> None:
        self.axes = axes
        self.adaptive = f"torch.nn.Adaptive{torch}Pool{axes}d"
        self.function = f"torch.nn.functional.adaptive_{torch.lower()}_pool{axes}d"
        self.flat = f"nn.Sequential(nn.Adaptive{torch}Pool{axes}d(1), nn.Flatten())"
        self.pooling = f"keras.layers.Global{tf}Pooling{axes}D"
        self.sized = f"keras.layers.Adaptive{tf}Pooling{axes}D"
        self.reduction = {"Average": "tf.reduce_mean", "Max": "tf.reduce_max"}[tf]
        self.first, self.last = image(axes, 3), image(axes, 3, last=True)
        self.size = {1: "(3,)", 2: "(3, 5)", 3: "(3, 5, 2)"}[axes]


def _kept(names: _Names) -> Layer:
    """Pooling of whole images; the axes of the pixels stay."""
    return Layer(
        torch=f"{names.adaptive}(output_size)",
        tf=f"{names.pooling}(data_format=None, keepdims=False)",
        args=(
            fixed("torch", "output_size", *_ones(names.axes)),
            fixed("tensorflow", "keepdims", "True"),
            CHANNELS_LAST,
        ),
        order="wants",
        rank=names.axes + 2,
        shape=_one_pixel,
        differs="torch keeps the axes of the pixels, Keras drops them unless told otherwise.",
        naive=names.pooling.removeprefix("keras.layers.") + "()",
        error="another shape",
        words="global average max pooling adaptive",
        cases=tuple(case(f"{names.adaptive}({one})", names.first) for one in _ones(names.axes)),
    )


def _flat(names: _Names) -> Pair:
    """Pooling of whole images, without the axes of the pixels."""
    image_size = ", ".join(map(str, names.last.shape[1:-1]))
    return Pair(
        torch=names.flat,
        tf=f"{names.pooling}(data_format=None, keepdims=False)",
        args=(fixed("tensorflow", "keepdims", "False"), CHANNELS_LAST),
        order="wants",
        rank=names.axes + 2,
        shape=_no_pixels,
        only_from="tensorflow",
        words="global average max pooling",
        cases=(
            case(f"{names.pooling}()", names.last, side="tensorflow"),
            case(
                f"keras.Sequential([keras.Input(({image_size}, 3)), "
                f"keras.layers.Conv{names.axes}D(4, 3), {names.pooling}(), keras.layers.Dense(2)])",
                names.last,
                side="tensorflow",
            ),
        ),
    )


def _flat_as_in_torch(names: _Names) -> Pair:
    return Pair(
        torch=names.flat,
        tf=f"{names.pooling}(data_format, keepdims=False)",
        args=(
            fixed("tensorflow", "keepdims", "False"),
            fixed("tensorflow", "data_format", "'channels_first'"),
        ),
        rank=names.axes + 2,
        shape=_first_two,
        only_from="tensorflow",
        differs="The axis that is called the channels is where torch has them.",
        cases=(
            case(
                f"{names.pooling}(data_format='channels_first')",
                names.first,
                side="tensorflow",
                one_way="what leads back has the channels last",
            ),
        ),
    )


def _to_size(names: _Names) -> Layer:
    return Layer(
        torch=f"{names.adaptive}(output_size)",
        tf=f"{names.sized}(output_size, data_format=None)",
        args=(same("output_size"), CHANNELS_LAST),
        order="wants",
        rank=names.axes + 2,
        shape=_any_size,
        words="adaptive pooling",
        cases=(
            case(f"{names.adaptive}({names.size})", names.first),
            case(f"{names.sized}(4)", names.last, side="tensorflow"),
        ),
    )


def _function(names: _Names) -> Pair:
    """Pooling of whole images as a function, which a layer of its own would only hide."""
    pixels = ", ".join(map(str, range(1, names.axes + 1)))
    return Pair(
        torch=f"{names.function}(input, output_size)",
        tf=f"{names.reduction}(input, axis=[{pixels}], keepdims=True)",
        args=(tensor("input", "input"), fixed("torch", "output_size", *_ones(names.axes))),
        order="wants",
        rank=names.axes + 2,
        shape=_one_pixel,
        only_from="torch",
        words="adaptive pooling",
        cases=(case(f"{names.function}(x, 1)", x=names.first),),
    )


def _function_to_size(names: _Names) -> Pair:
    return Pair(
        torch=f"{names.function}(input, output_size)",
        tf=f"{names.sized}(output_size)(input)",
        args=(tensor("input", "input"), same("output_size")),
        order="wants",
        rank=names.axes + 2,
        shape=_any_size,
        only_from="torch",
        words="adaptive pooling",
        cases=(case(f"{names.function}(x, {names.size})", x=names.first),),
    )


RECORDS: tuple[Record, ...] = tuple(
    make(_Names(*kind, axes))
    for axes in (2, 1, 3)
    for kind in (("Avg", "Average"), ("Max", "Max"))
    for make in (_kept, _flat, _flat_as_in_torch, _to_size, _function, _function_to_size)
)
