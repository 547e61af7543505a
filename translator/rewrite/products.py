"""Products of matrices: vectors, which tf.matmul does not take, and factors that are transposed on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.source.literals import literal_value
from translator.source.values import MethodValue, TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def matmul(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`torch.matmul(x, y)`, `x.bmm(y)`."""
    bound = rewriter.facts.calls.get(id(node))
    first, second = (None if bound is None else bound.values.get(n) for n in ("input", "other"))
    if bound is None or first is None or second is None:
        return None
    rank = _RANKS.get(bound.spelling.name.rpartition(".")[2])
    return product(rewriter, first, second, rank)


_RANKS = {"mm": 2, "bmm": 3}
"""The functions that take tensors of one rank alone."""


def product(
    rewriter: Rewriter,
    first: cst.BaseExpression,
    second: cst.BaseExpression,
    rank: int | None = None,
) -> cst.BaseExpression | None:
    """The product of two tensors, of `rank` if that is known, where it is more than `tf.matmul(first, second)`."""
    found = [rewriter.facts.value(operand) for operand in (first, second)]
    if any(isinstance(v, TensorValue) and v.rank == 1 for v in found):
        left, right = rewriter.expression(first), rewriter.expression(second)
        text = rewriter.naming.spell("keras.ops.matmul(left, right)")
        return build.expression(text, left=left, right=right)
    turned = [_transposed(rewriter, operand, rank) for operand in (first, second)]
    if turned == [None, None]:
        return None
    factors = [inner or whole for inner, whole in zip(turned, (first, second), strict=True)]
    arguments = [cst.Arg(build.bare(rewriter.expression(factor))) for factor in factors]
    for name, inner in zip(("transpose_a", "transpose_b"), turned, strict=True):
        if inner is not None:
            arguments.append(build.argument(build.name("True"), name))
    return build.call(rewriter.naming.target("tf.matmul"), arguments)


def _transposed(
    rewriter: Rewriter, node: cst.BaseExpression, rank: int | None
) -> cst.BaseExpression | None:
    """The tensor behind `k.transpose(-2, -1)`, `k.mT` and, of matrices, `k.t()`; None of anything else."""
    if id(node) in rewriter.facts.turns or id(node) in rewriter.facts.reorders:
        return None
    if isinstance(node, cst.Attribute):
        rank = rank or _rank(rewriter, node)
        known = node.attr.value == "mT" or (node.attr.value == "T" and rank == 2)
        return node.value if known and _rank(rewriter, node.value) != 1 else None
    if not isinstance(node, cst.Call) or any(a.star or a.keyword for a in node.args):
        return None
    tensor, axes = _swapped(rewriter, node)
    if tensor is None or not isinstance(rewriter.facts.value(tensor), TensorValue):
        return None
    rank = rank or _rank(rewriter, tensor)
    last = [{-1, -2}] if rank is None else [{-1, -2}, {rank - 1, rank - 2}]
    return tensor if len(axes) == 2 and {*axes} in last else None


def _swapped(rewriter: Rewriter, node: cst.Call) -> tuple[cst.BaseExpression | None, list[object]]:
    """The tensor and the axes in `torch.transpose(k, 1, 2)`, `k.transpose(1, 2)` and `k.t()`."""
    given = [argument.value for argument in node.args]
    if rewriter.api(node.func) in ("torch.transpose", "torch.swapaxes"):
        return given[0], [literal_value(axis) for axis in given[1:]]
    method = rewriter.facts.value(node.func)
    if isinstance(method, MethodValue) and isinstance(node.func, cst.Attribute):
        if method.name == "t":
            return node.func.value, [0, 1]
        if method.name in ("transpose", "swapaxes"):
            return node.func.value, [literal_value(axis) for axis in given]
    return None, []


def _rank(rewriter: Rewriter, node: cst.BaseExpression) -> int | None:
    value = rewriter.facts.value(node)
    return value.rank if isinstance(value, TensorValue) else None
