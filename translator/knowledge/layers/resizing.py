"""Enlarging and shrinking images, and pixels made of channels."""

from __future__ import annotations

from dataclasses import replace

from translator.knowledge.cases import Case, case, script
from translator.knowledge.layers.convolution import CHANNELS_LAST, image
from translator.knowledge.layers.windows import channels, spatial, whole
from translator.knowledge.lenses import (
    Lens,
    choice,
    fixed,
    listed,
    only,
    same,
    tensor,
    whole_number,
)
from translator.knowledge.records import Layer, Pair, Record
from translator.knowledge.shapes import Bound, Shape, Size, number

_IMAGE, _CHANNELS_LAST = image(2, 3, 6), image(2, 3, 6, last=True)
_CLASS = "what the file has for it is a class or function of its own"
_BACK = "no record leads back"
_PLACES = "TensorFlow computes the places of pixels in 32 bits."


def _scaled(call: Bound) -> Shape:
    """The spatial sizes times the scale, where that is a whole number, or the size that is asked for."""
    sizes = spatial(call)
    if sizes is None:
        return None
    wanted, scale = call.literals.get("size"), call.literals.get("scale_factor")
    if wanted is not None:
        stated = wanted if isinstance(wanted, tuple | list) else (wanted,) * len(sizes)
        found: tuple[Size, ...] = tuple(number(size) for size in stated)
        return whole(
            call, channels(call), found if len(found) == len(sizes) else (None,) * len(sizes)
        )
    scales = scale if isinstance(scale, tuple | list) else (scale,) * len(sizes)
    return whole(call, channels(call), tuple(map(_times, sizes, scales)))


def _times(size: Size, scale: object) -> Size:
    known, by = number(size), number(scale)
    return None if known is None or by is None else known * by


def _printed(made: str, one_way: str = "") -> Case:
    """TensorFlow weighs pixels in 32 bits whatever it is given, so that 64 bits tell nothing."""
    return script(
        "import torch\nfrom torch import nn\nx = torch.arange(12.0).reshape(1, 1, 3, 4)\n"
        f"y = {made}\nprint(y[0, 0, 2, 5].item(), y[0, 0, 1, 0].item(), y.sum().item())",
        one_way=one_way,
    )


_MODES = choice("mode", "interpolation", ("'nearest'", "'nearest'"), ("'bilinear'", "'bilinear'"))
UPSAMPLE = Layer(
    torch=(
        "torch.nn.Upsample(size=None, scale_factor=None, mode='nearest', align_corners=None)",
        "torch.nn.UpsamplingNearest2d(size=None, scale_factor=None)",
    ),
    tf="keras.layers.UpSampling2D(size=(2, 2), data_format=None, interpolation='nearest')",
    args=(
        fixed("torch", "size", "None"),
        whole_number("scale_factor", "size"),
        _MODES,
        fixed("torch", "align_corners", "None", "False"),
        CHANNELS_LAST,
    ),
    order="wants",
    rank=4,
    shape=_scaled,
    differs="Keras enlarges by whole numbers alone, and does not align corners.",
    words="upsampling enlarge interpolate nearest bilinear",
    cases=(
        case("torch.nn.Upsample(scale_factor=2)", _IMAGE),
        case("torch.nn.Upsample(scale_factor=(2, 3))", _IMAGE),
        _printed("nn.Upsample(scale_factor=2, mode='bilinear')(x)"),
        case("keras.layers.UpSampling2D()", _CHANNELS_LAST, side="tensorflow"),
        script(
            "import keras\nimport tensorflow as tf\nx = tf.reshape(tf.range(12.0), [1, 3, 4, 1])\n"
            "y = keras.layers.UpSampling2D(3, interpolation='bilinear')(x)\nprint(float(y[0, 4, 7, 0]))",
            side="tensorflow",
        ),
    ),
)
ALIGNED = (
    "AlignedUpSampling2D",
    '''
class AlignedUpSampling2D(keras.layers.Layer):
    """Enlarges images between their outermost pixels, which stay the corners."""

    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.size = size

    def call(self, inputs):
        sizes = tf.cast(tf.shape(inputs)[1:3], tf.float32) * self.size
        sizes = tf.cast(tf.floor(sizes), tf.int32)
        return tf.compat.v1.image.resize_bilinear(inputs, sizes, align_corners=True)

    def get_config(self):
        return {**super().get_config(), "size": self.size}
''',
)
_ALIGNED = Pair(
    torch="torch.nn.Upsample(size=None, scale_factor=None, mode='nearest', align_corners=None)",
    tf="AlignedUpSampling2D(scale_factor)",
    args=(
        fixed("torch", "size", "None"),
        same("scale_factor"),
        fixed("torch", "mode", "'bilinear'"),
        fixed("torch", "align_corners", "True"),
    ),
    order="wants",
    rank=4,
    shape=_scaled,
    only_from="torch",
    helper=ALIGNED,
    differs="TensorFlow 2 aligns no corners; its first version's function does.",
    naive="UpSampling2D(2, interpolation='bilinear')",
    error="5e-01",
    rounding=_PLACES,
    words="upsampling align corners",
    cases=(
        case(
            "torch.nn.Upsample(scale_factor=2, mode='bilinear', align_corners=True)",
            _IMAGE,
            one_way=_CLASS,
        ),
    ),
)
_OPTIONS = "size=None, scale_factor=None, mode='nearest', align_corners=None"
_INTERPOLATE = f"torch.nn.functional.interpolate(input, {_OPTIONS})"


