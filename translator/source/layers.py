"""Layers, losses and containers of the frameworks: where they are built, and what passes through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.lenses import Inferred, Tensor
from translator.knowledge.records import Layer
from translator.knowledge.registry import index
from translator.knowledge.shapes import Symbol
from translator.source import instances, mappings, printed, recurrent, special
from translator.source.bind import bind, bind_layer_call
from translator.source.bound import Arguments
from translator.source.classes import as_container
from translator.source.facts import Facts
from translator.source.fits import of_shares
from translator.source.functions import note_number
from translator.source.implied import expect
from translator.source.joins import detach, members
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.objects import Built, ClassInfo, ObjectValue, Site
from translator.source.operations import as_tensor, in_memory, want
from translator.source.parts import CONTAINERS, add_parts, rank_of, through_parts, wants_target
from translator.source.sequences import element
from translator.source.sizes import made_in, note_sizes
from translator.source.through import through
from translator.source.values import Api, Dictionary, Items, MetricValue, TensorValue, Value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter

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
    if site.any_rank:
        _of_any_rank(run, site)
    if (width := argument(node, -1, instances.HINT)) is not None:
        text, plain = printed.text(width), literal_value(width)
        here = run.scope.function.qualified
        site.stated = plain if type(plain) is int else Symbol(text, here)
    note_sizes(run, node)
    expect(
        run, node, bound, *(None if shape is None else len(shape) for shape in site.seen.values())
    )
    for lens in bound.record.args:
        if isinstance(lens, Inferred) and (size := bound.values.get(str(lens.name(run.side)))):
            note_number(run, size)
    for given in node.args:
        run.in_order(given.value, run.facts.value(given.value), target=False)
    groups = bound.values.get("params")
    if groups is not None and isinstance(element(run.facts.value(groups)), Dictionary):
        why = "groups of parameters with rates of their own have no equivalent in one optimizer"
        run.facts.problems[id(node)] = (Code.UNSUPPORTED_ARGUMENT, why)
    stated = special.stated_input(run, node, bound.spelling) if run.side == "tensorflow" else None
    if stated is not None:
        run.facts.inputs[id(node)] = stated
        site.seen[(0, id(node))] = stated
    if bound.spelling.name in CONTAINERS:
        before, site.parts, site.names, site.counted = site.parts, (), {}, True
        site.by_name = {}
        add_parts(run, site, _members(run, node, site))
        if before and before[: len(site.parts)] != site.parts:
            run.rerun_methods()
        site.own = len(site.parts)
    return MetricValue() if bound.spelling.name.startswith("keras.metrics.") else Built(site)


def _members(run: Interpreter, node: cst.Call, site: Site) -> tuple[Value, ...]:
    """The parts of a container as its constructor names them; a starred list is one part."""
    given: Sequence[cst.Arg | cst.BaseElement] = node.args
    held = run.facts.value(given[0].value) if len(given) == 1 else None
    if run.side == "torch" and isinstance(held, Dictionary):
        stated = mappings.pairs(given[0].value)
        if stated is None:
            detach(held)
            site.by_name = {
                key: value
                for key, value in zip(held.keys, held.values, strict=True)
                if isinstance(key, str)
            }
            return (mappings.contents(held),)
        site.names = {name: place for place, (name, _, _) in enumerate(stated)}
        return tuple(enter(run, value) for _, value, _ in stated)
    if run.side == "tensorflow":
        first = argument(node, 0, "layers")
        if first is not None and not isinstance(first, cst.List | cst.Tuple):
            detach(run.facts.value(first))
            known = run.facts.value(first)
            return known.items if isinstance(known, Items) else (known,)
        given = first.elements if first is not None else ()
    return tuple(enter(run, member.value) for member in given)


def reaches(value: Value, info: ClassInfo) -> bool:
    """True for an object of a class, and for what has one in it."""
    if isinstance(value, ObjectValue) and value.info is info:
        return True
    value = as_container(value)
    inner = value.site.parts if isinstance(value, Built) else members(value)
    return any(reaches(part, info) for part in inner)


def is_module(value: Value) -> bool:
    """True for a layer, a model, and for a list of them."""
    if isinstance(value, ObjectValue):
        return value.info.is_module
    return isinstance(value, Built) or any(map(is_module, members(value)))


def enter(run: Interpreter, node: cst.BaseExpression) -> Value:
    """A part of a container: one that is built on the spot is called by nothing else."""
    value = run.facts.value(node)
    if isinstance(value, Built) and built_here(run.facts, value, node):
        value.site.member = True
    else:
        detach(value)
    return value


def built_here(facts: Facts, value: Built, node: cst.BaseExpression) -> bool:
    """True for the constructor call of a layer, with a wrapper around it that changes nothing."""
    if isinstance(node, cst.Call) and facts.value(node.func) == Api("keras.layers.TimeDistributed"):
        return any(value.site.node is given.value for given in node.args)
    return value.site.node is node


_ASKING = CONTAINERS | {"keras.layers.Identity"}


def told_mode(built: Built, node: cst.Call) -> cst.Arg | None:
    """What tells a layer of Keras whether it trains: by its name, or behind the tensor of those that ask for it."""
    record, name = built.site.record, built.site.arguments.spelling.name
    asks = name in _ASKING or (isinstance(record, Layer) and record.moded)
    for place, given in enumerate(node.args):
        if given.keyword is not None and given.keyword.value == "training":
            return given
        second = place == 1 and given.keyword is None and not given.star
        if second and asks and record.called == ONE_INPUT:
            return given
    return None


def layer_call(run: Interpreter, node: cst.Call, built: Built) -> Value:
    """Pass tensors through a layer, a loss or a container."""
    site = built.site
    mode = told_mode(built, node) if run.side == "tensorflow" else None
    given = [a for a in node.args if a is not mode]
    if site.record.called == ONE_INPUT:  # it takes nothing else: what is spread must be empty
        given = [a for a in given if a.star != "**"]
    bound = bind_layer_call(site.record, run.side, given)
    if bound.problem:
        run.facts.problems[id(node)] = (Code.UNSUPPORTED_ARGUMENT, bound.problem)
        return TensorValue(tracked=True)
    run.facts.layer_calls[id(node)] = (site, bound)
    site.called_as.add(_called_as(run, node.func, site))
    if site.arguments.spelling.name in CONTAINERS:
        return _container_call(run, node, built, bound)
    record = site.record
    values: dict[str, TensorValue] = {}
    for lens in record.call_args:
        operand = bound.values.get(str(lens.name(run.side)))
        if operand is None:
            continue
        if not isinstance(lens, Tensor):
            run.in_order(operand, run.facts.value(operand), target=False)
            continue
        rank = lens.rank or site.rank
        value = as_tensor(run, operand, rank)
        if lens.classes and of_shares(run.side, value) and _of_any_rank(run, site):
            site.any_rank = True
            return layer_call(run, node, built)
        allowed = (None, rank, *dict(record.other_ranks)) if run.side == "torch" else (None, rank)
        if rank is not None and value.rank not in allowed:
            site.any_rank = bool(lens.rank)
            if lens.rank and _of_any_rank(run, site):
                return layer_call(run, node, built)
            why = f"the input has {value.rank} axes: with its batch axis it must have {rank}"
            run.facts.problems[id(node)] = (Code.UNSUPPORTED_CODE, why)
            return TensorValue(tracked=True)
        if record.order == "wants":
            value = want(run, operand, value)
        elif record.order == "memory":
            value = in_memory(run, operand, value)
        elif record.order == "source":
            value = replace(value, target_order=False)
            run.in_order(operand, run.facts.value(operand), target=False)
        elif (asked := wants_target(run, built)) is not None:
            ordered = run.in_order(operand, value, target=asked)
            assert isinstance(ordered, TensorValue)
            value = ordered
        values[str(lens.torch)] = value
    result: Value = through(run, site, values, (id(node), 0))
    if record.states:
        assert isinstance(result, TensorValue)
        result = recurrent.results(run, site, result)
    if record.heads:
        assert isinstance(result, TensorValue)
        result = recurrent.attended(run, bound, result)
    if record.cell:
        assert isinstance(result, TensorValue)
        result = recurrent.step(run, site, bound, result)
    return made_in(run, result, site.scope)


def _of_any_rank(run: Interpreter, site: Site) -> bool:
    """Turn to a record of the same class that asks for no number of axes: a loss of images, say."""
    if run.side == "tensorflow" or id(site.node) not in run.facts.calls:
        return False
    for record, spelling in index(run.side).get(site.arguments.spelling.name, ()):
        asks = record.rank or any(isinstance(x, Tensor) and x.rank for x in record.call_args)
        if asks or record.order != "source":
            continue
        bound = bind(
            record, spelling, run.side, None, site.node.args, literal_value, run.facts.value
        )
        if not bound.problem:
            site.record, site.arguments = record, bound
            run.facts.calls[id(site.node)] = bound
            return True
    return False


def _called_as(run: Interpreter, func: cst.BaseExpression, site: Site) -> str:
    """The name of a layer at its call, "" where it may not be the one that it was assigned to."""
    if isinstance(func, cst.Attribute):
        return f".{func.attr.value}"
    own = isinstance(func, cst.Name) and site.scope in ("", run.scope.function.qualified)
    return func.value if isinstance(func, cst.Name) and own else ""


def _container_call(run: Interpreter, node: cst.Call, built: Built, bound: Arguments) -> Value:
    """Pass a tensor through the parts of a container; orders that meet inside are noted by the part's index."""
    expression = next(iter(bound.values.values()), None)
    if expression is None:
        return TensorValue(tracked=True)
    value = as_tensor(run, expression, rank_of(built))
    asked = wants_target(run, built)
    if asked:
        value = want(run, expression, value)
    elif asked is False:
        plain = run.in_order(expression, value, target=False)
        assert isinstance(plain, TensorValue)
        value = plain
    result = replace(through_parts(run, built.site, value, id(node)), origin=None)
    return made_in(run, result, built.site.scope)
