"""Dicts: `dict(a=x)`, `OrderedDict([("a", x)])`, what they hold under names that are stated or computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.source.joins import join
from translator.source.literals import literal_value
from translator.source.sequences import element
from translator.source.values import (
    OTHERS,
    PLAIN,
    UNKNOWN,
    Dictionary,
    Each,
    Items,
    Literal,
    Value,
)

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def made(run: Interpreter, node: cst.Call) -> Value:
    """`OrderedDict(...)` and `dict(...)`; its arguments have been evaluated."""
    found = Dictionary()
    for argument in node.args:
        value = run.in_order(argument.value, run.facts.value(argument.value), target=False)
        if argument.keyword is not None:
            found = with_item(found, Literal(argument.keyword.value), value)
            continue
        held = value if isinstance(value, Dictionary) else _of_pairs(value)
        if held is None or argument.star == "*":
            return UNKNOWN
        found = merged(found, held)
    return found


def _of_pairs(value: Value) -> Dictionary | None:
    pairs = value.items if isinstance(value, Items) else (element(value),)
    found = Dictionary()
    for pair in pairs:
        if not isinstance(pair, Items) or len(pair.items) != 2:
            return None
        found = with_item(found, *pair.items)
    return found


def merged(first: Dictionary, second: Dictionary) -> Dictionary:
    """A dict after another one has been put into it."""
    held = dict(zip(first.keys, first.values, strict=True))
    held.update(zip(second.keys, second.values, strict=True))
    return Dictionary(tuple(held), tuple(held.values()))


def with_item(held: Dictionary, key: Value, value: Value) -> Dictionary:
    """The dict after `d[key] = value`; what has a key that is computed is held as one of the others."""
    if isinstance(key, Literal):
        return held.with_item(key.value, value)
    known = held.value(OTHERS)
    return held.with_item(OTHERS, value if known == UNKNOWN else join(known, value))


def entries(held: Dictionary) -> Items | Each:
    """The pairs of a dict: one by one where all keys are stated."""
    if OTHERS in held.keys:
        return Each(Items((PLAIN, element(Items(held.values)))))
    pairs = zip(held.keys, held.values, strict=True)
    return Items(tuple(Items((Literal(key), value)) for key, value in pairs))


def contents(held: Dictionary) -> Items | Each:
    """The values of a dict."""
    return Each(element(Items(held.values))) if OTHERS in held.keys else Items(held.values)


def pairs(node: cst.CSTNode) -> list[tuple[str, cst.BaseExpression, cst.CSTNode]] | None:
    """The names and members that a dict states, and what holds the layout of each; None for any other expression.

    `OrderedDict([("a", x)])`, `OrderedDict(a=x)`, `OrderedDict({"a": x})`, `{"a": x}`.
    """
    if isinstance(node, cst.Dict):
        items = [(e.key, e.value, e) for e in node.elements if isinstance(e, cst.DictElement)]
        return _stated(items, len(node.elements))
    if not isinstance(node, cst.Call) or _called(node) not in ("OrderedDict", "dict"):
        return None
    if all(a.keyword is not None for a in node.args):
        return [(a.keyword.value, a.value, a) for a in node.args if a.keyword is not None]
    inner = node.args[0].value if len(node.args) == 1 and not node.args[0].star else None
    if isinstance(inner, cst.List | cst.Tuple):
        held = [(e.value, e) for e in inner.elements if isinstance(e.value, cst.Tuple | cst.List)]
        found = [
            (pair.elements[0].value, pair.elements[1].value, e)
            for pair, e in held
            if len(pair.elements) == 2
        ]
        return _stated(found, len(inner.elements))
    return pairs(inner) if isinstance(inner, cst.Dict) else None


def _called(node: cst.Call) -> str:
    func = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
    return func.value if isinstance(func, cst.Name) else ""


def _stated(
    items: Sequence[tuple[cst.BaseExpression, cst.BaseExpression, cst.CSTNode]], count: int
) -> list[tuple[str, cst.BaseExpression, cst.CSTNode]] | None:
    names = [(literal_value(key), value, layout) for key, value, layout in items]
    found = [(key, value, layout) for key, value, layout in names if isinstance(key, str)]
    return found if len(found) == count else None
