"""Lists and dicts: what they hold, and how that grows by `append`, `extend` and `d[key] = value`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.source import mappings
from translator.source.joins import detach, join
from translator.source.objects import ObjectValue
from translator.source.sequences import element
from translator.source.values import (
    OTHERS,
    PLAIN,
    UNKNOWN,
    Dictionary,
    Each,
    Items,
    Literal,
    MethodValue,
    Value,
)

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def method_call(run: Interpreter, method: MethodValue, values: Sequence[Value]) -> Value:
    """A method of a list or dict."""
    receiver = method.receiver
    if run.leaving:  # what a statement makes that is left to a person is not followed
        values = [UNKNOWN] * len(values)
    if isinstance(receiver, Dictionary):
        return _dictionary_method(run, method, receiver, values)
    if method.name == "append" and values:
        extend(run, method.owner, Items((values[0],)))
    elif method.name == "insert" and values:
        extend(run, method.owner, Each(values[-1]))
    elif method.name == "extend" and values:
        sequence = isinstance(values[0], Items | Each)
        extend(run, method.owner, values[0] if sequence else Each(element(values[0])))
    if method.name == "pop":
        return element(receiver)
    return receiver if method.name == "copy" else UNKNOWN


def extend(run: Interpreter, holder: cst.BaseExpression, added: Value) -> None:
    """`held += added`: exactly known for a name of the running function; else only what is in the list."""
    held = run.facts.value(holder)
    here = isinstance(holder, cst.Name) and run.scope.owner(holder.value) is run.scope
    grown = concatenated(held, added)
    rebind(run, holder, grown if here else _loosely(grown))


def concatenated(first: Value, second: Value) -> Value:
    """`first + second` of two lists."""
    if isinstance(first, Items) and isinstance(second, Items):
        return Items(first.items + second.items)
    return join(_loosely(first), _loosely(second))


def _loosely(held: Value) -> Value:
    """The same list without its length."""
    return Each(element(held)) if isinstance(held, Items) and held.items else held


def _dictionary_method(
    run: Interpreter, method: MethodValue, receiver: Dictionary, values: Sequence[Value]
) -> Value:
    key = values[0] if values else None
    if method.name == "values":
        return mappings.contents(receiver)
    if method.name == "items":
        return mappings.entries(receiver)
    if method.name == "keys":
        return Each(PLAIN) if OTHERS in receiver.keys else Items(tuple(map(Literal, receiver.keys)))
    if method.name in ("get", "pop") and isinstance(key, Literal):
        return receiver.value(key.value)
    if method.name in ("get", "pop"):
        return element(Items(receiver.values))
    if method.name == "update" and isinstance(key, Dictionary):
        rebind(run, method.owner, join(receiver, key))
    return receiver if method.name == "copy" else UNKNOWN


def put(run: Interpreter, holder: cst.BaseExpression, key: Value, value: Value) -> None:
    """`d[key] = value`."""
    held = run.facts.value(holder)
    detach(value)
    if isinstance(held, Dictionary):
        rebind(run, holder, mappings.with_item(held, key, value))
    elif isinstance(held, Items | Each):
        rebind(run, holder, join(held, Each(value)))


def rebind(run: Interpreter, holder: cst.BaseExpression, value: Value) -> None:
    """Let the name or attribute that holds a list or dict hold what it has become."""
    if isinstance(holder, cst.Name):
        scope = run.scope.owner(holder.value) or run.scope
        scope.names[holder.value] = value
    elif isinstance(holder, cst.Attribute):
        owner = run.facts.value(holder.value)
        if isinstance(owner, ObjectValue):
            owner.info.attributes[holder.attr.value] = value
