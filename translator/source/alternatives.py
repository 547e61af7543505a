"""A call of one of several things: an element of a list of layers, a layer that depends on a condition."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.source import handed, layers, parts
from translator.source.asking import ask_inputs, ask_results
from translator.source.bound import Arguments
from translator.source.joins import detach, join
from translator.source.objects import Built, ObjectValue, Site
from translator.source.operations import as_tensor, want
from translator.source.values import Handed, OneOf, TensorValue, Value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter

_PARTED = "what is called here may be one of several that take their arguments differently"


def call(run: Interpreter, node: cst.Call, func: OneOf) -> Value:
    """Call every option; the call can be written once only where all take their arguments alike."""
    detach(func)
    if _through_modules(run, node, func):
        return _modules_call(run, node, func)
    results: list[Value] = []
    taken: list[object] = []
    records: set[int] = set()
    for option in func.options:
        results.append(_called(run, node, option))
        taken.append(_taken(run, node))
        if isinstance(option, Handed) and (bound := run.facts.calls.get(id(node))) is not None:
            records.add(id(bound.record))
    if len(records) > 1:
        run.facts.several.add(id(node))
    if any(other != taken[0] for other in taken):
        run.facts.forget_call(node)
        run.facts.problems[id(node)] = (Code.UNSUPPORTED_CODE, _PARTED)
    elif any(isinstance(option, ObjectValue) for option in func.options):
        run.facts.layer_calls.pop(id(node), None)  # it is written as a call of the file's own
    return reduce(join, results)


def _called(run: Interpreter, node: cst.Call, option: Value) -> Value:
    from translator.source.calls import call_value

    for argument in node.args:
        run.facts.reorders.pop(id(argument.value), None)
    run.facts.forget_call(node)
    return call_value(run, node, option)


def _taken(run: Interpreter, node: cst.Call) -> object:
    """How the option that was just called takes the arguments: orders, signature, problem."""
    facts = run.facts
    called = facts.layer_calls.get(id(node))
    bound = facts.calls.get(id(node))
    return (
        [facts.reorders.get(id(argument.value)) for argument in node.args],
        None if called is None or _is_simple(called[0]) else called[0].record.called,
        None if bound is None else _taking(run, node, bound),
        facts.problems.get(id(node)),
    )


def _is_simple(site: Site) -> bool:
    """True for a layer that is called as the file's own modules are."""
    return site.record.called == layers.ONE_INPUT


def _taking(run: Interpreter, node: cst.Call, bound: Arguments) -> object:
    """The record, or of a class that is handed on what counts where several may be."""
    return handed.form(run, node, bound) if id(node) in run.facts.handed else bound.record


def _through_modules(run: Interpreter, node: cst.Call, func: OneOf) -> bool:
    """True for a choice of layers and models that are given one tensor."""
    modes = {id(layers.told_mode(o, node)) for o in func.options if isinstance(o, Built)}
    named = (a for a in node.args if a.keyword is not None and a.keyword.value == "training")
    mode = modes.pop() if len(modes) == 1 else id(next(named, None))
    given = [a for a in node.args if run.side == "torch" or id(a) != mode]
    return len(given) == 1 and all(
        (isinstance(option, Built) and option.site.record.called == layers.ONE_INPUT)
        or (isinstance(option, ObjectValue) and option.info.is_module)
        for option in func.options
    )


def _modules_call(run: Interpreter, node: cst.Call, func: OneOf) -> Value:
    """Send one tensor through each of several modules, which must agree on its axis order."""
    expression = node.args[0].value
    ranks = [rank for option in func.options if (rank := parts.rank_of(option)) is not None]
    value = as_tensor(run, expression, ranks[0] if ranks else None)
    asked = {parts.wants_target(run, option) for option in func.options}
    if True in asked:
        value = want(run, expression, value)
    elif False in asked:
        plain = run.in_order(expression, value, target=False)
        assert isinstance(plain, TensorValue)
        value = plain
    if {True, False} <= asked and (value.rank is None or value.rank > 2):
        ask_inputs(run, func, value.rank)
        run.facts.problems[id(node)] = (Code.UNSUPPORTED_CODE, _PARTED)
    results: list[Value] = [
        parts.through_part(run, option, value, id(node), index)
        for index, option in enumerate(func.options)
        if not parts.pending(option)
    ] or [TensorValue(tracked=True)]
    if len({isinstance(r, TensorValue) and r.target_order for r in results}) > 1:
        ask_results(run, func)
        run.facts.problems[id(node)] = (Code.UNSUPPORTED_CODE, _PARTED)
    return reduce(join, results)
