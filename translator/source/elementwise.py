"""Operators, and what all elementwise operations do to shapes and axis orders."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Any

import libcst as cst

from translator.knowledge.shapes import Shape, Size, number
from translator.source.dtypes import combined, divided, kind
from translator.source.growing import concatenated
from translator.source.literals import counted
from translator.source.sequences import element
from translator.source.values import (
    BATCH_SHARE,
    BATCH_SIZE,
    PLAIN,
    REAL,
    REAL_OR_TENSOR,
    UNKNOWN,
    BatchShare,
    BatchSize,
    Each,
    GradientValue,
    Items,
    Literal,
    NumpyArray,
    Plain,
    Real,
    RealOr,
    SymbolicValue,
    TensorValue,
    Value,
)

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


_FOLD: dict[type[cst.BaseBinaryOp], Callable[[Any, Any], Any]] = {
    cst.Add: operator.add,
    cst.Subtract: operator.sub,
    cst.Multiply: operator.mul,
    cst.FloorDivide: operator.floordiv,
}


def binary(run: Interpreter, node: cst.BinaryOperation) -> Value:
    """`a + b`, `a @ b`; numbers are computed."""
    left, right = run.evaluate(node.left), run.evaluate(node.right)
    if isinstance(left, SymbolicValue) or isinstance(right, SymbolicValue):
        return SymbolicValue()
    if type(node.operator) is cst.MatrixMultiply:
        return _matmul(run, node, left, right)
    fold = _FOLD.get(type(node.operator))
    if fold and isinstance(left, Literal) and isinstance(right, Literal):
        if type(left.value) is int and type(right.value) is int and right.value:
            return Literal(fold(left.value, right.value))
    if type(node.operator) is cst.Divide and (share := _share(left, right)) is not None:
        return share
    if (real := _real(node.operator, left, right)) is not None:
        return real
    if isinstance(left, Items | Each):
        return _list_operation(node, left, right)
    result = combine(run, [(node.left, left), (node.right, right)])
    if type(node.operator) is cst.Divide and isinstance(result, TensorValue):
        dtype = divided(result.dtype, run.side)
        return replace(result, dtype=dtype or _quotient(run, left, right))
    return result


def _share(left: Value, right: Value) -> Literal | None:
    """One number by another, `1 / 3`."""
    if not isinstance(left, Literal) or not isinstance(right, Literal) or not right.value:
        return None
    known = all(type(value) in (int, float) for value in (left.value, right.value))
    return Literal(left.value / right.value) if known else None


_LONGEST = 64
"""How many members a list may have that is followed one by one."""


def _list_operation(node: cst.BinaryOperation, left: Items | Each, right: Value) -> Value:
    """`[a] + [b]`, `[a] * n`."""
    if isinstance(node.operator, cst.Add) and isinstance(right, Items | Each):
        return concatenated(left, right)
    if isinstance(node.operator, cst.Multiply):
        times = right.value if isinstance(right, Literal) else None
        if isinstance(left, Items) and type(times) is int and times * len(left.items) <= _LONGEST:
            return Items(left.items * times)
        return Each(element(left))
    return UNKNOWN


def _matmul(run: Interpreter, node: cst.BinaryOperation, left: Value, right: Value) -> Value:
    left = run.in_order(node.left, left, target=False)
    right = run.in_order(node.right, right, target=False)
    if not isinstance(left, TensorValue) and not isinstance(right, TensorValue):
        return (
            NumpyArray()
            if isinstance(left, NumpyArray) or isinstance(right, NumpyArray)
            else UNKNOWN
        )
    shape: Shape = None
    if isinstance(left, TensorValue) and isinstance(right, TensorValue):
        shape = _product(left.shape, right.shape)
    dtype = combined([left, right], run.side)
    return TensorValue(shape, tracked=_tracked(left) or _tracked(right), dtype=dtype)


def _product(left: Shape, right: Shape) -> Shape:
    """The shape of `a @ b`, as far as it is known."""
    if not left or not right:
        return None
    if len(right) == 1:
        return left[:-1]
    if len(right) == 2 or len(left) == 1:
        return (*left[:-1], *right[:-2], right[-1])
    batch = broadcast(left[:-2], right[:-2])
    return None if batch is None else (*batch, left[-2], right[-1])


def comparison(run: Interpreter, node: cst.Comparison) -> Value:
    """`a < b`: a tensor of booleans where a tensor is compared."""
    operands = [(node.left, run.evaluate(node.left))]
    operands += [(c.comparator, run.evaluate(c.comparator)) for c in node.comparisons]
    if any(
        isinstance(c.operator, cst.Is | cst.IsNot | cst.In | cst.NotIn) for c in node.comparisons
    ):
        run.facts.touched.pop(id(node.left), None)  # `layer.bias is None` asks for no number
        return PLAIN
    result = combine(run, operands)
    if isinstance(result, TensorValue):
        return replace(result, dtype="bool", tracked=False)
    return PLAIN if isinstance(result, Plain | Literal) else result


def combine(run: Interpreter, operands: Sequence[tuple[cst.BaseExpression, Value]]) -> Value:
    """An elementwise operation with broadcasting: keeps the target's axis order where every operand can follow."""
    values = [value for _, value in operands]
    tensors = [value for value in values if isinstance(value, TensorValue)]
    if not tensors:
        gradients = [value for value in values if isinstance(value, GradientValue)]
        if gradients:
            return gradients[0]
        if any(isinstance(value, NumpyArray) for value in values):
            return _array(values)
        return PLAIN if all(isinstance(value, Plain | Literal) for value in values) else UNKNOWN
    target, follows = _common_order(tensors, values), any(tensor.follows for tensor in tensors)
    if follows and not _all_follow(values):
        run.scope.function.sees_order = True
    kept = [
        run.turned(node, value, target=target)
        for node, value in operands
        if isinstance(value, TensorValue)
    ]
    first = kept[0]
    assert isinstance(first, TensorValue)
    shape = first.shape
    known = all(isinstance(value, TensorValue | Plain | Literal) for value in values)
    for value in kept[1:]:
        assert isinstance(value, TensorValue)
        shape = broadcast(shape, value.shape)
    return TensorValue(
        shape if known else None,
        target_order=target,
        tracked=any(value.tracked for value in tensors),
        dtype=combined([_number(node, value) for node, value in operands], run.side),
        origin=first.origin if len({tensor.origin for tensor in tensors}) == 1 else None,
        last=reduce(_broadcast_size, map(_last_size, tensors)) if known and shape is None else None,
        follows=follows,
        shaped_by=first.shaped_by if len(tensors) == 1 else None,
    )


