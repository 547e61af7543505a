"""The first place where two models part: in a layer, or between two."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from translator.proof.alignment import alignable, closest
from translator.proof.pairing import Pairs
from translator.proof.verification import LayerError
from translator.proof.wire import Message
from translator.weights.tree import Values


@dataclass(frozen=True, slots=True)
class Event:
    """A layer that is entered or left, the n-th time; `inside` is what a fused activation takes."""

    when: str
    path: str
    call: int
    arrays: tuple[Values, ...]


@dataclass(slots=True)
class Run:
    """One traced pass of one side: its events in time order, and the same by what they are."""

    events: list[Event]
    kinds: Mapping[str, str]
    at: dict[tuple[str, str, int], Event] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where two passes part.

    `source` and `target` are the layer whose output differs although its input does not; or, where `after` is set, the
    layer that is given another input, or at whose end the output differs (`at_end`), although what that layer before
    it gives still agrees. ("", "") stands for the whole model.
    `ours` and `theirs` are the arrays that differ; `before` are those that last agreed.
    """

    source: str
    target: str
    after: tuple[str, str] | None
    error: float
    ours: Values | None = None
    theirs: Values | None = None
    before: tuple[Values, Values] | None = None
    at_end: bool = False
    call: int = 1


def read_run(answer: Message) -> Run:
    """The pass that a worker traced."""
    arrays = answer.part("trace")
    counts: dict[tuple[str, str], int] = {}
    run = Run([], answer.header["kinds"])
    for one in answer.header["events"]:
        key = (one["when"], one["path"])
        counts[key] = counts.get(key, 0) + 1
        held = tuple(arrays[str(i)] for i in one["arrays"] if i is not None)
        event = Event(one["when"], one["path"], counts[key], held)
        run.events.append(event)
        run.at[event.when, event.path, event.call] = event
    return run


def layer_errors(source: Run, target: Run, pairs: Pairs) -> tuple[LayerError, ...]:
    """Each call of a layer of the source that has a counterpart, with the errors of its input and output."""
    rows = []
    for event in source.events:
        other = pairs.get(event.path)
        if event.when != "leave" or not other or ("leave", other, event.call) not in target.at:
            continue
        entered = source.at.get(("enter", event.path, event.call))
        before = _met(entered, source, target, other) if entered is not None else None
        after = _met(event, source, target, other)
        kinds = (source.kinds.get(event.path, ""), target.kinds.get(other, ""))
        errors = [one.error if one is not None else None for one in (before, after)]
        rows.append(LayerError(event.path, other, *kinds, *errors))
    return tuple(rows)


def first_difference(source: Run, target: Run, pairs: Pairs, tolerance: float) -> Place | None:
    """The first event of the source that the same one on the target's side answers with other values."""
    last, agreed = ("", ""), None
    for event in source.events:
        other = pairs.get(event.path)
        met = _met(event, source, target, other) if other is not None else None
        if other is None or met is None:
            continue
        if met.error > tolerance:
            inner = event.when == "leave" and _is_leaf(event.path, source)
            before = None if inner else last
            leaving = event.when == "leave"
            return Place(
                event.path,
                other,
                before,
                met.error,
                met.ours,
                met.theirs,
                agreed,
                at_end=leaving,
                call=event.call,
            )
        if event.when == "leave" or event.path == "":
            last = (event.path, other)
            agreed = (met.ours, met.theirs)
    return None


def _is_leaf(path: str, source: Run) -> bool:
    """True for a layer of the framework; a module of the user's own parts somewhere between its layers."""
    inside = any(one.startswith(f"{path}.") for one in source.kinds)
    return "." in source.kinds.get(path, "") and not inside


@dataclass(frozen=True, slots=True)
class _Met:
    """Two arrays that correspond, and how far apart they are."""

    error: float
    ours: Values
    theirs: Values


def _met(event: Event, source: Run, target: Run, other: str) -> _Met | None:
    """What the same event of the other side is to this one, None if the two cannot be brought together."""
    answer = target.at.get((event.when, other, event.call))
    if answer is None:
        return None
    leaving = event.when == "leave"
    ours, theirs = [event], [answer]
    if leaving:  # a Keras layer may apply the activation that is a step of its own in torch
        ours.append(source.at.get(("inside", event.path, event.call), event))
        theirs.append(target.at.get(("inside", other, event.call), answer))
    found = [_between(a.arrays, b.arrays, leaving) for a in ours for b in theirs]
    return min((one for one in found if one is not None), key=lambda one: one.error, default=None)


def _between(ours: tuple[Values, ...], theirs: tuple[Values, ...], leaving: bool) -> _Met | None:
    if not ours or not theirs:
        return None
    if not alignable(ours[0], theirs[0]):
        # One side may pad before the layer and the other in it. The only output in another shape is a difference.
        alone = leaving and len(ours) == len(theirs) == 1
        return _Met(math.inf, ours[0], theirs[0]) if alone else None
    pairs = zip(ours, theirs, strict=False)
    found = [_Met(closest(a, b)[0], a, b) for a, b in pairs if alignable(a, b)]
    return max(found, key=lambda one: one.error)
