"""Binding the arguments of a call to the signature that a record gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import libcst as cst

from translator.knowledge.lenses import (
    Beside,
    Side,
    Tensor,
)
from translator.knowledge.records import Record
from translator.knowledge.signature import Signature, parse
from translator.source.bound import Arguments, Evaluate, Look, primary_names
from translator.source.fits import conditions, kinds
from translator.source.instances import HINT
from translator.source.values import Dictionary


def bind(
    record: Record,
    spelling: str,
    side: Side,
    receiver: cst.BaseExpression | None,
    arguments: Iterable[cst.Arg],
    evaluate: Evaluate,
    look: Look,
    whole: bool = True,
) -> Arguments:
    """Bind a call; `receiver` is the tensor on which a method is called; one that is not whole may miss arguments."""
    signature = parse(spelling)
    beside = frozenset(lens.tf for lens in record.args if isinstance(lens, Beside) and lens.tf)
    given = [a for a in arguments if a.star != "**" or look(a.value) != Dictionary()]
    positions, keywords = _assign(signature, given, beside, whole)
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
    if side == "tensorflow" and signature.name.startswith("tf.nn."):
        for name in _WINDOWS & bound.values.keys():
            bound.values[name] = _of_space(bound.values[name], record.rank)
    problem = conditions(record, side, signature, bound, evaluate, look) or kinds(
        record, side, signature, bound, look
    )
    return replace(bound, problem=problem)


_WINDOWS = frozenset({"ksize", "strides", "dilations"})


def _of_space(given: cst.BaseExpression, rank: int | None) -> cst.BaseExpression:
    """The sizes along the axes of space: TensorFlow's functions also take ones for the batch and the channels."""
    if not isinstance(given, cst.List | cst.Tuple) or len(given.elements) != rank:
        return given
    batch, *inner, channels = (element.value for element in given.elements)
    if any(not isinstance(end, cst.Integer) or end.value != "1" for end in (batch, channels)):
        return given
    if all(size.deep_equals(inner[0]) for size in inner):
        return inner[0]
    last = given.elements[-2].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return given.with_changes(elements=[*given.elements[1:-2], last])


def bind_layer_call(record: Record, side: Side, arguments: Iterable[cst.Arg]) -> Arguments:
    """Bind a call of a built layer or loss to the record's `called` signature."""
    signature = parse("call" + record.called[0 if side == "torch" else 1])
    positions, keywords = _assign(signature, arguments)
    if isinstance(keywords, str):
        return Arguments(record, signature, problem=keywords)
    return Arguments(record, signature, keywords, positions)


_UNSEEN = frozenset({"name", HINT})
"""Keyword arguments of every Keras layer that change no number."""
IN_TRAINING = ("regularizer", "constraint")
"""How arguments of Keras's layers end that change what is trained, and nothing of what the layer computes."""


def is_unseen(signature: Signature, name: str) -> bool:
    """True for an argument that no signature has because it changes no number that the layer gives."""
    if name == "verbose":  # older schedules of torch told of each change
        return signature.name.startswith("torch.optim.lr_scheduler.")
    return name in _UNSEEN or (name.endswith(IN_TRAINING) and signature.parameter(name) is None)


def _today(signature: Signature, name: str) -> str:
    """The name that a parameter has now: `Adam(lr=0.1)` of an older Keras."""
    older = name == "lr" and signature.parameter("learning_rate") is not None
    return "learning_rate" if older and signature.name.startswith("keras.") else name


def _of_keras(signature: Signature) -> bool:
    """True for a class of Keras, and for one that is written into a file and may be derived from it."""
    return signature.name.startswith("keras.") or "." not in signature.name


def _assign(
    signature: Signature,
    arguments: Iterable[cst.Arg],
    beside: frozenset[str] = frozenset(),
    whole: bool = True,
) -> tuple[dict[str, list[cst.BaseExpression]], dict[str, cst.BaseExpression] | str]:
    """Values of `*` parameters and of all others by name; a string in the second place is a problem."""
    plain = [p for p in signature.parameters if not p.keyword_only and not p.star]
    star = next((p.name for p in signature.parameters if p.star == "*"), None)
    open_ = any(p.star == "**" for p in signature.parameters)
    values: dict[str, cst.BaseExpression] = {}
    many: list[cst.BaseExpression] = []
    for argument in arguments:
        if argument.star:
            if argument.star == "*" and star is not None and len(values) == len(plain):
                many.append(cst.StarredElement(argument.value))
                continue
            if argument.star == "**" and open_:
                values[f"**{len(values)}"] = argument.value
                continue
            return {}, f"{argument.star}arguments cannot be followed"
        if argument.keyword is not None:
            name = _today(signature, argument.keyword.value)
            if (_of_keras(signature) or name == "verbose") and is_unseen(signature, name):
                continue
            unknown = signature.parameter(name) is None and name not in beside and not open_
            if unknown or name in values:
                return {}, f"argument {name!r} of {signature.name} is not supported"
            if name == star:  # `torch.zeros(size=(2, 3))`
                many.append(argument.value)
                continue
            values[name] = argument.value
        elif len(values) < len(plain):
            values[plain[len(values)].name] = argument.value
        elif star is not None:
            many.append(argument.value)
        else:
            return {}, f"{signature.name} takes fewer positional arguments than it is given"
    needed = [p.name for p in signature.parameters if p.default is None and not p.star]
    missing = [name for name in needed if name not in values]
    if missing and whole:
        return {}, f"{signature.name} misses its argument {missing[0]!r}"
    return ({star: many} if star is not None else {}), values


def _first_tensor(record: Record, side: Side) -> str:
    return next(
        name for lens in record.args if isinstance(lens, Tensor) and (name := lens.name(side))
    )
