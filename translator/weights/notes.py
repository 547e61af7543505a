"""What is to be said of values that were carried: NaN in them, and what the target's dtype cannot hold."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from translator.weights.tree import Values

_PART = 1 << 22
"""Values are looked at in parts of so many bytes: a whole copy would count at the peak of memory."""
_HELD = frozenset({("bfloat16", "float32"), ("bfloat16", "float64")})


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
    if dtype != into and (dtype, into) not in _HELD:
        if not all(_exact(part, into) for part in _parts(values)):
            found.append(f"rounded from {dtype} to {into}")
    return ", ".join(found)


def _parts(values: Values) -> Iterator[Values]:
    if values.ndim == 0:
        yield values
    else:
        count = min(len(values), 1 + values.nbytes // _PART)
        yield from np.array_split(values, count) if count else ()


def _exact(values: Values, into: str) -> bool:
    real = values.dtype.kind in "fc"
    with np.errstate(over="ignore", invalid="ignore"):
        if into == "bfloat16":  # numpy has none: a float32 is one where its lower half is empty
            cast = values.astype(np.float32)
            if (cast.view(np.uint32)[~np.isnan(cast)] & 0xFFFF).any():
                return False
        else:
            cast = values.astype(into)
        return bool(np.array_equal(cast.astype(values.dtype), values, equal_nan=real))
