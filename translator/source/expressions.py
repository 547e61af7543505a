"""The value of each kind of expression but calls."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import libcst as cst

from translator.knowledge.shapes import Shape, Size, Symbol, number
from translator.source import classes
from translator.source.facts import to_target
from translator.source.names import canonical
from translator.source.values import (
    PLAIN,
    UNKNOWN,
    Api,
    BatchesValue,
    Built,
    ClassValue,
    Each,
    FunctionValue,
    GradientValue,
    HistoryValue,
    Items,
    Literal,
    MethodValue,
    Numpy,
    NumpyArray,
    ObjectValue,
    ParametersValue,
    Plain,
    ShapeOf,
    SuperValue,
    TapeValue,
    TensorValue,
    Value,
    join,
)

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter

NONE = Literal(None)
_CONSTANTS = {"True": Literal(True), "False": Literal(False), "None": NONE}
_TENSOR_DATA = frozenset({"dtype", "device", "ndim", "requires_grad", "name", "is_cuda"})


def _name(run: Interpreter, node: cst.Name) -> Value:
    found = run.scope.find(node.value)
    return found if found is not None else _CONSTANTS.get(node.value, UNKNOWN)


def _number(run: Interpreter, node: cst.Integer | cst.Float | cst.Imaginary) -> Value:
    return Literal(ast.literal_eval(node.value))


def _string(run: Interpreter, node: cst.SimpleString | cst.ConcatenatedString) -> Value:
    value = node.evaluated_value
    return Literal(value) if isinstance(value, str) else PLAIN


def _formatted(run: Interpreter, node: cst.FormattedString) -> Value:
    for part in node.parts:
        if isinstance(part, cst.FormattedStringExpression):
            run.plain(part.expression)
    return PLAIN


def _concatenated(run: Interpreter, node: cst.ConcatenatedString) -> Value:
    for part in (node.left, node.right):
        run.plain(part)
    return PLAIN


def _attribute(run: Interpreter, node: cst.Attribute) -> Value:
    owner = run.evaluate(node.value)
    name = node.attr.value
    if isinstance(owner, Api):
        return Api(canonical(f"{owner.name}.{name}"))
    if isinstance(owner, TensorValue | GradientValue):
        return _tensor_attribute(run, node, owner, name)
    if isinstance(owner, ObjectValue):
        return classes.read_attribute(run, owner.info, name, node)
    if isinstance(owner, Built):
        return classes.built_attribute(run, owner, name, node)
    if isinstance(owner, Numpy):
        return Numpy(f"{owner.name}.{name}")
    if isinstance(owner, NumpyArray):
        return (
            PLAIN
            if name in ("shape", "size", "ndim", "dtype")
            else MethodValue(owner, name, node.value)
        )
    if isinstance(owner, HistoryValue) and name == "history":
        return owner
    if isinstance(owner, BatchesValue | SuperValue | Items | Each | ParametersValue | TapeValue | ClassValue):
        return MethodValue(owner, name, node.value)
    return UNKNOWN


def _tensor_attribute(
    run: Interpreter, node: cst.Attribute, owner: TensorValue | GradientValue, name: str
) -> Value:
    if isinstance(owner, GradientValue):
        return owner if name == "data" else MethodValue(owner, name, node.value)
    if name == "shape":
        return ShapeOf(owner)
    run.in_order(node.value, owner, target=False)
    if name == "grad":
        return GradientValue(owner.shape)
    if name == "data":
        return replace(owner, tracked=False, target_order=False, origin=None)
    if name == "T":
        return TensorValue(
            None if owner.shape is None else owner.shape[::-1], tracked=owner.tracked
        )
    if name in _TENSOR_DATA:
        return PLAIN
    run.facts.reorders.pop(id(node.value), None)
    return MethodValue(owner, name, node.value)


_FOLD: dict[type[cst.BaseBinaryOp], Callable[[Any, Any], Any]] = {
    cst.Add: operator.add,
    cst.Subtract: operator.sub,
    cst.Multiply: operator.mul,
    cst.FloorDivide: operator.floordiv,
}


def _binary(run: Interpreter, node: cst.BinaryOperation) -> Value:
    left, right = run.evaluate(node.left), run.evaluate(node.right)
    if isinstance(node.operator, cst.MatrixMultiply):
        return _matmul(run, node, left, right)
    fold = _FOLD.get(type(node.operator))
    if fold and isinstance(left, Literal) and isinstance(right, Literal):
        if type(left.value) is int and type(right.value) is int and right.value:
            return Literal(fold(left.value, right.value))
        return PLAIN
    return combine(run, [(node.left, left), (node.right, right)])


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
    if (
        isinstance(left, TensorValue)
        and isinstance(right, TensorValue)
        and left.shape
        and right.shape
        and right.rank == 2
    ):
        shape = (*left.shape[:-1], right.shape[-1])
    return TensorValue(shape, tracked=_tracked(left) or _tracked(right), dtype="float")


def _comparison(run: Interpreter, node: cst.Comparison) -> Value:
    operands = [(node.left, run.evaluate(node.left))]
    operands += [(c.comparator, run.evaluate(c.comparator)) for c in node.comparisons]
    if any(
        isinstance(c.operator, cst.Is | cst.IsNot | cst.In | cst.NotIn) for c in node.comparisons
    ):
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
    target = _common_order(tensors, values)
    kept = [
        run.in_order(node, value, target=target)
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
    kinds = {value.dtype for value in tensors}
    return TensorValue(
        shape if known else None,
        target_order=target,
        tracked=any(value.tracked for value in tensors),
        dtype="float" if "float" in kinds else None,
        origin=first.origin if len(tensors) == 1 else None,
        last=first.last if len(tensors) == 1 and known else None,
    )


def _array(values: Sequence[Value]) -> NumpyArray:
    shape: Shape = ()
    for value in values:
        other = value.shape if isinstance(value, NumpyArray) else () if isinstance(value, Plain | Literal) else None
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
    return tuple(
        y if x == 1 else x if y == 1 or x == y else None for x, y in zip(a, padded, strict=True)
    )


def _tracked(value: Value) -> bool:
    return isinstance(value, TensorValue) and value.tracked


def _unary(run: Interpreter, node: cst.UnaryOperation) -> Value:
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


def _boolean(run: Interpreter, node: cst.BooleanOperation) -> Value:
    return join(run.plain(node.left), run.plain(node.right))


def _conditional(run: Interpreter, node: cst.IfExp) -> Value:
    run.plain(node.test)
    return join(run.plain(node.body), run.plain(node.orelse))


def _sequence(run: Interpreter, node: cst.Tuple | cst.List) -> Value:
    values = [run.plain(element.value) for element in node.elements]
    if any(isinstance(element, cst.StarredElement) for element in node.elements):
        return Each(UNKNOWN)
    return Items(tuple(values))


def _dictionary(run: Interpreter, node: cst.Dict) -> Value:
    for element in node.elements:
        if isinstance(element, cst.DictElement):
            run.plain(element.key)
        detach(run.plain(element.value))
    return UNKNOWN


def _set(run: Interpreter, node: cst.Set) -> Value:
    for element in node.elements:
        detach(run.plain(element.value))
    return UNKNOWN


def detach(value: Value) -> None:
    """Note that an object went where its calls cannot be followed."""
    if isinstance(value, Built):
        value.site.detached = True
    elif isinstance(value, Items):
        for item in value.items:
            detach(item)


def _comprehension(run: Interpreter, node: cst.ListComp | cst.GeneratorExp | cst.SetComp) -> Value:
    outer = dict(run.scope.names)
    _clauses(run, node.for_in)
    value = run.plain(node.elt)
    run.scope.names = outer
    return Each(value)


def _dict_comprehension(run: Interpreter, node: cst.DictComp) -> Value:
    outer = dict(run.scope.names)
    _clauses(run, node.for_in)
    run.plain(node.key)
    detach(run.plain(node.value))
    run.scope.names = outer
    return UNKNOWN


def _clauses(run: Interpreter, clause: cst.CompFor | None) -> None:
    from translator.source.statements import bind_target, element

    while clause is not None:
        bind_target(run, clause.target, element(run.plain(clause.iter)), None)
        for condition in clause.ifs:
            run.plain(condition.test)
        clause = clause.inner_for_in


def _lambda(run: Interpreter, node: cst.Lambda) -> Value:
    from translator.source.statements import define

    return FunctionValue(define(run, node, "<lambda>", None))


def _subscript(run: Interpreter, node: cst.Subscript) -> Value:
    owner = run.evaluate(node.value)
    indices = [_index(run, element.slice) for element in node.slice]
    if isinstance(owner, ShapeOf):
        return _size_at(run, node, owner)
    owner = run.in_order(node.value, owner, target=False)
    if isinstance(owner, TensorValue):
        return replace(owner, shape=_indexed(owner.shape, indices), leaf=False, origin=None)
    if isinstance(owner, Items | Each):
        index = indices[0] if len(indices) == 1 else None
        return _item(owner, index)
    if isinstance(owner, Built):
        return classes.part(owner, indices[0] if len(indices) == 1 else None)
    if isinstance(owner, NumpyArray):
        return NumpyArray(_indexed(owner.shape, indices))
    return owner if isinstance(owner, GradientValue) else UNKNOWN


def _item(owner: Items | Each, index: Value | None) -> Value:
    from translator.source.statements import element

    if isinstance(owner, Items) and isinstance(index, Literal) and isinstance(index.value, int):
        if -len(owner.items) <= index.value < len(owner.items):
            return owner.items[index.value]
    return owner if index is None else element(owner)


def _index(run: Interpreter, node: cst.BaseSlice) -> Value | None:
    """The value of one index, None for a slice."""
    if isinstance(node, cst.Index):
        return run.plain(node.value)
    assert isinstance(node, cst.Slice)
    for part in (node.lower, node.upper, node.step):
        if part is not None:
            run.plain(part)
    return None


def _indexed(shape: Shape, indices: Sequence[Value | None]) -> Shape:
    if shape is None or len(indices) > len(shape):
        return None
    if not all(index in (None, NONE) or _is_int(index) for index in indices):
        return None
    kept: list[Size] = []
    axis = 0
    for index in indices:
        if index == NONE:
            kept.append(1)
            continue
        if index is None:
            kept.append(None)
        axis += 1
    return (*kept, *shape[axis:])


def _is_int(value: Value | None) -> bool:
    return isinstance(value, Literal) and type(value.value) is int


def _size_at(run: Interpreter, node: cst.Subscript, owner: ShapeOf) -> Value:
    """`x.shape[1]`: the axis is renumbered where the tensor is held in the target's order."""
    element = node.slice[0].slice
    axis = (
        literal_value(element.value)
        if isinstance(element, cst.Index) and len(node.slice) == 1
        else None
    )
    run.facts.axes.pop(id(node), None)
    assert isinstance(node.value, cst.Attribute | cst.Call)
    return size_of_axis(run, node, node.value, owner.tensor, axis)