def _interpolate(tf: str, *rules: Lens, cases: tuple[Case, ...], rounding: str = "") -> Pair:
    return Pair(
        torch=_INTERPOLATE,
        tf=tf,
        args=(tensor("input", "input", rank=4), *rules),
        order="wants",
        rank=4,
        shape=_scaled,
        only_from="torch",
        rounding=rounding,
        words="interpolate resize upsample",
        cases=cases,
    )


_BY_SCALE = (fixed("torch", "size", "None"), whole_number("scale_factor", "scale_factor"))
_TO_SIZE = (same("size"), fixed("torch", "scale_factor", "None"))
_CORNERS = fixed("torch", "align_corners", "None", "False")
_FUNCTIONS = (
    _interpolate(
        "keras.layers.UpSampling2D(scale_factor)(input)",
        *_BY_SCALE,
        fixed("torch", "mode", "'nearest'"),
        fixed("torch", "align_corners", "None"),
        cases=(
            case("torch.nn.functional.interpolate(x, scale_factor=2)", x=_IMAGE, one_way=_BACK),
            case(
                "torch.nn.functional.interpolate(x, scale_factor=(2, 3), mode='nearest')",
                x=_IMAGE,
                one_way=_BACK,
            ),
        ),
    ),
    _interpolate(
        'keras.layers.UpSampling2D(scale_factor, interpolation="bilinear")(input)',
        *_BY_SCALE,
        fixed("torch", "mode", "'bilinear'"),
        _CORNERS,
        cases=(
            _printed(
                "nn.functional.interpolate(x, scale_factor=2, mode='bilinear')", one_way=_BACK
            ),
        ),
    ),
)
_ANTIALIASED = f"{_INTERPOLATE[:-1]}, recompute_scale_factor=None, antialias=False)"
_METHODS = choice("mode", "mode", ("'bilinear'", "'bilinear'"), ("'bicubic'", "'bicubic'"))
_KEPT = "no record leads back"


def _resized(torch: str, tf: str, *rules: Lens, text: str, caution: str = "") -> Pair:
    """To a size that is written out, by TensorFlow's own operation."""
    return Pair(
        torch=torch,
        tf=tf,
        args=(
            tensor("input", "input", rank=4),
            listed("size", "size"),
            fixed("torch", "scale_factor", "None"),
            *rules,
        ),
        order="wants",
        rank=4,
        shape=_scaled,
        dtype="float",
        only_from="torch",
        caution=caution,
        rounding=_PLACES,
        words="interpolate resize size",
        cases=(
            case(
                f"torch.nn.functional.interpolate(x, size=(10, 5), {text})", x=_IMAGE, one_way=_KEPT
            ),
        ),
    )


