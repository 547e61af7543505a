"""What a forward pass keeps for inputs of the same size: a graph keeps no tensor, so that it is made each time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.constructs.reading import of_kind, small
from translator.rewrite.modes import serves_model
from translator.source.literals import literal_value
from translator.source.tree import nodes
from translator.source.values import TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`if self.mask is None or self.mask.size(0) != n:` around `self.mask = ...`, without its condition."""
    from translator.rewrite.statements import spliced

    if rewriter.target != "tensorflow" or not isinstance(node, cst.If) or node.orelse is not None:
        return None
    if not serves_model(rewriter):
        return None
    parts = list(_alternatives(node.test))
    kept = _missing(parts[0])
    if len(parts) < 2 or not kept or not all(kept in build.code(part) for part in parts):
        return None
    lines = [small(line) for line in node.body.body]
    made = [line for line in lines if isinstance(line, cst.Assign)]
    if len(made) < len(lines) or not any(_sets(rewriter, line, kept) for line in made):
        return None
    if any("rand" in name.value for name in of_kind(nodes(node.body), cst.Name)):
        return None
    message = f"{kept} is made at each call: what is kept of one graph is none of the next"
    rewriter.note(node, Code.DROPPED, message)
    return spliced(rewriter, node.body)


def _alternatives(test: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.Or):
        yield from _alternatives(test.left)
        yield from _alternatives(test.right)
    else:
        yield test


def _missing(test: cst.BaseExpression) -> str:
    """The attribute in `self.mask is None`, as code."""
    if not isinstance(test, cst.Comparison) or not isinstance(test.left, cst.Attribute):
        return ""
    asked = test.comparisons[0]
    none = isinstance(asked.operator, cst.Is) and literal_value(asked.comparator) is None
    return build.code(test.left) if none else ""


def _sets(rewriter: Rewriter, line: cst.Assign, kept: str) -> bool:
    tensor = isinstance(rewriter.facts.value(line.value), TensorValue)
    return tensor and any(build.code(target.target) == kept for target in line.targets)
