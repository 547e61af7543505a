"""`x[index] = value`: torch writes into the tensor, TensorFlow makes a new one, which takes the tensor's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.constructs.inplace import seen_elsewhere
from translator.rewrite.constructs.reading import bound_names, small
from translator.rewrite.constructs.views import Views
from translator.rewrite.indexing import indexed
from translator.rewrite.rewriter import IMMUTABLE
from translator.source.tree import nodes
from translator.source.values import Literal, Plain, TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_PLACED = '''
def placed(x, part, value):
    """A copy of a tensor with `value` in the places of `part(x)`, which takes a part of it."""
    places = part(tf.reshape(tf.range(tf.size(x)), tf.shape(x)))
    values = tf.broadcast_to(tf.cast(value, x.dtype), tf.shape(places))
    flat = tf.reshape(x, [-1])
    flat = tf.tensor_scatter_nd_update(flat, tf.reshape(places, [-1, 1]), tf.reshape(values, [-1]))
    return tf.reshape(flat, tf.shape(x))
'''
_SHARED = "tensors are immutable there, and {} holds the same numbers: write a new one for both"


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`x[:, 0] = 1`, `x[mask] = 0`, `x[i] += y`."""
    inner = small(node)
    if rewriter.target != "tensorflow" or not isinstance(node, cst.SimpleStatementLine):
        return None
    if isinstance(inner, cst.Assign) and len(inner.targets) == 1:
        target = inner.targets[0].target
    elif isinstance(inner, cst.AugAssign):
        target = inner.target
    else:
        return None
    held = rewriter.facts.value(target.value) if type(target) is cst.Subscript else None
    if type(target) is not cst.Subscript or not isinstance(held, TensorValue):
        return None
    if why := _problem(rewriter, target, held, node):
        rewriter.leave(node, Code.UNSUPPORTED_CODE, why)
        return [node]
    tensor, value = rewriter.expression(target.value), rewriter.expression(inner.value)
    mask = _mask(rewriter, target, held, inner.value)
    text = "value"
    if isinstance(inner, cst.AugAssign):
        text = f"part {build.code(inner.operator).strip().removesuffix('=')} value"
    if mask is not None:
        value = build.expression(text, part=tensor, value=value)
        where = rewriter.naming.spell("tf.where(mask, value, x)")
        new = build.expression(where, mask=mask, value=value, x=tensor)
    else:
        value = build.expression(text, part=indexed(rewriter, target, tensor), value=value)
        # the same part is taken of the numbers of all places
        func = rewriter.naming.helper("placed", rewriter.naming.spell(_PLACED))
        taken = indexed(rewriter, target, cst.Name("part"))
        call = "placed(x, lambda part: taken, value)"
        new = build.expression(call, placed=func, x=tensor, taken=taken, value=value)
    line = build.statement("x = new", x=target.value, new=new)
    return [node.with_changes(body=line.body)]


def _problem(
    rewriter: Rewriter, target: cst.Subscript, held: TensorValue, node: cst.BaseStatement
) -> str:
    """Why a line stays; "" where it is converted."""
    if not isinstance(target.value, cst.Name) or held.leaf:
        return IMMUTABLE
    name = target.value.value
    function = rewriter.functions[-1].node if rewriter.functions else None
    if function is not None and name not in bound_names(nodes(function)):
        return IMMUTABLE  # it belongs to a function outside
    if seen_elsewhere(rewriter, target.value):
        return IMMUTABLE
    scope = rewriter.naming.tree if function is None else function
    if id(scope) not in rewriter.views:
        rewriter.views[id(scope)] = Views(scope, rewriter.facts)
    shared = rewriter.views[id(scope)].shared(name, node)
    return _SHARED.format(shared) if shared else ""


def _mask(
    rewriter: Rewriter, target: cst.Subscript, held: TensorValue, value: cst.BaseExpression
) -> cst.BaseExpression | None:
    """The mask in `x[mask] = 0` where it has the tensor's axes, so that the line chooses between two numbers."""
    index = target.slice[0].slice
    if len(target.slice) > 1 or not isinstance(index, cst.Index):
        return None
    mask, given = rewriter.facts.value(index.value), rewriter.facts.value(value)
    if not isinstance(mask, TensorValue) or mask.dtype != "bool" or mask.rank is None:
        return None
    if mask.rank != held.rank or not isinstance(given, Literal | Plain):
        return None
    return rewriter.expression(index.value)
