"""`x.split(size, dim)` by a number: pieces of that size, the last of which may be smaller."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.shapes import Shape, Size, Symbol, number
from translator.source.counts import is_count
from translator.source.facts import Pieces
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.operations import as_tensor, source
from translator.source.sizes import size_of
from translator.source.values import UNKNOWN, Each, Items, Literal, Plain, Value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter

NAMES = frozenset({"torch.split", "torch.Tensor.split"})
_MANY = 16
"""So many pieces are known one by one."""


def of_size(run: Interpreter, node: cst.Call, receiver: cst.BaseExpression | None) -> Value | None:
    """The pieces; None where what is given is a list of sizes, or may be one."""
    run.facts.pieces.pop(id(node), None)
    shift = 1 if receiver is None else 0
    tensor = receiver or argument(node, 0, "tensor")
    size = argument(node, shift, "split_size_or_sections") or argument(node, shift, "split_size")
    given = argument(node, shift + 1, "dim")
    axis = 0 if given is None else literal_value(given)
    if tensor is None or size is None or type(axis) is not int or not _is_number(run, size):
        return None
    whole = source(run, tensor, as_tensor(run, tensor, None))
    one = size_of(run, size)
    shape = whole.shape
    whole_size = whole.last if shape is None and axis == -1 else None
    if shape is not None and -len(shape) <= axis < len(shape):
        whole_size = shape[axis]
    count = _count(whole_size, one)
    run.facts.pieces[id(node)] = Pieces(tensor, size, axis, count)
    piece = replace(whole, shape=_with(shape, axis, one if count else None), origin=None, last=None)
    return Items((piece,) * count) if count and count <= _MANY else Each(piece)


def _with(shape: Shape, axis: int, size: Size) -> Shape:
    if shape is None or not -len(shape) <= axis < len(shape):
        return None
    sizes = list(shape)
    sizes[axis] = size
    return tuple(sizes)


def _count(whole: Size, piece: Size) -> int | None:
    """How many pieces there are; None where that is not known, or one is smaller."""
    a, b = number(whole), number(piece)
    if a is not None and b:
        return None if a % b else a // b
    if isinstance(whole, Symbol) and isinstance(piece, Symbol):
        times, _, rest = whole.text.partition(" * ")
        if times.isdigit() and rest.strip("()") == piece.text:
            return int(times)
    return None


def _is_number(run: Interpreter, node: cst.BaseExpression) -> bool:
    """True for a number, and for a name that elsewhere in the file is computed with."""
    value = run.facts.value(node)
    if isinstance(value, Literal):
        return type(value.value) is int
    if isinstance(value, Plain) or isinstance(node, cst.BinaryOperation):
        return True
    return value == UNKNOWN and is_count(run.facts, run.tree, node)
