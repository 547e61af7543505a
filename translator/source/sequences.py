"""What unpacking and iterating give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from translator.source.joins import join
from translator.source.objects import Built, ParametersValue
from translator.source.values import (
    BATCH_SIZE,
    OTHERS,
    PLAIN,
    UNKNOWN,
    BatchesValue,
    Dictionary,
    Each,
    Items,
    Literal,
    NumpyArray,
    ShapeOf,
    TensorValue,
    Value,
)


def unpack(value: Value, count: int, star: int | None = None) -> Sequence[Value]:
    """The parts of a value that is unpacked into `count` targets, of which that at `star` takes what is left over."""
    if star is not None:
        return _unpack_rest(value, star, count - star - 1)
    if isinstance(value, Items) and len(value.items) == count:
        return value.items
    if isinstance(value, ShapeOf) and count:
        return [BATCH_SIZE, *[PLAIN] * (count - 1)]
    return [element(value)] * count


def _unpack_rest(value: Value, before: int, behind: int) -> Sequence[Value]:
    """The parts of a value for `first, *rest, last`: so many targets stand before and behind the starred one."""
    parts = _written_out(value)
    if parts is None or len(parts) < before + behind:
        inner = element(value)
        first = BATCH_SIZE if isinstance(value, ShapeOf) else inner
        return [*[first, *[inner] * before][:before], Each(inner), *[inner] * behind]
    end = len(parts) - behind
    return [*parts[:before], Items(parts[before:end]), *parts[end:]]


def spliced(values: Sequence[Value], starred: Sequence[bool]) -> Value:
    """`[*first, second]`: known in full where all that is spread is."""
    parts: list[Value] = []
    for value, star in zip(values, starred, strict=True):
        spread = _written_out(value) if star else (value,)
        if spread is None:
            pairs = zip(values, starred, strict=True)
            return Each(reduce(join, [element(v) if s else v for v, s in pairs]))
        parts += spread
    return Items(tuple(parts))


def _written_out(value: Value) -> tuple[Value, ...] | None:
    """The elements of a sequence whose length is known."""
    if isinstance(value, Items):
        return value.items
    if isinstance(value, ShapeOf) and value.tensor.rank:
        return (BATCH_SIZE, *[PLAIN] * (value.tensor.rank - 1))
    return None


def batched(part: Value) -> Value:
    """Several samples in one tensor."""
    if isinstance(part, Items):
        return replace(part, items=tuple(map(batched, part.items)))
    if isinstance(part, Dictionary):
        return replace(part, values=tuple(map(batched, part.values)))
    if isinstance(part, TensorValue) and part.shape is not None:
        return replace(part, shape=(None, *part.shape))
    return part


def sample(value: Value) -> Value:
    """One sample of an array whose first axis runs through them, or of several such arrays."""
    if isinstance(value, Items):
        return Items(tuple(map(sample, value.items)))
    if isinstance(value, Dictionary):
        return replace(value, values=tuple(map(sample, value.values)))
    if isinstance(value, TensorValue | NumpyArray):
        shape = None if value.shape is None else value.shape[1:]
        return TensorValue(shape, dtype=value.dtype if isinstance(value, TensorValue) else None)
    return TensorValue()


def element(value: Value) -> Value:
    """What iterating over a value gives."""
    if isinstance(value, Items):
        if not value.items:
            return UNKNOWN
        joined = value.items[0]
        for item in value.items[1:]:
            joined = join(joined, item)
        return joined
    if isinstance(value, Each):
        return value.item
    if isinstance(value, ShapeOf):
        return PLAIN
    if isinstance(value, TensorValue):
        return replace(value, shape=None if value.shape is None else value.shape[1:], origin=None)
    if isinstance(value, ParametersValue):
        return TensorValue(tracked=True, leaf=True, dtype="float")
    if isinstance(value, BatchesValue):
        parts = tuple(batched(part) if value.batched else part for part in value.items)
        return parts[0] if len(parts) == 1 else Items(parts) if parts else Each(TensorValue())
    if isinstance(value, Built) and value.site.arguments.spelling.name == "torch.nn.Sequential":
        return element(Items(value.site.parts))
    if isinstance(value, Dictionary):
        keys = tuple(PLAIN if key is OTHERS else Literal(key) for key in value.keys)
        return element(Items(keys))
    return value if isinstance(value, NumpyArray) else UNKNOWN
