"""Layers, losses and containers of the frameworks: where they are built, and what passes through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.lenses import Axis, Tensor
from translator.knowledge.records import Layer, Record
from translator.knowledge.shapes import Size
from translator.knowledge.signature import parse
from translator.source import classes, special
from translator.source.bind import Arguments, bind_layer_call, literal
from translator.source.dtypes import resulting
from translator.source.facts import to_source, to_target
from translator.source.functions import give, parameters
from translator.source.joins import detach, join, members
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.operations import as_tensor, describe, moved_axes, want
from translator.source.sequences import element
from translator.source.sizes import note_sizes, outside
from translator.source.values import (
    UNKNOWN,
    Built,
    Dictionary,
    Each,
    InputValue,
    Items,
    ObjectValue,
    OneOf,
    Site,
    TensorValue,
    Value,
)

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter

CONTAINERS = frozenset({"torch.nn.Sequential", "keras.Sequential"})
ONE_INPUT = ("(input)", "(inputs)")
"""How a layer that takes one tensor is called, torch first."""


def build(run: Interpreter, node: cst.Call, bound: Arguments) -> Value:
    """The object that a constructor call builds; one site per call in the file."""
    site = run.facts.sites.get(id(node))
    if site is None:
        site = run.facts.sites[id(node)] = Site(
            node, bound.record, bound, run.scope.function.qualified
        )
    site.arguments, site.record, site.branch = bound, bound.record, run.branch
    note_sizes(run, node)
    for given in node.args:
        run.in_order(given.value, run.facts.value(given.value), target=False)
    groups = bound.values.get("params")
    if groups is not None and isinstance(element(run.facts.value(groups)), Dictionary):
        why = "groups of parameters with rates of their own have no equivalent in one optimizer"
        run.facts.problems[id(node)] = (Code.UNSUPPORTED_ARGUMENT, why)
    stated = special.stated_input(run, node) if run.side == "tensorflow" else None
    if stated is not None:
        run.facts.inputs[id(node)] = stated
        site.seen[(0, id(node))] = stated
    if bound.spelling.name in CONTAINERS:
        site.parts = ()
        add_parts(run, site, _members(run, node))
        site.own = len(site.parts)
    return Built(site)


def add_parts(run: Interpreter, site: Site, parts: Sequence[Value]) -> None:
    """Put parts into a container, and send a tensor of unknown sizes through it: it may be called out of sight."""
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
    rank = rank_of(Built(site))
    shape = None if rank is None else (None,) * rank
    start = TensorValue(run.facts.inputs.get(id(site.node), shape))
    _parts(
        run,
        site,
        replace(start, target_order=bool(wants_target(run, Built(site)) and start.rank)),
        0,
    )


def _members(run: Interpreter, node: cst.Call) -> tuple[Value, ...]:
    """The parts of a container as its constructor names them; a starred list is one part."""
    given: Sequence[cst.Arg | cst.BaseElement] = node.args
    if run.side == "tensorflow":
        first = argument(node, 0, "layers")
        if first is not None and not isinstance(first, cst.List | cst.Tuple):
            detach(run.facts.value(first))
            known = run.facts.value(first)
            return known.items if isinstance(known, Items) else (known,)
        given = first.elements if first is not None else ()
    return tuple(enter(run, member.value) for member in given)


def enter(run: Interpreter, node: cst.BaseExpression) -> Value:
    """A part of a container: one that is built on the spot is called by nothing else."""
    value = run.facts.value(node)
    if isinstance(value, Built) and value.site.node is node:
        value.site.member = True
    else:
        detach(value)
    return value


def layer_call(run: Interpreter, node: cst.Call, built: Built) -> Value:
    """Pass tensors through a layer, a loss or a container."""
    site = built.site
    given = [
        a
        for a in node.args
        if run.side == "torch" or a.keyword is None or a.keyword.value != "training"
    ]
    bound = bind_layer_call(site.record, run.side, given)
    if bound.problem:
        run.facts.problems[id(node)] = (Code.UNSUPPORTED_ARGUMENT, bound.problem)
        return TensorValue(tracked=True)
    run.facts.layer_calls[id(node)] = (site, bound)
    if site.arguments.spelling.name in CONTAINERS:
        return _container_call(run, node, built, bound)
    record = site.record
    values: dict[str, TensorValue] = {}
    for lens in record.call_args:
        operand = bound.values.get(str(lens.name(run.side)))
        if operand is None or not isinstance(lens, Tensor):
            continue
        rank = lens.rank or site.rank
        value = as_tensor(run, operand, rank)
        if rank is not None and value.rank not in (None, rank):
            why = f"the input has {value.rank} axes: with its batch axis it must have {rank}"
            run.facts.problems[id(node)] = (Code.UNSUPPORTED_CODE, why)
            return TensorValue(tracked=True)
        if record.order == "wants":
            value = want(run, operand, value)
        elif record.order == "source":
            value = replace(value, target_order=False)
            run.in_order(operand, run.facts.value(operand), target=False)
        elif (asked := wants_target(run, built)) is not None:
            ordered = run.in_order(operand, value, target=asked)
            assert isinstance(ordered, TensorValue)
            value = ordered
        values[str(lens.torch)] = value
    result = _through(run, site, values, (id(node), 0))
    here = run.scope.function
    owner = here.owner.name if here.owner is not None else None
    if site.scope in ("", here.qualified) or site.scope.partition(".")[0] == owner:
        return result
    return outside(run, result, site.scope)


def _through(
    run: Interpreter, site: Site, values: dict[str, TensorValue], key: tuple[int, int]
) -> TensorValue:
    record = site.record
    first = next(iter(values.values()), TensorValue())
    site.seen[key] = first.shape if first.shape is not None or first.last is None else (first.last,)
    _note_axis(run, site, first)
    shapes = {name: value.shape for name, value in values.items()}
    shape = record.shape(describe(run, site.arguments, shapes))
    weights = isinstance(record, Layer) and bool(record.weights)
    return TensorValue(
        shape,
        target_order=first.target_order and (shape is None or len(shape) == first.rank),
        tracked=weights or any(value.tracked for value in values.values()),
        dtype=resulting(record.dtype, first.dtype, run.side),
        origin=first.origin if record.order == "keeps" and not weights else None,
        last=_last(run, site, first) if shape is None else None,
    )


def _note_axis(run: Interpreter, site: Site, value: TensorValue) -> None:
    """A layer along an axis: its constructor names the axis in the order of the first tensor that is seen."""
    axis = stated_axis(run, site)
    if axis is None or value.rank is None or value.rank < 3:
        return
    if site.target_order is None:
        site.target_order = value.target_order
    moved = moved_axes(run, axis, value.rank) if site.target_order else None
    if moved is not None:
        last = moved[0] == value.rank - 1 and len(moved) == 1
        run.facts.axes[id(site.node)] = -1 if last else moved[0] if len(moved) == 1 else moved


def stated_axis(run: Interpreter, site: Site) -> object:
    """The axis that a layer without an axis order of its own works along, its default included; None without one."""
    lens = next((lens for lens in site.record.args if isinstance(lens, Axis)), None)
    if lens is None or site.record.order != "keeps":
        return None
    name = str(lens.name(run.side))
    given = site.arguments.values.get(name)
    if given is not None:
        return literal_value(given)
    parameter = parse(site.record.spellings(run.side)[0]).parameter(name)
    stated = site.arguments.spelling.parameter(name) or parameter
    return None if stated is None or stated.default is None else literal(stated.default)


def _last(run: Interpreter, site: Site, first: TensorValue) -> Size:
    """The size of the last axis behind a layer that got a tensor of unknown rank."""
    if site.record.order == "keeps":
        return first.last
    shape = site.record.shape(describe(run, site.arguments, {"": (None,)}))
    return shape[-1] if shape and len(shape) == 1 else None


def _container_call(run: Interpreter, node: cst.Call, built: Built, bound: Arguments) -> Value:
    """Pass a tensor through the parts of a container; orders that meet inside are noted by the part's index."""
    expression = next(iter(bound.values.values()), None)
    if expression is None:
        return TensorValue(tracked=True)
    value = as_tensor(run, expression, rank_of(built))
    if wants_target(run, built):
        value = want(run, expression, value)
    else:
        plain = run.in_order(expression, value, target=False)
        assert isinstance(plain, TensorValue)
        value = plain
    return replace(_parts(run, built.site, value, id(node)), origin=None)


