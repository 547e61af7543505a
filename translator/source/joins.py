"""What is true of two values at once: where flows meet."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from translator.knowledge.shapes import Shape
from translator.source.dtypes import joined
from translator.source.literals import NONE
from translator.source.objects import Built, ClassValue, FunctionValue, ObjectValue, Site
from translator.source.reference import handed
from translator.source.values import (
    PLAIN,
    UNKNOWN,
    Api,
    Dictionary,
    Each,
    Handed,
    Items,
    Literal,
    NumpyArray,
    OneOf,
    Partial,
    Plain,
    TensorValue,
    Value,
)


def join(a: Value, b: Value) -> Value:
    """The most that is true of both; axis orders that disagree give source order, which the caller must enforce."""
    if a == b:
        return a
    if isinstance(a, ObjectValue) and isinstance(b, ObjectValue) and a.info is b.info:
        return ObjectValue(a.info, a.made | b.made)
    if isinstance(a, Api) or isinstance(b, Api):
        x, y = handed(a, "torch"), handed(b, "torch")
        if (x, y) != (a, b):
            return join(x, y)
    for value, other in ((a, b), (b, a)):
        if isinstance(value, Handed) and other == UNKNOWN:
            return value
    if isinstance(a, TensorValue) and isinstance(b, TensorValue):
        return TensorValue(
            shape=join_shapes(a.shape, b.shape),
            target_order=a.target_order and b.target_order,
            tracked=a.tracked or b.tracked,
            leaf=a.leaf and b.leaf,
            dtype=joined(a.dtype, b.dtype),
            origin=a.origin if a.origin == b.origin else None,
            last=a.last if a.last == b.last else None,
            parameters=a.parameters | b.parameters,
            follows=a.follows and b.follows,
            shaped_by=a.shaped_by if a.shaped_by == b.shaped_by else None,
        )
    if isinstance(a, NumpyArray) and isinstance(b, NumpyArray):
        return NumpyArray(join_shapes(a.shape, b.shape))
    if isinstance(a, Items) and isinstance(b, Items) and len(a.items) == len(b.items):
        return Items(tuple(join(x, y) for x, y in zip(a.items, b.items, strict=True)))
    if isinstance(a, Dictionary) and isinstance(b, Dictionary):
        return _joined_dictionaries(a, b)
    if (some := _or_none(a, b)) is not None:
        return some
    if isinstance(a, Items | Each) and isinstance(b, Items | Each):
        return _joined_sequences(a, b)
    if isinstance(a, Built) and isinstance(b, Built) and _train_the_same(a.site, b.site):
        if b.site not in a.site.instead:
            a.site.instead.append(b.site)
        return a
    if (first := _options(a)) and (second := _options(b)):
        return _one_of((*first, *second))
    if (
        isinstance(a, Literal | Plain)
        and isinstance(b, Literal | Plain)
        and None
        not in (
            getattr(a, "value", 0),
            getattr(b, "value", 0),
        )
    ):
        return PLAIN
    detach(a)
    detach(b)
    return UNKNOWN


def detach(value: Value) -> None:
    """Note that an object went where its calls cannot be followed."""
    if isinstance(value, Built):
        value.site.detached = True
    for inner in members(value):
        detach(inner)


def members(value: Value) -> tuple[Value, ...]:
    """The values that a list, a dict or a choice holds."""
    if isinstance(value, Items):
        return value.items
    if isinstance(value, Dictionary):
        return value.values
    if isinstance(value, OneOf):
        return value.options
    return (value.item,) if isinstance(value, Each) else ()


def _joined_sequences(a: Items | Each, b: Items | Each) -> Value:
    """Sequences of different lengths: only what is in them is known."""
    inner = (*members(a), *members(b))
    return Each(reduce(join, inner)) if inner else a


def _joined_dictionaries(a: Dictionary, b: Dictionary) -> Dictionary:
    for key, value in zip(b.keys, b.values, strict=True):
        a = a.with_item(key, join(a.value(key), value) if key in a.keys else value)
    return a


def _or_none(a: Value, b: Value) -> Value | None:
    """The other value where one is None: whatever asks more of it than its presence fails on None, on both sides."""
    for value, other in ((a, b), (b, a)):
        if value == NONE and not isinstance(other, Literal | Plain) and other != UNKNOWN:
            return other
    return None


def _options(value: Value) -> tuple[Value, ...]:
    """What a callable may be; nothing for a value that is not known to be one."""
    if isinstance(value, OneOf):
        return value.options
    callables = (Built, FunctionValue, ObjectValue, ClassValue, Handed, Partial)
    return (value,) if isinstance(value, callables) else ()


def _train_the_same(a: Site, b: Site) -> bool:
    """True for two optimizers of which one stands for the other: they train the same parameters."""
    if not a.is_optimizer or not b.is_optimizer or a.scope != b.scope:
        return False
    given = a.arguments.values.get("params"), b.arguments.values.get("params")
    if given[0] is None or given[1] is None:
        return given[0] is given[1]
    return given[0].deep_equals(given[1])


def _alike(a: Value, b: Value) -> bool:
    """True for the same thing, and for two objects of one class."""
    objects = isinstance(a, ObjectValue) and isinstance(b, ObjectValue)
    return a == b or (objects and a.info is b.info)  # type: ignore[attr-defined]


def _one_of(options: tuple[Value, ...]) -> Value:
    """A choice of callables, each once; one of too many is anything."""
    distinct: list[Value] = []
    for option in options:
        same = next((i for i, other in enumerate(distinct) if _alike(option, other)), None)
        if same is None:
            distinct.append(option)
        else:
            distinct[same] = join(distinct[same], option)
    if len(distinct) > _MOST_OPTIONS:
        for option in distinct:
            detach(option)
        return UNKNOWN
    return OneOf(tuple(distinct))


_MOST_OPTIONS = 64


def join_shapes(a: Shape, b: Shape) -> Shape:
    """Sizes that agree; None where they do not."""
    if a is None or b is None or len(a) != len(b):
        return None
    return tuple(x if x == y else None for x, y in zip(a, b, strict=True))


def source_order(value: Value) -> Value:
    """The same value, held in the source's axis order."""
    if isinstance(value, TensorValue) and (value.target_order or value.follows):
        return replace(value, target_order=False, follows=False)
    return value