_FLOATS = "tf.image.resize gives 32-bit floats whatever it is given"
_TO_SIZES = (
    _resized(
        _INTERPOLATE,
        "tf.image.resize(input, size)",
        fixed("torch", "mode", "'bilinear'"),
        _CORNERS,
        text="mode='bilinear'",
        caution=_FLOATS,
    ),
    _resized(
        _INTERPOLATE,
        "tf.compat.v1.image.resize_bilinear(input, size, align_corners=True)",
        fixed("torch", "mode", "'bilinear'"),
        fixed("torch", "align_corners", "True"),
        text="mode='bilinear', align_corners=True",
        caution=_FLOATS,
    ),
    _resized(
        _INTERPOLATE,
        "keras.layers.AdaptiveAveragePooling2D(size)(input)",
        fixed("torch", "mode", "'area'"),
        fixed("torch", "align_corners", "None"),
        text="mode='area'",
    ),
    _resized(
        _ANTIALIASED,
        "tf.image.resize(input, size, mode, antialias=True)",
        _METHODS,
        _CORNERS,
        fixed("torch", "recompute_scale_factor", "None", "False"),
        fixed("torch", "antialias", "True"),
        text="mode='bicubic', antialias=True",
        caution=_FLOATS,
    ),
)
_RESIZE = Pair(
    torch="torch.nn.functional.interpolate(images, size=size, mode='bilinear')",
    tf="tf.image.resize(images, size, method='bilinear', preserve_aspect_ratio=False, antialias=False)",
    args=(
        tensor("images", "images"),
        same("size"),
        fixed("tensorflow", "method", "'bilinear'", "tf.image.ResizeMethod.BILINEAR"),
        fixed("tensorflow", "preserve_aspect_ratio", "False"),
        fixed("tensorflow", "antialias", "False"),
    ),
    order="wants",
    rank=4,
    shape=_scaled,
    only_from="tensorflow",
    caution="tf.image.resize gives 32-bit floats whatever it is given",
    rounding=_PLACES,
    words="resize image bilinear",
    cases=(
        case("tf.image.resize(x, (9, 4))", x=_CHANNELS_LAST, side="tensorflow", one_way=_BACK),
        case("tf.image.resize(x, [12, 14])", x=_CHANNELS_LAST, side="tensorflow", one_way=_BACK),
    ),
)
_RESIZE_NEAREST = Pair(
    torch="torch.nn.functional.interpolate(images, size=size, mode='nearest-exact')",
    tf="tf.image.resize(images, size, method='bilinear', preserve_aspect_ratio=False, antialias=False)",
    args=(
        tensor("images", "images"),
        same("size"),
        fixed("tensorflow", "method", "'nearest'", "tf.image.ResizeMethod.NEAREST_NEIGHBOR"),
        fixed("tensorflow", "preserve_aspect_ratio", "False"),
        fixed("tensorflow", "antialias", "False"),
    ),
    order="wants",
    rank=4,
    shape=_scaled,
    only_from="tensorflow",
    differs="TensorFlow's nearest pixel is the one that torch calls exact.",
    naive="interpolate(x, size, mode='nearest')",
    error="3.56",
    words="resize image nearest",
    cases=(
        case(
            "tf.image.resize(x, (9, 4), method='nearest')",
            x=_CHANNELS_LAST,
            side="tensorflow",
            one_way=_BACK,
        ),
    ),
)


def _of_keras(pair: Pair, method: str) -> Pair:
    """The same by `keras.ops.image.resize`."""
    return replace(
        pair,
        tf="keras.ops.image.resize(images, size, interpolation='bilinear', antialias=False, "
        "crop_to_aspect_ratio=False, pad_to_aspect_ratio=False, fill_mode='constant', fill_value=0.0, "
        "data_format=None)",
        args=(
            tensor("images", "images"),
            same("size"),
            fixed("tensorflow", "interpolation", f"'{method}'"),
            fixed("tensorflow", "antialias", "False"),
            fixed("tensorflow", "crop_to_aspect_ratio", "False"),
            fixed("tensorflow", "pad_to_aspect_ratio", "False"),
            only("tensorflow", "fill_mode", "nothing is padded"),
            only("tensorflow", "fill_value", "nothing is padded"),
            CHANNELS_LAST,
        ),
        caution="",
        cases=(
            script(
                "import keras\nimport tensorflow as tf\nx = tf.reshape(tf.range(60.0), [1, 5, 6, 2])\n"
                f"y = keras.ops.image.resize(x, (8, 4), interpolation='{method}')\n"
                "print(float(tf.reduce_sum(y * y)), float(y[0, 2, 3, 1]))",
                side="tensorflow",
                one_way=_BACK,
            ),
        ),
    )


PIXEL_SHUFFLE = (
    "pixel_shuffle",
    '''
def pixel_shuffle(images, factor):
    """Pixels made of channels, which are numbered as in PyTorch: those of one pixel stand together."""
    batch, height, width = tf.unstack(tf.shape(images)[:3])
    count = images.shape[-1] // factor**2
    images = tf.reshape(images, [batch, height, width, count, factor, factor])
    images = tf.transpose(images, [0, 1, 4, 2, 5, 3])
    return tf.reshape(images, [batch, height * factor, width * factor, count])
''',
)


