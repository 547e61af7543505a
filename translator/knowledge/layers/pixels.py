"""Pixels made channels, channels in another order, pixels at any place, maps of places."""

from __future__ import annotations

from translator.knowledge.cases import Array, Case, case, f32, named_case
from translator.knowledge.layers.convolution import image
from translator.knowledge.layers.resizing import ALIGNED
from translator.knowledge.layers.sampling import INTERPOLATE
from translator.knowledge.layers.windows import spatial, whole
from translator.knowledge.lenses import Lens, choice, fixed, optional, same, tensor
from translator.knowledge.records import Pair, Record
from translator.knowledge.shapes import Bound, Shape, ShapeRule

_BACK = "what the file has for it is a function of its own"
_F = "torch.nn.functional"
UNSHUFFLE = (
    "pixel_unshuffle",
    '''
def pixel_unshuffle(images, factor):
    """Channels made of pixels, which are numbered as in PyTorch: those of one channel stand together."""
    batch, height, width = tf.unstack(tf.shape(images)[:3])
    height, width, count = height // factor, width // factor, images.shape[-1]
    images = tf.reshape(images, [batch, height, factor, width, factor, count])
    images = tf.transpose(images, [0, 1, 3, 5, 2, 4])
    return tf.reshape(images, [batch, height, width, count * factor**2])
''',
)
SHUFFLE = (
    "channel_shuffle",
    '''
def channel_shuffle(images, groups):
    """One channel of each group after the other, channels last."""
    shape, count = tf.shape(images), images.shape[-1]
    images = tf.reshape(images, tf.concat([shape[:-1], [groups, count // groups]], 0))
    return tf.reshape(tf.linalg.matrix_transpose(images), shape)
''',
)
GRID_SAMPLE = (
    "grid_sample",
    '''
def grid_sample(images, grid, mode="bilinear", padding_mode="zeros", align_corners=False):
    """Pixels of images, channels last, at places (x, y) that count from -1 to 1."""
    sizes = tf.shape(images)[1:3]
    places = []
    for axis, place in ((0, grid[..., 1]), (1, grid[..., 0])):
        count = tf.cast(sizes[axis], place.dtype)
        place = (place + 1) / 2 * (count - 1) if align_corners else ((place + 1) * count - 1) / 2
        if padding_mode == "reflection":
            low, span = (0.0, count - 1) if align_corners else (-0.5, count)
            folds = tf.math.floormod(tf.abs(place - low), 2 * span)
            place = tf.minimum(folds, 2 * span - folds) + low
        places.append(place if padding_mode == "zeros" else tf.clip_by_value(place, 0, count - 1))

    def pixels(rows, columns):
        inside = (rows >= 0) & (rows < sizes[0]) & (columns >= 0) & (columns < sizes[1])
        rows, columns = tf.clip_by_value(rows, 0, sizes[0] - 1), tf.clip_by_value(columns, 0, sizes[1] - 1)
        found = tf.gather_nd(images, tf.stack([rows, columns], -1), batch_dims=1)
        return found * tf.cast(inside, images.dtype)[..., None]

    if mode == "nearest":
        return pixels(*(tf.cast(tf.round(place), tf.int32) for place in places))
    floors = [tf.floor(place) for place in places]
    parts = [place - floor for place, floor in zip(places, floors)]
    outputs = 0
    for row in (0, 1):
        for column in (0, 1):
            weight = (parts[0] if row else 1 - parts[0]) * (parts[1] if column else 1 - parts[1])
            found = pixels(*(tf.cast(floor, tf.int32) + tap for floor, tap in zip(floors, (row, column))))
            outputs += found * tf.cast(weight, images.dtype)[..., None]
    return outputs
''',
)
AFFINE_GRID = (
    "affine_grid",
    '''
def affine_grid(theta, size, align_corners=False):
    """The places (x, y) of the pixels of images of (batch, channels, height, width), mapped by matrices."""

    def along(count):
        places = tf.linspace(tf.constant(-1, theta.dtype), 1, count)
        return places if align_corners else places * tf.cast(count - 1, theta.dtype) / tf.cast(count, theta.dtype)

    x, y = tf.meshgrid(along(size[3]), along(size[2]))
    return tf.einsum("hwc,bdc->bhwd", tf.stack([x, y, tf.ones_like(x)], -1), theta)
''',
)


def _unshuffled(call: Bound) -> Shape:
    sizes = spatial(call)
    return None if sizes is None else whole(call, None, (None,) * len(sizes))


def _shuffled(call: Bound) -> Shape:
    return call.first


def _both(
    helper: tuple[str, str], layer: str, parameter: str, count: int, shape: ShapeRule, words: str
) -> tuple[Pair, ...]:
    """A function with a number, and its layer."""
    name = helper[0]
    text = f"{name}(images, {parameter})"
    rules: tuple[Lens, ...] = (same(parameter),)

    def pair(
        torch: str | tuple[str, ...], tf: str, operands: tuple[Lens, ...], cases: tuple[Case, ...]
    ) -> Pair:
        return Pair(
            torch=torch,
            tf=tf,
            args=(*operands, *rules),
            order="wants",
            rank=4,
            shape=shape,
            only_from="torch",
            helper=helper,
            words=words,
            cases=cases,
        )

    pixels = image(2, 6, 6) if name == "channel_shuffle" else f32(2, 3, 6, 8)
    return (
        pair(
            (f"{_F}.{name}(input, {parameter})", f"torch.{name}(input, {parameter})"),
            text,
            (tensor("input", "images"),),
            (case(f"{_F}.{name}(x, {count})", x=pixels, one_way=_BACK),),
        ),
        pair(
            f"torch.nn.{layer}({parameter})",
            f"keras.layers.Lambda(lambda images: {text})",
            (),
            (case(f"torch.nn.{layer}({count})", pixels, one_way=_BACK),),
        ),
    )


