"""Classes of the framework that are handed on and called by another name: `norm_layer=nn.BatchNorm2d`.

Where such a class is named, the target's stands in its place, with the settings that differ by default given to it by
`functools.partial`; so a call of the variable says no more than the source's call does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.lenses import Only, Side
from translator.knowledge.records import Record
from translator.knowledge.registry import index
from translator.knowledge.signature import Signature
from translator.source import layers
from translator.source.bind import bind
from translator.source.bound import Arguments, primary_names
from translator.source.functions import parameters
from translator.source.literals import literal_value
from translator.source.objects import ClassValue, FunctionValue
from translator.source.reference import handed
from translator.source.values import UNKNOWN, Dictionary, Handed, Partial, Value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def call(run: Interpreter, node: cst.Call, func: Handed) -> Value:
    """A call of a variable that holds a class: what it builds."""
    own = kept(run, index(run.side)[func.name][0][0], node.args)
    named = {argument.keyword.value for argument in own if argument.keyword is not None}
    rest = [a for a in func.given if a.keyword is not None and a.keyword.value not in named]
    first: Arguments | None = None
    for record, spelling in index(run.side)[func.name]:
        given = [*own, *rest]
        bound = bind(record, spelling, run.side, None, given, literal_value, run.facts.value)
        first = first or bound
        if not bound.problem:
            run.facts.calls[id(node)] = bound
            run.facts.called_classes.add(func.name)
            run.facts.handed[id(node)] = explicit(bound.record, bound.spelling, own, run.side)
            _note_default(run, node, bound)
            return layers.build(run, node, bound)
    assert first is not None
    for argument in node.args:
        run.in_order(argument.value, run.facts.value(argument.value), target=False)
    run.facts.problems[id(node)] = (Code.UNSUPPORTED_ARGUMENT, first.problem)
    return UNKNOWN


def _note_default(run: Interpreter, node: cst.Call, bound: Arguments) -> None:
    """A parameter's default is called so as well, where nothing passes it and it takes the same arguments."""
    if run.scope.function.node is None or not isinstance(node.func, cst.Name):
        return
    name = node.func.value
    given = (p.default for p in parameters(run.scope.function.node) if p.name.value == name)
    default = next((p for p in given if p is not None), None)
    value = UNKNOWN if default is None else handed(run.facts.value(default), run.side)
    if not isinstance(value, Handed) or value.name in run.facts.called_classes:
        return
    record, spelling = index(run.side)[value.name][0]
    other = bind(record, spelling, run.side, None, node.args, literal_value, run.facts.value)
    if not other.problem and _form(run, other, node.args) == _form(run, bound, node.args):
        run.facts.called_classes.add(value.name)


def _form(run: Interpreter, bound: Arguments, args: Sequence[cst.Arg]) -> object:
    stated = explicit(bound.record, bound.spelling, list(args), run.side)
    return _written(bound, stated)


def explicit(
    record: Record, spelling: Signature, arguments: list[cst.Arg], side: Side
) -> frozenset[str]:
    """The parameters, by the names of the record's first spelling, that a call states itself."""
    names = primary_names(record, spelling, side)
    plain = [p.name for p in spelling.parameters if not p.star and not p.keyword_only]
    stated = {
        plain[place] if argument.keyword is None else argument.keyword.value
        for place, argument in enumerate(arguments)
    }
    return frozenset(names.get(name, name) for name in stated)


def kept(run: Interpreter, record: Record, arguments: Sequence[cst.Arg]) -> list[cst.Arg]:
    """The arguments of a call without spread ones of which the target has no use."""
    return [argument for argument in arguments if not _dropped(run, record, argument)]


def _dropped(run: Interpreter, record: Record, argument: cst.Arg) -> bool:
    """True for `**params` of a dict that holds nothing but what the target does without: `inplace`."""
    value = run.facts.value(argument.value)
    if argument.star != "**" or not isinstance(value, Dictionary):
        return False
    without = {lens.torch for lens in record.args if isinstance(lens, Only)}
    if not set(value.keys) <= without:
        return False
    run.facts.without.add(id(argument))
    return True


def partial(run: Interpreter, node: cst.Call) -> Value:
    """`functools.partial(nn.LayerNorm, eps=1e-6)`; of anything but a class, nothing is known."""
    found = handed(run.facts.value(node.args[0].value), run.side) if node.args else UNKNOWN
    given = tuple(node.args[1:])
    if isinstance(found, ClassValue | FunctionValue) and not any(a.star for a in given):
        for argument in given:
            run.in_order(argument.value, run.facts.value(argument.value), target=False)
        return Partial(found, given)
    if not isinstance(found, Handed) or any(a.star or a.keyword is None for a in given):
        return UNKNOWN
    if index(run.side)[found.name][0][
        0
    ].states:  # what is given to its helper is not given to its layers
        return UNKNOWN
    for argument in given:
        run.in_order(argument.value, run.facts.value(argument.value), target=False)
    run.facts.partials[id(node)] = found.name
    return Handed(found.name, (*given, *found.given))


def whole(run: Interpreter, node: cst.Call, func: Partial) -> cst.Call:
    """A call of a function that has some of its arguments, with all of them."""
    known = run.facts.whole.get(id(node))
    if known is not None and known[0] == func:
        return known[1]
    named = {argument.keyword.value for argument in node.args if argument.keyword is not None}
    first = [argument for argument in func.given if argument.keyword is None]
    rest = [a for a in func.given if a.keyword is not None and a.keyword.value not in named]
    call = cst.Call(node.func, [*first, *node.args, *rest])
    run.facts.whole[id(node)] = (func, call)
    return call


def form(run: Interpreter, node: cst.Call, bound: Arguments) -> object:
    """How a class is called: two classes that may both be called must have this in common."""
    return _written(bound, run.facts.handed[id(node)])


def _written(bound: Arguments, stated: frozenset[str]) -> object:
    pairs = {lens.torch: lens.tf for lens in bound.record.args if lens.torch in stated}
    dropped = {lens.torch for lens in bound.record.args if isinstance(lens, Only)}
    written = {torch: tf for torch, tf in pairs.items() if torch not in dropped}
    return (
        bound.record.order,
        bound.record.called,
        tuple((type(lens), lens.tf) for lens in bound.record.args if lens.torch in written),
    )
