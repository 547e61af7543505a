"""The sizes that sliding windows leave, shared by convolutions and pooling."""

from __future__ import annotations

from typing import Any

from translator.knowledge.shapes import Bound, Shape, Size, number


def spatial(call: Bound) -> Shape:
    """The spatial sizes of the first tensor, which has a batch axis and channels."""
    shape = call.first
    if shape is None or len(shape) < 3:
        return None
    return shape[2:] if call.channels == 1 else shape[1:-1]


def channels(call: Bound) -> Size:
    """The channels of the first tensor, which has a batch axis and spatial sizes."""
    return None if spatial(call) is None or not call.first else call.first[call.channels]


def whole(call: Bound, count: Size, sizes: tuple[Size, ...]) -> Shape:
    """A shape put together again from the batch axis, the channels and the spatial sizes."""
    if not call.first or spatial(call) is None:
        return None  # too few axes: there can be no such call
    batch = call.first[0]
    return (batch, count, *sizes) if call.channels == 1 else (batch, *sizes, count)


def slide(call: Bound, default_stride: Any = 1) -> tuple[Size, ...]:
    """The spatial sizes after sliding a window, None where a number is missing."""
    sizes = spatial(call) or ()
    kernel = call.literals.get("kernel_size")
    stride = call.literals.get("stride")
    padding = call.literals.get("padding", 0)
    dilation = call.literals.get("dilation", 1)
    stride = (kernel if default_stride is None else default_stride) if stride is None else stride
    up = call.literals.get("ceil_mode") is True
    return tuple(
        _one(
            size,
            _at(kernel, i),
            _at(stride, i),
            padding.lower() if isinstance(padding, str) else _at(padding, i),
            _at(dilation, i),
            up,
        )
        for i, size in enumerate(sizes)
    )


def _one(size: Size, kernel: Any, stride: Any, padding: Any, dilation: Any, up: bool) -> Size:
    known, window, step, gap = number(size), number(kernel), number(stride), number(dilation)
    if known is None or not step:
        return None
    if padding in ("same", "causal"):
        return -(-known // step)
    border = 0 if padding == "valid" else number(padding)
    if window is None or border is None or gap is None:
        return None
    left = known + 2 * border - gap * (window - 1) - 1
    if left < 0:
        return None
    if not up:
        return left // step + 1
    steps = -(-left // step) + 1
    return steps - 1 if (steps - 1) * step >= known + border else steps


def _at(value: Any, index: int) -> Any:
    if isinstance(value, tuple | list):
        return value[index] if index < len(value) else value[0] if len(value) == 1 else None
    return value
