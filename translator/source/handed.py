"""Classes of the framework that are handed on and called by another name: `norm_layer=nn.BatchNorm2d`.

Where such a class is named, the target's stands in its place, with the settings that differ by default given to it by
`functools.partial`; so a call of the variable says no more than the source's call does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.lenses import Only
from translator.knowledge.records import Record
from translator.knowledge.registry import index
from translator.knowledge.signature import Signature
from translator.source import layers
from translator.source.bind import bind
from translator.source.bound import Arguments, primary_names
from translator.source.literals import literal_value
from translator.source.reference import handed
from translator.source.values import UNKNOWN, Dictionary, Handed, Value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def call(run: Interpreter, node: cst.Call, func: Handed) -> Value:
    """A call of a variable that holds a class: what it builds."""
    own = [argument for argument in node.args if not _dropped(run, func.name, argument)]
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
            run.facts.handed[id(node)] = explicit(bound.record, bound.spelling, own, run)
            return layers.build(run, node, bound)
    assert first is not None
    for argument in node.args:
        run.in_order(argument.value, run.facts.value(argument.value), target=False)
    run.facts.problems[id(node)] = (Code.UNSUPPORTED_ARGUMENT, first.problem)
    return UNKNOWN


def explicit(
    record: Record, spelling: Signature, arguments: list[cst.Arg], run: Interpreter
) -> frozenset[str]:
    """The parameters, by the names of the record's first spelling, that a call states itself."""
    names = primary_names(record, spelling, run.side)
    plain = [p.name for p in spelling.parameters if not p.star and not p.keyword_only]
    stated = {
        plain[place] if argument.keyword is None else argument.keyword.value
        for place, argument in enumerate(arguments)
    }
    return frozenset(names.get(name, name) for name in stated)


def _dropped(run: Interpreter, name: str, argument: cst.Arg) -> bool:
    """True for `**params` of a dict that holds nothing but what the target does without: `inplace`."""
    value = run.facts.value(argument.value)
    if argument.star != "**" or not isinstance(value, Dictionary):
        return False
    record = index(run.side)[name][0][0]
    without = {lens.torch for lens in record.args if isinstance(lens, Only)}
    if not set(value.keys) <= without:
        return False
    run.facts.without.add(id(argument))
    return True


def partial(run: Interpreter, node: cst.Call) -> Value:
    """`functools.partial(nn.LayerNorm, eps=1e-6)`; of anything but a class, nothing is known."""
    found = handed(run.facts.value(node.args[0].value), run.side) if node.args else UNKNOWN
    given = tuple(node.args[1:])
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


def form(run: Interpreter, node: cst.Call, bound: Arguments) -> object:
    """How the call of a class is written: two classes that may both be called must have this in common."""
    stated = run.facts.handed[id(node)]
    pairs = {lens.torch: lens.tf for lens in bound.record.args if lens.torch in stated}
    dropped = {lens.torch for lens in bound.record.args if isinstance(lens, Only)}
    written = {torch: tf for torch, tf in pairs.items() if torch not in dropped}
    return (
        bound.record.order,
        bound.record.called,
        tuple((type(lens), lens.tf) for lens in bound.record.args if lens.torch in written),
    )
