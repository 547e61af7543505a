"""Activations by name: which record stands behind a string, or behind a function of Keras."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.layers.named import NAMED
from translator.knowledge.records import Record
from translator.knowledge.registry import index
from translator.knowledge.signature import parse
from translator.source import layers, made
from translator.source.bound import Arguments
from translator.source.literals import literal_value
from translator.source.shown import shown
from translator.source.values import UNKNOWN, Api, Literal, Plain, Value

if TYPE_CHECKING:
    from translator.source.facts import Facts
    from translator.source.interpreter import Interpreter

LINEAR = ("linear", "keras.activations.linear")
"""Names for an activation that does nothing."""


def is_linear(facts: Facts, given: cst.BaseExpression) -> bool:
    """True for an activation that does nothing."""
    return _name(facts, given) in LINEAR or literal_value(given) is None


def activation_of(facts: Facts, given: cst.BaseExpression) -> Record | None:
    """The record of an activation that does something, `NAMED` for a name that the file is given; None for any other.

    A function of the file may look at the axes of its tensor, whose order it would not be told.
    """
    if is_linear(facts, given):
        return None
    name = _name(facts, given)
    rows = index("tensorflow").get(str(name), ())
    if rows:
        return rows[0][0]
    value = facts.value(given)
    asked = isinstance(given, cst.Name | cst.Attribute | cst.Subscript) and name is None
    return NAMED if asked and (value == UNKNOWN or isinstance(value, Literal | Plain)) else None


def _name(facts: Facts, given: cst.BaseExpression) -> str | None:
    value = facts.value(given)
    if isinstance(value, Api):
        return value.name
    return given.raw_value if isinstance(given, cst.SimpleString) else None


def activation_call(run: Interpreter, node: cst.Call) -> Value:
    """`keras.layers.Activation("relu")`: the layer of that activation."""
    for argument in node.args:
        run.in_order(argument.value, run.facts.value(argument.value), target=False)
    given = made.argument(node, 0, "activation")
    if given is None:
        return UNKNOWN
    record = activation_of(run.facts, given)
    if record is None and is_linear(run.facts, given):
        record = index("tensorflow")["keras.layers.Identity"][0][0]
    if record is None:
        why = f"the activation {shown(given)} has no record"
        run.facts.problems[id(node)] = (Code.UNSUPPORTED_ARGUMENT, why)
        return UNKNOWN
    signature = parse(NAMED.spellings("tensorflow")[0])
    return layers.build(run, node, Arguments(record, signature, {"function": given}))
