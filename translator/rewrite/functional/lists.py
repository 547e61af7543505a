"""Lists of tensors that a model appends to and joins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite.constructs.reading import targets
from translator.source.tree import nodes

if TYPE_CHECKING:
    from translator.rewrite.functional.known import Times


def lists_of(times: Times) -> set[str]:
    """The names that stand for nothing but lists that are written out and appended to."""
    values: dict[str, list[cst.BaseExpression]] = {}
    changed: set[str] = set()
    for node in times.code:
        if isinstance(node, cst.Assign):
            for name in targets(node):
                values.setdefault(name, []).append(node.value)
        elif isinstance(node, cst.AugAssign | cst.For | cst.NamedExpr | cst.AnnAssign):
            changed |= targets(node)
        elif isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            owner = node.func.value
            if isinstance(owner, cst.Name) and node.func.attr.value != "append":
                changed.add(owner.value)
    lists = {n for n, given in values.items() if all(isinstance(v, cst.List) for v in given)}
    return lists - changed


def appending(node: cst.BaseSmallStatement) -> tuple[str, cst.BaseExpression] | None:
    """The list and the tensor of a line `features.append(x)`."""
    call = node.value if isinstance(node, cst.Expr) else None
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute):
        return None
    owner = call.func.value
    if call.func.attr.value != "append" or not isinstance(owner, cst.Name) or len(call.args) != 1:
        return None
    return owner.value, call.args[0].value


def grown(body: Iterable[cst.CSTNode]) -> set[str]:
    """The lists that some statements append to."""
    lines = (n for s in body for n in nodes(s))
    found = (appending(n) for n in lines if isinstance(n, cst.Expr))
    return {name for pair in found if pair is not None for name in [pair[0]]}
