"""`x.split(size, dim)` by a number in TensorFlow, which takes a number for the count of equal pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build, once
from translator.rewrite.constructs.reading import small
from translator.source.literals import literal_value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def pieces(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`tf.split(x, 3, axis=1)`, `tf.split(x, [n, -1], axis=1)`, or slices; None for a list of sizes."""
    found = rewriter.facts.pieces.get(id(node))
    if found is None:
        return None
    axis = build.expression(str(found.axis))
    text = rewriter.naming.spell("tf.split(x, sections, axis=axis)")
    taken = _taken(rewriter, node)
    if found.count is not None:
        sections = build.expression(str(found.count))
    elif taken and literal_value(found.size) != 1:
        size = rewriter.expression(found.size)
        sizes = [size] * (taken - 1) + [build.expression("-1")]
        sections = cst.List([cst.Element(part) for part in sizes])
    else:
        return _sliced(rewriter, node)
    holes = {"x": rewriter.expression(found.tensor), "sections": sections, "axis": axis}
    return build.expression(text, **holes)


def _sliced(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """Pieces of one step each, or slices of so many."""
    found = rewriter.facts.pieces[id(node)]
    if once.is_simple(found.tensor):
        tensor: cst.BaseExpression | None = rewriter.expression(found.tensor)
    else:
        tensor = once.named(rewriter, found.tensor)
    if tensor is None or found.axis < -1:
        why = "the size along this axis is needed more than once: give the tensor a name"
        rewriter.leave(node, Code.UNSUPPORTED_CODE, why)
        return node
    if literal_value(found.size) == 1:
        text = rewriter.naming.spell(f"tf.split(x, x.shape[{found.axis}], axis={found.axis})")
        return build.expression(text, x=tensor)
    before = "..., " if found.axis == -1 else ":, " * found.axis
    text = f"[x[{before}i:i + n] for i in range(0, x.shape[{found.axis}], n)]"
    return build.expression(text, x=tensor, n=rewriter.expression(found.size))


def _taken(rewriter: Rewriter, node: cst.Call) -> int:
    """How many names the pieces are given in a line, 0 where they go elsewhere together."""
    line = None if rewriter.statement is None else small(rewriter.statement)
    if not isinstance(line, cst.Assign) or line.value is not node or len(line.targets) > 1:
        return 0
    target = line.targets[0].target
    if not isinstance(target, cst.Tuple | cst.List):
        return 0
    starred = any(isinstance(e, cst.StarredElement) for e in target.elements)
    return 0 if starred else len(target.elements)