def _number(node: cst.BaseExpression, value: Value) -> Value:
    """What is computed of unknown names with whole numbers, `size - 1`, is one itself."""
    return Literal(1) if value == UNKNOWN and counted(node) else value


def _all_follow(values: Sequence[Value]) -> bool:
    """True where every operand but numbers has the order, and the number of axes, of what the function is given."""
    tensors = [v for v in values if isinstance(v, TensorValue) and v.rank != 0]
    origins, ranks = {v.origin for v in tensors}, {v.rank for v in tensors}
    alike = (
        len(tensors) < 2
        or (len(origins) == 1 and None not in origins)
        or (len(ranks) == 1 and None not in ranks)
    )
    plain = all(isinstance(v, TensorValue | Plain | Literal) for v in values)
    return alike and plain and all(v.follows for v in tensors)


def _array(values: Sequence[Value]) -> NumpyArray:
    shape: Shape = ()
    for value in values:
        other = (
            value.shape
            if isinstance(value, NumpyArray)
            else ()
            if isinstance(value, Plain | Literal)
            else None
        )
        shape = broadcast(shape, other)
    return NumpyArray(shape)


def _common_order(tensors: Sequence[TensorValue], values: Sequence[Value]) -> bool:
    if not any(tensor.target_order for tensor in tensors):
        return False
    ranks = {tensor.rank for tensor in tensors if tensor.rank != 0}
    scalars = all(isinstance(value, TensorValue | Plain | Literal) for value in values)
    return scalars and len(ranks) == 1 and None not in ranks


def broadcast(a: Shape, b: Shape) -> Shape:
    """The shape of an elementwise operation, as far as it is known."""
    if a is None or b is None:
        return None
    if len(a) < len(b):
        a, b = b, a
    padded: tuple[Size, ...] = (1,) * (len(a) - len(b)) + b
    return tuple(_broadcast_size(x, y) for x, y in zip(a, padded, strict=True))


def _last_size(tensor: TensorValue) -> Size:
    return tensor.last if tensor.shape is None else tensor.shape[-1] if tensor.shape else 1


def _broadcast_size(x: Size, y: Size) -> Size:
    """One size of two that meet: what is not known is 1 or the same as a number above 1."""
    if x == 1 or y == 1:
        return y if x == 1 else x
    if x == y or (number(x) is not None and number(x) == number(y)):
        return x
    wide = [size for size in (x, y) if isinstance(size, int)]
    return wide[0] if None in (x, y) and wide else None


def _tracked(value: Value) -> bool:
    return isinstance(value, TensorValue) and value.tracked


def _quotient(run: Interpreter, left: Value, right: Value) -> str | None:
    """The type of whole numbers divided by something unknown, or the other way: torch gives 32-bit floats."""
    whole = [value for value in (left, right) if isinstance(value, TensorValue)]
    counts = len(whole) == 1 and kind(whole[0].dtype) in ("int", "bool")
    return "float32" if counts and run.side == "torch" else None


def _real(operator: cst.BaseBinaryOp, left: Value, right: Value) -> Value | None:
    """What an operator gives where one side is a real number and the other no tensor; None for all else."""
    if isinstance(operator, cst.FloorDivide | cst.Modulo):
        return BATCH_SIZE if isinstance(left, BatchSize) and _is_number(right) else None
    numbers = all(_is_number(value) for value in (left, right))
    sizes = [value for value in (left, right) if isinstance(value, BatchSize | BatchShare)]
    if numbers and sizes:
        real = isinstance(operator, cst.Divide) or _is_real(left) or _is_real(right)
        return BATCH_SHARE if real else BATCH_SIZE
    if numbers and isinstance(operator, cst.Divide):
        return REAL
    if not _is_real(left) and not _is_real(right):
        return None
    if numbers:
        return REAL
    return REAL_OR_TENSOR if UNKNOWN in (left, right) or REAL_OR_TENSOR in (left, right) else None


def _is_number(value: Value) -> bool:
    if isinstance(value, Literal):
        return isinstance(value.value, int | float)
    return isinstance(value, Plain)


def _is_real(value: Value) -> bool:
    if isinstance(value, Literal):
        return type(value.value) is float
    return isinstance(value, Real | RealOr)


def unary(run: Interpreter, node: cst.UnaryOperation) -> Value:
    """`-a`, `not a`."""
    if isinstance(node.operator, cst.Not):
        run.plain(node.expression)
        return PLAIN
    value = run.evaluate(node.expression)
    if (
        isinstance(value, Literal)
        and isinstance(node.operator, cst.Minus)
        and isinstance(value.value, int | float)
    ):
        return Literal(-value.value)
    return replace(value, leaf=False) if isinstance(value, TensorValue) else value
