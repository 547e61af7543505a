"""What an import statement binds."""

from __future__ import annotations

import sys

import libcst as cst

from translator.knowledge.lenses import Side
from translator.knowledge.names import SHARED, canonical, side_of
from translator.source.values import (
    PLAIN,
    REAL,
    UNKNOWN,
    Api,
    Mathematics,
    Numpy,
    Tool,
    Value,
    Written,
)


def import_names(node: cst.Import, side: Side) -> dict[str, Value]:
    """`import torch.nn as nn, numpy as np`; `side` is the framework whose names mean something."""
    bound: dict[str, Value] = {}
    for alias in node.names:
        name = dotted(alias.name)
        if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
            bound[alias.asname.name.value] = module_value(name, side)
        else:
            root = name.partition(".")[0]
            bound[root] = module_value(root, side)
    return bound


def import_from(node: cst.ImportFrom, side: Side) -> dict[str, Value]:
    """`from torch import nn`; a star import binds nothing that can be seen here."""
    if node.relative or node.module is None or isinstance(node.names, cst.ImportStar):
        return (
            {}
            if isinstance(node.names, cst.ImportStar)
            else {local(a): UNKNOWN for a in node.names}
        )
    module = dotted(node.module)
    return {
        local(alias): module_value(f"{module}.{dotted(alias.name)}", side) for alias in node.names
    }


def local(alias: cst.ImportAlias) -> str:
    """The name that an alias binds."""
    name = alias.asname.name if alias.asname is not None else alias.name
    return name.value if isinstance(name, cst.Name) else dotted(name).partition(".")[0]


def module_value(name: str, side: Side) -> Value:
    """The value of an imported name; those of the other framework are as good as written already."""
    root = name.partition(".")[0]
    if root == "numpy":
        return Numpy(name)
    if root in ("functools", "collections", "copy"):
        return Tool(name)
    if root == "math":
        return mathematics(name)
    if root in _FOREIGN:
        return PLAIN
    found = canonical(name)
    owner = side_of(found)
    if owner == side or (owner is None and root == SHARED):
        return Api(found)
    return Written() if owner else UNKNOWN


def mathematics(name: str) -> Value:
    """`math`, a function of it, or one of its numbers."""
    return REAL if name.rpartition(".")[2] in _REAL_NUMBERS else Mathematics(name)


_REAL_NUMBERS = frozenset({"pi", "e", "tau", "inf", "nan"})
_FOREIGN = (
    frozenset(sys.stdlib_module_names)
    - {"collections", "copy", "functools", "itertools", "queue", "random", "types", "typing"}
) | {"cv2", "matplotlib", "pandas", "PIL", "scipy", "seaborn", "skimage", "sklearn"}
"""Packages whose functions give no tensors and hold none for long."""


def dotted(node: cst.CSTNode) -> str:
    """The text of a dotted name."""
    parts: list[str] = []
    while type(node) is cst.Attribute:
        parts.append(node.attr.value)
        node = node.value
    parts.append(node.value if isinstance(node, cst.Name) else "?")
    return ".".join(reversed(parts))


def imports(tree: cst.Module) -> dict[str, str]:
    """The names that import lines of the module bind, with the canonical names of what they stand for."""
    bound: dict[str, str] = {}
    for statement in tree.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.Import):
                for alias in small.names:
                    name = dotted(alias.name)
                    plain = alias.asname is None
                    bound[local(alias)] = canonical(name.partition(".")[0] if plain else name)
            elif isinstance(small, cst.ImportFrom) and not isinstance(small.names, cst.ImportStar):
                if small.module is not None and not small.relative:
                    module = dotted(small.module)
                    bound.update(
                        {local(a): canonical(f"{module}.{dotted(a.name)}") for a in small.names}
                    )
    return bound


def imported_sides(tree: cst.Module) -> set[Side]:
    """The frameworks that a file imports, wherever the import stands."""
    found: set[Side] = set()

    class Visitor(cst.CSTVisitor):
        def visit_Import(self, node: cst.Import) -> bool:
            found.update(s for alias in node.names if (s := side_of(canonical(dotted(alias.name)))))
            return False

        def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
            if node.module is not None and not node.relative:
                found.update(s for s in [side_of(canonical(dotted(node.module)))] if s)
            return False

        def visit_SimpleStatementLine(self, node: cst.SimpleStatementLine) -> bool:
            return isinstance(node.body[0], cst.Import | cst.ImportFrom) if node.body else False

    tree.visit(Visitor())
    return found
