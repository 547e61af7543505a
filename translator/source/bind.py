"""Binding the arguments of a call to the signature that a record gives."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import libcst as cst

from translator.knowledge.lenses import (
    Axis,
    Beside,
    Choice,
    Fixed,
    Follows,
    Inferred,
    Lens,
    Listed,
    Number,
    Padding,
    Same,
    Side,
    Tensor,
)
from translator.knowledge.records import Pair, Record
from translator.knowledge.signature import Parameter, Signature, parse
from translator.source.shown import shown
from translator.source.values import Api, Each, Items, Literal, Plain, ShapeOf, TensorValue, Value

Evaluate = Callable[[cst.BaseExpression], Any]
"""Gives the Python value of an expression, or `NOT_LITERAL`."""

Look = Callable[[cst.BaseExpression], Value]
"""Gives what is known of an expression."""

NOT_LITERAL = object()


@dataclass(frozen=True, slots=True)
class Arguments:
    """A call bound to a record: expressions by the parameter names of the record's first spelling.

    `many` holds what a `*` parameter collected. `problem` says why the call does not fit, "" where it does.
    """

    record: Record
    spelling: Signature
    values: dict[str, cst.BaseExpression] = field(default_factory=dict)
    many: dict[str, list[cst.BaseExpression]] = field(default_factory=dict)
    problem: str = ""


def bind(
    record: Record,
    spelling: str,
    side: Side,
    receiver: cst.BaseExpression | None,
    arguments: Iterable[cst.Arg],
    evaluate: Evaluate,
    look: Look,
) -> Arguments:
    """Bind a call; `receiver` is the tensor on which a method is called."""
    signature = parse(spelling)
    beside = frozenset(lens.tf for lens in record.args if isinstance(lens, Beside) and lens.tf)
    positions, keywords = _assign(signature, arguments, beside)
    bound = Arguments(record, signature)
    if isinstance(keywords, str):
        return Arguments(record, signature, problem=keywords)
    names = primary_names(record, signature, side)
    if receiver is not None:
        bound.values[_first_tensor(record, side)] = receiver
    for name, value in keywords.items():
        bound.values[names.get(name, name)] = value
    for name, values in positions.items():
        bound.many[names.get(name, name)] = values
    problem = _conditions(record, side, signature, bound, evaluate, look) or _kinds(
        record, side, signature, bound, look
    )
    return replace(bound, problem=problem)


def bind_layer_call(record: Record, side: Side, arguments: Iterable[cst.Arg]) -> Arguments:
    """Bind a call of a built layer or loss to the record's `called` signature."""
    signature = parse("call" + record.called[0 if side == "torch" else 1])
    positions, keywords = _assign(signature, arguments)
    if isinstance(keywords, str):
        return Arguments(record, signature, problem=keywords)
    return Arguments(record, signature, keywords, positions)


_UNSEEN = frozenset({"name"})
"""Keyword arguments of every Keras layer that change no number."""


def _assign(
    signature: Signature, arguments: Iterable[cst.Arg], beside: frozenset[str] = frozenset()
) -> tuple[dict[str, list[cst.BaseExpression]], dict[str, cst.BaseExpression] | str]:
    """Values of `*` parameters and of all others by name; a string in the second place is a problem."""
    plain = [p for p in signature.parameters if not p.keyword_only and not p.star]
    star = next((p.name for p in signature.parameters if p.star == "*"), None)
    values: dict[str, cst.BaseExpression] = {}
    many: list[cst.BaseExpression] = []
    for argument in arguments:
        if argument.star:
            if argument.star == "*" and star is not None and len(values) == len(plain):
                many.append(cst.StarredElement(argument.value))
                continue
            return {}, f"{argument.star}arguments cannot be followed"
        if argument.keyword is not None:
            name = argument.keyword.value
            if name in _UNSEEN and signature.name.startswith("keras."):
                continue
            if (signature.parameter(name) is None and name not in beside) or name in values:
                return {}, f"argument {name!r} of {signature.name} is not supported"
            values[name] = argument.value
        elif len(values) < len(plain):
            values[plain[len(values)].name] = argument.value
        elif star is not None:
            many.append(argument.value)
        else:
            return {}, f"{signature.name} takes fewer positional arguments than it is given"
    missing = [p.name for p in plain if p.default is None and p.name not in values]
    if missing:
        return {}, f"{signature.name} misses its argument {missing[0]!r}"
    return ({star: many} if star is not None else {}), values


def _first_tensor(record: Record, side: Side) -> str:
    return next(
        name for lens in record.args if isinstance(lens, Tensor) and (name := lens.name(side))
    )


def primary_names(record: Record, signature: Signature, side: Side) -> dict[str, str]:
    """From the parameter names of one spelling to those of the record's first spelling of that side."""
    known = {lens.name(side) for lens in record.args}
    first = parse(record.spellings(side)[0])
    offset = 1 if signature.kind in ("method", "layer") and first.kind == "function" else 0
    names: dict[str, str] = {}
    for position, parameter in enumerate(signature.parameters):
        if parameter.name in known or position + offset >= len(first.parameters):
            names[parameter.name] = parameter.name
        else:
            names[parameter.name] = first.parameters[position + offset].name
    return names


