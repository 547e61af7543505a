"""What a gradient is: a tensor as any other, or that of a parameter, whose layout is its layer's."""

from __future__ import annotations

from translator.source.values import GradientValue, TensorValue, Value


def gradient(source: Value, recorded: bool = False) -> Value:
    """The gradient of one tensor: a tensor as well, but for a parameter's, unless another is taken of it."""
    if isinstance(source, TensorValue) and (recorded or not source.leaf):
        return TensorValue(source.shape, tracked=recorded, dtype=source.dtype)
    return GradientValue(source.shape if isinstance(source, TensorValue) else None)