def _parts(run: Interpreter, site: Site, value: TensorValue, key: int) -> TensorValue:
    """Send a tensor through every part, permuting it inside the container where a part needs the other order."""
    noted = run.facts.parts.setdefault(id(site.node), {})
    stated = run.facts.inputs.get(id(site.node))
    if stated is not None:
        value = replace(value, shape=stated)
    site.seen[(key, id(site.node))] = value.shape
    for index, part in enumerate(site.parts):
        rank = value.rank
        wanted = wants_target(run, part)
        noted.pop(index, None)
        if len(asked_orders(run, part)) > 1:
            why = "layers that take different axis orders are in one list: name them one by one"
            run.facts.problems[id(site.node)] = (Code.UNSUPPORTED_CODE, why)
        if wanted is not None and rank is not None and rank >= 3 and wanted != value.target_order:
            noted[index] = to_target(run.side, rank) if wanted else to_source(run.side, rank)
            value = replace(value, target_order=wanted)
        value = through_part(run, part, value, key, index)
    return value


def through_part(
    run: Interpreter, part: Value, value: TensorValue, key: int, index: int
) -> TensorValue:
    """What one module makes of a tensor; `key` and `index` say which call and which place this is."""
    if isinstance(part, Items):
        for place, inner in enumerate(part.items):
            value = through_part(run, inner, value, key, index + place)
        return value
    if isinstance(part, Each):
        return _repeatedly(run, part, value, key, index)
    if isinstance(part, OneOf):
        results: list[Value] = [
            through_part(run, option, value, key, index + place)
            for place, option in enumerate(part.options)
        ]
        joined = reduce(join, results)
        return joined if isinstance(joined, TensorValue) else TensorValue(tracked=True)
    if isinstance(part, Built) and part.site.arguments.spelling.name in CONTAINERS:
        return _parts(run, part.site, value, key)
    if isinstance(part, Built):
        if part.site.rank is not None and value.shape is None:
            value = replace(value, shape=(None,) * part.site.rank)
        return _through(run, part.site, {"input": value}, (key, id(part.site.node) + index))
    if isinstance(part, ObjectValue) and (forward := classes.forward_of(part.info)):
        run.depend(forward)
        if forward.dirty and not forward.active:
            run.run_function(forward)
        if isinstance(forward.result, TensorValue):
            return forward.result
    return TensorValue(tracked=True)


