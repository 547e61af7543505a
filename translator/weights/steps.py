"""What the steps of a weight rule do to shapes, to values both ways, and to gradients; and their words."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from translator.knowledge.weights import (
    Gates,
    Normed,
    Reshaped,
    Split,
    Spread,
    Stacked,
    Step,
    Summed,
    Transposed,
    inverse,
    words,
)
from translator.weights.tree import Values

Shape = tuple[int, ...]
Arrays = tuple[Values, ...]


class MisfitError(Exception):
    """A step does not fit the shapes that it meets; says why."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The steps of one rule with the shapes of its arrays before each of them, and after the last.

    All that is given and returned is one array for each name of the rule, torch's at the start, Keras's at the end.
    """

    steps: tuple[Step, ...]
    shapes: tuple[tuple[Shape, ...], ...]

    def to_keras(self, arrays: Arrays) -> Arrays:
        """torch's values in Keras's layout."""
        for step, after in zip(self.steps, self.shapes[1:], strict=True):
            arrays = _forward(step, arrays, after)
        return arrays

    def to_torch(self, arrays: Arrays) -> Arrays:
        """Keras's values in torch's layout."""
        for step, before in reversed(list(zip(self.steps, self.shapes, strict=False))):
            arrays = _backward(step, arrays, before)
        return arrays

    def gradients(self, of_keras: Arrays, values: Callable[[], Arrays]) -> Arrays:
        """The gradients of torch's arrays from those of Keras's; `values` reads torch's where a step needs them."""
        lossy = any(isinstance(step, Normed) for step in self.steps)
        inputs = [values() if lossy else ()]
        for step, after in zip(self.steps, self.shapes[1:], strict=True):
            inputs.append(_forward(step, inputs[-1], after) if lossy else ())
        pulled = of_keras
        for place in reversed(range(len(self.steps))):
            pulled = _pulled_back(self.steps[place], pulled, inputs[place], self.shapes[place])
        return pulled

    def words(self, to_keras: bool) -> str:
        """What happens to the values, in words."""
        steps = self.steps if to_keras else self.steps[::-1]
        return ", ".join(words(step, to_keras) for step in steps) or "as it is"


def bind(steps: tuple[Step, ...], torch: tuple[Shape, ...], keras: tuple[Shape, ...]) -> Chain:
    """The chain between arrays of these shapes.

    Raises:
        MisfitError: it does not lead from the ones to the others.
    """
    shapes = [torch]
    for place, step in enumerate(steps):
        after = None
        if isinstance(step, Reshaped | Spread):
            after = _shapes_before(steps[place + 1 :], keras)
        shapes.append(shapes_after(step, shapes[-1], after))
    if shapes[-1] != keras:
        carried = "" if shapes[-1] == torch else f"carried over {listed(shapes[-1])}"
        raise MisfitError(carried)
    return Chain(steps, tuple(shapes))


def listed(shapes: Sequence[Shape]) -> str:
    """Shapes for a message."""
    return ", ".join(str(shape) for shape in shapes)