def _conditions(
    record: Record,
    side: Side,
    signature: Signature,
    bound: Arguments,
    evaluate: Evaluate,
    look: Look,
) -> str:
    names = {lens.name(side): lens for lens in record.args}
    for lens in record.args:
        name = lens.name(side)
        if name is None or not isinstance(lens, Fixed | Choice):
            continue
        parameter = signature.parameter(name)
        given = bound.values.get(name)
        if given is None and (parameter is None or parameter.default is None):
            continue
        value = literal(parameter.default if parameter else None)
        if given is not None:
            found = look(given)
            value = found.name if isinstance(found, Api) else evaluate(given)
        if not _holds(lens, value, side):
            return f"{name}={_show(given, parameter)} of {signature.name} has no equivalent"
    for lens in record.args:
        if isinstance(lens, Padding) and not _pads_alike(
            lens, record, side, signature, bound, evaluate
        ):
            return f"this padding of {signature.name} has no equivalent in one layer"
    for name, value in bound.values.items():
        if name not in names:
            parameter = signature.parameter(name)
            if (
                parameter is None
                or parameter.default is None
                or evaluate(value) != literal(parameter.default)
            ):
                return f"argument {name!r} of {signature.name} is not supported"
    return ""


def _kinds(record: Record, side: Side, signature: Signature, bound: Arguments, look: Look) -> str:
    """What keeps a call from a record by the kinds of its arguments; "" where they fit."""
    own = {first: name for name, first in primary_names(record, signature, side).items()}
    for lens in record.args:
        name = str(lens.name(side))
        parameter = signature.parameter(own.get(name, name))
        given = bound.values.get(name)
        if given is None and (parameter is None or parameter.default != "None"):
            continue
        value = Literal(None) if given is None else look(given)
        why = _misfit(record, side, lens, value)
        if why:
            return f"{name}={_show(given, parameter)} of {signature.name} {why}"
    return ""


def _misfit(record: Record, side: Side, lens: Lens, value: Value) -> str:
    """Why a value cannot be what a lens takes, "" where it can."""
    none = value == Literal(None)
    if none and _needs_value(record, side, lens):
        return "has no equivalent"
    if isinstance(lens, Number) or (isinstance(lens, Axis) and lens.needs in ("number", "one")):
        if not _is_number(value) and not none:
            return "is not seen to be a number"
    if isinstance(lens, Listed) and not isinstance(value, Items | Each):
        return "is not seen to be a list"
    if isinstance(lens, Inferred) and lens.alone and not _is_size(value):
        return "is not seen to be one size"
    if isinstance(lens, Tensor) and lens.rank and isinstance(value, TensorValue):
        if value.rank not in (None, lens.rank):
            return f"has {value.rank} axes, not {lens.rank}"
    if isinstance(lens, Tensor) and lens.known and not isinstance(value, TensorValue):
        return "is not seen to be a tensor"
    return ""


def _is_size(value: Value) -> bool:
    """True for a number, a list of one, or something unknown that may be a number."""
    if isinstance(value, Items):
        return len(value.items) == 1
    return not isinstance(value, Each | ShapeOf | TensorValue)


def _is_number(value: Value) -> bool:
    if isinstance(value, Literal):
        return isinstance(value.value, int | float) and not isinstance(value.value, bool)
    return isinstance(value, Plain)


def _needs_value(record: Record, side: Side, lens: Lens) -> bool:
    """True where None means something that the other side cannot say: it has no default there."""
    if isinstance(lens, Axis) and lens.needs in ("value", "number"):
        return True
    other: Side = "tensorflow" if side == "torch" else "torch"
    name = lens.name(other)
    if name is None or isinstance(record, Pair) or isinstance(lens, Fixed | Choice | Follows):
        return False
    target = parse(record.spellings(other)[0]).parameter(name)
    return target is not None and target.default is None and target.star != "*"


def _pads_alike(
    lens: Padding,
    record: Record,
    side: Side,
    signature: Signature,
    bound: Arguments,
    evaluate: Evaluate,
) -> bool:
    """True if a padding means the same on both sides: none, or half of an odd kernel at stride 1."""

    def known(torch: str) -> Any:
        rule = next((other for other in record.args if other.torch == torch), None)
        name = None if rule is None else rule.name(side)
        if name is None:
            return 1
        if name in bound.values:
            return evaluate(bound.values[name])
        parameter = signature.parameter(name)
        return literal(parameter.default) if parameter is not None else NOT_LITERAL

    padding = known("padding")
    if padding in (0, "valid") or padding == (0, 0):
        return True
    if not any(other.torch == "dilation" and isinstance(other, Same) for other in record.args):
        return False  # pooling fills and counts its border in another way
    stride, kernel, gap = known("stride"), known("kernel_size"), known("dilation")
    if stride not in (1, (1, 1)):
        return False
    if padding == "same":
        return True
    pads, sizes, gaps = _pair(padding), _pair(kernel), _pair(gap)
    numbers = [n for values in (pads, sizes, gaps) for n in values]
    if not all(isinstance(n, int) for n in numbers):
        return False
    return all(2 * p == g * (k - 1) for p, k, g in zip(pads, sizes, gaps, strict=False))


def _pair(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value, value)


def _holds(lens: Lens, value: Any, side: Side) -> bool:
    if isinstance(lens, Fixed):
        return value is not NOT_LITERAL and any(
            value == literal(text) for text in (lens.value, *lens.others)
        )
    if isinstance(lens, Choice):
        column = 0 if side == "torch" else 1
        return any(
            value is not NOT_LITERAL and value == literal(row[column]) for row in lens.values
        )
    return True


@functools.cache
def literal(text: str | None) -> Any:
    """The Python value of a default in a signature; the text itself where it is a name."""
    if text is None:
        return NOT_LITERAL
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def _show(given: cst.BaseExpression | None, parameter: Parameter | None) -> str:
    if given is None:
        return str(parameter.default if parameter else None)
    return shown(given)
