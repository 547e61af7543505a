"""Activations by name: which record stands behind a string, or behind a function of Keras."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.layers.named import NAMED
from translator.knowledge.records import Pair
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
    asked = _asked(facts, given)
    if asked is not None:
        return is_linear(facts, asked)
    return _name(facts, given) in LINEAR or literal_value(given) is None


def _asked(facts: Facts, given: cst.BaseExpression) -> cst.BaseExpression | None:
    """What `keras.activations.get(activation)`, which is as good as the layer, is given."""
    if not isinstance(given, cst.Call) or _name(facts, given.func) != "keras.layers.Activation":
        return None
    return made.argument(given, 0, "identifier") or made.argument(given, -1, "activation")


def activation_of(facts: Facts, given: cst.BaseExpression) -> Arguments | None:
    """An activation that does something, as a call; `NAMED` for a name that the file is given; None for any other.

    A function of the file may look at the axes of its tensor, whose order it would not be told.
    """
    if is_linear(facts, given):
        return None
    if (asked := _asked(facts, given)) is not None:
        return activation_of(facts, asked)
    name = _name(facts, given)
    rows = index("tensorflow").get(f"keras.activations.{name}") or index("tensorflow").get(
        str(name), ()
    )
    if rows:
        record, spelling = rows[0]
        return None if isinstance(record, Pair) else Arguments(record, parse(spelling))
    value = facts.value(given)
    held = isinstance(given, cst.Name | cst.Attribute | cst.Subscript) and name is None
    if not held or not (value == UNKNOWN or isinstance(value, Literal | Plain)):
        return None
    return Arguments(NAMED, parse(NAMED.spellings("tensorflow")[0]), {"function": given})


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
    found = activation_of(run.facts, given)
    if found is None and is_linear(run.facts, given):
        record, spelling = index("tensorflow")["keras.layers.Identity"][0]
        found = Arguments(record, parse(spelling))
    if found is None:
        why = f"the activation {shown(given)} has no record"
        run.facts.problems[id(node)] = (Code.UNSUPPORTED_ARGUMENT, why)
        return UNKNOWN
    return layers.build(run, node, replace(found, values={"function": given}))
