"""Comparing what two programs print: the texts must be equal, the numbers close."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

TOLERANCE = 1e-5
"""Relative to max(1, |expected|)."""

_NUMBER = re.compile(
    r"(?<![\w.])[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|nan|inf(?:inity)?)(?![\w])"
)
# With fewer decimals than this, one unit in the last place is a difference that counts.
_ROUNDED_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line on both sides: its worst error beside its tolerance; `reason` says why it is not `ok`."""

    what: str
    error: float
    tolerance: float
    ok: bool
    reason: str = ""


def compare_printed(expected: str, actual: str, tolerance: float = TOLERANCE) -> Iterator[Line]:
    """Compare two outputs line by line; runs of spaces and empty lines at the end do not count."""
    pairs = itertools.zip_longest(expected.rstrip().splitlines(), actual.rstrip().splitlines())
    for number, (a, b) in enumerate(pairs, 1):
        what = f"line {number}"
        if a is None or b is None:
            missing = f"only one side prints {(a if b is None else b)!r}"
            yield Line(what, math.inf, tolerance, False, missing)
        else:
            yield _compare(what, a, b, tolerance)


def _compare(what: str, a: str, b: str, tolerance: float) -> Line:
    if _texts(a) != _texts(b):
        return Line(what, math.inf, tolerance, False, f"{a!r} and {b!r}")
    worst, limit, ok = 0.0, tolerance, True
    for x, y in zip(_NUMBER.findall(a), _NUMBER.findall(b), strict=True):
        found, allowed = _error(x, y), max(tolerance, _last_place(x, y))
        ok = ok and found <= allowed
        worst, limit = max(worst, found), max(limit, allowed)
    return Line(what, worst, limit, ok, "" if ok else f"{a!r} and {b!r}")


def _texts(line: str) -> list[str]:
    return ["".join(part.split()) for part in _NUMBER.split(line)]


def _error(a: str, b: str) -> float:
    x, y = float(a), float(b)
    if x == y or (math.isnan(x) and math.isnan(y)):
        return 0.0
    if not (math.isfinite(x) and math.isfinite(y)):
        return math.inf
    return abs(x - y) / max(1.0, abs(x))


def _last_place(a: str, b: str) -> float:
    """One unit in the last printed place, relative: nearly equal numbers may be rounded apart by it."""
    (decimals, exponent), (other, another) = _digits(a), _digits(b)
    if decimals != other or decimals < _ROUNDED_DECIMALS:
        return 0.0
    return 1.001 * 10.0 ** (max(exponent, another) - decimals) / max(1.0, abs(float(a)))


def _digits(number: str) -> tuple[int, int]:
    """How many decimals a number is printed with, and its exponent."""
    mantissa, _, exponent = number.lower().partition("e")
    return len(mantissa.partition(".")[2]), int(exponent or 0)
