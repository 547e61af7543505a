"""Layers that change the size of images: pooling to a size, borders, enlargement."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.layers.windows import channels, spatial, whole
from translator.knowledge.lenses import choice, fixed, number, same, tensor
from translator.knowledge.records import Layer, Pair, Record
from translator.knowledge.shapes import Bound, Shape

_IMAGE, _CHANNELS_LAST = f32(2, 3, 6, 8), f32(2, 6, 8, 3)
_DATA_FORMAT = fixed("tensorflow", "data_format", "None")


def _one_pixel(call: Bound) -> Shape:
    return None if call.first is None else whole(call, channels(call), (1, 1))


def _no_pixels(call: Bound) -> Shape:
    return None if call.first is None else (call.first[0], channels(call))


def _any_size(call: Bound) -> Shape:
    sizes = spatial(call)
    return None if sizes is None else whole(call, channels(call), (None,) * len(sizes))


def _global(torch: str, tf: str) -> tuple[Record, ...]:
    """Pooling of whole images, with and without the axes that remain, and pooling to any size."""
    kept = Layer(
        torch=f"torch.nn.Adaptive{torch}Pool2d(output_size)",
        tf=f"keras.layers.Global{tf}Pooling2D(data_format=None, keepdims=False)",
        args=(
            fixed("torch", "output_size", "1", "(1, 1)"),
            fixed("tensorflow", "keepdims", "True"),
            _DATA_FORMAT,
        ),
        order="wants",
        rank=4,
        shape=_one_pixel,
        differs="torch keeps the axes of the pixels, Keras drops them unless told otherwise.",
        naive=f"Global{tf}Pooling2D()",
        error="another shape",
        words="global average max pooling adaptive",
        cases=(
            case(f"torch.nn.Adaptive{torch}Pool2d(1)", _IMAGE),
            case(f"torch.nn.Adaptive{torch}Pool2d((1, 1))", _IMAGE),
        ),
    )
    flat = Pair(
        torch=f"nn.Sequential(nn.Adaptive{torch}Pool2d(1), nn.Flatten())",
        tf=f"keras.layers.Global{tf}Pooling2D(data_format=None, keepdims=False)",
        args=(fixed("tensorflow", "keepdims", "False"), _DATA_FORMAT),
        order="wants",
        rank=4,
        shape=_no_pixels,
        only_from="tensorflow",
        words="global average max pooling",
        cases=(
            case(f"keras.layers.Global{tf}Pooling2D()", _CHANNELS_LAST, side="tensorflow"),
            case(
                "keras.Sequential([keras.Input((6, 8, 3)), keras.layers.Conv2D(4, 3), "
                f"keras.layers.Global{tf}Pooling2D(), keras.layers.Dense(2)])",
                _CHANNELS_LAST,
                side="tensorflow",
            ),
        ),
    )
    sized = Layer(
        torch=f"torch.nn.Adaptive{torch}Pool2d(output_size)",
        tf=f"keras.layers.Adaptive{tf}Pooling2D(output_size, data_format=None)",
        args=(same("output_size"), _DATA_FORMAT),
        order="wants",
        rank=4,
        shape=_any_size,
        words="adaptive pooling",
        cases=(
            case(f"torch.nn.Adaptive{torch}Pool2d((3, 5))", _IMAGE),
            case(f"keras.layers.Adaptive{tf}Pooling2D(4)", _CHANNELS_LAST, side="tensorflow"),
        ),
    )
    return kept, flat, sized


ADAPTIVE_FUNCTION = Pair(
    torch="torch.nn.functional.adaptive_avg_pool2d(input, output_size)",
    tf="keras.layers.GlobalAveragePooling2D(keepdims=True)(input)",
    args=(tensor("input", "input"), fixed("torch", "output_size", "1", "(1, 1)")),
    order="wants",
    rank=4,
    shape=_one_pixel,
    only_from="torch",
    cases=(case("torch.nn.functional.adaptive_avg_pool2d(x, 1)", x=_IMAGE),),
)
ZERO_PAD = Layer(
    torch="torch.nn.ZeroPad2d(padding)",
    tf="keras.layers.ZeroPadding2D(padding=(1, 1), data_format=None)",
    args=(number("padding", "padding"), _DATA_FORMAT),
    order="wants",
    rank=4,
    shape=_any_size,
    differs="Of four numbers torch names left, right, top, bottom, Keras ((top, bottom), (left, right)).",
    naive="ZeroPadding2D(((l, r), (t, b)))",
    error="another shape",
    words="border padding zeros",
    cases=(
        case("torch.nn.ZeroPad2d(2)", _IMAGE),
        case("keras.layers.ZeroPadding2D(1)", _CHANNELS_LAST, side="tensorflow"),
    ),
)


UPSAMPLE = Layer(
    torch="torch.nn.Upsample(size=None, scale_factor=None, mode='nearest', align_corners=None)",
    tf="keras.layers.UpSampling2D(size=(2, 2), data_format=None, interpolation='nearest')",
    args=(
        fixed("torch", "size", "None"),
        same("scale_factor", "size"),
        choice("mode", "interpolation", ("'nearest'", "'nearest'")),
        fixed("torch", "align_corners", "None", "False"),
        _DATA_FORMAT,
    ),
    order="wants",
    rank=4,
    shape=_any_size,
    differs="Keras enlarges by whole numbers alone.",
    words="upsampling enlarge interpolate nearest",
    cases=(
        case("torch.nn.Upsample(scale_factor=2)", _IMAGE),
        case("torch.nn.Upsample(scale_factor=(2, 3))", _IMAGE),
        case("keras.layers.UpSampling2D()", _CHANNELS_LAST, side="tensorflow"),
    ),
)

RECORDS: tuple[Record, ...] = (
    *_global("Avg", "Average"),
    *_global("Max", "Max"),
    ADAPTIVE_FUNCTION,
    ZERO_PAD,
    UPSAMPLE,
)
