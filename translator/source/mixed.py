"""Images in one flow, vectors in another: a feature extractor whose last pooling depends on its configuration.

A vector has no axis order, so the images may keep the target's own as long as nothing asks for the source's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.knowledge.shapes import Size
from translator.source.objects import FunctionInfo
from translator.source.values import MixedValue, TensorValue, Value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter

RESULT = "return"
"""Stands for the result of a function among its names."""


def mixed(a: Value, b: Value, function: FunctionInfo, name: str) -> MixedValue | None:
    """What two flows hold together where one has images in the target's order and the other vectors."""
    ranks = {_rank(a), _rank(b)}
    if None in ranks or not any(rank > 2 for rank in ranks if rank):
        return None
    alike = len(ranks) == 1 and not (isinstance(a, MixedValue) or isinstance(b, MixedValue))
    if alike or len(ranks - {1, 2}) > 1:
        return None
    last = _last(a) if _last(a) == _last(b) else None
    return MixedValue(max(rank for rank in ranks if rank), last, id(function), name)


def _rank(value: Value) -> int | None:
    """The rank of images in the target's order, and of vectors; None of anything else."""
    if isinstance(value, MixedValue):
        return value.rank
    if not isinstance(value, TensorValue) or value.rank is None:
        return None
    return value.rank if value.rank <= 2 or value.target_order else None


def _last(value: Value) -> Size:
    if isinstance(value, MixedValue):
        return value.last
    return value.shape[-1] if isinstance(value, TensorValue) and value.shape else None


def settle(run: Interpreter, value: MixedValue) -> Value:
    """Something asks for the source's order: the next run holds it so from where the flows part."""
    if value.function == id(run.scope.function) and value.name != RESULT:
        run.pin(value.name)
        return TensorValue(last=value.last, tracked=True)
    pin_result(run, value.function)
    return TensorValue(last=value.last, tracked=True)


def pin_result(run: Interpreter, key: int) -> None:
    """Hold the result of a function in the source's order from its next run on."""
    for function in run.facts.functions.values():
        if id(function) == key and RESULT not in function.pinned:
            function.pinned.add(RESULT)
            function.dirty = True
            run.depend(function)


def outside(value: MixedValue, function: FunctionInfo) -> MixedValue:
    """The result of a function, as its callers have it."""
    return MixedValue(value.rank, None, id(function), RESULT)


def as_rank(value: MixedValue, rank: int) -> TensorValue:
    """What it is where it must have so many axes."""
    return TensorValue((*(None,) * (rank - 1), value.last), target_order=rank > 2, tracked=True)
