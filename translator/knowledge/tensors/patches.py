"""Patches of images."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.lenses import fixed, same, tensor
from translator.knowledge.records import Pair, Record
from translator.knowledge.shapes import Bound, Shape

_IMAGES = f32(2, 6, 8, 3)
_HELPER = '''
def extract_patches(images, size, strides=None):
    """The patches of images with channels last, each as one row of its pixels with their channels."""
    height, width = (size, size) if isinstance(size, int) else size
    strides = size if strides is None else strides
    down, right = (strides, strides) if isinstance(strides, int) else strides
    patches = images.unfold(1, height, down).unfold(2, width, right)
    return patches.permute(0, 1, 2, 4, 5, 3).flatten(3)
'''
_WHY = "torch has no function of its own for it"
_ONE = ("1", "(1, 1)", "[1, 1]")


def _of_patches(call: Bound) -> Shape:
    """The patches are as wide as their pixels and channels together."""
    size, images = call.literals.get("size"), call.first
    area = size**2 if isinstance(size, int) else None
    channels = images[-1] if images else None
    width = area * channels if area is not None and isinstance(channels, int) else None
    return (images[0] if images else None, None, None, width)


KERAS = Pair(
    torch="extract_patches(images, size, strides)",
    tf=(
        "keras.ops.image.extract_patches(images, size, strides=None, dilation_rate=1, "
        "padding='valid', data_format=None)",
    ),
    args=(
        tensor("images", "images"),
        same("size"),
        same("strides"),
        fixed("tensorflow", "dilation_rate", *_ONE),
        fixed("tensorflow", "padding", "'valid'"),
        fixed("tensorflow", "data_format", "None", "'channels_last'"),
    ),
    helper=("extract_patches", _HELPER),
    shape=_of_patches,
    only_from="tensorflow",
    differs="torch.nn.Unfold lists the channels of a patch before its pixels, Keras behind them.",
    naive="torch.nn.functional.unfold",
    error="another order of the elements",
    words="patch window unfold vit",
    cases=(
        case("keras.ops.image.extract_patches(x, 2)", x=_IMAGES, side="tensorflow", one_way=_WHY),
        case(
            "keras.ops.image.extract_patches(x, (3, 2), (2, 1))",
            x=_IMAGES,
            side="tensorflow",
            one_way=_WHY,
        ),
    ),
)
TENSORFLOW = Pair(
    torch="extract_patches(images, sizes[1:3], strides[1:3])",
    tf="tf.image.extract_patches(images, sizes, strides, rates, padding)",
    args=(
        tensor("images", "images"),
        same("sizes"),
        same("strides"),
        fixed("tensorflow", "rates", "[1, 1, 1, 1]", "(1, 1, 1, 1)"),
        fixed("tensorflow", "padding", "'VALID'"),
    ),
    helper=("extract_patches", _HELPER),
    only_from="tensorflow",
    cases=(
        case(
            "tf.image.extract_patches(x, [1, 3, 2, 1], [1, 3, 2, 1], [1, 1, 1, 1], 'VALID')",
            x=_IMAGES,
            side="tensorflow",
            one_way=_WHY,
        ),
    ),
)
RECORDS: tuple[Record, ...] = (KERAS, TENSORFLOW)
