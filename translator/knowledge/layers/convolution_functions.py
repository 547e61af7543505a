"""Convolutions as functions: `torch.nn.functional.conv2d`, `tf.nn.conv2d`."""

from __future__ import annotations

from collections.abc import Iterator

from translator.knowledge.cases import Case, case, f32
from translator.knowledge.layers.convolution import image
from translator.knowledge.layers.windows import whole
from translator.knowledge.lenses import explicit, fixed, same, tensor
from translator.knowledge.records import Pair, Record
from translator.knowledge.shapes import Bound, Shape

_BACK = "kernels that are transposed on the spot are not read back"


def _convolved(call: Bound) -> Shape:
    return None if call.first is None else whole(call, None, (None,) * (len(call.first) - 2))


def _cases(biased: bool) -> Iterator[Case]:
    function, kernels, pixels = "torch.nn.functional.conv2d", f32(4, 3, 3, 3), image(2, 3)
    for rest in ("", ", padding=1, stride=2"):
        if biased:
            yield case(f"{function}(x, k, b{rest})", x=pixels, k=kernels, b=f32(4), one_way=_BACK)
        else:
            yield case(f"{function}(x, k{rest})", x=pixels, k=kernels, one_way=_BACK)


def _function(biased: bool) -> Pair:
    tf = "tf.nn.conv2d(input, tf.transpose(weight, [2, 3, 1, 0]), stride, padding)"
    return Pair(
        torch="torch.nn.functional.conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1)",
        tf=f"{tf} + bias" if biased else tf,
        args=(
            tensor("input", "input"),
            same("weight"),
            same("bias") if biased else fixed("torch", "bias", "None"),
            same("stride"),
            explicit(),
            fixed("torch", "dilation", "1", "(1, 1)"),
            fixed("torch", "groups", "1"),
        ),
        order="wants",
        rank=4,
        shape=_convolved,
        only_from="torch",
        differs="TensorFlow's kernels are (height, width, in, out), torch's (out, in, height, width).",
        words="convolution",
        cases=tuple(_cases(biased)),
    )


_FROM_TENSORFLOW = Pair(
    torch="torch.nn.functional.conv2d(input, filters.permute(3, 2, 0, 1), stride=stride, padding=padding, "
    "dilation=dilations)",
    tf="tf.nn.conv2d(input, filters, strides, padding, data_format='NHWC', dilations=None)",
    args=(
        tensor("input", "input"),
        same("filters"),
        same("stride", "strides"),
        explicit(),
        same("dilations"),
        fixed("tensorflow", "data_format", "'NHWC'"),
    ),
    order="wants",
    rank=4,
    shape=_convolved,
    only_from="tensorflow",
    words="convolution",
    cases=(
        case(
            "tf.nn.conv2d(x, k, 1, 'SAME')",
            x=image(2, 3, last=True),
            k=f32(3, 3, 3, 4),
            side="tensorflow",
            one_way=_BACK,
        ),
        case(
            "tf.nn.conv2d(x, k, 2, 'VALID')",
            x=image(2, 3, last=True),
            k=f32(3, 3, 3, 4),
            side="tensorflow",
            one_way=_BACK,
        ),
    ),
)

RECORDS: tuple[Record, ...] = (_function(False), _function(True), _FROM_TENSORFLOW)
