"""How tightly operators bind: whether an expression needs parentheses where it is put."""

from __future__ import annotations

import libcst as cst

TIGHTEST = 16
"""What stands before a dot, a bracket or the parentheses of a call."""

_UNARY, _POWER = 13, 14
_LEVELS: dict[type[cst.CSTNode], int] = {
    cst.Lambda: 1,
    cst.IfExp: 2,
    cst.Or: 3,
    cst.And: 4,
    cst.Not: 5,
    cst.Comparison: 6,
    cst.BitOr: 7,
    cst.BitXor: 8,
    cst.BitAnd: 9,
    cst.LeftShift: 10,
    cst.RightShift: 10,
    cst.Add: 11,
    cst.Subtract: 11,
    cst.Multiply: 12,
    cst.MatrixMultiply: 12,
    cst.Divide: 12,
    cst.FloorDivide: 12,
    cst.Modulo: 12,
    cst.Power: _POWER,
    cst.Await: 15,
}


def binding(node: cst.BaseExpression) -> int:
    """How tightly an expression holds together; parentheses hold everything."""
    if node.lpar:
        return TIGHTEST
    if isinstance(node, cst.BinaryOperation | cst.BooleanOperation):
        return _LEVELS[type(node.operator)]
    if isinstance(node, cst.UnaryOperation):
        return _LEVELS.get(type(node.operator), _UNARY)
    if isinstance(node, cst.Tuple | cst.GeneratorExp | cst.NamedExpr | cst.Yield):
        return 0
    return _LEVELS.get(type(node), TIGHTEST)


def least(parent: cst.CSTNode, field: str) -> int:
    """How tightly what stands in a field of a node must hold together to need no parentheses."""
    if isinstance(parent, cst.BinaryOperation | cst.BooleanOperation):
        level = _LEVELS[type(parent.operator)]
        if isinstance(parent.operator, cst.Power):
            return _UNARY if field == "right" else _POWER + 1
        return level + (field == "right")
    if type(parent) is cst.UnaryOperation:
        return _LEVELS.get(type(parent.operator), _UNARY)
    if isinstance(parent, cst.Comparison | cst.ComparisonTarget):
        return _LEVELS[cst.Comparison] + 1
    if type(parent) is cst.IfExp:
        return _LEVELS[cst.IfExp] + (field != "orelse")
    if type(parent) is cst.StarredElement:
        return _LEVELS[cst.BitOr]
    if isinstance(parent, cst.Attribute | cst.Call | cst.Subscript | cst.Await):
        return 0 if field in ("args", "slice") else TIGHTEST
    return 0
