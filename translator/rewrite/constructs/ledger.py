"""torch adds gradients up until they are zeroed: which backward passes every use in a block sees the sum of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.found import is_schedule, undata, zeroed
from translator.rewrite.constructs.reading import method_call, of_kind, small
from translator.source.classes import closure, inherited
from translator.source.objects import Built, ObjectValue, ParametersValue
from translator.source.tree import nodes
from translator.source.values import UNKNOWN, GradientValue, Items, TensorValue, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose gradients: the source's names for the models and variables, and the model where it may have two names."""

    names: frozenset[str]
    model: Value = UNKNOWN


@dataclass(frozen=True, slots=True)
class Event:
    """What one line does to gradients; `line` is the `id` of that of a backward pass."""

    kind: Literal["backward", "use", "zero", "change"]
    holder: Holder | None = None
    line: int = 0


Passes = tuple[tuple[int, int], ...]
"""The backward passes that a gradient sums up: in which run of the block, and by which line."""


def summed(
    rewriter: Rewriter, body: Sequence[cst.BaseStatement], again: bool
) -> set[tuple[int, ...]] | None:
    """The lines of the backward passes whose gradients are used together, since they were zeroed.

    None where what is used has gradients of an earlier run of the block in it, is partly zeroed or changed by hand.
    `again`: the block runs more than once, so that its end is followed by its start.
    """
    events = list(_events(rewriter, body))
    holders = {event.holder for event in events if event.holder is not None}
    passes: dict[tuple[Holder, str], Passes] = {(h, name): () for h in holders for name in h.names}
    used: set[tuple[int, ...]] = set()
    for turn in range(2 if again else 1):
        for event in events:
            if event.kind == "change":
                return None
            for held, sum_ in passes.items():
                if event.kind == "backward":
                    passes[held] = (*sum_, (turn, event.line))
                elif event.kind == "zero" and event.holder is not None:
                    passes[held] = _after_zeroing(event.holder, *held, sum_)
            if event.kind == "use" and event.holder is not None:
                seen = {passes[event.holder, name] for name in event.holder.names}
                lines = next(iter(seen), ())
                if len(seen) > 1 or not lines or any(made != turn for made, _ in lines):
                    return None
                used.add(tuple(line for _, line in lines))
    return used


def _after_zeroing(zeroed: Holder, holder: Holder, name: str, passes: Passes) -> Passes:
    """The passes that a holder's gradients sum up, once those of another, or of a part of it, are zeroed."""
    same = zeroed.model != UNKNOWN and zeroed.model == holder.model
    if same or any(within(name, whole) for whole in zeroed.names):
        return ()
    partly = passes and any(within(part, name) for part in zeroed.names)
    return (_MIXED, *passes) if partly else passes


_MIXED = (-1, 0)
"""Gradients of which some were zeroed and some were not."""


def within(name: str, whole: str) -> bool:
    """True for a model and its parts, by their names."""
    return name == whole or name.startswith(f"{whole}.")


def _events(rewriter: Rewriter, body: Sequence[cst.CSTNode]) -> Iterator[Event]:
    """The events of a block in order; branches count as taken, but zeroing under a condition does not."""
    for statement in body:
        if isinstance(statement, cst.SimpleStatementLine):
            yield from _line(rewriter, statement)
        elif isinstance(statement, cst.With):
            yield from _events(rewriter, statement.body.body)
        elif isinstance(statement, cst.For):
            yield from _loop(rewriter, statement)
        elif isinstance(statement, cst.If):
            checks = "grad" in build.code(statement.test)  # `if w.grad is not None: w.grad.zero_()`
            inner = list(_events(rewriter, statement.body.body))
            yield from (event for event in inner if checks or event.kind != "zero")


