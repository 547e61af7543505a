"""Operations that only move axes: one that undoes what the target's own axis order did needs no code at all.

`x.permute(0, 2, 3, 1)` of images that are channels last is `x`; `x.flatten(2)` of them is as well made channels last.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.lenses import Tensor
from translator.knowledge.records import Pair
from translator.source.bound import Arguments
from translator.source.described import describe
from translator.source.facts import Permutation, to_source, to_target
from translator.source.values import TensorValue

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def turn(
    run: Interpreter,
    node: cst.Call,
    bound: Arguments,
    operand: cst.BaseExpression,
    value: TensorValue,
) -> TensorValue | None:
    """The tensor with its axes moved, and in `facts.turns` how; None where it has to be in the source's order.

    The result is made in the target's order where what takes it asks for that.
    """
    run.facts.turns.pop(id(node), None)
    if isinstance(bound.record, Pair):
        return _flattened(run, node, bound, operand, value)
    axes = _axes(run, bound, value.rank)
    if axes is None or value.shape is None:
        return None
    run.see(value)
    run.facts.reorders.pop(id(operand), None)
    rank = len(axes)
    held = to_source(run.side, rank) if value.target_order and rank > 2 else tuple(range(rank))
    asked = id(node) in run.facts.shaped and rank > 2
    wanted = to_target(run.side, rank) if asked else tuple(range(rank))
    if value.target_order or asked:
        run.facts.turns[id(node)] = tuple(held[axes[axis]] for axis in wanted)
    return TensorValue(
        tuple(value.shape[axis] for axis in axes),
        target_order=asked,
        tracked=value.tracked,
        dtype=value.dtype,
        shaped_by=None if asked else id(node),
    )


def _axes(run: Interpreter, bound: Arguments, rank: int | None) -> Permutation | None:
    """Where each axis of the result comes from: what becomes of a shape whose sizes are the numbers of its axes."""
    if rank is None:
        return None
    first = next(lens for lens in bound.record.args if isinstance(lens, Tensor))
    numbers = tuple(range(rank))
    moved = bound.record.shape(describe(run, bound, {str(first.torch): numbers}, default=numbers))
    if moved is None or sorted(map(str, moved)) != sorted(map(str, numbers)):
        return None
    return tuple(int(str(axis)) for axis in moved)


def _flattened(
    run: Interpreter,
    node: cst.Call,
    bound: Arguments,
    operand: cst.BaseExpression,
    value: TensorValue,
) -> TensorValue | None:
    """`x.flatten(2)` of a tensor in the target's order, in that order again; None where it is not held so."""
    record = bound.record
    if not isinstance(record, Pair) or not record.held or not value.target_order:
        return None
    first = next(lens for lens in record.args if isinstance(lens, Tensor))
    shape = record.shape(describe(run, bound, {str(first.torch): value.shape}))
    if shape is None or value.rank is None or value.rank < 3:
        return None
    run.facts.reorders.pop(id(operand), None)
    run.facts.turns[id(node)] = ()
    return replace(value, shape=shape, leaf=False, origin=None, shaped_by=None)
