"""What is to be said of values that were carried: NaN in them, and what the target's dtype cannot hold."""

from __future__ import annotations

import numpy as np

from translator.weights.tree import Values


def note(values: Values, dtype: str, into: str) -> str:
    """A remark on values that go from one dtype into another, "" where there is none."""
    found = []
    if values.dtype.kind in "fc" and values.size:
        # The least of all is NaN where any is, and needs no array of truth values.
        low, high = values.min(), values.max()
        if np.isnan(low):
            found.append("holds NaN")
        elif not np.isfinite([low, high]).all():
            found.append("holds infinities")
    if dtype != into and not _exact(values, into):
        found.append(f"rounded from {dtype} to {into}")
    return ", ".join(found)


def _exact(values: Values, into: str) -> bool:
    if into == "bfloat16":
        single = values.astype(np.float32)
        low = single.view(np.uint32) & 0xFFFF
        # A float32 is a bfloat16 where its lower half is empty.
        return np.array_equal(single, values, equal_nan=True) and not low[~np.isnan(single)].any()
    with np.errstate(over="ignore", invalid="ignore"):
        cast = values.astype(into)
        return bool(
            np.array_equal(cast.astype(values.dtype), values, equal_nan=values.dtype.kind in "fc")
        )
