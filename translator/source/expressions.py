"""The value of each kind of expression but calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.names import canonical
from translator.source import classes, mappings, mixed, sequences, several
from translator.source.elementwise import binary, comparison, unary
from translator.source.imports import dotted, mathematics
from translator.source.joins import detach, join
from translator.source.literals import _CONSTANTS, NONE, stated
from translator.source.narrowing import narrowed, otherwise
from translator.source.objects import (
    Built,
    ClassValue,
    FunctionValue,
    ObjectValue,
    ParametersValue,
    SuperValue,
)
from translator.source.subscripts import subscript
from translator.source.tree import code_parts
from translator.source.values import (
    PLAIN,
    UNKNOWN,
    Api,
    BatchesValue,
    ClassName,
    DeviceValue,
    Dictionary,
    DistributionValue,
    Each,
    Fields,
    GradientValue,
    HistoryValue,
    Items,
    LayerValue,
    Literal,
    Mathematics,
    MethodValue,
    MetricValue,
    MixedValue,
    Numpy,
    NumpyArray,
    OneOf,
    Plain,
    SeveralValue,
    ShapeOf,
    TapeValue,
    TensorArrayValue,
    TensorValue,
    Tool,
    TypeOf,
    Value,
)

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter

_TENSOR_DATA = frozenset({"dtype", "device", "ndim"})
_ORDERED = frozenset({"shape", "grad", "data", "T", "mT"})


def _name(run: Interpreter, node: cst.Name) -> Value:
    constant = _CONSTANTS.get(node.value)
    if constant is not None:
        return constant
    found = run.scope.find(node.value)
    return run.stars.find(node.value) if found is None else found


def _number(run: Interpreter, node: cst.Integer | cst.Float | cst.Imaginary) -> Value:
    return Literal(stated(node.value))


def _string(run: Interpreter, node: cst.SimpleString | cst.ConcatenatedString) -> Value:
    value = stated(node.value) if isinstance(node, cst.SimpleString) else node.evaluated_value
    return Literal(value) if isinstance(value, str) else PLAIN


def _formatted(run: Interpreter, node: cst.FormattedString) -> Value:
    for part in node.parts:
        if isinstance(part, cst.FormattedStringExpression):
            run.plain(part.expression)
            for inner in part.format_spec or ():
                anything(run, inner)
    return PLAIN


def anything(run: Interpreter, node: cst.CSTNode) -> Value:
    """A node of no interest: only the expressions in it are evaluated."""
    for child in code_parts(node):
        if isinstance(child, cst.BaseExpression):
            run.plain(child)
        else:
            anything(run, child)
    return UNKNOWN


def _concatenated(run: Interpreter, node: cst.ConcatenatedString) -> Value:
    for part in (node.left, node.right):
        run.plain(part)
    return PLAIN


def _attribute(run: Interpreter, node: cst.Attribute) -> Value:
    if (variable := _class_of(node)) is not None:
        return ClassName(variable)
    return member(run, node, run.evaluate(node.value))


def _class_of(node: cst.Attribute) -> str | None:
    """The variable in `m.__class__.__name__` and `type(m).__name__`."""
    if node.attr.value != "__name__":
        return None
    inner, held = node.value, None
    if isinstance(inner, cst.Attribute) and inner.attr.value == "__class__":
        held = inner.value
    elif isinstance(inner, cst.Call) and isinstance(inner.func, cst.Name) and len(inner.args) == 1:
        held = inner.args[0].value if inner.func.value == "type" else None
    return held.value if isinstance(held, cst.Name) else None


def member(run: Interpreter, node: cst.Attribute, owner: Value) -> Value:
    """An attribute or method of a value."""
    name = node.attr.value
    if isinstance(owner, MixedValue):
        owner = run.facts.values[id(node.value)] = mixed.settle(run, owner)
    if isinstance(owner, SeveralValue):
        owner = run.facts.values[id(node.value)] = several.settle(run, owner)
    if isinstance(owner, Api):
        return Api(canonical(f"{owner.name}.{name}"))
    if isinstance(owner, TensorValue | GradientValue):
        return _tensor_attribute(run, node, owner, name)
    if isinstance(owner, DistributionValue):
        known = name in ("sample", "rsample", "log_prob", "entropy")
        return MethodValue(owner, name, node.value) if known else TensorValue(tracked=True)
    if isinstance(owner, ObjectValue):
        found = classes.read_attribute(run, owner.info, name, node)
        recent = run.scope.names.get(dotted(node)) if isinstance(found, OneOf) else None
        return recent if isinstance(recent, Built | OneOf) else found
    if isinstance(owner, OneOf) and all(isinstance(o, ObjectValue) for o in owner.options):
        return reduce(join, (member(run, node, option) for option in owner.options))
    if isinstance(owner, ClassValue):
        return classes.class_attribute(owner, name, node)
    if isinstance(owner, Built):
        return classes.built_attribute(run, owner, name, node)
    if isinstance(owner, Tool):
        return Tool(f"{owner.name}.{name}")
    if isinstance(owner, LayerValue):
        return classes.layer_attribute(run, owner, name, node)
    if isinstance(owner, Numpy):
        return Numpy(f"{owner.name}.{name}")
    if isinstance(owner, NumpyArray):
        return (
            PLAIN
            if name in ("shape", "size", "ndim", "dtype")
            else MethodValue(owner, name, node.value)
        )
    if isinstance(owner, Fields) and name in owner.names:
        return owner.items[owner.names.index(name)]
    if isinstance(owner, Mathematics):
        return mathematics(f"{owner.name}.{name}")
    if isinstance(owner, HistoryValue):
        run.facts.histories[id(node)] = node
        return PLAIN
    if isinstance(owner, Plain):
        return PLAIN
    if isinstance(owner, Dictionary) and name in owner.keys and not hasattr(dict, name):
        return owner.value(name)
    if isinstance(owner, MethodValue) and owner.name == "_modules" and name in _MEMBERS:
        return MethodValue(owner.receiver, _MEMBERS[name], owner.owner)
    held = BatchesValue | SuperValue | Items | Each | Dictionary | ParametersValue | TapeValue
    if isinstance(owner, BatchesValue) and name == "dataset":
        return replace(owner, batched=False)
    if isinstance(owner, held | MetricValue | ShapeOf | TensorArrayValue):
        return MethodValue(owner, name, node.value)
    if name in _TRAINED and run.side == "tensorflow" and run.uses_framework and owner == UNKNOWN:
        return ParametersValue(node.value)  # no other library has attributes of these names
    return UNKNOWN


_MEMBERS = {"items": "named_children", "values": "children"}
"""What methods of the dict `model._modules` are called for a model itself."""
_TRAINED = frozenset({"trainable_variables", "trainable_weights"})


def _tensor_attribute(
    run: Interpreter, node: cst.Attribute, owner: TensorValue | GradientValue, name: str
) -> Value:
    if isinstance(owner, GradientValue):
        return owner if name == "data" else MethodValue(owner, name, node.value)
    run.facts.reorders.pop(id(node.value), None)
    if name in _TENSOR_DATA:
        if name != "ndim":
            return DeviceValue() if name == "device" else TypeOf(owner.dtype)
        return PLAIN if owner.rank is None else Literal(owner.rank)
    if name not in _ORDERED:
        return MethodValue(owner, name, node.value)
    run.in_order(node.value, owner, target=False)
    if name == "shape":
        return ShapeOf(owner)
    if name == "grad":
        return GradientValue(owner.shape)
    if name == "data":
        return replace(owner, tracked=False, target_order=False, origin=None)
    if name == "T":
        return TensorValue(
            None if owner.shape is None else owner.shape[::-1], tracked=owner.tracked
        )
    shape = owner.shape
    turned = None if shape is None else (*shape[:-2], *shape[:-3:-1])
    return TensorValue(turned, tracked=owner.tracked, dtype=owner.dtype)


def _boolean(run: Interpreter, node: cst.BooleanOperation) -> Value:
    left = run.plain(node.left)
    before = run.scope.names
    shown = narrowed(run, node.left) if isinstance(node.operator, cst.And) else {}
    run.scope.names = {**before, **shown}
    right = run.plain(node.right)
    bound = {name: value for name, value in run.scope.names.items() if name not in shown}
    run.scope.names = {**bound, **before}
    return join(left, right)


def _conditional(run: Interpreter, node: cst.IfExp) -> Value:
    """One of two values; of two tensors both in the target's order where one of them is."""
    run.plain(node.test)
    sides = (node.body, node.orelse)
    before = run.scope.names
    values = []
    for side, shown in zip(
        sides, (narrowed(run, node.test), otherwise(run, node.test)), strict=True
    ):
        run.scope.names = {**before, **shown}
        values.append(run.evaluate(side))
    run.scope.names = before
    tensors = [value for value in values if isinstance(value, TensorValue)]
    ranks = {tensor.rank for tensor in tensors}
    alike = len(tensors) == 2 and len(ranks) == 1 and None not in ranks
    target = alike and any(tensor.target_order for tensor in tensors)
    ordered = [run.in_order(side, value, target) for side, value in zip(sides, values, strict=True)]
    return join(*ordered)


