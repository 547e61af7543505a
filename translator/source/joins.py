"""What is true of two values at once: where flows meet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from translator.knowledge.shapes import Shape
from translator.source.values import (
    PLAIN,
    UNKNOWN,
    Built,
    Each,
    Items,
    Literal,
    NumpyArray,
    Plain,
    TensorValue,
    Value,
)

if TYPE_CHECKING:
    pass


def join(a: Value, b: Value) -> Value:
    """The most that is true of both; axis orders that disagree give source order, which the caller must enforce."""
    if a == b:
        return a
    if isinstance(a, TensorValue) and isinstance(b, TensorValue):
        return TensorValue(
            shape=join_shapes(a.shape, b.shape),
            target_order=a.target_order and b.target_order,
            tracked=a.tracked or b.tracked,
            leaf=a.leaf and b.leaf,
            dtype=a.dtype if a.dtype == b.dtype else None,
            origin=a.origin if a.origin == b.origin else None,
            last=a.last if a.last == b.last else None,
        )
    if isinstance(a, NumpyArray) and isinstance(b, NumpyArray):
        return NumpyArray(join_shapes(a.shape, b.shape))
    if isinstance(a, Items) and isinstance(b, Items) and len(a.items) == len(b.items):
        return Items(tuple(join(x, y) for x, y in zip(a.items, b.items, strict=True)))
    if (
        isinstance(a, Literal | Plain)
        and isinstance(b, Literal | Plain)
        and None
        not in (
            getattr(a, "value", 0),
            getattr(b, "value", 0),
        )
    ):
        return PLAIN
    detach(a)
    detach(b)
    return UNKNOWN


def join_shapes(a: Shape, b: Shape) -> Shape:
    """Sizes that agree; None where they do not."""
    if a is None or b is None or len(a) != len(b):
        return None
    return tuple(x if x == y else None for x, y in zip(a, b, strict=True))


def detach(value: Value) -> None:
    """Note that an object went where its calls cannot be followed."""
    if isinstance(value, Built):
        value.site.detached = True
    elif isinstance(value, Items):
        for item in value.items:
            detach(item)
    elif isinstance(value, Each):
        detach(value.item)


def source_order(value: Value) -> Value:
    """The same value, held in the source's axis order."""
    if isinstance(value, TensorValue) and value.target_order:
        return replace(value, target_order=False)
    return value
