"""Bringing a tensor of one side and one of the other together, and saying how far apart they are."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from translator.proof.outcome import Axes
from translator.weights.tree import Values


def distance(expected: Values, actual: Values, floor: float = 1e-6) -> float:
    """The largest difference relative to the largest value of both, or to `floor` where that is larger.

    Infinite where shapes differ or only one side is finite; NaN agrees with NaN.
    """
    if expected.shape != actual.shape:
        return math.inf
    if expected.size == 0:
        return 0.0
    wide = np.complex128 if "c" in (expected.dtype.kind, actual.dtype.kind) else np.float64
    a, b = (values.astype(wide, copy=False) for values in (expected, actual))
    if wide is np.float64 and math.isfinite(largest := _largest(a - b)):
        return largest / max(_largest(a), _largest(b), floor)
    finite = np.isfinite(a) & np.isfinite(b)
    if finite.all():
        return _relative(a, b, floor)
    if not np.all(finite | (a == b) | (np.isnan(a) & np.isnan(b))):
        return math.inf
    return _relative(a[finite], b[finite], floor) if finite.any() else 0.0


def _relative(a: Values, b: Values, floor: float) -> float:
    scale = max(float(np.abs(a).max()), float(np.abs(b).max()), floor)
    return float(np.abs(a - b).max()) / scale


def _largest(values: Values) -> float:
    """The largest absolute value, NaN if there is one; makes no copy."""
    return max(abs(float(values.max())), abs(float(values.min())))


def closest(
    expected: Values, actual: Values, tried: Sequence[Axes | None] | None = None
) -> tuple[float, Axes | None]:
    """How far apart the two are in the order that brings them closest, and that order: target = source.transpose(it).

    Without `tried`, these are all orders in which frameworks and their layers have their tensors.
    """
    best: tuple[float, Axes | None] = (math.inf, None)
    for axes in orders(expected.ndim) if tried is None else tried:
        if axes is None or len(axes) == expected.ndim:
            found = distance(expected if axes is None else expected.transpose(axes), actual)
            if found < best[0]:
                best = (found, axes)
    return best


def orders(rank: int) -> list[Axes | None]:
    """The orders that two tensors of a rank may be brought together by."""
    tried: list[Axes | None] = [None]
    if rank >= 3:
        tried += [(0, *range(2, rank), 1), (0, rank - 1, *range(1, rank - 1))]
        tried += [(1, 0, *range(2, rank))]  # time first, batch first
    return list(dict.fromkeys(tried))


def alignable(expected: Values, actual: Values) -> bool:
    """True if one of the orders gives both the same shape."""
    shapes = [
        expected.shape if axes is None else tuple(expected.shape[axis] for axis in axes)
        for axes in orders(expected.ndim)
    ]
    return actual.shape in shapes


def reordered(expected: Values, actual: Values) -> bool:
    """True if both hold the same numbers, each sample for itself, in another order."""
    if expected.size != actual.size or expected.ndim < 1 or expected.shape[0] != actual.shape[0]:
        return False
    a, b = (np.sort(values.reshape(len(values), -1), axis=1) for values in (expected, actual))
    return distance(a, b) < 1e-6
