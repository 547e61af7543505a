"""Layers that prepare and change images."""

from __future__ import annotations

from typing import Any

from translator.knowledge.cases import Case, case, f32, script
from translator.knowledge.layers.convolution import CHANNELS_LAST
from translator.knowledge.layers.windows import channels, spatial, whole
from translator.knowledge.lenses import axis, fixed, inferred, only, same
from translator.knowledge.records import Pair, Record, Refusal
from translator.knowledge.shapes import Bound, Shape, like_first

_SEED = only("tensorflow", "seed", "the two sides never draw the same numbers")
_CLASS = "what the file has for it is a class of its own"
_IMAGES = f32(2, 5, 6, 3)


def _keras(text: str, *inputs: object, body: str = "") -> Case:
    array = inputs[0] if inputs else _IMAGES
    return case(text, array, side="tensorflow", one_way=_CLASS, body=body)  # type: ignore[arg-type]


_RESCALING = '''
class Rescaling(nn.Module):
    """Multiplies its input by a scale and adds an offset."""

    def __init__(self, scale, offset=0.0):
        super().__init__()
        self.scale = scale
        self.offset = offset

    def forward(self, inputs):
        return inputs * self.scale + self.offset
'''
RESCALING = Pair(
    torch="Rescaling(scale, offset)",
    tf="keras.layers.Rescaling(scale, offset=0.0)",
    args=(same("scale"), same("offset")),
    order="keeps",
    shape=like_first,
    dtype="float",
    only_from="tensorflow",
    helper=("Rescaling", _RESCALING),
    rounding="Keras holds scale and offset in 32 bits.",
    words="rescale normalise pixels 1/255",
    cases=(
        _keras("keras.layers.Rescaling(1.0 / 255)"),
        _keras("keras.layers.Rescaling(scale=1.0 / 127.5, offset=-1)"),
    ),
)

_FLIP = '''
class RandomFlip(nn.Module):
    """Mirrors each image by chance, in training alone."""

    def __init__(self, mode="horizontal_and_vertical"):
        super().__init__()
        self.axes = [axis for axis, name in ((-1, "horizontal"), (-2, "vertical")) if name in mode]

    def forward(self, inputs):
        if self.training:
            for axis in self.axes:
                chosen = torch.rand(len(inputs), 1, 1, 1, device=inputs.device) < 0.5
                inputs = torch.where(chosen, inputs.flip(axis), inputs)
        return inputs
'''
RANDOM_FLIP = Pair(
    torch="RandomFlip(mode)",
    tf="keras.layers.RandomFlip(mode='horizontal_and_vertical', seed=None, data_format=None)",
    args=(same("mode"), _SEED, CHANNELS_LAST),
    order="wants",
    rank=4,
    shape=like_first,
    only_from="tensorflow",
    helper=("RandomFlip", _FLIP),
    words="augmentation mirror horizontal vertical",
    cases=(_keras("keras.layers.RandomFlip()"), _keras("keras.layers.RandomFlip('horizontal')")),
)


_NORMALIZATION = """
class Normalization(nn.Module):
    \"\"\"Subtracts a mean and divides by the root of a variance, along one axis.\"\"\"

    def __init__(self, mean, variance, axis=-1):
        super().__init__()
        self.mean = torch.as_tensor(mean, dtype=torch.float32)
        self.scale = torch.as_tensor(variance, dtype=torch.float32).sqrt().clamp(min=1e-7)
        self.axis = axis

    def forward(self, inputs):
        shape = [1] * inputs.ndim
        if self.axis is not None:
            shape[self.axis] = -1
        mean, scale = self.mean.to(inputs), self.scale.to(inputs)
        return (inputs - mean.reshape(shape)) / scale.reshape(shape)
"""
NORMALIZATION = Pair(
    torch="Normalization(mean, variance, axis)",
    tf="keras.layers.Normalization(axis=-1, *, mean, variance, invert=False)",
    args=(
        axis("axis", "axis"),
        same("mean"),
        same("variance"),
        fixed("tensorflow", "invert", "False"),
    ),
    order="keeps",
    shape=like_first,
    dtype="float",
    only_from="tensorflow",
    helper=("Normalization", _NORMALIZATION),
    differs="What Keras learns by adapt() from data has to be stated as mean= and variance= to be converted.",
    rounding="Both hold the mean and the variance in 32 bits.",
    words="normalise mean variance adapt feature",
    cases=(
        _keras(
            "keras.Sequential([keras.Input((5, 6, 3)), "
            "keras.layers.Normalization(axis=None, mean=0.5, variance=4.0)])"
        ),
        _keras(
            "keras.Sequential([keras.Input((5, 6, 3)), keras.layers.Normalization(mean=[0.125, 0.25, 0.5], "
            "variance=[1.0, 4.0, 0.25]), keras.layers.Conv2D(4, 3)])"
        ),
    ),
)


