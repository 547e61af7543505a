"""Layers that change the size of images."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.layers.windows import channels, spatial, whole
from translator.knowledge.lenses import choice, fixed, same
from translator.knowledge.records import Layer, Record
from translator.knowledge.shapes import Bound, Shape

_IMAGE, _CHANNELS_LAST = f32(2, 3, 6, 8), f32(2, 6, 8, 3)
_DATA_FORMAT = fixed("tensorflow", "data_format", "None")


def _any_size(call: Bound) -> Shape:
    sizes = spatial(call)
    return None if sizes is None else whole(call, channels(call), (None,) * len(sizes))


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

RECORDS: tuple[Record, ...] = (UPSAMPLE,)
