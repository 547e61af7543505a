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


def _global(torch: str, tf: str, axes: int) -> tuple[Record, ...]:
    """Pooling of whole images, with and without the axes that remain, and pooling to any size."""
    adaptive = f"torch.nn.Adaptive{torch}Pool{axes}d"
    pooling = f"keras.layers.Global{tf}Pooling{axes}D"
    sized = f"keras.layers.Adaptive{tf}Pooling{axes}D"
    first, last = image(axes, 3), image(axes, 3, last=True)
    image_size = ", ".join(map(str, last.shape[1:-1]))
    tuple_size = {1: "(3,)", 2: "(3, 5)", 3: "(3, 5, 2)"}[axes]
    kept = Layer(
        torch=f"{adaptive}(output_size)",
        tf=f"{pooling}(data_format=None, keepdims=False)",
        args=(
            fixed("torch", "output_size", *_ones(axes)),
            fixed("tensorflow", "keepdims", "True"),
            CHANNELS_LAST,
        ),
        order="wants",
        rank=axes + 2,
        shape=_one_pixel,
        differs="torch keeps the axes of the pixels, Keras drops them unless told otherwise.",
        naive=f"Global{tf}Pooling{axes}D()",
        error="another shape",
        words="global average max pooling adaptive",
        cases=tuple(case(f"{adaptive}({one})", first) for one in _ones(axes)),
    )
    flat = Pair(
        torch=f"nn.Sequential(nn.Adaptive{torch}Pool{axes}d(1), nn.Flatten())",
        tf=f"{pooling}(data_format=None, keepdims=False)",
        args=(fixed("tensorflow", "keepdims", "False"), CHANNELS_LAST),
        order="wants",
        rank=axes + 2,
        shape=_no_pixels,
        only_from="tensorflow",
        words="global average max pooling",
        cases=(
            case(f"{pooling}()", last, side="tensorflow"),
            case(
                f"keras.Sequential([keras.Input(({image_size}, 3)), keras.layers.Conv{axes}D(4, 3), "
                f"{pooling}(), keras.layers.Dense(2)])",
                last,
                side="tensorflow",
            ),
        ),
    )
    as_in_torch = Pair(
        torch=f"nn.Sequential(nn.Adaptive{torch}Pool{axes}d(1), nn.Flatten())",
        tf=f"{pooling}(data_format, keepdims=False)",
        args=(
            fixed("tensorflow", "keepdims", "False"),
            fixed("tensorflow", "data_format", "'channels_first'"),
        ),
        rank=axes + 2,
        shape=_first_two,
        only_from="tensorflow",
        differs="The axis that is called the channels is where torch has them.",
        cases=(
            case(
                f"{pooling}(data_format='channels_first')",
                first,
                side="tensorflow",
                one_way="what leads back has the channels last",
            ),
        ),
    )
    to_size = Layer(
        torch=f"{adaptive}(output_size)",
        tf=f"{sized}(output_size, data_format=None)",
        args=(same("output_size"), CHANNELS_LAST),
        order="wants",
        rank=axes + 2,
        shape=_any_size,
        words="adaptive pooling",
        cases=(
            case(f"{adaptive}({tuple_size})", first),
            case(f"{sized}(4)", last, side="tensorflow"),
        ),
    )
    function = Pair(
        torch=f"torch.nn.functional.adaptive_{torch.lower()}_pool{axes}d(input, output_size)",
        tf=f"{pooling}(keepdims=True)(input)",
        args=(tensor("input", "input"), fixed("torch", "output_size", *_ones(axes))),
        order="wants",
        rank=axes + 2,
        shape=_one_pixel,
        only_from="torch",
        words="adaptive pooling",
        cases=(case(f"torch.nn.functional.adaptive_{torch.lower()}_pool{axes}d(x, 1)", x=first),),
    )
    function_to_size = Pair(
        torch=f"torch.nn.functional.adaptive_{torch.lower()}_pool{axes}d(input, output_size)",
        tf=f"{sized}(output_size)(input)",
        args=(tensor("input", "input"), same("output_size")),
        order="wants",
        rank=axes + 2,
        shape=_any_size,
        only_from="torch",
        words="adaptive pooling",
        cases=(
            case(
                f"torch.nn.functional.adaptive_{torch.lower()}_pool{axes}d(x, {tuple_size})",
                x=first,
            ),
        ),
    )
    return kept, flat, as_in_torch, to_size, function, function_to_size


RECORDS: tuple[Record, ...] = tuple(
    record
    for axes in (2, 1, 3)
    for names in (("Avg", "Average"), ("Max", "Max"))
    for record in _global(*names, axes)
)
