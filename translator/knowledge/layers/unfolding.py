"""Windows of images as columns, and columns put together to images again."""

from __future__ import annotations

from translator.knowledge.cases import Case, case, f32
from translator.knowledge.lenses import Lens, optional, same, tensor
from translator.knowledge.records import Pair, Record

_BACK = "what the file has for it is a function of its own"
UNFOLD = (
    "unfold",
    '''
def unfold(images, kernel_size, dilation=1, padding=0, stride=1):
    """The windows of (batch, channels, height, width) as (batch, channels * window, windows)."""
    kernel_size, dilation, padding, stride = (
        (n, n) if isinstance(n, int) else tuple(n) for n in (kernel_size, dilation, padding, stride)
    )
    images = tf.pad(images, [[0, 0], [0, 0], *([n, n] for n in padding)])
    taps = images
    for axis, (window, gap, step) in enumerate(zip(kernel_size, dilation, stride)):
        count = (tf.shape(images)[axis + 2] - gap * (window - 1) - 1) // step + 1
        places = tf.range(window)[:, None] * gap + tf.range(count) * step
        taps = tf.gather(taps, places, axis=2 * axis + 2)
    batch, channels, height, rows, width, columns = tf.unstack(tf.shape(taps))
    taps = tf.transpose(taps, [0, 1, 2, 4, 3, 5])
    return tf.reshape(taps, [batch, channels * height * width, rows * columns])
''',
)
FOLD = (
    "fold",
    '''
def fold(columns, output_size, kernel_size, dilation=1, padding=0, stride=1):
    """The sums of the windows of (batch, channels * window, windows) where they lie in (height, width)."""
    output_size, kernel_size, dilation, padding, stride = (
        (n, n) if isinstance(n, int) else tuple(n)
        for n in (output_size, kernel_size, dilation, padding, stride)
    )
    sizes = [n + 2 * border for n, border in zip(output_size, padding)]
    counts = [
        (n - gap * (window - 1) - 1) // step + 1
        for n, gap, window, step in zip(sizes, dilation, kernel_size, stride)
    ]
    images = tf.reshape(columns, [tf.shape(columns)[0], -1, *kernel_size, *counts])
    for axis in (0, 1):
        places = tf.range(kernel_size[axis])[:, None] * dilation[axis]
        places += tf.range(counts[axis]) * stride[axis]
        lying = tf.one_hot(places, sizes[axis], dtype=images.dtype)
        images = tf.einsum("bcklmn,kmy->bclny" if axis == 0 else "bclny,lnx->bcyx", images, lying)
    return images[:, :, padding[0] : sizes[0] - padding[0], padding[1] : sizes[1] - padding[1]]
''',
)
_NAMES = ("dilation", "padding", "stride")
_REST = "kernel_size, dilation=1, padding=0, stride=1"
_PASSED = ", ".join(f"{name}={name}" for name in _NAMES)


def _both(
    helper: tuple[str, str],
    layer: str,
    first: str,
    operand: str,
    shape: tuple[int, ...],
    cases: tuple[str, ...],
) -> tuple[Pair, Pair]:
    """The function and the layer; `first` are the sizes in front."""
    name = helper[0]
    sizes: tuple[Lens, ...] = tuple(same(part) for part in (*first.split(), "kernel_size"))
    rules = (*sizes, *(optional(part, part) for part in _NAMES))
    front = "".join(f"{part}, " for part in first.split())

    def pair(torch: str, tf: str, operands: tuple[Lens, ...], proved: tuple[Case, ...]) -> Pair:
        return Pair(
            torch=torch,
            tf=tf,
            args=(*operands, *rules),
            only_from="torch",
            helper=helper,
            differs="torch lists the channels of a window before its pixels, tf.image.extract_patches behind them.",
            naive="tf.image.extract_patches",
            error="another order",
            words="im2col patches windows sliding",
            cases=proved,
        )

    return (
        pair(
            f"torch.nn.functional.{name}(input, {front}{_REST})",
            f"{name}({operand}, {front}kernel_size, {_PASSED})",
            (tensor("input", operand),),
            tuple(
                case(f"torch.nn.functional.{name}(x, {text})", x=f32(*shape), one_way=_BACK)
                for text in cases
            ),
        ),
        pair(
            f"torch.nn.{layer}({front}{_REST})",
            f"keras.layers.Lambda(lambda x: {name}(x, {front}kernel_size, {_PASSED}))",
            (),
            tuple(case(f"torch.nn.{layer}({text})", f32(*shape), one_way=_BACK) for text in cases),
        ),
    )


RECORDS: tuple[Record, ...] = (
    *_both(
        UNFOLD,
        "Unfold",
        "",
        "images",
        (2, 3, 5, 6),
        ("2", "(2, 3), stride=2", "3, padding=1", "2, 2, (1, 0), (2, 1)"),
    ),
    *_both(
        FOLD,
        "Fold",
        "output_size",
        "columns",
        (2, 12, 20),
        (
            "(5, 6), 2",
            "(4, 5), (2, 2), dilation=2, padding=1",
            "(8, 8), 2, stride=2, padding=(0, 1)",
        ),
    ),
)
