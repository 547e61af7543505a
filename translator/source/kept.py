"""Sizes in terms of attributes that hold what a constructor was given: `self.units` of a class with `units`."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.shapes import Size, Symbol
from translator.source.objects import ClassInfo
from translator.source.sizes import bindings
from translator.source.tree import nodes

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def as_given(run: Interpreter, info: ClassInfo, size: Symbol) -> Size:
    """A size in terms of attributes, `self.units * 2`, by the parameters that the constructor keeps in them."""
    kept = run.kept_parameters.get(id(info.node))
    if kept is None:
        kept = run.kept_parameters[id(info.node)] = dict(_kept(info))
    tree = ast.parse(size.text, mode="eval")
    held = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    if not held <= kept.keys():
        return size
    text = ast.unparse(_Unheld(kept).visit(tree))
    return Symbol(text, f"{info.name}.__init__", size.value)


def _kept(info: ClassInfo) -> Iterator[tuple[str, str]]:
    """The attributes that are parameters of the constructor and stay what they are."""
    from translator.source.functions import parameters

    constructor = info.methods.get("__init__")
    if constructor is None or not isinstance(constructor.node, cst.FunctionDef):
        return
    given = {p.name.value for p in parameters(constructor.node)}
    counts = Counter(bindings(constructor.node))
    assigned = Counter(name for name, _ in _attributes(info.node))
    for name, value in _attributes(constructor.node):
        if assigned[name] == 1 and value in given and counts[value] == 1:
            yield name, value


def _attributes(node: cst.CSTNode) -> Iterator[tuple[str, str]]:
    """`self.a = b` by the names of the attribute and of what it is set to, "" for anything else."""
    for inner in nodes(node):
        if isinstance(inner, cst.Assign):
            value = inner.value.value if isinstance(inner.value, cst.Name) else ""
            places = [target.target for target in inner.targets]
        elif isinstance(inner, cst.AnnAssign | cst.AugAssign):
            value, places = "", [inner.target]
        else:
            continue
        for place in places:
            if isinstance(place, cst.Attribute):
                yield place.attr.value, value


class _Unheld(ast.NodeTransformer):
    """Puts parameters in place of the attributes that hold them."""

    def __init__(self, kept: dict[str, str]) -> None:
        self.kept = kept

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return ast.Name(self.kept[node.attr])
