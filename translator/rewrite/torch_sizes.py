"""Sizes, slices and roots that TensorFlow has functions for and torch takes as Python's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.by_hand import first
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.values import Literal, Plain, TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def shape(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`tf.TensorShape((3, 4))`: the tuple."""
    given = first(node)
    return None if given is None or len(node.args) != 1 else rewriter.expression(given)


def cut_out(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`keras.ops.slice(x, (0, 2), (4, n))`: `x[:4, 2:2 + n]`."""
    given, starts, sizes = (
        first(node),
        argument(node, 1, "start_indices"),
        argument(node, 2, "shape"),
    )
    if not isinstance(starts, cst.Tuple | cst.List) or not isinstance(sizes, cst.Tuple | cst.List):
        return None
    if given is None or len(starts.elements) != len(sizes.elements):
        return None
    pairs = zip(starts.elements, sizes.elements, strict=True)
    texts = [
        build.code(_cut(rewriter.expression(start.value), rewriter.expression(size.value)))
        for start, size in pairs
    ]
    return build.expression(f"x[{', '.join(texts)}]", x=rewriter.expression(given))


def _cut(start: cst.BaseExpression, size: cst.BaseExpression) -> cst.Slice:
    """`start:start + size`."""
    low, length = literal_value(start), literal_value(size)
    if low == 0:
        return cst.Slice(None, size)
    if type(low) is int and type(length) is int:
        return cst.Slice(start, cst.Integer(str(low + length)))
    return cst.Slice(start, build.expression("a + b", a=start, b=size))


def reversed_axes(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`tf.transpose(x)` where it is known how many axes x has."""
    given = first(node)
    value = None if given is None else rewriter.facts.value(given)
    if given is None or len(node.args) != 1 or not isinstance(value, TensorValue):
        return None
    if value.rank is None:
        return None
    axes = ", ".join(map(str, reversed(range(value.rank))))
    text = "x.t()" if value.rank <= 2 else f"x.permute({axes})"
    return build.expression(text, x=build.parenthesized(rewriter.expression(given)))


def root(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`tf.sqrt(tf.cast(tf.shape(x)[-1], tf.float32))`: the root of a number of Python."""
    given = first(node)
    if not isinstance(given, cst.Call) or rewriter.api(given.func) not in _CASTS or not given.args:
        return None
    size = given.args[0].value
    if not isinstance(rewriter.facts.value(size), Plain | Literal):
        return None
    text = rewriter.naming.spell("math.sqrt(size)")
    return build.expression(text, size=rewriter.expression(size))


_CASTS = frozenset({"tf.cast", "keras.ops.cast"})
