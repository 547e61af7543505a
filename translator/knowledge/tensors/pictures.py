"""TensorFlow's functions of images, which have their channels last."""

from __future__ import annotations

from typing import Any

from translator.knowledge.cases import Array, Case, f32, script
from translator.knowledge.lenses import Lens, number, same, tensor
from translator.knowledge.records import Pair, Record, Refusal
from translator.knowledge.shapes import like_first, unknown

_IMAGES = f32(2, 4, 5, 3)
_WORDS = "image picture"


def _case(text: str, array: Array = _IMAGES, **more: Array) -> Case:
    return Case(text, (("x", array), *more.items()), "tensorflow", one_way="no record leads back")


def _printed(call: str) -> Case:
    """TensorFlow computes it in 32 bits whatever it is given, so that 64 bits tell nothing."""
    return script(
        "import tensorflow as tf\nx = tf.reshape(tf.range(60.0), [1, 4, 5, 3]) / 60.0\n"
        f"y = {call}\nprint(float(tf.reduce_sum(y * y)), float(y[0, 2, 3, 0]), float(y[0, 1, 0, 0]))",
        side="tensorflow",
        one_way="no record leads back",
    )


def _there(
    torch: str, tf: str, *args: Lens, cases: tuple[Case, ...], same_shape: bool = False, **more: Any
) -> Pair:
    return Pair(
        torch=torch,
        tf=tf,
        args=args,
        shape=like_first if same_shape else unknown,
        only_from="tensorflow",
        words=_WORDS,
        cases=cases,
        **more,
    )


