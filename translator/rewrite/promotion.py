"""Operators between types of elements: torch computes in the wider one, TensorFlow wants a cast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.modes import in_graph
from translator.rewrite.once import is_simple
from translator.source.dtypes import EXACT, KINDS, kind
from translator.source.values import BatchSize, Literal, Real, RealOr, TensorValue, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_MIXING = (
    cst.Add,
    cst.Subtract,
    cst.Multiply,
    cst.Divide,
    cst.FloorDivide,
    cst.Modulo,
    cst.Power,
)
_ORDERING = (
    cst.Equal,
    cst.NotEqual,
    cst.LessThan,
    cst.LessThanEqual,
    cst.GreaterThan,
    cst.GreaterThanEqual,
)


def binary(
    rewriter: Rewriter, node: cst.BinaryOperation, new: cst.BinaryOperation
) -> cst.BaseExpression:
    """`counts / total`, `(x > 0) * x`: the weaker operand is cast, where both types are known."""
    if not isinstance(node.operator, _MIXING):
        return new
    left, right = rewriter.facts.value(node.left), rewriter.facts.value(node.right)
    new = new.with_changes(
        left=_counted(rewriter, node, new.left, left, node.right),
        right=_counted(rewriter, node, new.right, right, node.left),
    )
    if isinstance(node.operator, cst.Divide) and _whole(left) and _whole(right):
        if isinstance(left, TensorValue) or isinstance(right, TensorValue):
            return build.expression(rewriter.naming.spell("tf.cast(x, tf.float32)"), x=new)
    if isinstance(node.operator, cst.Divide):
        return new.with_changes(
            left=_divided(rewriter, new.left, left, node.right, right),
            right=_divided(rewriter, new.right, right, node.left, left),
        )
    return new.with_changes(
        left=_cast(rewriter, new.left, left, node.right, right),
        right=_cast(rewriter, new.right, right, node.left, left),
    )


def _counted(
    rewriter: Rewriter,
    node: cst.BinaryOperation,
    written: cst.BaseExpression,
    value: Value,
    other: cst.BaseExpression,
) -> cst.BaseExpression:
    """The size of a batch beside real numbers: a tensor of whole numbers, which TensorFlow mixes with none."""
    if not isinstance(value, BatchSize) or not in_graph(rewriter):
        return written
    beside = rewriter.facts.value(other)
    real = isinstance(beside, Real | RealOr) or (
        isinstance(beside, Literal) and type(beside.value) is float
    )
    tensor = isinstance(beside, TensorValue) and kind(beside.dtype) in ("float", None)
    if not (real or tensor or isinstance(node.operator, cst.Divide)):
        return written
    if tensor and is_simple(other):
        return _as_type(rewriter, written, f"{build.code(other)}.dtype")
    return _as_type(rewriter, written, "keras.config.floatx()")


def _divided(
    rewriter: Rewriter,
    written: cst.BaseExpression,
    value: Value,
    other: cst.BaseExpression,
    beside: Value,
) -> cst.BaseExpression:
    """Whole numbers in a division by something else than a tensor: TensorFlow would make 64-bit floats of them."""
    if _whole(value) and isinstance(value, TensorValue) and not isinstance(beside, TensorValue):
        return _as_type(rewriter, written, "tf.float32")
    return _cast(rewriter, written, value, other, beside)


def comparison(rewriter: Rewriter, node: cst.Comparison, new: cst.Comparison) -> cst.Comparison:
    """`predictions == labels`, of integers and real numbers."""
    if len(node.comparisons) != 1 or not isinstance(node.comparisons[0].operator, _ORDERING):
        return new
    other = node.comparisons[0].comparator
    left, right = rewriter.facts.value(node.left), rewriter.facts.value(other)
    written = new.comparisons[0]
    compared = _cast(rewriter, written.comparator, right, node.left, left)
    return new.with_changes(
        left=_cast(rewriter, new.left, left, other, right),
        comparisons=[written.with_changes(comparator=compared)],
    )


def _whole(value: Value) -> bool:
    if isinstance(value, Literal):
        return type(value.value) is int
    return isinstance(value, TensorValue) and kind(value.dtype) in ("int", "bool")


def _cast(
    rewriter: Rewriter,
    written: cst.BaseExpression,
    value: Value,
    other: cst.BaseExpression,
    beside: Value,
) -> cst.BaseExpression:
    """An operand in the type of what stands beside it, where that is the stronger."""
    own = kind(value.dtype) if isinstance(value, TensorValue) else None
    dtype = _type(beside)
    if own is None or dtype is None or not _is_wider(dtype, str(getattr(value, "dtype", ""))):
        return written
    if dtype in EXACT:
        type_there = f"tf.{dtype}"
    elif dtype == "int":
        type_there = "tf.int64"
    elif is_simple(other) and isinstance(beside, TensorValue):
        type_there = f"{build.code(other)}.dtype"
    else:
        type_there = "tf.float32"
    return _as_type(rewriter, written, type_there)


def _as_type(
    rewriter: Rewriter, written: cst.BaseExpression, type_there: str
) -> cst.BaseExpression:
    """A tensor in another type; a range counts in it from the start."""
    wanted = build.expression(rewriter.naming.spell(type_there))
    last = written.args[-1] if isinstance(written, cst.Call) and written.args else None
    if isinstance(written, cst.Call) and last is not None and last.keyword is not None:
        counts = build.same_code(written.func, rewriter.naming.target("tf.range"))
        if counts and last.keyword.value == "dtype":
            return written.with_changes(args=[*written.args[:-1], last.with_changes(value=wanted)])
    return build.expression(rewriter.naming.spell("tf.cast(x, t)"), x=written, t=wanted)


def _is_wider(a: str, b: str) -> bool:
    if kind(a) != kind(b):
        return KINDS.index(str(kind(a))) > KINDS.index(str(kind(b)))
    return a in EXACT and b in EXACT and _bits(a) > _bits(b)


def _bits(dtype: str) -> int:
    return int("".join(c for c in dtype if c.isdigit()) or 0)


def _type(value: Value) -> str | None:
    """The type that an operand asks of the other."""
    if isinstance(value, TensorValue):
        return value.dtype
    if isinstance(value, Real | RealOr):
        return "float"
    if isinstance(value, Literal) and isinstance(value.value, float):
        return "float"
    return "int" if isinstance(value, Literal) and type(value.value) is int else None
