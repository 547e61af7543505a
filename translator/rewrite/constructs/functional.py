"""Functional models, `keras.Model(inputs, outputs)`, that could not be written as classes: they stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.source.tree import nodes
from translator.source.values import FunctionalValue, InputValue, SymbolicValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_WHY = "this functional model cannot be written as a module"


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """Leave the lines that make a functional model and those that use it."""
    if rewriter.target != "torch" or not isinstance(node, cst.SimpleStatementLine):
        return None
    if not _is_functional(rewriter):
        return None
    parts = list(nodes(node))
    values = [rewriter.facts.value(part) for part in parts]
    inner = node.body[0]
    given = rewriter.facts.value(inner.value) if isinstance(inner, cst.Assign) else None
    if not isinstance(given, InputValue) and not any(
        isinstance(value, FunctionalValue | SymbolicValue) for value in values
    ):
        return None
    made = next((p for p in parts if _makes_model(rewriter, p)), None)
    if made is not None:
        refused = rewriter.unsplit.get(id(made))
        why = _WHY if refused is None else f"{_WHY}: {refused.why}"
        rewriter.todo(made, Code.UNSUPPORTED_CODE, why)
    rewriter.retain(node)
    return [node]


def _is_functional(rewriter: Rewriter) -> bool:
    """True if the file makes such a model; found when first asked for."""
    if rewriter.functional is None:
        values = rewriter.facts.values.values()
        rewriter.functional = any(isinstance(value, FunctionalValue) for value in values)
    return rewriter.functional


def _makes_model(rewriter: Rewriter, node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Call) and rewriter.api(node.func) == "keras.Model"
