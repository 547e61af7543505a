"""Operands that a pattern holds more than once: what costs something to compute gets a name in a line before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.source.tree import code_parts

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_SELDOM = (
    cst.Lambda,
    cst.IfExp,
    cst.BooleanOperation,
    cst.ListComp,
    cst.SetComp,
    cst.DictComp,
    cst.GeneratorExp,
)
"""What computes its parts never, later, or several times."""


def is_simple(node: cst.BaseExpression | None) -> bool:
    """True for an expression that may be written twice: it costs nothing and has no effect."""
    while isinstance(node, cst.Attribute | cst.Subscript):
        node = node.value
    return isinstance(node, cst.Name)


def named(rewriter: Rewriter, node: cst.BaseExpression, called: str = "value") -> cst.Name | None:
    """A name for what an expression gives, bound before the statement; None where that would be something else."""
    line = rewriter.statement
    if not isinstance(line, cst.SimpleStatementLine) or not computed_once(line, node):
        return None
    value = rewriter.expression(node)
    name = cst.Name(rewriter.naming.fresh(called))
    rewriter.before.append(build.statement("name = value", name=name, value=value))
    return name


def computed_once(root: cst.CSTNode, node: cst.CSTNode) -> bool:
    """True if the node stands in a statement where it is computed once, whenever the statement runs."""
    if root is node:
        return True
    if isinstance(root, _SELDOM):
        return False
    return any(computed_once(part, node) for part in code_parts(root))
