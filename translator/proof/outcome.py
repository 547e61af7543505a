"""What both frameworks' runners share: the outcome of one run, its leaves, its cotangents, and the seeded push."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from translator.weights.tree import Array, State, Values

Axes = tuple[int, ...]
Cotangent = Callable[[int, Axes], Values]
"""From the position and the shape of a result to the array that its gradient is taken with."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One forward and backward pass, in the program's own axis order.

    The gradients are those of sum(result * cotangent) over all real results: by the dotted path of each trainable
    array, and by the name of each real input.
    """

    results: list[Values]
    parameters: dict[str, Values]
    inputs: dict[str, Values]


def leaves(value: Any, is_tensor: Callable[[Any], bool]) -> list[Any]:
    """The tensors of a nested result in order; numbers, and sequences of nothing but numbers, become arrays.

    Raises:
        TypeError: something in it is no number.
    """
    if value is None:
        return []
    if is_tensor(value):
        return [value]
    if isinstance(value, bool | int | float | complex | np.ndarray | np.generic):
        return [np.asarray(value)]
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        if value and all(isinstance(item, bool | int | float) for item in value):
            return [np.asarray(value)]
        return [leaf for item in value for leaf in leaves(item, is_tensor)]
    raise TypeError(f"the result holds a {type(value).__name__}, which cannot be compared")


def cotangents(seed: int, orders: Mapping[int, Axes]) -> Cotangent:
    """Draws that depend on the seed, the position and the shape in the source's axis order alone."""

    def draw(position: int, shape: Axes) -> Values:
        axes = orders.get(position)
        drawn = shape if axes is None else tuple(np.take(shape, inverse(axes)))
        values: Values = np.random.default_rng([seed, position]).standard_normal(drawn)
        return values if axes is None else values.transpose(axes)

    return draw


def inverse(axes: Axes) -> Axes:
    """The permutation that undoes `axes`."""
    return tuple(int(axis) for axis in np.argsort(axes))


def push(state: State, seed: int) -> None:
    """Move every real array of a live model off its initial value, so that zeros and ones hide nothing.

    What cannot be negative, a running variance, is scaled up; everything else is shifted by up to a tenth. What may
    lack a counterpart keeps its value: nobody would give that to the other side.
    """
    generator = np.random.default_rng(seed)
    done: set[int] = set()
    for array in state.arrays().values():
        real = array.dtype.startswith(("float", "bfloat"))
        if id(array) in done or not real or not array.needed:
            continue
        done.add(id(array))
        noise = generator.random(array.shape)
        values = np.asarray(array.read())
        scaled = _is_variance(array, values)
        _store(array, values * (1 + noise / 4) if scaled else values + (noise - 0.5) / 5)


def _is_variance(array: Array, values: Values) -> bool:
    return not array.trainable and bool(np.all(values > 0))


def _store(array: Array, values: Values) -> None:
    if array.write is not None:
        array.write(values)
