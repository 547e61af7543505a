"""`x += y` of a tensor: TensorFlow binds the name to a new one, torch would change what other names have as well."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import small
from translator.rewrite.once import is_simple
from translator.source.values import TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_OPERATORS: dict[type[cst.BaseAugOp], Callable[[], cst.BaseBinaryOp]] = {
    cst.AddAssign: cst.Add,
    cst.SubtractAssign: cst.Subtract,
    cst.MultiplyAssign: cst.Multiply,
    cst.DivideAssign: cst.Divide,
    cst.FloorDivideAssign: cst.FloorDivide,
    cst.ModuloAssign: cst.Modulo,
    cst.PowerAssign: cst.Power,
    cst.MatrixMultiplyAssign: cst.MatrixMultiply,
    cst.BitAndAssign: cst.BitAnd,
    cst.BitOrAssign: cst.BitOr,
    cst.BitXorAssign: cst.BitXor,
}


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`x = x + y`, which also leaves autograd what it needs of the tensor before."""
    inner = small(node)
    if rewriter.target != "torch" or not isinstance(inner, cst.AugAssign):
        return None
    operator = _OPERATORS.get(type(inner.operator))
    held = rewriter.facts.value(inner.target)
    if operator is None or not isinstance(held, TensorValue) or held.leaf:
        return None
    if not isinstance(inner.target, cst.Name | cst.Attribute) or not is_simple(inner.target):
        return None  # it is named twice
    assert isinstance(node, cst.SimpleStatementLine)
    right = rewriter.expression(inner.value)
    whole = cst.BinaryOperation(inner.target, operator(), inner.value)
    if not _binds_tighter(right, operator()):
        right = build.parenthesized(right)
    rewriter.replaced[id(inner.value)] = right
    value = rewriter.expression(whole)
    new = build.statement("target = value", target=rewriter.expression(inner.target), value=value)
    return [node.with_changes(body=new.body)]


def _binds_tighter(node: cst.BaseExpression, operator: cst.BaseBinaryOp) -> bool:
    """True for what needs no parentheses to the right of an operator."""
    whole = cst.BinaryOperation(cst.Name("x"), operator, node)
    found = ast.parse(build.code(whole), mode="eval").body
    alone = ast.parse(build.code(node), mode="eval").body
    return isinstance(found, ast.BinOp) and ast.dump(found.right) == ast.dump(alone)
