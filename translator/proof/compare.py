"""How far two results are apart."""

from __future__ import annotations

import numpy as np

from translator.errors import ProofError
from translator.weights.tree import Values

_KINDS = {
    "b": "truth values",
    "i": "integers",
    "u": "integers",
    "f": "real numbers",
    "c": "complex numbers",
}


def error(expected: Values, actual: Values, what: str) -> float:
    """The largest difference, relative to max(1, largest expected value).

    NaN agrees with NaN, and an infinity with itself; where only one side has one, the error is infinite.

    Raises:
        ProofError: shapes or kinds of number differ, and `what` says of which array.
    """
    if expected.shape != actual.shape:
        raise ProofError(f"{what} has shape {expected.shape} there and {actual.shape} here.")
    kinds = [_KINDS.get(array.dtype.kind, str(array.dtype)) for array in (expected, actual)]
    if kinds[0] != kinds[1]:
        raise ProofError(f"{what} holds {kinds[0]} there and {kinds[1]} here.")
    if expected.size == 0:
        return 0.0
    if expected.dtype.kind not in "fc":
        return float(np.max(np.abs(expected.astype(np.float64) - actual.astype(np.float64))))
    precise = np.complex128 if expected.dtype.kind == "c" else np.float64
    return _largest(expected.astype(precise), actual.astype(precise))


def _largest(a: Values, b: Values) -> float:
    finite = np.isfinite(a) & np.isfinite(b)
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    if not np.all(finite | same):
        return float("inf")
    if not finite.any():
        return 0.0
    scale = max(1.0, float(np.max(np.abs(a[finite]))))
    return float(np.max(np.abs(a[finite] - b[finite]))) / scale