def _repeatedly(
    run: Interpreter, part: Each, value: TensorValue, key: int, index: int
) -> TensorValue:
    """A tensor behind a list of layers of unknown length: only its number of axes is known."""
    anything = None if value.shape is None else (None,) * len(value.shape)
    joined = join(value, through_part(run, part.item, replace(value, shape=anything), key, index))
    return joined if isinstance(joined, TensorValue) else TensorValue(tracked=True)


def pass_through(run: Interpreter, model: Value, value: TensorValue, key: int) -> Value:
    """Show a model a tensor that it is given out of sight, by `fit`, `evaluate` or `predict`; what comes out of it."""
    if isinstance(model, Built) and model.site.arguments.spelling.name in CONTAINERS:
        target = bool(wants_target(run, model) and value.rank)
        return _parts(run, model.site, replace(value, target_order=target), key)
    if isinstance(model, ObjectValue) and (forward := classes.forward_of(model.info)):
        names = [p.name.value for p in parameters(forward.node)] if forward.node is not None else []
        if len(names) > 1:
            give(run, forward, names[1], value)
        return UNKNOWN if forward.result is None else forward.result
    return UNKNOWN


def wants_target(run: Interpreter, part: Value) -> bool | None:
    """The order that a part asks for: True for the target's, False for the source's, None where either will do."""
    if isinstance(part, Built) and part.site.arguments.spelling.name in CONTAINERS:
        return _first_asked(run, part.site.parts)
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
        return bool(forward.wanted)
    return False


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
    if isinstance(part, Items | Each | OneOf):
        return _first_rank(members(part))
    if not isinstance(part, Built):
        return None
    if part.site.arguments.spelling.name in CONTAINERS:
        return _first_rank(part.site.parts)
    return part.site.rank


def _first_rank(parts: Sequence[Value]) -> int | None:
    return next((rank for part in parts if (rank := rank_of(part)) is not None), None)
