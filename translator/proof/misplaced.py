"""Weights that two models already have, held against the rules: how a wrong array came to be what it is."""

from __future__ import annotations

import itertools

import numpy as np

from translator.proof.alignment import distance
from translator.weights.tree import Values

_CLOSE = 1e-5
_GATES = (3, 4)
_MOST_AXES = 4


def how(source: Values | None, wanted: Values, found: Values) -> str:
    """In words, what was done to an array instead of what its rule says; "" if that is not seen."""
    if wanted.shape == found.shape:
        for axis, count in itertools.product(range(wanted.ndim), _GATES):
            order = _blocks(wanted, found, axis, count)
            if order is not None:
                return f"its {count} blocks (gates) along axis {axis} stand in the order {order}"
    if source is not None and source.shape == found.shape and _equal(source, found):
        return "it was copied as it is"
    if wanted.ndim <= _MOST_AXES:
        for axes in itertools.permutations(range(wanted.ndim)):
            if _equal(wanted.transpose(axes), found):
                return f"its axes stand in the order {axes} of what they should be"
    if wanted.size == found.size and _equal(np.sort(wanted, axis=None), np.sort(found, axis=None)):
        return "it has the right numbers in another order"
    return ""


def _blocks(wanted: Values, found: Values, axis: int, count: int) -> tuple[int, ...] | None:
    size = wanted.shape[axis]
    if size % count or size == count:
        return None
    parts = np.split(wanted, count, axis)
    for order in itertools.permutations(range(count)):
        if _equal(np.concatenate([parts[place] for place in order], axis), found):
            return order
    return None


def _equal(a: Values, b: Values) -> bool:
    return a.shape == b.shape and distance(a, b) < _CLOSE
