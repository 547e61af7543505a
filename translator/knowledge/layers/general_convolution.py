"""Convolutions as functions with any of their parameters, and transposed ones."""

from __future__ import annotations

from translator.knowledge.cases import f32, named_case
from translator.knowledge.layers.convolution import image
from translator.knowledge.layers.windows import whole
from translator.knowledge.lenses import optional, same, tensor
from translator.knowledge.records import Pair, Record
from translator.knowledge.shapes import Bound, Shape

_BACK = "what the file has for it is a function of its own"
CONVOLUTION = (
    "convolution",
    '''
def convolution(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """A convolution of channels last with a kernel of (out, in, ...sizes)."""
    axes = len(weight.shape) - 2
    stride, dilation = ([n] * axes if isinstance(n, int) else list(n) for n in (stride, dilation))
    kernel = tf.transpose(weight, [*range(2, axes + 2), 1, 0])
    if isinstance(padding, str):
        wide = [d * (n - 1) * (padding == "same") for d, n in zip(dilation, kernel.shape)]
        border = [[n // 2, n - n // 2] for n in wide]
    else:
        border = [[n, n] for n in ([padding] * axes if isinstance(padding, int) else padding)]
    images = tf.pad(input, [[0, 0], *border, [0, 0]])
    order = "N" + "DHW"[3 - axes :] + "C"
    parts = [
        tf.nn.convolution(part, filters, stride, "VALID", order, dilation)
        for part, filters in zip(tf.split(images, groups, -1), tf.split(kernel, groups, -1))
    ]
    outputs = tf.concat(parts, -1)
    return outputs if bias is None else outputs + bias
''',
)
TRANSPOSED = (
    "transposed_convolution",
    '''
def transposed_convolution(
    input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1
):
    """A transposed convolution of channels last with a kernel of (in, out, ...sizes)."""
    axes = len(weight.shape) - 2
    stride, padding, output_padding, dilation = (
        [n] * axes if isinstance(n, int) else list(n)
        for n in (stride, padding, output_padding, dilation)
    )
    kernel = tf.transpose(weight, [*range(2, axes + 2), 1, 0])
    for axis, gap in enumerate(dilation):
        taps = [tap for n in range(kernel.shape[axis]) for tap in [n] + [-1] * (gap - 1)]
        taps = taps[: len(taps) - gap + 1]
        kernel = tf.stack(
            [
                tf.gather(kernel, max(tap, 0), axis=axis) * tf.cast(tap >= 0, kernel.dtype)
                for tap in taps
            ],
            axis=axis,
        )
    sizes = [tf.shape(input)[axis + 1] for axis in range(axes)]
    full = [(n - 1) * s + k for n, s, k in zip(sizes, stride, kernel.shape)]
    parts = [
        tf.nn.conv_transpose(
            part,
            filters,
            tf.stack([tf.shape(input)[0], *full, kernel.shape[axes]]),
            stride,
            padding="VALID",
        )
        for part, filters in zip(tf.split(input, groups, -1), tf.split(kernel, groups, -1))
    ]
    outputs = tf.pad(tf.concat(parts, -1), [[0, 0], *([0, n] for n in output_padding), [0, 0]])
    for axis, border in enumerate(padding):
        places = tf.range(border, tf.shape(outputs)[axis + 1] - border)
        outputs = tf.gather(outputs, places, axis=axis + 1)
    return outputs if bias is None else outputs + bias
''',
)


def _size_unknown(call: Bound) -> Shape:
    return None if call.first is None else whole(call, None, (None,) * (len(call.first) - 2))


def _pair(
    torch: str, axes: int, helper: tuple[str, str], names: tuple[str, ...], cases: tuple[str, ...]
) -> Pair:
    turned = helper is TRANSPOSED
    kernel = f32(4, 2 if turned else 4, *(3, 2, 3)[:axes])
    defaults = {"stride": 1, "padding": 0, "output_padding": 0, "groups": 1, "dilation": 1}
    stated = ", ".join(f"{name}={defaults[name]}" for name in names)
    passed = ", ".join(f"{name}={name}" for name in names)
    bias = f32(2 if turned else 4)
    arrays = {"x": image(axes, 4), "k": kernel}
    return Pair(
        torch=(
            f"torch.nn.functional.{torch}(input, weight, bias=None, {stated})",
            f"torch.{torch}(input, weight, bias=None, {stated})",
        ),
        tf=f"{helper[0]}(input, weight, bias=bias, {passed})",
        args=(
            tensor("input", "input"),
            same("weight"),
            optional("bias", "bias"),
            *(optional(name, name) for name in names),
        ),
        order="wants",
        rank=axes + 2,
        shape=_size_unknown,
        dtype="float",
        only_from="torch",
        helper=helper,
        differs="torch's kernels are (out, in, sizes), or (in, out, sizes) of a transposed convolution; TensorFlow's "
        "are (sizes, in, out), or (sizes, out, in).",
        words="convolution function groups dilation",
        cases=tuple(
            named_case(
                f"torch.nn.functional.{torch}({text})",
                {**arrays, "b": bias} if ", b" in text else arrays,
                _BACK,
            )
            for text in cases
        ),
    )


_PLAIN = ("stride", "padding", "dilation", "groups")
_TURNED = ("stride", "padding", "output_padding", "groups", "dilation")

RECORDS: tuple[Record, ...] = (
    *(
        _pair(
            f"conv{axes}d",
            axes,
            CONVOLUTION,
            _PLAIN,
            (
                "x, k",
                "x, k, b, 2, 1",
                "x, k, padding='same'",
                "x, k, b, dilation=2",
                "x, k[:, :2], groups=2",
            ),
        )
        for axes in (1, 2, 3)
    ),
    *(
        _pair(
            f"conv_transpose{axes}d",
            axes,
            TRANSPOSED,
            _TURNED,
            (
                "x, k",
                "x, k, b, 2, 1, 1",
                "x, k, stride=2, output_padding=1",
                "x, k, padding=1, dilation=2",
                "x, k, groups=2",
            ),
        )
        for axes in (1, 2, 3)
    ),
)
