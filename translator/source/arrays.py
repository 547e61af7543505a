"""The shapes of numpy arrays, as far as the file states them: they give models their input sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.shapes import Shape
from translator.source.values import Items, Literal, NumpyArray, Plain, TensorValue, Value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter

_SIZED = frozenset({"zeros", "ones", "empty", "full"})
_DRAWN = frozenset({"rand", "randn"})
_BETWEEN = frozenset({"uniform", "normal", "integers", "randint"})
"""Draws that take two numbers, and then a size."""
_ALIKE = frozenset(
    {
        "astype",
        "copy",
        "asarray",
        "ascontiguousarray",
        "float32",
        "float64",
        "clip",
        "sin",
        "cos",
        "exp",
    }
)


def made(run: Interpreter, node: cst.Call, name: str, receiver: Value | None) -> NumpyArray:
    """What a call of a numpy function, or of a method of an array or generator, returns."""
    return NumpyArray(_shape(run, node, name.rpartition(".")[2], receiver))


def _shape(run: Interpreter, node: cst.Call, name: str, receiver: Value | None) -> Shape:
    size = next(
        (a.value for a in node.args if a.keyword is not None and a.keyword.value == "size"), None
    )
    plain = [a.value for a in node.args if a.keyword is None and not a.star]
    if size is not None:
        return _sizes(run, [size])
    if name in ("random", "standard_normal") and plain:
        return _sizes(run, plain[:1])
    if name in _SIZED and plain:
        return _sizes(run, plain[:1])
    if name in _DRAWN:
        return _sizes(run, plain)
    if name in _BETWEEN and len(plain) > 2:
        return _sizes(run, plain[2:3])
    if name == "array" and plain:
        return literal_shape(plain[0])
    if name == "linspace" and len(plain) > 2:
        return _sizes(run, plain[2:3])
    if name == "reshape" and isinstance(receiver, NumpyArray):
        return _sizes(run, plain)
    if name in _ALIKE:
        source = (
            receiver
            if isinstance(receiver, NumpyArray)
            else run.facts.value(plain[0])
            if plain
            else None
        )
        return source.shape if isinstance(source, NumpyArray | TensorValue) else None
    return None


def _sizes(run: Interpreter, given: Sequence[cst.BaseExpression]) -> Shape:
    from translator.source.described import size_of_or_literal

    if len(given) == 1 and isinstance(given[0], cst.Tuple | cst.List):
        given = [element.value for element in given[0].elements]
    sizes = [size_of_or_literal(run, g) for g in given]
    return tuple(None if size == -1 else size for size in sizes)


def are_several(value: Value) -> bool:
    """True for a list of arrays, as opposed to one of numbers."""
    return isinstance(value, Items) and not all(
        isinstance(item, Items | Literal | Plain) and not are_several(item) for item in value.items
    )


def data_shape(value: Value) -> Shape:
    """The shape of what a model is given: a tensor, an array, or nested lists of numbers."""
    if are_several(value):
        return None
    if isinstance(value, TensorValue | NumpyArray):
        return value.shape
    if isinstance(value, Literal | Plain):
        return ()
    if isinstance(value, Items) and value.items:
        inner = data_shape(value.items[0])
        return None if inner is None else (len(value.items), *inner)
    return None


def literal_shape(node: cst.BaseExpression | None) -> Shape:
    """The shape of nested lists of numbers."""
    if isinstance(node, cst.Integer | cst.Float):
        return ()
    if isinstance(node, cst.List | cst.Tuple) and node.elements:
        inner = literal_shape(node.elements[0].value)
        return None if inner is None else (len(node.elements), *inner)
    if isinstance(node, cst.UnaryOperation):
        return literal_shape(node.expression)
    return None