_ADAPTED = """
class AdaptedNormalization(nn.Module):
    \"\"\"Subtracts a mean and divides by a deviation along one axis; `adapt` learns both from data.\"\"\"

    def __init__(self, features, axis=-1):
        super().__init__()
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("variance", torch.ones(features))
        self.axis = axis

    def adapt(self, data):
        data = torch.as_tensor(data, dtype=torch.float32).movedim(self.axis, -1).flatten(0, -2)
        self.mean.copy_(data.mean(dim=0))
        self.variance.copy_(data.var(dim=0, correction=0))

    def forward(self, inputs):
        shape = [1] * inputs.ndim
        shape[self.axis] = -1
        mean, scale = self.mean.reshape(shape), self.variance.sqrt().clamp(min=1e-7).reshape(shape)
        return (inputs - mean) / scale
"""
ADAPTED = Pair(
    torch="AdaptedNormalization(features, axis)",
    tf="keras.layers.Normalization(axis=-1, *, mean=None, variance=None, invert=False)",
    args=(
        inferred("features"),
        axis("axis", "axis"),
        fixed("tensorflow", "mean", "None"),
        fixed("tensorflow", "variance", "None"),
        fixed("tensorflow", "invert", "False"),
    ),
    order="keeps",
    shape=like_first,
    dtype="float",
    only_from="tensorflow",
    helper=("AdaptedNormalization", _ADAPTED),
    differs="Until `adapt` is called, it changes nothing on either side.",
    words="normalise mean variance adapt feature",
    cases=(
        _keras(
            "keras.Sequential([keras.Input((5, 6, 3)), keras.layers.Normalization(), "
            "keras.layers.Conv2D(4, 3)])"
        ),
        _keras(
            "keras.Sequential([keras.Input((6, 3)), keras.layers.Normalization(axis=-1)])",
            f32(2, 6, 3),
        ),
    ),
)


def _resized(call: Bound) -> Shape:
    if spatial(call) is None:
        return None
    return whole(call, channels(call), (call.literals.get("height"), call.literals.get("width")))


def _printed(made: str) -> Case:
    """TensorFlow weighs pixels in 32 bits whatever it is given, so that 64 bits tell nothing."""
    return script(
        "import keras\nimport tensorflow as tf\nx = tf.reshape(tf.range(60.0), [1, 5, 6, 2])\n"
        f"y = {made}(x)\nprint(float(tf.reduce_sum(y)), float(tf.reduce_sum(y * y)), float(y[0, 2, 3, 1]))",
        side="tensorflow",
        one_way="no record leads back",
    )


