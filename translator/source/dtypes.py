"""The types of tensors' elements: exact names such as "float32", or "float" and "int" where only the kind is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import libcst as cst

from translator.knowledge.lenses import Dtype, Side
from translator.source.literals import literal_value
from translator.source.values import (
    Api,
    Literal,
    Numpy,
    Plain,
    Real,
    RealOr,
    TensorValue,
    TypeOf,
    Value,
)

if TYPE_CHECKING:
    from translator.source.facts import Facts

KINDS = ("bool", "int", "float", "complex")
"""From the weakest to the strongest: where two meet, torch computes in the stronger."""

_NAMES = {
    "float": "float32",
    "double": "float64",
    "half": "float16",
    "long": "int64",
    "int": "int32",
    "short": "int16",
    "FloatTensor": "float32",
    "DoubleTensor": "float64",
    "HalfTensor": "float16",
    "LongTensor": "int64",
    "IntTensor": "int32",
    "ByteTensor": "uint8",
    "BoolTensor": "bool",
}
"""What the frameworks' shorter names stand for."""

EXACT = frozenset(
    "float16 bfloat16 float32 float64 int8 int16 int32 int64 uint8 bool complex64 complex128".split()
)


def kind(dtype: str | None) -> str | None:
    """The kind of an element type: "bool", "int", "float" or "complex"."""
    if dtype is None:
        return None
    return next(k for k in ("complex", "float", "int", "bool") if k in dtype)


def named(name: str) -> str | None:
    """The exact type behind a framework's or numpy's name for it: `torch.long`, `tf.float32`, `float32`."""
    last = name.rpartition(".")[2]
    last = last if name.startswith(("tf.", "numpy.")) else _NAMES.get(last, last)
    return last if last in EXACT else None


def stated(facts: Facts, node: cst.BaseExpression) -> str | None:
    """The type that an expression names; None where it cannot be read off."""
    value = facts.value(node)
    if isinstance(value, Literal) and isinstance(value.value, str):
        return named(value.value)
    if isinstance(value, TypeOf):
        return value.dtype
    return named(value.name) if isinstance(value, Api | Numpy) else None


def joined(a: str | None, b: str | None) -> str | None:
    """What is true of both."""
    return a if a == b else kind(a) if kind(a) == kind(b) else None


def of_data(value: Any, side: Side) -> str | None:
    """The type of a tensor made of Python numbers."""
    numbers = list(_flat(value))
    if not numbers:
        return "float32"
    if all(isinstance(n, bool) for n in numbers):
        return "bool"
    if all(isinstance(n, bool | int) for n in numbers):
        return "int64" if side == "torch" else "int32"
    return "float32" if all(isinstance(n, bool | int | float) for n in numbers) else None


def counts_to(
    facts: Facts, lens: Dtype, nodes: Sequence[cst.BaseExpression], side: Side
) -> str | None:
    """The type that follows from numbers where none is stated.

    Bounds of a range are whole unless the file says otherwise: TensorFlow raises where one is not.
    """
    from translator.source.bound import NOT_LITERAL

    values = [literal_value(node) for node in nodes]
    if nodes and lens.bounds and all(_is_whole(facts, node) for node in nodes):
        return of_data([1], side)
    return None if NOT_LITERAL in values or not values else of_data(values, side)


def _is_whole(facts: Facts, node: cst.BaseExpression) -> bool:
    value = facts.value(node)
    if isinstance(value, TensorValue):
        return kind(value.dtype) == "int"
    if isinstance(value, Literal):
        return type(value.value) is int
    if isinstance(value, Real | RealOr) or isinstance(node, cst.Float):
        return False
    if isinstance(node, cst.BinaryOperation):
        divides = isinstance(node.operator, cst.Divide)
        return not divides and _is_whole(facts, node.left) and _is_whole(facts, node.right)
    return True


def _flat(value: Any) -> Sequence[Any]:
    if isinstance(value, tuple | list):
        return [number for part in value for number in _flat(part)]
    return [value]


def combined(values: Sequence[Value], side: Side) -> str | None:
    """The type of an elementwise result; Python numbers give way to tensors of their kind."""
    found = [value.dtype for value in values if isinstance(value, TensorValue)]
    if None in found or not found:
        return "float" if any(kind(dtype) == "float" for dtype in found) else None
    strongest = max(map(kind, found), key=lambda k: KINDS.index(str(k)))
    same = {dtype for dtype in found if kind(dtype) == strongest}
    result = same.pop() if len(same) == 1 else strongest
    if not all(isinstance(value, TensorValue | Plain | Literal | RealOr) for value in values):
        return strongest if strongest == "float" else None
    if side == "tensorflow" or strongest in ("float", "complex"):
        return result
    for value in values:
        if isinstance(value, Real | RealOr):
            return "float32"
        if isinstance(value, Plain) or (
            isinstance(value, Literal) and not isinstance(value.value, int)
        ):
            return "float32" if isinstance(value, Literal) else None
        if isinstance(value, Literal) and type(value.value) is int and strongest == "bool":
            result = "int64"
    return result


def divided(dtype: str | None, side: Side) -> str | None:
    """The type of a true division: integers give floats."""
    if kind(dtype) in ("int", "bool"):
        return "float32" if side == "torch" else "float64"
    return dtype


def resulting(rule: str | None, given: str | None, side: Side) -> str | None:
    """The type of a record's result, by the record's rule and the type of its input.

    "float" stands for the input's own floats, "total" for sums, in which torch counts with 64 bits.
    """
    if rule == "float":
        if kind(given) in ("float", "complex"):
            return given
        return "float32" if given is not None and side == "torch" else "float"
    if rule == "total":
        return "int64" if side == "torch" and kind(given) in ("int", "bool") else given
    return given if rule is None else rule
