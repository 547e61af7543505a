"""Changing expressions inside a node."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from translator.rewrite import build
from translator.rewrite.binding import binding, least
from translator.source.tree import code_fields, is_node

Change = Callable[[cst.BaseExpression], cst.BaseExpression]


def replaced(node: cst.CSTNode, change: Change) -> cst.CSTNode:
    """The node with its expressions changed; what stays the same stays the same object."""
    changes: dict[str, object] = {}
    for name in code_fields(type(node)):
        value = getattr(node, name)
        if isinstance(node, cst.Attribute) and name == "attr":
            continue
        if is_node(value):
            new = _changed(value, change, least(node, name))
            if new is not value:
                changes[name] = new
        elif isinstance(value, list | tuple) and value:
            news = [_changed(part, change, least(node, name)) for part in value]
            if any(a is not b for a, b in zip(news, value, strict=True)):
                changes[name] = news
    return node.with_changes(**changes) if changes else node


def _changed(node: cst.CSTNode, change: Change, tight: int) -> cst.CSTNode:
    """`tight`: how tightly an expression in the place of the node must hold together."""
    if not isinstance(node, cst.BaseExpression):
        return replaced(node, change)
    new = change(node)
    return build.parenthesized(new) if new is not node and binding(new) < tight else new