def shapes_after(
    step: Step, shapes: tuple[Shape, ...], wanted: tuple[Shape, ...] | None = None
) -> tuple[Shape, ...]:
    """The shapes that a step makes of these; `wanted` where it takes them from the other side.

    Raises:
        MisfitError: it cannot take them.
    """
    match step:
        case Transposed(axes):
            if any(len(shape) != len(axes) for shape in shapes):
                raise MisfitError(f"its rule wants {len(axes)} axes")
            return tuple(tuple(shape[axis] for axis in axes) for shape in shapes)
        case Gates():
            count = len(step.order)
            if any(len(shape) <= step.axis or shape[step.axis] % count for shape in shapes):
                raise MisfitError(f"its rule wants {count} equal blocks along axis {step.axis}")
            return shapes
        case Split(count, axis):
            (shape,) = shapes
            if len(shape) <= axis or shape[axis] % count:
                raise MisfitError(f"its rule wants {count} equal blocks along axis {axis}")
            return ((*shape[:axis], shape[axis] // count, *shape[axis + 1 :]),) * count
        case Stacked() | Summed():
            if len(set(shapes)) != 1:
                raise MisfitError("its rule wants equal shapes")
            return ((len(shapes), *shapes[0]),) if isinstance(step, Stacked) else shapes[:1]
        case Normed():
            magnitude, direction = shapes
            _norm_axes(magnitude, direction)
            return (direction,)
        case Reshaped() | Spread():
            kept = math.prod if isinstance(step, Reshaped) else _without_ones
            if wanted is None or [*map(kept, shapes)] != [*map(kept, wanted)]:
                raise MisfitError("its rule wants as many elements on the other side")
            return wanted
        case _:
            raise TypeError(step)


def _without_ones(shape: Shape) -> Shape:
    return tuple(size for size in shape if size != 1)


def _shapes_before(steps: tuple[Step, ...], shapes: tuple[Shape, ...]) -> tuple[Shape, ...] | None:
    """The shapes that these steps start from to end at `shapes`; behind a reshape stand only transpositions."""
    for step in reversed(steps):
        if not isinstance(step, Transposed):
            raise TypeError(step)
        if any(len(shape) != len(step.axes) for shape in shapes):
            return None
        shapes = tuple(tuple(shape[axis] for axis in inverse(step.axes)) for shape in shapes)
    return shapes


def _forward(step: Step, arrays: Arrays, after: tuple[Shape, ...]) -> Arrays:
    match step:
        case Transposed(axes):
            return tuple(array.transpose(axes) for array in arrays)
        case Gates(axis=axis):
            return tuple(_blocks(array, step.order, axis) for array in arrays)
        case Split(count, axis):
            return tuple(np.split(arrays[0], count, axis))
        case Stacked():
            return (np.stack(arrays),)
        case Summed():
            return (sum(arrays[1:], start=arrays[0]),)
        case Normed():
            magnitude, direction = arrays
            return (direction * (magnitude / _norm(direction, magnitude.shape)),)
        case _:
            pairs = zip(arrays, after, strict=True)
            return tuple(array.reshape(shape) for array, shape in pairs)


def _backward(step: Step, arrays: Arrays, before: tuple[Shape, ...]) -> Arrays:
    match step:
        case Transposed(axes):
            return tuple(array.transpose(inverse(axes)) for array in arrays)
        case Gates(axis=axis):
            return tuple(_blocks(array, inverse(step.order), axis) for array in arrays)
        case Split(axis=axis):
            return (np.concatenate(arrays, axis),)
        case Stacked():
            return tuple(arrays[0])
        case Summed():
            return (arrays[0], *(np.zeros_like(arrays[0]) for _ in before[1:]))
        case Normed():
            magnitude = _norm(arrays[0], before[0])
            nothing = magnitude == 0
            # Zeros have no direction: with any other than zeros the product is zero again, and not NaN.
            return (magnitude, np.where(nothing, 1, arrays[0]) if nothing.any() else arrays[0])
        case _:
            pairs = zip(arrays, before, strict=True)
            return tuple(array.reshape(shape) for array, shape in pairs)


def _pulled_back(
    step: Step, gradients: Arrays, values: Arrays, before: tuple[Shape, ...]
) -> Arrays:
    """By the chain rule; what only moves values moves gradients back in the same way."""
    match step:
        case Summed():
            return gradients * len(before)
        case Normed():
            magnitude, direction = values
            norm = _norm(direction, magnitude.shape)
            axes = _norm_axes(magnitude.shape, direction.shape)
            along = (gradients[0] * direction).sum(axes, keepdims=True) / norm
            moved = (magnitude / norm) * (gradients[0] - along * direction / norm)
            return (along.reshape(magnitude.shape), moved)
        case _:
            return _backward(step, gradients, before)


def _blocks(values: Values, order: tuple[int, ...], axis: int) -> Values:
    parts = np.split(values, len(order), axis)
    joined: Values = np.concatenate([parts[place] for place in order], axis)
    return joined


def _norm_axes(magnitude: Shape, direction: Shape) -> tuple[int, ...]:
    """The axes that a norm of this shape is taken over."""
    if magnitude == ():
        return tuple(range(len(direction)))
    fits = len(magnitude) == len(direction) and all(
        own in (1, size) for own, size in zip(magnitude, direction, strict=True)
    )
    if not fits:
        raise MisfitError("its rule wants a magnitude for each direction")
    return tuple(axis for axis, size in enumerate(magnitude) if size == 1)


def _norm(direction: Values, shape: Shape) -> Values:
    axes = _norm_axes(shape, direction.shape)
    norm: Values = np.sqrt(np.square(direction).sum(axes, keepdims=True)).reshape(shape)
    return norm
