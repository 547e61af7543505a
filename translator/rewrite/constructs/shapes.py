"""Whole shapes: in a graph TensorFlow knows some sizes before it runs and others only then."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import small
from translator.rewrite.modes import serves_model
from translator.rewrite.recurrent.uses import names
from translator.source.subscripts import shape_holder
from translator.source.values import ShapeOf

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_SIZES = '''
def shape_list(x):
    """The sizes of a tensor: numbers where they are known, and else what they are when the graph runs."""
    sizes = list(x.shape)
    if None not in sizes:
        return sizes
    return [tf.shape(x)[i] if size is None else size for i, size in enumerate(sizes)]
'''


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`b, n, c = x.shape`, `sizes = x.shape[:2]`: the lines are written elsewhere, with these shapes in them."""
    inner = small(node)
    if rewriter.target != "tensorflow" or not isinstance(inner, cst.Assign):
        return None
    if not serves_model(rewriter):
        return None
    for shape, target in _shapes(inner.targets[0].target, inner.value):
        holder = shape_holder(shape)
        value = rewriter.facts.value(shape)
        if holder is None or not isinstance(value, ShapeOf) or value.tensor.leaf:
            continue
        if _read(rewriter, target):
            rewriter.instead[id(shape)] = functools.partial(_listed, rewriter, holder)
    return None


def _shapes(
    target: cst.BaseExpression, value: cst.BaseExpression
) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    """What may be a whole shape in the value of an assignment, and what it is assigned to."""
    if isinstance(value, cst.Subscript):
        if isinstance(value.slice[0].slice, cst.Slice):
            yield value.value, target
    elif isinstance(value, cst.Tuple):
        for element in value.elements:
            if isinstance(element, cst.StarredElement):
                yield element.value, target
    else:
        yield value, target


def _read(rewriter: Rewriter, target: cst.BaseExpression) -> bool:
    """True if one of the names that sizes are given is read."""
    scope = rewriter.functions[-1].node
    if scope is None or not isinstance(target, cst.Tuple | cst.List):
        return True
    inner = (element.value for element in target.elements)
    found = (name.value for name in inner if isinstance(name, cst.Name))
    return any(names(scope, name).read for name in found)


def _listed(rewriter: Rewriter, holder: cst.BaseExpression) -> cst.BaseExpression:
    func = rewriter.naming.helper("shape_list", rewriter.naming.spell(_SIZES))
    return build.call(func, [cst.Arg(rewriter.expression(holder))])
