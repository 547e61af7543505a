"""What a call does to the shape of its tensors: small rules that records name, free of any tree or framework.

A shape is a tuple of sizes in the source's axis order; None stands for an unknown rank. A size is a number, a
`Symbol` (an expression of the source that holds it) or None.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Symbol:
    """A size known by name: `text` is source code whose names mean the same wherever `scope` is visible.

    `scope` is the name of the function that owns the names, "" for the module, "Net." for attributes of an object of
    that class; `value` is the number, if known.
    """

    text: str
    scope: str = ""
    value: int | None = field(default=None, compare=False)

    def visible(self, scope: str) -> bool:
        """True if the text means the same in a function: its own names, the module's, its object's attributes."""
        return self.scope in ("", scope) or (self.scope[-1] == "." and scope.startswith(self.scope))


def number(size: object) -> int | None:
    """The number behind a size, if it is known."""
    if isinstance(size, Symbol):
        return size.value
    return size if isinstance(size, int) and not isinstance(size, bool) else None


Size = int | Symbol | None
Shape = tuple[Size, ...] | None


@dataclass(frozen=True, slots=True)
class Bound:
    """A call as a shape rule sees it: the shapes of its tensors and its literal arguments, by torch's names.

    `literals` holds what the file says: numbers, strings, tuples, booleans, None, and `Symbol` for a named size.
    A key that is missing or holds None is an argument that is not known; defaults are filled in.
    """

    shapes: Mapping[str, Shape]
    literals: Mapping[str, Any]
    channels: int
    """The channel axis in the source's order: 1 from torch, -1 from TensorFlow."""
    sequences: Mapping[str, tuple[Shape, ...]] = field(default_factory=dict)
    """The shapes of the tensors in a list that is given, where its length is known."""

    @property
    def first(self) -> Shape:
        """The shape of the first tensor."""
        return next(iter(self.shapes.values()), None)


ShapeRule = Callable[[Bound], Shape]


def unknown(call: Bound) -> Shape:
    """Nothing is known of the result."""
    return None


def like_first(call: Bound) -> Shape:
    """The result has the shape of the first tensor."""
    return call.first


def scalar(call: Bound) -> Shape:
    """The result is one number."""
    return ()


def product(sizes: tuple[Size, ...]) -> Size:
    """The product of sizes, None where one is unknown."""
    if len(sizes) == 1:
        return sizes[0]
    numbers = [number(size) for size in sizes]
    return None if None in numbers else math.prod(n for n in numbers if n is not None)
