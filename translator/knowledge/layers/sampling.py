"""Images of any size and pixels at any place: interpolation in full, grids, pixels made channels."""

from __future__ import annotations

from translator.knowledge.cases import Case, case
from translator.knowledge.layers.convolution import image
from translator.knowledge.layers.windows import spatial, whole
from translator.knowledge.lenses import Lens, choice, optional, tensor
from translator.knowledge.records import Pair, Record
from translator.knowledge.shapes import Bound, Shape

_BACK = "what the file has for it is a function of its own"
_F = "torch.nn.functional"
INTERPOLATE = (
    "interpolate",
    '''
def interpolate(images, size=None, scale_factor=None, mode="nearest", align_corners=False):
    """Images, channels last, in another size: at the places where torch reads them, with its weights."""
    for axis in range(1, len(images.shape) - 1):
        given = tf.shape(images)[axis]
        if size is None:
            scale = scale_factor if isinstance(scale_factor, (int, float)) else scale_factor[axis - 1]
            count = tf.cast(tf.floor(tf.cast(given, tf.float64) * scale), tf.int32)
            step = tf.constant(1 / scale, tf.float64)
        else:
            count = tf.convert_to_tensor(size if isinstance(size, int) else size[axis - 1])
            step = given / count
        places = tf.cast(tf.range(count), tf.float64)
        if align_corners:
            places *= (given - 1) / tf.maximum(count - 1, 1)
        elif mode == "nearest":
            places *= step
        else:
            places = (places + 0.5) * step - 0.5
            places = places if mode == "bicubic" else tf.maximum(places, 0)
        first = tf.floor(places)
        if mode.startswith("nearest"):
            taps = [(0, tf.ones_like(places))] if mode == "nearest" else [(0, first * 0 + 1)]
            first = first if mode == "nearest" else tf.floor(places + 0.5)
        elif mode == "bicubic":
            taps = [(tap, cubic(tf.abs(places - first - tap))) for tap in (-1, 0, 1, 2)]
        else:
            taps = [(0, 1 - places + first), (1, places - first)]
        along = [-1] + [1] * (len(images.shape) - 1 - axis)
        images = tf.add_n(
            [
                tf.gather(images, tf.clip_by_value(tf.cast(first, tf.int32) + tap, 0, given - 1), axis=axis)
                * tf.reshape(tf.cast(weight, images.dtype), along)
                for tap, weight in taps
            ]
        )
    return images


def cubic(distance, a=-0.75):
    """The weight of a pixel at a distance of at most 2."""
    near = ((a + 2) * distance - (a + 3)) * distance**2 + 1
    far = a * (((distance - 5) * distance + 8) * distance - 4)
    return tf.where(distance <= 1, near, far)
''',
)
_NAMES = ("size", "scale_factor", "mode", "align_corners")
_OPTIONS = "size=None, scale_factor=None, mode='nearest', align_corners=None"
_PASSED = "size=size, scale_factor=scale_factor, mode=mode, align_corners=align_corners"
_MODES = {3: ("linear",), 4: ("bilinear", "bicubic"), 5: ("trilinear",)}


def _mode(rank: int) -> Lens:
    """The modes of a rank."""
    known = ("nearest", "nearest-exact", *_MODES[rank])
    return choice("mode", "mode", *((f"'{mode}'", f"'{mode}'") for mode in known))


def _sized(call: Bound) -> Shape:
    sizes = spatial(call)
    return (
        None
        if sizes is None or not call.first
        else whole(call, call.first[call.channels], (None,) * len(sizes))
    )


def _interpolation(rank: int, cases: tuple[tuple[str, str], ...]) -> tuple[Pair, Pair]:
    """Of a rank: the function and the layer, with any of their parameters; `cases` are arguments and their mode."""
    rules: tuple[Lens, ...] = (
        optional("size", "size"),
        optional("scale_factor", "scale_factor"),
        _mode(rank),
        optional("align_corners", "align_corners"),
    )
    pixels = image(rank - 2, 3, *((4,) if rank == 5 else ()))
    texts = tuple(f"{rest}, mode='{mode}'" if mode else rest for rest, mode in cases)

    def pair(
        torch: str | tuple[str, ...], tf: str, operands: tuple[Lens, ...], cases: tuple[Case, ...]
    ) -> Pair:
        return Pair(
            torch=torch,
            tf=tf,
            args=(*operands, *rules),
            order="wants",
            rank=rank,
            shape=_sized,
            dtype="float",
            only_from="torch",
            helper=INTERPOLATE,
            differs="torch's nearest pixel is the one before, its cubic weights have a = -0.75, and it reads at the "
            "places that the scale gives; tf.image.resize has the nearest one, a = -0.5, and the places that the "
            "sizes give.",
            naive="tf.image.resize(x, size, 'bicubic')",
            error="2e-01",
            words="interpolate resize upsample bicubic align_corners",
            cases=cases,
        )

    return (
        pair(
            (
                f"{_F}.interpolate(input, {_OPTIONS})",
                f"{_F}.upsample(input, {_OPTIONS})",
            ),
            f"interpolate(input, {_PASSED})",
            (tensor("input", "input", rank=rank),),
            tuple(case(f"{_F}.interpolate(x, {text})", x=pixels, one_way=_BACK) for text in texts),
        ),
        pair(
            f"torch.nn.Upsample({_OPTIONS})",
            f"keras.layers.Lambda(lambda x: interpolate(x, {_PASSED}))",
            (),
            tuple(case(f"torch.nn.Upsample({text})", pixels, one_way=_BACK) for text in texts),
        ),
    )


RECORDS: tuple[Record, ...] = (
    *_interpolation(
        4,
        (
            ("size=(9, 5)", ""),
            ("scale_factor=1.7", ""),
            ("size=(9, 5)", "nearest-exact"),
            ("(4, 12)", "bilinear"),
            ("size=11, align_corners=True", "bilinear"),
            ("scale_factor=1.7", "bilinear"),
            ("scale_factor=(0.5, 2.0)", "bilinear"),
            ("scale_factor=3.0", ""),
            ("size=(9, 5)", "bicubic"),
            ("size=(12, 12), align_corners=True", "bicubic"),
            ("scale_factor=2.0", "bicubic"),
        ),
    ),
    *_interpolation(3, (("scale_factor=2", "linear"), ("size=11", "linear"))),
    *_interpolation(
        5, (("scale_factor=2.0", "trilinear"), ("size=(3, 5, 6), align_corners=True", "trilinear"))
    ),
)
