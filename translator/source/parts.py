"""Containers and choices of modules: the orders that their parts ask for, and what passes through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from translator.findings import Code
from translator.knowledge.records import Record
from translator.knowledge.shapes import Bound
from translator.source import classes, instances, several
from translator.source.asking import ask_inputs, ask_results
from translator.source.facts import to_source, to_target
from translator.source.functions import give, parameters
from translator.source.joins import join, members
from translator.source.objects import Built, FunctionInfo, ObjectValue, Site
from translator.source.offering import is_open, offer
from translator.source.operations import of_rank, same_memory
from translator.source.sizes import made_in
from translator.source.through import stated_axis, through
from translator.source.values import (
    UNKNOWN,
    Each,
    InputValue,
    Items,
    OneOf,
    SeveralValue,
    TensorValue,
    Value,
)

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


CONTAINERS = frozenset({"torch.nn.Sequential", "keras.Sequential"})


def add_parts(run: Interpreter, site: Site, parts: Sequence[Value]) -> None:
    """Put parts into a container, and send a tensor of unknown sizes through it: it may be called out of sight."""
    parts = [_without(site, part) for part in parts]
    for part in parts:
        if isinstance(part, InputValue) and part.shape is not None:
            run.facts.inputs[id(site.node)] = part.shape
        elif (
            isinstance(part, Built)
            and (stated := run.facts.inputs.get(id(part.site.node)))
            and not site.parts
        ):
            run.facts.inputs[id(site.node)] = stated
    site.parts += tuple(part for part in parts if not isinstance(part, InputValue))
    rank = run.facts.taking.get(id(site.node)) or rank_of(Built(site))
    shape = None if rank is None else (None,) * rank
    start = TensorValue(run.facts.inputs.get(id(site.node), shape))
    through_parts(
        run,
        site,
        replace(start, target_order=bool(wants_target(run, Built(site)) and start.rank)),
        0,
    )


def _without(site: Site, part: Value) -> Value:
    """A part as it was before the container took its name: `self.conv = nn.Sequential(self.conv, act)`, run again."""
    if isinstance(part, OneOf):
        others = [option for option in part.options if not _contains(option, site)]
        return reduce(join, others) if others else UNKNOWN
    return UNKNOWN if _contains(part, site) else part


def _contains(part: Value, site: Site) -> bool:
    if isinstance(part, Built):
        return part.site is site or any(_contains(inner, site) for inner in part.site.parts)
    return any(_contains(inner, site) for inner in members(part))


def through_parts(run: Interpreter, site: Site, value: TensorValue, key: int) -> TensorValue:
    """Send a tensor through every part, permuting it inside the container where a part needs the other order."""
    noted = run.facts.parts.setdefault(id(site.node), {})
    stated = run.facts.inputs.get(id(site.node))
    if stated is not None:
        value = replace(value, shape=stated)
    site.seen[(key, id(site.node))] = value.shape
    for index, part in enumerate(site.parts):
        wanted = wants_target(run, part)
        if wanted and (asked := rank_of(part)) is not None:
            value = of_rank(value, asked)
        rank = value.rank
        noted.pop(index, None)
        if _reads_memory(part) and value.target_order and same_memory(run, value):
            value = replace(value, target_order=False)
        elif wanted is not None and rank is not None and rank >= 3 and wanted != value.target_order:
            noted[index] = to_target(run.side, rank) if wanted else to_source(run.side, rank)
            value = replace(value, target_order=wanted)
        images = _takes_images(part) if rank is None else rank > 2
        run.parted = images and len(asked_orders(run, part)) > 1
        if run.parted:
            ask_inputs(run, part, rank if rank is not None else rank_of(part))
        value = through_part(run, part, value, key, index, site.scope)
        if run.parted:
            why = "layers that take different axis orders are in one list: name them one by one"
            run.facts.problems[id(site.node)] = (Code.UNSUPPORTED_CODE, why)
    rank = value.rank
    noted.pop(len(site.parts), None)
    if id(site.node) in run.facts.giving and not value.target_order and rank and rank > 2:
        noted[len(site.parts)] = to_target(run.side, rank)
        value = replace(value, target_order=True)
    return value


def through_part(
    run: Interpreter, part: Value, value: TensorValue, key: int, index: int, scope: str = ""
) -> TensorValue:
    """What one module makes of a tensor; `key` and `index` say which call and which place this is.

    `scope` is the function that knows its sizes from here on, where that is not the one that is running.
    """
    part = classes.as_container(part)
    if isinstance(part, Items):
        for place, inner in enumerate(part.items):
            asked = wants_target(run, inner)
            parted = asked not in (None, value.target_order) and (value.rank or 0) > 2
            if parted and asked and place:
                ask_results(run, part.items[place - 1])
            elif parted and asked is False:
                ask_inputs(run, inner, value.rank)
            value = through_part(run, inner, value, key, index + place, scope)
            run.parted = run.parted or parted
        return value
    if isinstance(part, Each):
        return _repeatedly(run, part, value, key, index, scope)
    if isinstance(part, OneOf):
        results: list[Value] = [
            through_part(run, option, value, key, index + place, scope)
            for place, option in enumerate(part.options)
        ]
        _agree(run, part.options, results)
        joined = reduce(join, results)
        return joined if isinstance(joined, TensorValue) else TensorValue(tracked=True)
    if isinstance(part, Built) and part.site.arguments.spelling.name in CONTAINERS:
        return _known(run, through_parts(run, part.site, value, key), part.site.scope, scope)
    if isinstance(part, Built):
        if part.site.rank is not None:
            value = of_rank(value, part.site.rank)
        value = through(run, part.site, {"input": value}, (key, id(part.site.node) + index))
        return _known(run, value, part.site.scope, scope)
    if isinstance(part, ObjectValue) and (forward := classes.forward_of(part.info)):
        run.depend(forward)
        if forward.dirty and not forward.active:
            run.run_function(forward)
        if forward.takes_any_order:
            instances.reach(run, part, key + index, value)
            return replace(value, origin=None)
        if (name := _first_parameter(forward)) is not None and (key or value.rank is not None):
            offer(run, forward, name, value, (key, index))
        if value.target_order and not forward.wanted:
            run.scope.function.dirty = True  # it was asked for what it cannot do with
        instances.reach(run, part, key + index, value)
        known = forward.result or (forward.earlier if forward.active else None)  # it calls itself
        if isinstance(known, TensorValue):
            result = instances.seen_outside(run, part, value, known, forward.qualified, scope)
            assert isinstance(result, TensorValue)
            return result
        if isinstance(known, SeveralValue):
            several.settle(run, known)
    return TensorValue(tracked=True)


def _known(run: Interpreter, value: TensorValue, scope: str, seen: str) -> TensorValue:
    known = made_in(run, value, scope, seen)
    assert isinstance(known, TensorValue)
    return known


def _agree(run: Interpreter, options: Sequence[Value], results: Sequence[Value]) -> None:
    """Ask one of several modules for its result in the order in which the others give theirs."""
    images = [
        (option, result)
        for option, result in zip(options, results, strict=True)
        if isinstance(result, TensorValue) and result.rank not in (0, 1, 2) and not pending(option)
    ]
    if len({result.target_order for _, result in images}) > 1:
        run.parted = True
        for option, result in images:
            if not result.target_order:
                ask_results(run, option)


def pending(part: Value) -> bool:
    """True for an object whose forward pass runs for the first time: nothing is known of its result."""
    forward = classes.forward_of(part.info) if isinstance(part, ObjectValue) else None
    return forward is not None and forward.active and forward.earlier is None


def _reads_memory(part: Value) -> bool:
    return isinstance(part, Built) and part.site.record.order == "memory"


def turns(run: Interpreter, part: Value) -> bool:
    """True for an object that takes images in one axis order and gives them in the other."""
    forward = classes.forward_of(part.info) if isinstance(part, ObjectValue) else None
    result = None if forward is None else forward.result
    if not isinstance(result, TensorValue) or result.rank in (0, 1, 2):
        return False
    return wants_target(run, part) not in (None, result.target_order)


def _repeatedly(
    run: Interpreter, part: Each, value: TensorValue, key: int, index: int, scope: str
) -> TensorValue:
    """A tensor behind a list of layers of unknown length: only its number of axes is known."""
    anything = None if value.shape is None else (None,) * len(value.shape)
    result = through_part(run, part.item, replace(value, shape=anything), key, index, scope)
    asked = wants_target(run, part.item)
    taken = value.target_order if asked is None else asked
    if result.target_order != taken and (result.rank or value.rank or 0) > 2:
        run.parted = True  # what one gives is not what the next one takes
        if taken:
            ask_results(run, part.item)
    joined = join(value, result)
    return joined if isinstance(joined, TensorValue) else TensorValue(tracked=True)


def pass_through(run: Interpreter, model: Value, value: Value, key: int) -> Value:
    """Show a model what it is given out of sight, by `fit`, `evaluate` or `predict`; what comes out of it."""
    model = classes.as_container(model)
    if isinstance(model, Built) and model.site.arguments.spelling.name in CONTAINERS:
        if not isinstance(value, TensorValue):
            return UNKNOWN
        target = bool(wants_target(run, model) and value.rank)
        return through_parts(run, model.site, replace(value, target_order=target), key)
    if isinstance(model, ObjectValue) and (forward := classes.forward_of(model.info)):
        names = [p.name.value for p in parameters(forward.node)] if forward.node is not None else []
        if len(names) > 1:
            give(run, forward, names[1], value)
        return UNKNOWN if forward.result is None else forward.result
    return UNKNOWN


def wants_target(run: Interpreter, part: Value) -> bool | None:
    """The order that a part asks for: True for the target's, False for the source's, None where either will do."""
    part = classes.as_container(part)
    if isinstance(part, Built) and part.site.arguments.spelling.name in CONTAINERS:
        return id(part.site.node) in run.facts.taking or _first_asked(run, part.site.parts)
    if isinstance(part, Items):
        return _first_asked(run, part.items)
    if isinstance(part, Each):
        return wants_target(run, part.item)
    if isinstance(part, OneOf):
        return _first_asked(run, part.options)
    if isinstance(part, Built):
        record: Record = part.site.record
        axis = stated_axis(run, part.site)
        if axis is not None:
            return part.site.target_order if type(axis) is int else False
        return {"wants": True, "keeps": None}.get(record.order, False)
    if isinstance(part, ObjectValue) and (forward := classes.forward_of(part.info)):
        name = _first_parameter(forward)
        free = forward.takes_any_order or (name is not None and is_open(forward, name))
        return True if forward.wanted else None if free else False
    return False


def _first_parameter(forward: FunctionInfo) -> str | None:
    """The parameter that a module's tensor comes in."""
    names = [] if forward.node is None else parameters(forward.node)
    return names[1].name.value if len(names) > 1 else None


