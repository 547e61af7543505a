"""`weight = next(self.parameters())`, asked for its type or place, which in Keras the model itself knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite.constructs.reading import of_kind, small
from translator.source.objects import ParametersValue
from translator.source.tree import nodes

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_ASKED = frozenset(
    {"dtype", "device", "is_cuda", "data", "new", "new_zeros", "new_ones", "new_empty"}
)


def model_of(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The model that `next(model.parameters())`, or the name that it was given, is a parameter of."""
    if isinstance(node, cst.Attribute) and node.attr.value == "data":
        node = node.value
    if isinstance(node, cst.Name) and rewriter.functions:
        scope = rewriter.functions[-1].node
        made = [] if scope is None else [a.value for a in _assigned(scope, node.value)]
        return _model(rewriter, made[0]) if len(made) == 1 else None
    return _model(rewriter, node)


def _model(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression | None:
    if type(node) is cst.Attribute and node.attr.value == "data":
        return _model(rewriter, node.value)
    if type(node) is not cst.Call or type(node.func) is not cst.Name or len(node.args) != 1:
        return None
    value = rewriter.facts.value(node.args[0].value)
    taken = node.func.value == "next" and isinstance(value, ParametersValue)
    return value.owner if taken and isinstance(value, ParametersValue) else None


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """The line that gives such a parameter a name goes where nothing but its type and place is asked for."""
    line = small(node)
    if not isinstance(line, cst.Assign) or not rewriter.functions:
        return None
    target, scope = line.targets[0].target, rewriter.functions[-1].node
    if len(line.targets) > 1 or not isinstance(target, cst.Name) or scope is None:
        return None
    if _model(rewriter, line.value) is None or len(_assigned(scope, target.value)) > 1:
        return None
    asked = {
        id(found.value)
        for found in of_kind(nodes(scope), cst.Attribute)
        if found.attr.value in _ASKED
    }
    names = (name for name in of_kind(nodes(scope), cst.Name) if name.value == target.value)
    return [] if all(name is target or id(name) in asked for name in names) else None


def _assigned(scope: cst.CSTNode, name: str) -> list[cst.Assign]:
    """The lines of a function that bind a name."""
    return [
        line
        for line in of_kind(nodes(scope), cst.Assign)
        if any(isinstance(t.target, cst.Name) and t.target.value == name for t in line.targets)
    ]