def _shuffled(call: Bound) -> Shape:
    sizes = spatial(call)
    if sizes is None:
        return None
    by = number(call.literals.get("upscale_factor"))
    count = number(channels(call))
    fewer = None if by is None or count is None else count // by**2
    return whole(call, fewer, tuple(_times(size, by) for size in sizes))


def _from_depth(call: Bound) -> Shape:
    sizes = spatial(call)
    return None if sizes is None else whole(call, None, (None,) * len(sizes))


_SHUFFLE = Pair(
    torch="torch.nn.functional.pixel_shuffle(input, upscale_factor)",
    tf="pixel_shuffle(input, upscale_factor)",
    args=(tensor("input", "input"), same("upscale_factor")),
    order="wants",
    rank=4,
    shape=_shuffled,
    only_from="torch",
    helper=PIXEL_SHUFFLE,
    differs="torch makes pixels of channels that stand together, tf.nn.depth_to_space of every so-manieth.",
    naive="tf.nn.depth_to_space(x, 2)",
    error="4.09",
    words="depth to space sub-pixel",
    cases=(case("torch.nn.functional.pixel_shuffle(x, 2)", x=image(2, 12), one_way=_CLASS),),
)
_SHUFFLE_LAYER = Pair(
    torch="torch.nn.PixelShuffle(upscale_factor)",
    tf="keras.layers.Lambda(lambda images: pixel_shuffle(images, upscale_factor))",
    args=(same("upscale_factor"),),
    order="wants",
    rank=4,
    shape=_shuffled,
    only_from="torch",
    helper=PIXEL_SHUFFLE,
    words="depth to space sub-pixel",
    cases=(case("torch.nn.PixelShuffle(2)", image(2, 12), one_way=_CLASS),),
)
_DEPTH_TO_SPACE = Pair(
    torch="torch.nn.functional.pixel_shuffle(input.unflatten(1, (block_size**2, -1)).transpose(1, 2)"
    ".flatten(1, 2), block_size)",
    tf="tf.nn.depth_to_space(input, block_size, data_format='NHWC')",
    args=(
        tensor("input", "input"),
        same("block_size"),
        fixed("tensorflow", "data_format", "'NHWC'"),
    ),
    order="wants",
    rank=4,
    shape=_from_depth,
    only_from="tensorflow",
    words="pixel shuffle",
    cases=(
        case(
            "tf.nn.depth_to_space(x, 2)",
            x=image(2, 12, last=True),
            side="tensorflow",
            one_way=_CLASS,
        ),
    ),
)


def _enlarged(axes: int) -> Pair:
    """Keras has a layer of its own for each number of axes, torch one for all."""
    name = f"keras.layers.UpSampling{axes}D"
    more = "" if axes == 1 else ", data_format=None"
    images = image(axes, 3, 4, last=True)
    return Pair(
        torch="nn.Upsample(scale_factor=size)",
        tf=f"{name}(size={2 if axes == 1 else (2, 2, 2)}{more})",
        args=(same("size"), *(() if axes == 1 else (CHANNELS_LAST,))),
        order="wants",
        rank=axes + 2,
        shape=_enlarged_shape,
        only_from="tensorflow",
        words="upsampling enlarge repeat",
        cases=(
            case(f"{name}()", images, side="tensorflow", one_way=_BACK),
            case(f"{name}(size=3)", images, side="tensorflow", one_way=_BACK),
        ),
    )


def _enlarged_shape(call: Bound) -> Shape:
    sizes, by = spatial(call), call.literals.get("size")
    if sizes is None:
        return None
    scales = by if isinstance(by, tuple) else (by,) * len(sizes)
    return whole(call, channels(call), tuple(map(_times, sizes, scales)))


RECORDS: tuple[Record, ...] = (
    UPSAMPLE,
    _enlarged(1),
    _enlarged(3),
    _ALIGNED,
    *_FUNCTIONS,
    *_TO_SIZES,
    _RESIZE,
    _RESIZE_NEAREST,
    _of_keras(_RESIZE, "bilinear"),
    _of_keras(_RESIZE_NEAREST, "nearest"),
    _SHUFFLE,
    _SHUFFLE_LAYER,
    _DEPTH_TO_SPACE,
)
