"""Indexing: tensors, arrays, shapes, lists, containers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.shapes import Shape, Size, number
from translator.source import classes
from translator.source.dtypes import kind
from translator.source.facts import to_target
from translator.source.literals import NONE, literal_value
from translator.source.objects import Built, ParametersValue
from translator.source.reference import held
from translator.source.sequences import element
from translator.source.values import (
    BATCH_SIZE,
    PLAIN,
    UNKNOWN,
    Api,
    Dictionary,
    Each,
    GradientValue,
    Items,
    Literal,
    Numpy,
    NumpyArray,
    Plain,
    ShapeOf,
    TensorValue,
    Value,
)

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def subscript(run: Interpreter, node: cst.Subscript) -> Value:
    """`x[i]`."""
    owner = run.evaluate(node.value)
    indices = [_index(run, element.slice) for element in node.slice]
    whole = [_is_whole(element.slice) for element in node.slice]
    if isinstance(owner, ShapeOf):
        return _size_at(run, node, owner)
    if isinstance(owner, TensorValue) and (part := _in_target_order(run, node, owner, whole)):
        return part
    owner = run.in_order(node.value, owner, target=False)
    if isinstance(owner, TensorValue):
        shape = _indexed(owner.shape, *_spread(node, indices, whole, owner.rank))
        return replace(owner, shape=shape, leaf=False, origin=None)
    if isinstance(owner, ParametersValue):
        classes.touch(run, owner.model, node)
        return element(owner)
    if isinstance(owner, Items | Each):
        index = indices[0] if len(indices) == 1 else None
        return _item(owner, index)
    if isinstance(owner, Dictionary):
        return _held(owner, indices[0] if len(indices) == 1 else None)
    if isinstance(owner, Built):
        return classes.part(owner, indices[0] if len(indices) == 1 else None)
    if isinstance(owner, NumpyArray):
        return NumpyArray(_indexed(owner.shape, indices, whole))
    return owner if isinstance(owner, GradientValue | Plain) else UNKNOWN


def place(run: Interpreter, node: cst.Subscript, value: Value) -> TensorValue | None:
    """The part of a tensor that a value is written to, None for anything else; the tensor is in the source's order."""
    owner = run.evaluate(node.value)
    if not isinstance(owner, TensorValue):
        return None
    plain = run.in_order(node.value, owner, target=False)
    assert isinstance(plain, TensorValue)
    if isinstance(node.value, cst.Name) and not plain.leaf:
        tracked = plain.tracked or (isinstance(value, TensorValue) and value.tracked)
        run.assign(node.value.value, replace(plain, tracked=tracked))
    run.facts.axes.pop(id(node), None)
    indices = [_index(run, element.slice) for element in node.slice]
    whole = [_is_whole(element.slice) for element in node.slice]
    shape = _indexed(plain.shape, *_spread(node, indices, whole, plain.rank))
    part = replace(plain, shape=shape, leaf=False, origin=None)
    run.facts.values[id(node)] = part
    return part


def _in_target_order(
    run: Interpreter, node: cst.Subscript, owner: TensorValue, whole: Sequence[bool]
) -> TensorValue | None:
    """Ranges of a tensor in the target's order, written in that order: `x[:, :3]` as `x[..., :3]`."""
    run.facts.axes.pop(id(node), None)
    given = [e.slice for e in node.slice if not is_ellipsis(e.slice)]
    slices = all(isinstance(part, cst.Slice) for part in given)
    if not owner.target_order or owner.rank is None or not slices or len(given) > owner.rank:
        return None
    run.in_order(node.value, owner, target=True)
    run.facts.axes[id(node)] = to_target(run.side, owner.rank)
    shape = _indexed(owner.shape, *_spread(node, [None] * len(whole), whole, owner.rank))
    return replace(owner, shape=shape, leaf=False, origin=None)


def is_ellipsis(node: cst.BaseSlice) -> bool:
    """True for the `...` of `x[..., 0]`."""
    return isinstance(node, cst.Index) and isinstance(node.value, cst.Ellipsis)


def _spread(
    node: cst.Subscript, indices: Sequence[Value | None], whole: Sequence[bool], rank: int | None
) -> tuple[list[Value | None], list[bool]]:
    """The indices by axis, with whole axes in the place of an ellipsis."""
    places = [place for place, element in enumerate(node.slice) if is_ellipsis(element.slice)]
    if len(places) != 1 or rank is None:
        return list(indices), list(whole)
    (place,) = places
    count = rank - sum(not _is_new_axis(i) for n, i in enumerate(indices) if n != place)
    return (
        [*indices[:place], *[None] * count, *indices[place + 1 :]],
        [*whole[:place], *[True] * count, *whole[place + 1 :]],
    )


