"""What a model is given: the shapes that its `keras.Input`s state, where its class is known to be made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.shapes import Shape, Size, Symbol
from translator.source.dtypes import stated
from translator.source.functions import give, parameters
from translator.source.made import argument
from translator.source.objects import FunctionInfo
from translator.source.sizes import bound_once, size_of
from translator.source.values import Dictionary, Items, Literal, TensorValue, Value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter

Inputs = Mapping[str | int | None, cst.Call]
"""The calls of `keras.Input`, by their place in what the model is given: alone, in a list, in a dict."""


def give_inputs(run: Interpreter, constructor: FunctionInfo) -> None:
    """Tell the forward pass of a class what it is given, at the end of the constructor, whose names say the sizes."""
    owner = constructor.owner
    forward = None if owner is None or constructor.name != "__init__" else owner.forward
    inputs = None if forward is None else run.inputs.get(id(forward.node))
    if inputs is None or forward is None or forward.node is None:
        return
    values = {key: _tensor(run, made) for key, made in inputs.items()}
    name = parameters(forward.node)[1].name.value
    give(run, forward, name, _together(values))


def _together(values: dict[str | int | None, TensorValue]) -> Value:
    if None in values:
        return values[None]
    if all(isinstance(key, int) for key in values):
        return Items(tuple(values.values()))
    return Dictionary(tuple(values), tuple(values.values()))


def _tensor(run: Interpreter, made: cst.Call) -> TensorValue:
    given, dtype = argument(made, 0, "shape"), argument(made, -1, "dtype")
    known = None if dtype is None else stated(run.facts, dtype)
    if given is None:
        return TensorValue(dtype=known)
    run.plain(given)
    shape = _shape(run, given)
    last = None if shape is not None else _element(run, given, -1, None)
    return TensorValue(shape, dtype=known or "float32", last=last)


def _shape(run: Interpreter, node: cst.BaseExpression) -> Shape:
    if isinstance(node, cst.Name) and node.value in run.constants:
        node = run.constants[node.value]
    if isinstance(node, cst.Tuple | cst.List):
        if any(isinstance(element, cst.StarredElement) for element in node.elements):
            return None
        return (None, *(size_of(run, element.value) for element in node.elements))
    value = run.facts.value(node)
    if not isinstance(value, Items):
        return None
    count = len(value.items)
    return (None, *(_element(run, node, i - count, item) for i, item in enumerate(value.items)))


def _element(run: Interpreter, node: cst.BaseExpression, index: int, item: Value | None) -> Size:
    """`input_shape[-1]`, with its number where that is known."""
    number = item.value if isinstance(item, Literal) and type(item.value) is int else None
    owner = run.scope.owner(node.value) if isinstance(node, cst.Name) else None
    if owner is None or not isinstance(node, cst.Name):
        return number
    if isinstance(item, Literal) and item.value is None:
        return None
    if not bound_once(run, owner.function, node.value):
        return number
    return Symbol(f"{node.value}[{index}]", owner.function.qualified, number)