def _sequence(run: Interpreter, node: cst.Tuple | cst.List) -> Value:
    values = [run.plain(element.value) for element in node.elements]
    starred = [type(element) is cst.StarredElement for element in node.elements]
    return sequences.spliced(values, starred) if any(starred) else Items(tuple(values))


def _dictionary(run: Interpreter, node: cst.Dict) -> Value:
    """A dict; a layer in it is anonymous, and out of sight where a key is computed."""
    found: Dictionary | None = Dictionary()
    for element in node.elements:
        key = run.plain(element.key) if isinstance(element, cst.DictElement) else UNKNOWN
        value = run.plain(element.value)
        detach(value)
        if found is not None and isinstance(element, cst.DictElement):
            found = mappings.with_item(found, key, value)
        elif found is not None:
            found = mappings.merged(found, value) if isinstance(value, Dictionary) else None
    return UNKNOWN if found is None else found


def _set(run: Interpreter, node: cst.Set) -> Value:
    for element in node.elements:
        detach(run.plain(element.value))
    return UNKNOWN


def _comprehension(run: Interpreter, node: cst.ListComp | cst.GeneratorExp | cst.SetComp) -> Value:
    outer = dict(run.scope.names)
    _clauses(run, node.for_in)
    value = run.plain(node.elt)
    run.scope.names = outer
    return _trainable(run, node) or Each(value)