def _loop(rewriter: Rewriter, loop: cst.For) -> Iterator[Event]:
    """A loop over parameters acts on all of them: `for p in model.parameters(): p -= lr * p.grad`."""
    each = frozenset({build.code(loop.target)})
    every: list[Holder] = []
    if isinstance(loop.iter, cst.List | cst.Tuple):
        every = [holder_of(rewriter, element.value) for element in loop.iter.elements]
    elif isinstance(rewriter.facts.value(loop.iter), ParametersValue | Items):
        every = [trained_of(rewriter, loop.iter, "")]
    for event in _events(rewriter, loop.body.body):
        of_each = event.holder is not None and event.holder.names == each
        if not of_each:
            yield event
        for holder in every if of_each else ():
            yield Event(event.kind, holder, event.line)


def _line(rewriter: Rewriter, line: cst.SimpleStatementLine) -> Iterator[Event]:
    found = method_call(line)
    cleared = zeroed(rewriter, line)
    if cleared is not None:
        yield Event("zero", holder_of(rewriter, cleared))
        return
    if found is not None and found[1].attr.value == "backward":
        if isinstance(rewriter.facts.value(found[1].value), TensorValue):
            yield Event("backward", line=id(line))
        return
    if found is not None and found[1].attr.value == "step":
        owner = rewriter.facts.value(found[1].value)
        if inherited(owner, "step") and not is_schedule(owner):
            yield Event("use", holder_of(rewriter, found[1].value))
        return
    if _changes(rewriter, line):
        yield Event("change")
    for node in nodes(line):
        if isinstance(node, cst.Attribute) and node.attr.value == "grad":
            if isinstance(rewriter.facts.value(node.value), TensorValue):
                yield Event("use", holder_of(rewriter, undata(node.value)))


def holder_of(rewriter: Rewriter, node: cst.BaseExpression) -> Holder:
    """The holder that an optimizer, a model or a variable is."""
    value = rewriter.facts.value(node)
    names = frozenset({build.code(node)})
    if isinstance(value, Built) and (given := value.site.arguments.values.get("params")):
        return trained_of(rewriter, given, value.site.scope)
    known = isinstance(value, Built | ObjectValue) and is_one(rewriter, value)
    return Holder(names, value if known else UNKNOWN)


def is_one(rewriter: Rewriter, value: Value) -> bool:
    """False for what stands for several objects: a model that a function makes, and makes again."""
    if not isinstance(value, Built) or value.site.scope == "":
        return True
    scope = value.site.scope
    if scope not in rewriter.makers:
        made = [
            node
            for node in of_kind(nodes(rewriter.naming.tree), cst.Call)
            if (function := closure(rewriter.facts.value(node.func))) is not None
            and function.qualified == scope
        ]
        rewriter.makers[scope] = len(made)
    return rewriter.makers[scope] < 2


def trained_of(rewriter: Rewriter, parameters: cst.BaseExpression, scope: str) -> Holder:
    """The holder of `model.parameters()` or `[w, b]`, as an optimizer in the function `scope` is given them."""
    value = rewriter.facts.value(parameters)
    if isinstance(value, ParametersValue):
        here = rewriter.functions[-1].qualified if rewriter.functions else ""
        known = isinstance(value.model, Built) or scope != here
        known = known and is_one(rewriter, value.model)
        return Holder(frozenset({build.code(value.owner)}), value.model if known else UNKNOWN)
    if isinstance(parameters, cst.List | cst.Tuple):
        return Holder(frozenset(build.code(element.value) for element in parameters.elements))
    return Holder(frozenset({build.code(parameters)}))


def _changes(rewriter: Rewriter, line: cst.SimpleStatementLine) -> bool:
    """True for `w.grad *= 2`, `w.grad = g` and `w.grad.clamp_(-1, 1)`."""
    inner, found = small(line), method_call(line)
    if isinstance(inner, cst.AugAssign):
        return isinstance(rewriter.facts.value(inner.target), GradientValue)
    if isinstance(inner, cst.Assign):
        assigned = [target.target for target in inner.targets]
        return any(isinstance(t, cst.Attribute) and t.attr.value == "grad" for t in assigned)
    return (
        found is not None
        and found[1].attr.value.endswith("_")
        and isinstance(rewriter.facts.value(found[1].value), GradientValue)
    )