def _first_asked(run: Interpreter, parts: Sequence[Value]) -> bool | None:
    return next((asked for part in parts if (asked := wants_target(run, part)) is not None), None)


def asked_orders(run: Interpreter, part: Value) -> set[bool]:
    """All orders that are asked for inside a list or a choice of parts, between which nothing can be put."""
    if isinstance(part, Items | Each | OneOf):
        return set().union(*(asked_orders(run, inner) for inner in members(part)))
    asked = wants_target(run, part)
    return set() if asked is None else {asked}


def rank_of(part: Value) -> int | None:
    """The rank that the first part with a fixed one asks for."""
    part = classes.as_container(part)
    if isinstance(part, Items | Each | OneOf):
        return _first_rank(members(part))
    if isinstance(part, ObjectValue) and (forward := classes.forward_of(part.info)):
        return next(iter(forward.wanted.values()), None)
    if not isinstance(part, Built):
        return None
    if part.site.arguments.spelling.name in CONTAINERS:
        return _first_rank(part.site.parts)
    return part.site.rank


def _takes_images(part: Value) -> bool:
    """True where something in a list or a choice of parts asks for three axes or more."""
    if isinstance(part, Items | Each | OneOf):
        return any(map(_takes_images, members(part)))
    return (rank_of(part) or 0) > 2


def _first_rank(parts: Sequence[Value]) -> int | None:
    for part in parts:
        rank = rank_of(part)
        if rank is not None or _changes_rank(part):
            return rank
    return None


def _changes_rank(part: Value) -> bool:
    """True for a layer that gives another number of axes than it takes, such as an embedding, or that may do so."""
    if isinstance(part, ObjectValue):
        forward = classes.forward_of(part.info)
        return forward is not None and not forward.active and not forward.takes_any_order
    if not isinstance(part, Built):
        return False
    probe = (None,) * 3
    shape = part.site.record.shape(Bound({"": probe}, {}, 1))
    return shape is not None and len(shape) != len(probe)