def size_of_axis(
    run: Interpreter, node: cst.CSTNode, holder: cst.CSTNode, tensor: TensorValue, axis: Any
) -> Value:
    """The size of one axis, as a number or a name; `holder` is `x.shape` or `x.size(1)`."""
    source = (
        holder.func.value
        if isinstance(holder, cst.Call) and isinstance(holder.func, cst.Attribute)
        else None
    )
    source = holder.value if isinstance(holder, cst.Attribute) else source
    if (
        type(axis) is not int
        or tensor.shape is None
        or not -len(tensor.shape) <= axis < len(tensor.shape)
    ):
        if tensor.target_order and isinstance(source, cst.BaseExpression):
            run.in_order(source, tensor, target=False)
        return PLAIN
    if tensor.target_order:
        run.facts.axes[id(node)] = to_target(run.side, len(tensor.shape)).index(
            axis % len(tensor.shape)
        )
    size = number(tensor.shape[axis])
    return PLAIN if size is None else Literal(size)


def literal_value(node: cst.CSTNode | None) -> Any:
    """The Python value of a literal expression; `bind.NOT_LITERAL` for anything else, names included."""
    from translator.source.bind import NOT_LITERAL

    if isinstance(node, cst.Name):
        constant = _CONSTANTS.get(node.value)
        return NOT_LITERAL if constant is None else constant.value
    if isinstance(node, cst.Integer | cst.Float | cst.SimpleString):
        return ast.literal_eval(node.value)
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        value = literal_value(node.expression)
        return -value if isinstance(value, int | float) else NOT_LITERAL
    if isinstance(node, cst.Tuple | cst.List):
        values = [literal_value(element.value) for element in node.elements]
        if any(value is NOT_LITERAL for value in values):
            return NOT_LITERAL
        return tuple(values) if isinstance(node, cst.Tuple) else values
    return NOT_LITERAL


