"""Changing expressions inside a node."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

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
            new = (
                change(value) if isinstance(value, cst.BaseExpression) else replaced(value, change)
            )
            if new is not value:
                changes[name] = new
        elif isinstance(value, list | tuple) and value:
            news = [
                change(v) if isinstance(v, cst.BaseExpression) else replaced(v, change)
                for v in value
            ]
            if any(a is not b for a, b in zip(news, value, strict=True)):
                changes[name] = news
    return node.with_changes(**changes) if changes else node
