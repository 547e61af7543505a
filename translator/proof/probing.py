"""What happens to a tensor between two layers: the usual functions, tried on what the first gives."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from translator.proof.alignment import distance, orders, reordered
from translator.weights.tree import Values

_CLOSE = 1e-6
_MOST = 200_000  # elements; the exact GELU is slow without scipy

Function = Callable[[Values], Values]


def guess(
    before: tuple[Values, Values] | None, ours: Values | None, theirs: Values | None
) -> str | None:
    """What two sides do between a layer that agrees and a tensor that differs, in words, None if that is not seen."""
    if ours is None or theirs is None:
        return None
    if ours.size != theirs.size:
        return f"the shapes are {ours.shape} in the source and {theirs.shape} in the target"
    if before is not None:
        names = (_named(before[0], ours), _named(before[1], theirs))
        if names[0] != names[1]:
            first, second = (name or "something else" for name in names)
            return f"the source has {first} there, the target {second}"
    if reordered(ours, theirs):
        order = "the order in which axes are flattened" if ours.ndim < 3 else "the order of axes"
        return f"both have the same numbers in another order: {order} differs"
    return None


def _named(before: Values, after: Values) -> str | None:
    """The function that makes the one of the other."""
    if before.size > _MOST or before.dtype.kind != "f" or after.dtype.kind != "f":
        return None
    for name, function in _functions(before):
        result = function(before)
        if any(_same(result, after, axes) for axes in orders(after.ndim)):
            return name
    return None


def _same(result: Values, after: Values, axes: tuple[int, ...] | None) -> bool:
    moved = result if axes is None or len(axes) != result.ndim else result.transpose(axes)
    return moved.shape == after.shape and distance(moved, after) < _CLOSE


def _functions(x: Values) -> Iterator[tuple[str, Function]]:
    yield "nothing", lambda v: v
    yield from _ACTIVATIONS.items()
    for axis in range(x.ndim):
        yield f"softmax over axis {axis}", lambda v, a=axis: _softmax(v, a)  # type: ignore[misc]
        yield f"log_softmax over axis {axis}", lambda v, a=axis: np.log(_softmax(v, a))  # type: ignore[misc]
    if x.ndim > 2:
        yield "a flatten", lambda v: v.reshape(len(v), -1)


def _softmax(x: Values, axis: int) -> Values:
    powers = np.exp(x - x.max(axis, keepdims=True))
    result: Values = powers / powers.sum(axis, keepdims=True)
    return result


def _sigmoid(x: Values) -> Values:
    result: Values = 1.0 / (1.0 + np.exp(-x))
    return result


_erf = np.vectorize(math.erf)

_ACTIVATIONS: dict[str, Function] = {
    "relu": lambda v: np.maximum(v, 0.0),
    "relu6": lambda v: np.clip(v, 0.0, 6.0),
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "silu": lambda v: v * _sigmoid(v),
    "gelu": lambda v: v * 0.5 * (1.0 + _erf(v / math.sqrt(2.0))),
    "gelu in its tanh form": lambda v: (
        0.5 * v * (1.0 + np.tanh(math.sqrt(2.0 / math.pi) * (v + 0.044715 * v**3)))
    ),
    "elu": lambda v: np.where(v > 0, v, np.expm1(np.minimum(v, 0.0))),
    "softplus": lambda v: np.log1p(np.exp(-np.abs(v))) + np.maximum(v, 0.0),
    "leaky relu of slope 0.01": lambda v: np.where(v > 0, v, 0.01 * v),
    "leaky relu of slope 0.2": lambda v: np.where(v > 0, v, 0.2 * v),
    "leaky relu of slope 0.3": lambda v: np.where(v > 0, v, 0.3 * v),
}
