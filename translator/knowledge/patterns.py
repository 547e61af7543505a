"""What the patterns of einops say of shapes: `b c (h p1) (w p2) -> b (h w) (p1 p2 c)`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from translator.knowledge.shapes import Bound, Shape, Size, number, product

Side = list[list[str]]
"""The axes of one side of a pattern, each as the names that it is made of."""

_AXIS = re.compile(r"\(([^()]*)\)|(\.\.\.|…|\w+)")


def sides(pattern: object) -> tuple[Side, Side] | None:
    """Both sides of a pattern, None where it is not seen."""
    if not isinstance(pattern, str) or pattern.count("->") != 1:
        return None
    left, right = (
        [(one or several).split() for several, one in _AXIS.findall(text)]
        for text in pattern.replace("…", "...").split("->")
    )
    return left, right


def rearranged(call: Bound) -> Shape:
    """The shape that a pattern gives."""
    found = sides(call.literals.get("pattern"))
    if found is None:
        return None
    left, right = found
    rank = None if call.first is None else len(call.first)
    before, after = _spread(left, left, rank), _spread(right, left, rank)
    if before is None or after is None:
        return None
    lengths = call.literals.get("axes_lengths") or {}
    known = _known(before, call.first, lengths)
    return tuple(product(tuple(_size(name, known) for name in axis)) for axis in after)


def _spread(side: Side, left: Side, rank: int | None) -> Side | None:
    """A side with the axes of its ellipsis by names of their own, None where their number is not known."""
    if not any("..." in axis for axis in side):
        return side
    if rank is None:
        return None
    names = [f"...{number}" for number in range(rank - len(left) + 1)]
    written: Side = []
    for axis in side:
        if axis == ["..."]:
            written += [[name] for name in names]
        else:
            written.append([part for name in axis for part in (names if name == "..." else [name])])
    return written


def _known(before: Side, shape: Shape, lengths: Mapping[str, Any]) -> dict[str, Size]:
    """The sizes of the names: those that are stated, and those that follow from the shape."""
    known: dict[str, Size] = dict(lengths)
    if shape is None or len(shape) != len(before):
        return known
    for axis, size in zip(before, shape, strict=True):
        missing = [name for name in axis if _size(name, known) is None]
        if len(missing) != 1:
            continue
        rest = number(product(tuple(_size(name, known) for name in axis if name not in missing)))
        if len(axis) == 1:
            known[missing[0]] = size
        elif (whole := number(size)) is not None and rest and whole % rest == 0:
            known[missing[0]] = whole // rest
    return known


def _size(name: str, known: Mapping[str, Size]) -> Size:
    return int(name) if name.isdigit() else known.get(name)