def _item(owner: Items | Each, index: Value | None) -> Value:

    if isinstance(owner, Items) and isinstance(index, Literal) and isinstance(index.value, int):
        if -len(owner.items) <= index.value < len(owner.items):
            return owner.items[index.value]
    return owner if index is None else element(owner)


def _held(owner: Dictionary, key: Value | None) -> Value:
    found = owner.value(key.value) if isinstance(key, Literal) else element(Items(owner.values))
    return UNKNOWN if isinstance(held(found), Api) else held(found)


def _index(run: Interpreter, node: cst.BaseSlice) -> Value | None:
    """The value of one index, None for a slice."""
    if isinstance(node, cst.Index):
        return run.plain(node.value)
    assert isinstance(node, cst.Slice)
    for part in (node.lower, node.upper, node.step):
        if part is not None:
            run.plain(part)
    return None


def _indexed(shape: Shape, indices: Sequence[Value | None], whole: Sequence[bool]) -> Shape:
    """What is left of a shape; `whole` marks slices of a whole axis."""
    taken = [index for index in indices if not _is_new_axis(index)]
    if shape is None or len(taken) > len(shape):
        return None
    if not all(index is None or _is_int(index) or _are_places(index) for index in taken):
        return None
    if sum(map(_are_places, taken)) > 1:
        return None
    kept: list[Size] = []
    axis = 0
    for index, all_of_it in zip(indices, whole, strict=True):
        if _is_new_axis(index):
            kept.append(1)
            continue
        if isinstance(index, TensorValue):
            kept += index.shape or ()
        elif index is None:
            kept.append(shape[axis] if all_of_it else None)
        axis += 1
    return (*kept, *shape[axis:])


def _is_new_axis(index: Value | None) -> bool:
    """True for None, `np.newaxis` and `tf.newaxis`."""
    return index == NONE or (
        isinstance(index, Numpy | Api) and index.name.rpartition(".")[2] == "newaxis"
    )


def _is_whole(node: cst.BaseSlice) -> bool:
    return type(node) is cst.Slice and not (node.lower or node.upper or node.step)


def _is_int(value: Value | None) -> bool:
    return isinstance(value, Literal) and type(value.value) is int


def _are_places(value: Value | None) -> bool:
    """True for a tensor of whole numbers with a known number of axes."""
    return isinstance(value, TensorValue) and value.rank is not None and kind(value.dtype) == "int"


def _size_at(run: Interpreter, node: cst.Subscript, owner: ShapeOf) -> Value:
    """`x.shape[1]`: the axis is renumbered where the tensor is held in the target's order."""
    element = node.slice[0].slice
    given = element.value if isinstance(element, cst.Index) and len(node.slice) == 1 else None
    run.facts.axes.pop(id(node), None)
    holder = shape_holder(node.value)
    if holder is not None:
        return size_of_axis(run, node, holder, owner.tensor, literal_value(given))
    # a shape that has a name was taken from the tensor in the source's order
    plain = replace(owner.tensor, target_order=False)
    return size_of_axis(run, node, None, plain, literal_value(given))


def shape_holder(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The tensor of `x.shape`, `x.size()` or `tf.shape(x)`, None where the shape has a name of its own."""
    if isinstance(node, cst.Attribute):
        return node.value
    if isinstance(node, cst.Call) and node.args:
        return node.args[0].value
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        return node.func.value
    return None


def size_of_axis(
    run: Interpreter,
    node: cst.CSTNode,
    holder: cst.BaseExpression | None,
    tensor: TensorValue,
    axis: object,
) -> Value:
    """The size of one axis of the tensor that `holder` names, as a number where it is known."""
    shape = tensor.shape
    if not isinstance(axis, int) or shape is None or not -len(shape) <= axis < len(shape):
        if holder is not None:
            run.in_order(holder, tensor, target=False)
        return BATCH_SIZE if axis == 0 and run.side == "torch" else PLAIN
    if tensor.target_order and holder is not None:
        run.in_order(holder, tensor, target=True)
        run.facts.axes[id(node)] = to_target(run.side, len(shape)).index(axis % len(shape))
    size = number(shape[axis])
    if size is not None:
        return Literal(size)
    return BATCH_SIZE if axis == 0 and run.side == "torch" else PLAIN