def size_of(run: Interpreter, node: cst.BaseExpression) -> Size:
    """The size that an expression gives: a number, or the name of a constant or of a constructor's argument."""
    value = run.facts.value(node)
    known = value.value if isinstance(value, Literal) and type(value.value) is int else None
    if isinstance(node, cst.Name):
        owner = run.scope.owner(node.value)
        if owner is not None:
            return Symbol(node.value, owner.function.qualified, known)
    return known


def _named(run: Interpreter, node: cst.NamedExpr) -> Value:
    from translator.source.statements import bind_target

    return bind_target(run, node.target, run.evaluate(node.value), node.value)


def _starred(run: Interpreter, node: cst.StarredElement) -> Value:
    return run.plain(node.value)


def _yield(run: Interpreter, node: cst.Yield | cst.Await) -> Value:
    inner = node.expression if isinstance(node, cst.Await) else node.value
    if isinstance(inner, cst.From):
        run.plain(inner.item)
    elif inner is not None:
        run.plain(inner)
    return UNKNOWN


HANDLERS: dict[type[cst.CSTNode], Callable[..., Value]] = {
    cst.Name: _name,
    cst.Integer: _number,
    cst.Float: _number,
    cst.Imaginary: _number,
    cst.SimpleString: _string,
    cst.ConcatenatedString: _concatenated,
    cst.FormattedString: _formatted,
    cst.Attribute: _attribute,
    cst.BinaryOperation: _binary,
    cst.Comparison: _comparison,
    cst.UnaryOperation: _unary,
    cst.BooleanOperation: _boolean,
    cst.IfExp: _conditional,
    cst.Tuple: _sequence,
    cst.List: _sequence,
    cst.Dict: _dictionary,
    cst.Set: _set,
    cst.ListComp: _comprehension,
    cst.GeneratorExp: _comprehension,
    cst.SetComp: _comprehension,
    cst.DictComp: _dict_comprehension,
    cst.Lambda: _lambda,
    cst.Subscript: _subscript,
    cst.NamedExpr: _named,
    cst.StarredElement: _starred,
    cst.Yield: _yield,
    cst.Await: _yield,
}