def _trainable(
    run: Interpreter, node: cst.ListComp | cst.GeneratorExp | cst.SetComp
) -> ParametersValue | None:
    """`[p for p in model.parameters() if p.requires_grad]`."""
    from translator.source.calls import is_trainable

    clause = node.for_in
    value = run.facts.value(clause.iter)
    if not isinstance(value, ParametersValue) or clause.inner_for_in is not None:
        return None
    same = isinstance(node.elt, cst.Name) and isinstance(clause.target, cst.Name)
    if not same or not clause.target.deep_equals(node.elt):
        return None
    return value if all(is_trainable(each.test, node.elt) for each in clause.ifs) else None


def _dict_comprehension(run: Interpreter, node: cst.DictComp) -> Value:
    outer = dict(run.scope.names)
    _clauses(run, node.for_in)
    key, value = run.plain(node.key), run.plain(node.value)
    detach(value)
    run.scope.names = outer
    return mappings.with_item(Dictionary(), PLAIN if isinstance(key, Literal) else key, value)


def _clauses(run: Interpreter, clause: cst.CompFor | None) -> None:
    from translator.source.sequences import element
    from translator.source.statements import bind_target

    while clause is not None:
        bind_target(run, clause.target, element(run.plain(clause.iter)), None)
        for condition in clause.ifs:
            run.plain(condition.test)
        clause = clause.inner_for_in


def _lambda(run: Interpreter, node: cst.Lambda) -> Value:
    from translator.source.functions import define

    return FunctionValue(define(run, node, "<lambda>", None))


def _named(run: Interpreter, node: cst.NamedExpr) -> Value:
    from translator.source.statements import bind_target

    return bind_target(run, node.target, run.evaluate(node.value), node.value)


def _starred(run: Interpreter, node: cst.StarredElement) -> Value:
    return run.plain(node.value)


def _yield(run: Interpreter, node: cst.Yield) -> Value:
    """`yield x`, in the source's axis order."""
    if isinstance(node.value, cst.From):
        value = sequences.element(run.plain(node.value.item))
    else:
        value = NONE if node.value is None else run.plain(node.value)
    detach(value)
    known = run.scope.function.yielded
    run.scope.function.yielded = value if known is None else join(known, value)
    return UNKNOWN


def _await(run: Interpreter, node: cst.Await) -> Value:
    run.plain(node.expression)
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
    cst.BinaryOperation: binary,
    cst.Comparison: comparison,
    cst.UnaryOperation: unary,
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
    cst.Subscript: subscript,
    cst.NamedExpr: _named,
    cst.StarredElement: _starred,
    cst.Yield: _yield,
    cst.Await: _await,
}