def _resizing(keras: str, torch: str, **more: Any) -> Pair:
    made = f"keras.layers.Resizing({{}}, interpolation='{keras}')"
    return Pair(
        torch=f"nn.Upsample(size=(height, width), mode='{torch}')",
        tf="keras.layers.Resizing(height, width, interpolation='bilinear', crop_to_aspect_ratio=False, "
        "pad_to_aspect_ratio=False, fill_mode='constant', fill_value=0.0, antialias=False, data_format=None)",
        args=(
            same("height"),
            same("width"),
            fixed("tensorflow", "interpolation", f"'{keras}'"),
            *(fixed("tensorflow", f"{name}_to_aspect_ratio", "False") for name in ("crop", "pad")),
            only("tensorflow", "fill_mode", "nothing is padded"),
            only("tensorflow", "fill_value", "nothing is padded"),
            fixed("tensorflow", "antialias", "False"),
            CHANNELS_LAST,
        ),
        order="wants",
        rank=4,
        shape=_resized,
        only_from="tensorflow",
        rounding="TensorFlow computes the places of pixels in 32 bits.",
        words="resize image layer",
        cases=(_printed(made.format("7, 4")), _printed(made.format("height=12, width=13"))),
        **more,
    )


_CENTER = """
class CenterCrop(nn.Module):
    \"\"\"Cuts the middle out of its images.\"\"\"

    def __init__(self, height, width):
        super().__init__()
        self.height = height
        self.width = width

    def forward(self, inputs):
        top = (inputs.shape[-2] - self.height) // 2
        left = (inputs.shape[-1] - self.width) // 2
        if top < 0 or left < 0:
            raise ValueError("the images are smaller than what is cut out of them")
        return inputs[..., top : top + self.height, left : left + self.width]
"""
CENTER_CROP = Pair(
    torch="CenterCrop(height, width)",
    tf="keras.layers.CenterCrop(height, width, data_format=None)",
    args=(same("height"), same("width"), CHANNELS_LAST),
    order="wants",
    rank=4,
    shape=_resized,
    only_from="tensorflow",
    helper=("CenterCrop", _CENTER),
    differs="Keras enlarges images that are smaller than what is cut out; the class that is written refuses them.",
    words="crop middle",
    cases=(_keras("keras.layers.CenterCrop(3, 4)"), _keras("keras.layers.CenterCrop(2, 3)")),
)

_CHANGED = Refusal(
    torch=(),
    tf=(
        "keras.layers.AugMix",
        "keras.layers.AutoContrast",
        "keras.layers.ContrastLimitedAdaptiveHistogramEqualization",
        "keras.layers.CutMix",
        "keras.layers.Equalization",
        "keras.layers.MaxNumBoundingBoxes",
        "keras.layers.MixUp",
        "keras.layers.RandAugment",
        "keras.layers.RandomBrightness",
        "keras.layers.RandomContrast",
        "keras.layers.RandomCrop",
        "keras.layers.RandomColorDegeneration",
        "keras.layers.RandomColorJitter",
        "keras.layers.RandomElasticTransform",
        "keras.layers.RandomErasing",
        "keras.layers.RandomGaussianBlur",
        "keras.layers.RandomGrayscale",
        "keras.layers.RandomHue",
        "keras.layers.RandomInvert",
        "keras.layers.RandomPerspective",
        "keras.layers.RandomPosterization",
        "keras.layers.RandomSaturation",
        "keras.layers.RandomSharpness",
        "keras.layers.RandomShear",
        "keras.layers.Solarization",
    ),
    differs="it changes images by chance, which PyTorch does where data is read",
    instead="use the transform of that name from torchvision.transforms.v2, in the Dataset",
    words="augmentation images torchvision",
)
_TABLES = Refusal(
    torch=(),
    tf=("keras.layers.Discretization", "keras.layers.CategoryEncoding"),
    differs="it turns columns of a table into numbers, partly by what it has learnt from data",
    instead="torch.bucketize(x, boundaries) for ranges, F.one_hot(x, count) for categories, .amax(1) of it for several",
    words="bucketize one hot multi hot categories bins",
)

RECORDS: tuple[Record, ...] = (
    RESCALING,
    NORMALIZATION,
    ADAPTED,
    _resizing(
        "bilinear",
        "bilinear",
    ),
    _resizing(
        "nearest",
        "nearest-exact",
        differs="The nearest pixel of Keras is the one that torch calls exact.",
        naive="nn.Upsample(size, mode='nearest')",
        error="3.56",
    ),
    CENTER_CROP,
    RANDOM_FLIP,
    _CHANGED,
    _TABLES,
)
