"""A call bound to a record: what it holds, by the names of the record's first spelling."""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import libcst as cst

from translator.knowledge.lenses import (
    Side,
)
from translator.knowledge.records import Record
from translator.knowledge.signature import Signature, parse
from translator.source.values import Value

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


def single_sizes(bound: Arguments, name: str) -> list[cst.BaseExpression] | None:
    """The sizes of a shape one by one: `x.view(2, 3)`, `x.view((2, 3))`; None where some are not written out."""
    given = bound.many.get(name) or [node for node in [bound.values.get(name)] if node is not None]
    if len(given) == 1 and isinstance(given[0], cst.Tuple | cst.List):
        elements = given[0].elements
        starred = any(isinstance(element, cst.StarredElement) for element in elements)
        return None if starred else [element.value for element in elements]
    starred = any(isinstance(node, cst.StarredElement) for node in given)
    return None if starred or name not in bound.many else given


def rest(bound: Arguments) -> dict[str, cst.BaseExpression]:
    """The keyword arguments that no parameter of its own takes."""
    own = {lens.torch for lens in bound.record.args} | {lens.tf for lens in bound.record.args}
    return {name: node for name, node in bound.values.items() if name not in own}


@functools.cache
def literal(text: str | None) -> Any:
    """The Python value of a default in a signature; the text itself where it is a name."""
    if text is None:
        return NOT_LITERAL
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text
