"""Modules with private names, `class _Block(nn.Module)`: TensorFlow takes no underscore at the start of a layer's name.

Keras names a layer after its class, and a graph refuses that name.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import libcst as cst

from translator.rewrite.constructs.reading import of_kind
from translator.rewrite.held import each
from translator.source.facts import Facts
from translator.source.tree import nodes


@dataclass(eq=False)
class Renamed:
    """A file whose modules have public names, and what there is to say of it."""

    tree: cst.Module
    notes: list[tuple[cst.CSTNode, str]] = field(default_factory=list)


def public(tree: cst.Module, facts: Facts) -> Renamed | None:
    """The file with such classes under public names; None where it has none."""
    private = [
        info for info in facts.classes.values() if info.is_module and info.name.startswith("_")
    ]
    if not private:
        return None
    code = list(nodes(tree))
    taken = {name.value for name in of_kind(code, cst.Name)}
    names: dict[str, str] = {}
    for info in private:
        name = info.name.lstrip("_")
        while name in taken or not name.isidentifier():
            name += "_" if name else "Module"
        taken.add(name)
        names[info.name] = name
    new = _with_names(tree, names)
    assert isinstance(new, cst.Module)
    why = "{} is {} there: TensorFlow takes no layer whose name begins with an underscore"
    notes: list[tuple[cst.CSTNode, str]] = [
        (info.node.body, why.format(info.name, names[info.name])) for info in private
    ]
    return Renamed(new, notes)


def _with_names(node: cst.CSTNode, names: dict[str, str]) -> cst.CSTNode:
    if isinstance(node, cst.Name):
        return node.with_changes(value=names[node.value]) if node.value in names else node
    if isinstance(node, cst.Attribute):
        value = _with_names(node.value, names)
        return node if value is node.value else node.with_changes(value=value)
    if isinstance(node, cst.Arg):
        value = _with_names(node.value, names)
        return node if value is node.value else node.with_changes(value=value)
    return each(node, lambda part: _with_names(part, names))
