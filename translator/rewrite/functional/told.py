"""What modules are told of widths, and what they tell: variables, hints for layers, settings of classes."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import small, used_names
from translator.rewrite.functional.changing import replaced
from translator.source.bound import NOT_LITERAL
from translator.source.functions import parameters
from translator.source.instances import HINT
from translator.source.literals import literal_value
from translator.source.tree import nodes

OUT = "out_channels"
"""The attribute by which a module tells the width of what it gives."""


def variable(name: str) -> str:
    """The variable that holds the width of a tensor, until all names are known."""
    return f"__width_{name}__"


def is_variable(name: str) -> bool:
    """True for such a variable."""
    return name.startswith("__width_")


def settings_of(
    made: cst.Call, settings: list[str], function: cst.FunctionDef
) -> dict[str, cst.BaseExpression]:
    """What the constructor of a helper's class is given, by its parameters, with numbers where they are defaults."""
    values = {
        p.name.value: p.default
        for p in parameters(function)
        if p.default is not None and literal_value(p.default) is not NOT_LITERAL
    }
    if any(a.star for a in made.args):
        return {}
    for position, given in enumerate(made.args):
        if given.keyword is not None:
            values[given.keyword.value] = given.value
        elif position < len(settings):
            values[settings[position]] = given.value
    return {name: value for name, value in values.items() if name in settings}


def with_values(
    node: cst.BaseExpression, values: Mapping[str, cst.BaseExpression]
) -> cst.BaseExpression:
    """An expression with others in place of its names."""

    def change(part: cst.BaseExpression) -> cst.BaseExpression:
        if isinstance(part, cst.Name) and part.value in values:
            return build.parenthesized(values[part.value].deep_clone())
        new = replaced(part, change)
        assert isinstance(new, cst.BaseExpression)
        return _computed(new)

    return change(node)


def _computed(node: cst.BaseExpression) -> cst.BaseExpression:
    """A product or a sum of numbers as one number."""
    if not isinstance(node, cst.BinaryOperation):
        return node
    a, b = literal_value(node.left), literal_value(node.right)
    if type(a) is not int or type(b) is not int:
        return node
    operation = _NUMBERS.get(type(node.operator))
    return node if operation is None else cst.Integer(str(operation(a, b)))


_NUMBERS: dict[type[cst.BaseBinaryOp], Callable[[int, int], int]] = {
    cst.Add: operator.add,
    cst.Multiply: operator.mul,
}


def hinted(call: cst.Call, width: cst.BaseExpression) -> cst.Call:
    """A layer that is told the width of its input."""
    hint = build.argument(width.deep_clone(), HINT)
    if not call.args:
        return call.with_changes(args=[hint])
    *first, last = call.args  # which may end a line of its own
    end = {"comma": last.comma, "whitespace_after_arg": last.whitespace_after_arg}
    tight = {"comma": cst.MaybeSentinel.DEFAULT, "whitespace_after_arg": cst.SimpleWhitespace("")}
    return call.with_changes(args=[*first, last.with_changes(**tight), hint.with_changes(**end)])


def unhinted(node: cst.CSTNode, lost: set[str]) -> cst.CSTNode:
    """Code without the hints that read variables which are lost."""

    def change(part: cst.BaseExpression) -> cst.BaseExpression:
        new = replaced(part, change)
        assert isinstance(new, cst.BaseExpression)
        if isinstance(new, cst.Call):
            gone = [a for a in new.args if is_hint(a) and used_names(nodes(a.value)) & lost]
            if gone:
                return new.with_changes(args=[a for a in new.args if a not in gone])
        return new

    return change(node) if isinstance(node, cst.BaseExpression) else replaced(node, change)


def is_hint(given: cst.Arg) -> bool:
    """True for the argument of a layer that tells it the width of its input."""
    return given.keyword is not None and given.keyword.value == HINT


def is_holding(statement: cst.BaseStatement) -> str | None:
    """The variable that a line of `__init__` puts a width into."""
    inner = small(statement)
    if isinstance(inner, cst.Assign) and len(inner.targets) == 1:
        target = inner.targets[0].target
        if isinstance(target, cst.Name) and is_variable(target.value):
            return target.value
    return None
