"""Functions of TensorFlow with padding="SAME", where torch has no such padding in one call."""

from __future__ import annotations

from translator.knowledge.cases import Array, Case, f32
from translator.knowledge.layers.borders import SAME
from translator.knowledge.layers.convolution import image
from translator.knowledge.layers.pooling import pooled
from translator.knowledge.layers.windows import whole
from translator.knowledge.lenses import Lens, fixed, same, tensor
from translator.knowledge.records import Pair, Record
from translator.knowledge.shapes import Bound, Shape

_FORMAT = fixed("tensorflow", "data_format", "'NHWC'", "None")
_WINDOW: tuple[Lens, ...] = (
    tensor("input", "input"),
    same("kernel_size", "ksize"),
    same("stride", "strides"),
    fixed("tensorflow", "padding", "'SAME'"),
    _FORMAT,
)
_DIFFERS = "TensorFlow pads so that the windows reach over the end rather than over the start, as far as it is needed."


def _case(text: str, **kernels: Array) -> Case:
    inputs = (("x", image(2, 3, last=True)), *kernels.items())
    return Case(text, inputs, "tensorflow", one_way="no record leads back")


def _pooling(kind: str, torch: str) -> Pair:
    name = f"tf.nn.{kind}_pool"
    rest = "(input, ksize, strides, padding, data_format"
    return Pair(
        torch=torch,
        tf=(f"{name}2d{rest}='NHWC')", f"{name}{rest}=None)"),
        args=_WINDOW,
        order="wants",
        rank=4,
        shape=pooled,
        only_from="tensorflow",
        helper=SAME,
        differs=_DIFFERS,
        words="pooling same padding",
        cases=(
            _case(f"{name}2d(x, 2, 2, 'SAME')"),
            _case(f"{name}2d(x, [1, 3, 2, 1], [1, 2, 1, 1], 'SAME')"),
            _case(f"{name}(x, ksize=3, strides=1, padding='SAME')"),
        ),
    )


MAX = _pooling(
    "max",
    "F.max_pool2d(SamePad(kernel_size, stride, value=float('-inf'))(input), kernel_size, stride)",
)
AVERAGE = _pooling(
    "avg",
    "F.avg_pool2d(SamePad(kernel_size, stride)(input), kernel_size, stride) / "
    "F.avg_pool2d(SamePad(kernel_size, stride)(torch.ones_like(input)), kernel_size, stride)",
)


def _convolved(call: Bound) -> Shape:
    return None if call.first is None else whole(call, None, (None,) * (len(call.first) - 2))


CONVOLUTION = Pair(
    torch="F.conv2d(SamePad(filters.shape[:2], stride)(input), filters.permute(3, 2, 0, 1), stride=stride)",
    tf="tf.nn.conv2d(input, filters, strides, padding, data_format='NHWC', dilations=None)",
    args=(
        tensor("input", "input"),
        same("filters"),
        same("stride", "strides"),
        fixed("tensorflow", "padding", "'SAME'"),
        _FORMAT,
        fixed("tensorflow", "dilations", "None", "1"),
    ),
    order="wants",
    rank=4,
    shape=_convolved,
    only_from="tensorflow",
    helper=SAME,
    differs=_DIFFERS,
    naive="F.conv2d(x, w, stride=2, padding=1)",
    error="4.37",
    words="convolution same padding stride",
    cases=(
        _case("tf.nn.conv2d(x, k, 2, 'SAME')", k=f32(3, 3, 3, 4)),
        _case("tf.nn.conv2d(x, k, strides=[1, 2, 3, 1], padding='SAME')", k=f32(2, 5, 3, 4)),
    ),
)

RECORDS: tuple[Record, ...] = (MAX, AVERAGE, CONVOLUTION)
