"""Expressions that state their value."""

from __future__ import annotations

import ast
import functools
from typing import Any

import libcst as cst

from translator.source.values import Literal

NONE = Literal(None)


_CONSTANTS = {"True": Literal(True), "False": Literal(False), "None": NONE}


@functools.lru_cache(maxsize=4096)
def stated(text: str) -> Any:
    """The value of a number or string, by its text."""
    return ast.literal_eval(text)


def literal_value(node: cst.CSTNode | None) -> Any:
    """The Python value of a literal expression; `bind.NOT_LITERAL` for anything else, names included."""
    from translator.source.bound import NOT_LITERAL

    if type(node) is cst.Name:
        constant = _CONSTANTS.get(node.value)
        return NOT_LITERAL if constant is None else constant.value
    if isinstance(node, cst.Integer | cst.Float | cst.SimpleString):
        return stated(node.value)
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        value = literal_value(node.expression)
        return -value if isinstance(value, int | float) else NOT_LITERAL
    if isinstance(node, cst.Tuple | cst.List):
        values = [literal_value(element.value) for element in node.elements]
        if any(value is NOT_LITERAL for value in values):
            return NOT_LITERAL
        return tuple(values) if isinstance(node, cst.Tuple) else values
    return NOT_LITERAL


def counted(node: cst.BaseExpression) -> bool:
    """True for whole numbers, and for what is computed of names with such: `[2 * n - 1, 1]`.

    TensorFlow raises where a name turns out to hold a fraction.
    """
    if isinstance(node, cst.List | cst.Tuple):
        return bool(node.elements) and all(counted(element.value) for element in node.elements)
    return type(literal_value(node)) is int or (
        isinstance(node, cst.BinaryOperation) and _counts(node) and _of_names(node)
    )


def _counts(node: cst.BaseExpression) -> bool:
    """True for an expression that a whole number is in."""
    if isinstance(node, cst.BinaryOperation):
        return _counts(node.left) or _counts(node.right)
    return isinstance(node, cst.Integer)


def _of_names(node: cst.BaseExpression) -> bool:
    """True for names and whole numbers, added, multiplied and divided down."""
    if isinstance(node, cst.BinaryOperation):
        whole = cst.Add | cst.Subtract | cst.Multiply | cst.FloorDivide
        return isinstance(node.operator, whole) and _of_names(node.left) and _of_names(node.right)
    if isinstance(node, cst.Attribute):
        return _of_names(node.value)
    return isinstance(node, cst.Name | cst.Integer)


def integers(node: cst.BaseExpression) -> bool:
    """True for a whole number, and for nested lists of nothing else."""
    if isinstance(node, cst.List | cst.Tuple):
        return bool(node.elements) and all(integers(element.value) for element in node.elements)
    return type(literal_value(node)) is int
