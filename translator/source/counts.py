"""Names that hold whole numbers, by what a file does with them elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.source.imports import dotted
from translator.source.tree import nodes
from translator.source.values import UNKNOWN, Literal, Plain

if TYPE_CHECKING:
    from translator.source.facts import Facts

_ARITHMETIC = frozenset({cst.Multiply, cst.FloorDivide, cst.Subtract, cst.Modulo})
_MAKERS = frozenset({"Tensor", "FloatTensor", "empty", "zeros", "ones", "randn", "rand", "Linear"})
"""Calls that are given several sizes, one by one."""


def is_number(facts: Facts, tree: cst.Module, node: cst.BaseExpression) -> bool:
    """True for a single size: a number, or a name that the file uses for one."""
    value = facts.value(node)
    if isinstance(value, Literal | Plain):
        return True
    return value == UNKNOWN and is_count(facts, tree, node)


def is_count(facts: Facts, tree: cst.Module, node: cst.BaseExpression) -> bool:
    """True for a name or attribute that is computed with, or is one of several sizes, anywhere in the file."""
    if not isinstance(node, cst.Name | cst.Attribute):
        return False
    if facts.counts is None:
        facts.counts = frozenset(_found(tree))
    return _last(node) in facts.counts


def _found(tree: cst.Module) -> set[str]:
    found: set[str] = set()
    for node in nodes(tree):
        if type(node) is cst.BinaryOperation and type(node.operator) in _ARITHMETIC:
            found |= {_last(node.left), _last(node.right)}
        elif type(node) is cst.Call and len(node.args) > 1 and _last(node.func) in _MAKERS:
            found |= {_last(argument.value) for argument in node.args}
    return found - {""}


def _last(node: cst.BaseExpression) -> str:
    named = isinstance(node, cst.Name | cst.Attribute)
    return dotted(node).rpartition(".")[2] if named else ""