_IMAGE = tensor("image", "image")
MIRROR = _there(
    "image.flip(-2)",
    "tf.image.flip_left_right(image)",
    _IMAGE,
    same_shape=True,
    cases=(
        _case("tf.image.flip_left_right(x)"),
        _case("tf.image.flip_left_right(x)", f32(4, 5, 3)),
    ),
)
UPSIDE_DOWN = _there(
    "image.flip(-3)",
    "tf.image.flip_up_down(image)",
    _IMAGE,
    same_shape=True,
    cases=(_case("tf.image.flip_up_down(x)"),),
)
TURN = _there(
    "torch.rot90(image, k, (-3, -2))",
    "tf.image.rot90(image, k=1)",
    _IMAGE,
    same("k"),
    cases=(_case("tf.image.rot90(x)"), _case("tf.image.rot90(x, 3)")),
)
CROP = _there(
    "image[..., top:top + height, left:left + width, :]",
    "tf.image.crop_to_bounding_box(image, offset_height, offset_width, target_height, target_width)",
    _IMAGE,
    same("top", "offset_height"),
    same("left", "offset_width"),
    same("height", "target_height"),
    same("width", "target_width"),
    cases=(_case("tf.image.crop_to_bounding_box(x, 1, 2, 2, 3)"),),
)
_PADDED = '''
def pad_to_box(image, top, left, height, width):
    """Images with zeros around them, so that they stand at some place in a larger one."""
    rows, columns = image.shape[-3:-1]
    return F.pad(image, (0, 0, left, width - left - columns, top, height - top - rows))
'''
PAD = Pair(
    torch="pad_to_box(image, top, left, height, width)",
    tf="tf.image.pad_to_bounding_box(image, offset_height, offset_width, target_height, target_width)",
    args=(
        _IMAGE,
        same("top", "offset_height"),
        same("left", "offset_width"),
        same("height", "target_height"),
        same("width", "target_width"),
    ),
    only_from="tensorflow",
    helper=("pad_to_box", _PADDED),
    words=_WORDS,
    cases=(_case("tf.image.pad_to_bounding_box(x, 1, 2, 7, 9)"),),
)
_GRAYED = '''
def rgb_to_grayscale(images):
    """How bright the colours in the last axis of images are to people."""
    weights = torch.tensor([0.2989, 0.587, 0.114], dtype=images.dtype, device=images.device)
    return (images * weights).sum(-1, keepdim=True)
'''
GRAY = _there(
    "rgb_to_grayscale(images)",
    "tf.image.rgb_to_grayscale(images)",
    tensor("images", "images"),
    helper=("rgb_to_grayscale", _GRAYED),
    caution="of whole numbers TensorFlow makes whole numbers again",
    cases=(_printed("tf.image.rgb_to_grayscale(x)"),),
)
COLOURED = _there(
    "images.expand(*images.shape[:-1], 3)",
    "tf.image.grayscale_to_rgb(images)",
    tensor("images", "images"),
    cases=(_case("tf.image.grayscale_to_rgb(x)", f32(2, 4, 5, 1)),),
)
BRIGHTNESS = _there(
    "image + delta",
    "tf.image.adjust_brightness(image, delta)",
    _IMAGE,
    same("delta"),
    same_shape=True,
    caution="whole numbers are scaled on the way in TensorFlow",
    cases=(_printed("tf.image.adjust_brightness(x, 0.5)"),),
)
CONTRAST = _there(
    "torch.lerp(images.mean((-3, -2), keepdim=True), images, contrast_factor)",
    "tf.image.adjust_contrast(images, contrast_factor)",
    tensor("images", "images"),
    number("contrast_factor", "contrast_factor"),
    same_shape=True,
    caution="whole numbers are scaled on the way in TensorFlow",
    cases=(_printed("tf.image.adjust_contrast(x, 2.0)"),),
)
PSNR = _there(
    "10 * torch.log10(max_val ** 2 / (a - b).square().mean((-3, -2, -1)))",
    "tf.image.psnr(a, b, max_val)",
    tensor("a", "a"),
    tensor("b", "b"),
    number("max_val", "max_val"),
    rounding="TensorFlow computes it in 32 bits.",
    cases=(_case("tf.image.psnr(x, y, max_val=1.0)", y=_IMAGES),),
)
_CHANCE = Refusal(
    torch=(),
    tf=(
        "tf.image.random_flip_left_right",
        "tf.image.random_flip_up_down",
        "tf.image.random_crop",
        "tf.image.random_brightness",
        "tf.image.random_contrast",
        "tf.image.random_hue",
        "tf.image.random_saturation",
        "tf.image.stateless_random_flip_left_right",
        "tf.image.stateless_random_crop",
        "tf.image.stateless_random_brightness",
        "tf.image.sample_distorted_bounding_box",
    ),
    differs="it changes an image by chance, which PyTorch does where data is read",
    instead="use the transform of that name from torchvision.transforms.v2, in the Dataset",
    words="augmentation random",
)
_READ = Refusal(
    torch=(),
    tf=(
        "tf.image.decode_image",
        "tf.image.decode_jpeg",
        "tf.image.decode_png",
        "tf.image.decode_bmp",
        "tf.image.decode_gif",
        "tf.image.encode_jpeg",
        "tf.image.encode_png",
        "tf.image.convert_image_dtype",
    ),
    differs="it reads or writes the bytes of an image, or scales its whole numbers",
    instead="use torchvision.io.decode_image, and torchvision.transforms.v2.functional.to_dtype(image, torch.float32, "
    "scale=True)",
    words="decode jpeg png",
)
_OTHERS = Refusal(
    torch=(),
    tf="tf.image.*",
    differs="torch itself has no such function of images",
    instead="look in torchvision.transforms.v2.functional and torchvision.ops (crop_and_resize is roi_align there), "
    "and compare the numbers",
    words="hue saturation gamma crop_and_resize resize_with_pad non_max_suppression",
)

RECORDS: tuple[Record, ...] = (
    MIRROR,
    UPSIDE_DOWN,
    TURN,
    CROP,
    PAD,
    GRAY,
    COLOURED,
    BRIGHTNESS,
    CONTRAST,
    PSNR,
    _CHANCE,
    _READ,
    _OTHERS,
)
