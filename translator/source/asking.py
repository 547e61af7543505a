"""Parts between which nothing can be put, blocks in one list or one of several: all are asked for one axis order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from translator.source import classes
from translator.source.functions import parameters
from translator.source.joins import members
from translator.source.objects import Built, FunctionInfo, ObjectValue, Site
from translator.source.values import TensorValue, Value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def _forwards(part: Value) -> list[FunctionInfo]:
    """The forward passes of the file's own modules in a list or choice of parts."""
    if isinstance(part, ObjectValue):
        forward = classes.forward_of(part.info)
        return [] if forward is None or forward.node is None else [forward]
    return [forward for inner in members(part) for forward in _forwards(inner)]


def _containers(part: Value) -> Iterator[Site]:
    """The containers in a list or choice of parts that are made with all of their layers."""
    if isinstance(part, Built):
        site = part.site
        if site.parts and site.own == len(site.parts) and site.counted:
            yield site
        return
    for inner in members(part):
        yield from _containers(inner)


def ask_inputs(run: Interpreter, part: Value, rank: int | None) -> None:
    """Ask blocks to take tensors in the target's order, and to turn inside what they see in the source's."""
    for site in _containers(part) if rank is not None and rank > 2 else ():
        if id(site.node) not in run.facts.taking:
            run.facts.taking[id(site.node)] = rank  # type: ignore[assignment]
            run.scope.function.dirty = True
    for forward in _forwards(part):
        names = [p.name.value for p in parameters(forward.node)] if forward.node else []
        if rank is None or rank < 3 or len(names) < 2:
            continue
        if names[1] not in forward.wanted and names[1] not in forward.pinned:
            forward.wanted[names[1]] = rank
            _again(forward)


def ask_results(run: Interpreter, part: Value) -> None:
    """Ask blocks that follow one another for results in the order that they take."""
    for site in _containers(part):
        if id(site.node) not in run.facts.giving:
            run.facts.giving.add(id(site.node))
            run.scope.function.dirty = True
    for forward in _forwards(part):
        if forward.returns_target or "return" in forward.pinned:
            continue
        if isinstance(forward.result, TensorValue) and forward.result.rank is not None:
            forward.returns_target = True
            _again(forward)


def _again(forward: FunctionInfo) -> None:
    forward.dirty = True
    for caller in forward.callers:
        caller.dirty = True