_GRID: dict[str, Array] = {"x": f32(2, 3, 5, 6), "g": f32(2, 4, 3, 2)}
_SAMPLES = (
    "",
    ", align_corners=True",
    ", mode='nearest'",
    ", padding_mode='border', align_corners=False",
    ", padding_mode='reflection'",
    ", padding_mode='reflection', align_corners=True",
)
_ALIGNMENT = optional("align_corners", "align_corners")
GRID = Pair(
    torch=f"{_F}.grid_sample(input, grid, mode='bilinear', padding_mode='zeros', align_corners=None)",
    tf="grid_sample(input, grid, mode=mode, padding_mode=padding_mode, align_corners=align_corners)",
    args=(
        tensor("input", "input", rank=4),
        same("grid"),
        choice("mode", "mode", ("'bilinear'", "'bilinear'"), ("'nearest'", "'nearest'")),
        optional("padding_mode", "padding_mode"),
        _ALIGNMENT,
    ),
    order="wants",
    rank=4,
    shape=_unshuffled,
    dtype="float",
    only_from="torch",
    helper=GRID_SAMPLE,
    differs="TensorFlow has no sampling at a grid; keras.ops.image.map_coordinates takes one image and channel.",
    words="spatial transformer warp sampling grid",
    cases=tuple(named_case(f"{_F}.grid_sample(x, g{text})", _GRID, _BACK) for text in _SAMPLES),
)
AFFINE = Pair(
    torch=f"{_F}.affine_grid(theta, size, align_corners=None)",
    tf="affine_grid(theta, size, align_corners=align_corners)",
    args=(tensor("theta", "theta"), same("size"), _ALIGNMENT),
    dtype="float",
    only_from="torch",
    helper=AFFINE_GRID,
    words="spatial transformer affine grid",
    cases=(
        case(f"{_F}.affine_grid(x, (2, 3, 4, 5))", x=f32(2, 2, 3), one_way=_BACK),
        case(
            f"{_F}.affine_grid(x, [2, 3, 4, 5], align_corners=True)", x=f32(2, 2, 3), one_way=_BACK
        ),
    ),
)


def _older(torch: str, tf: str, helper: tuple[str, str], mode: str, cases: tuple[str, ...]) -> Pair:
    """torch's earlier names, which fix the mode."""
    return Pair(
        torch=f"{_F}.{torch}(input, size=None, scale_factor=None)",
        tf=f"interpolate(input, size=size, scale_factor=scale_factor{tf})",
        args=(
            tensor("input", "input", rank=4),
            optional("size", "size"),
            optional("scale_factor", "scale_factor"),
        ),
        order="wants",
        rank=4,
        shape=_unshuffled,
        dtype="float",
        only_from="torch",
        helper=helper,
        words=f"upsample {mode}",
        cases=tuple(
            case(f"{_F}.{torch}(x, {text})", x=image(2, 3, 4), one_way=_BACK) for text in cases
        ),
    )


_SIZES = ("size=(9, 5)", "scale_factor=2")
_CORNERS = Pair(
    torch="torch.nn.UpsamplingBilinear2d(size=None, scale_factor=None)",
    tf="AlignedUpSampling2D(scale_factor)",
    args=(fixed("torch", "size", "None"), same("scale_factor")),
    order="wants",
    rank=4,
    shape=_unshuffled,
    only_from="torch",
    helper=ALIGNED,
    rounding="TensorFlow computes the places of pixels in 32 bits.",
    words="upsampling bilinear align corners",
    cases=(case("torch.nn.UpsamplingBilinear2d(scale_factor=2)", image(2, 3, 4), one_way=_BACK),),
)
_CORNERS_TO_SIZE = Pair(
    torch="torch.nn.UpsamplingBilinear2d(size=None, scale_factor=None)",
    tf='keras.layers.Lambda(lambda x: interpolate(x, size=size, mode="bilinear", align_corners=True))',
    args=(same("size"), fixed("torch", "scale_factor", "None")),
    order="wants",
    rank=4,
    shape=_unshuffled,
    only_from="torch",
    helper=INTERPOLATE,
    words="upsampling bilinear align corners size",
    cases=(case("torch.nn.UpsamplingBilinear2d((9, 5))", image(2, 3, 4), one_way=_BACK),),
)

RECORDS: tuple[Record, ...] = (
    *_both(UNSHUFFLE, "PixelUnshuffle", "downscale_factor", 2, _unshuffled, "space to depth"),
    *_both(SHUFFLE, "ChannelShuffle", "groups", 3, _shuffled, "shufflenet channels"),
    GRID,
    AFFINE,
    _older("upsample_nearest", "", INTERPOLATE, "nearest", _SIZES),
    _older(
        "upsample_bilinear",
        ', mode="bilinear", align_corners=True',
        INTERPOLATE,
        "bilinear",
        _SIZES,
    ),
    _CORNERS,
    _CORNERS_TO_SIZE,
)
