"""What a function or method of a framework does to its tensors: shape, axis order, gradient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.lenses import Axis, Dtype, Lens, Same, Sizes, Tensor
from translator.knowledge.records import Record
from translator.knowledge.shapes import Shape
from translator.source import mixed, turning
from translator.source.bound import Arguments, single_sizes
from translator.source.described import describe, listed
from translator.source.dtypes import counts_to, resulting, stated
from translator.source.elementwise import combine
from translator.source.facts import to_target
from translator.source.functions import note_use
from translator.source.implied import expect
from translator.source.literals import literal_value
from translator.source.values import (
    PLAIN,
    UNKNOWN,
    DistributionValue,
    Each,
    Fields,
    Items,
    Literal,
    MixedValue,
    NumpyArray,
    Plain,
    TensorValue,
    Value,
)

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def apply(run: Interpreter, node: cst.Call, bound: Arguments) -> Value:
    """The result of a bound call; its arguments have been evaluated."""
    from translator.source import together

    record = bound.record
    operands = [
        lens
        for lens in record.args
        if isinstance(lens, Tensor) and lens.name(run.side) in bound.values
    ]
    tensors = [(lens, bound.values[str(lens.name(run.side))]) for lens in operands]
    if (listed := together.listed(run, bound)) is not None:
        return _result(run, node, bound, together.joined(run, node, bound, listed))
    _rest_in_source_order(run, bound, {id(expression) for _, expression in tensors})
    if (held := together.held(run, node, bound)) is not None:
        return _result(run, node, bound, {"tensors": held})
    values = [as_tensor(run, node, lens.rank or record.rank) for lens, node in tensors]
    axes = [lens for lens in record.args if isinstance(lens, Axis)]
    if record.order == "wants":
        values = [
            want(run, expression, value)
            for (_, expression), value in zip(tensors, values, strict=True)
        ]
    elif record.order == "keeps" and axes and tensors:
        values = [_renumber(run, bound, axes[0], tensors[0][1], values[0], node)]
        expect(run, node, bound, values[0].rank)
    elif record.order == "keeps" and tensors:
        kept = combine(
            run,
            [
                (expression, _number_or(run.facts.value(expression), value))
                for (_, expression), value in zip(tensors, values, strict=True)
            ],
        )
        values = [v for v in [kept] if isinstance(v, TensorValue)] or values
    elif record.order == "turns" and (
        made := turning.turn(run, node, bound, tensors[0][1], values[0])
    ):
        return made
    else:
        given = in_memory if record.order == "memory" else source
        values = [
            given(run, expression, value)
            for (_, expression), value in zip(tensors, values, strict=True)
        ]
    result = _result(
        run, node, bound, dict(zip((str(lens.torch) for lens in operands), values, strict=False))
    )
    return _shaped(run, node, bound, result) if record.order == "memory" else result


def _number_or(found: Value, tensor: TensorValue) -> Value:
    """An operand as an elementwise operation sees it: numbers have neither shape nor type of their own."""
    return found if isinstance(found, Literal | Plain) else tensor


def as_tensor(run: Interpreter, node: cst.BaseExpression, rank: int | None) -> TensorValue:
    """An operand as a tensor: what is unknown is one by its use, and so is the parameter that it came from."""
    value = run.facts.value(node)
    if isinstance(value, MixedValue) and rank is not None:
        return mixed.as_rank(value, rank)
    if isinstance(value, MixedValue):
        value = mixed.settle(run, value)
    if not isinstance(value, TensorValue):
        if isinstance(value, NumpyArray):
            return TensorValue(value.shape)
        if value != UNKNOWN:
            return TensorValue()
        value = TensorValue(None if rank is None else (None,) * rank)
        note_use(run, node, value)
    return value if rank is None else of_rank(value, rank)


def of_rank(value: TensorValue, rank: int) -> TensorValue:
    """A tensor that is seen to have so many axes; of its sizes no more than the last one is known."""
    if value.shape is not None:
        return value
    return replace(value, shape=(*(None,) * (rank - 1), value.last), last=None)


def want(run: Interpreter, node: cst.BaseExpression, value: TensorValue) -> TensorValue:
    """Ask for the target's own order; a parameter that arrives unchanged is asked for it at the calls."""
    rank = value.rank
    if rank is None or rank < 3:
        return value
    function = run.scope.function
    if not value.target_order and value.origin is not None and value.origin not in function.wanted:
        if function.node is not None and value.origin not in function.pinned:
            function.wanted[value.origin] = rank
            function.dirty = True
            for caller in function.callers:
                caller.dirty = True
    wanted = run.in_order(node, value, target=True)
    assert isinstance(wanted, TensorValue)
    return wanted


def source(run: Interpreter, node: cst.BaseExpression, value: TensorValue) -> TensorValue:
    """Ask for the source's order."""
    plain = run.in_order(node, value, target=False)
    assert isinstance(plain, TensorValue)
    return plain


def in_memory(run: Interpreter, node: cst.BaseExpression, value: TensorValue) -> TensorValue:
    """Ask for the elements one after another as the source has them; images of one pixel have them so already."""
    if value.target_order and same_memory(run, value):
        run.facts.reorders.pop(id(node), None)
        return replace(value, target_order=False, origin=None)
    return source(run, node, value)


def same_memory(run: Interpreter, value: TensorValue) -> bool:
    """True if the elements stand in one row in both axis orders: all axes that move past another have size 1."""
    order = to_target(run.side, value.rank or 0)
    moved = [axis for axis in order if value.shape is None or value.shape[axis] != 1]
    return value.shape is not None and moved == sorted(moved)


def _shaped(run: Interpreter, node: cst.Call, bound: Arguments, result: Value) -> Value:
    """`y.view(n, c, 1, 1)`: in the target's order at once, where what takes it asks for that."""
    run.facts.axes.pop(id(node), None)
    rank = result.rank if isinstance(result, TensorValue) else None
    if not isinstance(result, TensorValue) or rank is None or rank < 3:
        return result
    lens = next((lens for lens in bound.record.args if isinstance(lens, Sizes)), None)
    axes = to_target(run.side, rank)
    sizes = None if lens is None else single_sizes(bound, str(lens.name(run.side)))
    if sizes is None or len(sizes) != rank or not same_memory(run, result):
        return result
    if id(node) not in run.facts.shaped:
        return replace(result, shaped_by=id(node))
    run.facts.axes[id(node)] = axes
    return replace(result, target_order=True)


def _rest_in_source_order(run: Interpreter, bound: Arguments, tensors: set[int]) -> None:
    for expression in bound.values.values():
        if id(expression) not in tensors:
            run.in_order(expression, run.facts.value(expression), target=False)
    for expressions in bound.many.values():
        for expression in expressions:
            run.in_order(expression, run.facts.value(expression), target=False)


def _renumber(
    run: Interpreter,
    bound: Arguments,
    lens: Axis,
    node: cst.BaseExpression,
    value: TensorValue,
    call: cst.Call,
) -> TensorValue:
    """An operation along axes: renumber the axes of a tensor in target order where they and the rest are known."""
    run.facts.axes.pop(id(call), None)
    run.see(value)
    if not value.target_order or value.shape is None:
        return value
    given = bound.values.get(str(lens.name(run.side)))
    rank = len(value.shape)
    if given is None:
        return value if _removes_all(bound, run) else source(run, node, value)
    axes = literal_value(given)
    moved = moved_axes(run, axes, rank)
    if moved is None:
        return source(run, node, value)
    order = to_target(run.side, rank)
    shape = bound.record.shape(
        describe(run, bound, {str(lens.torch): value.shape}, default=value.shape)
    )
    if shape is None or (len(shape) < rank and not _survives(order, moved)):
        return source(run, node, value)
    run.facts.axes[id(call)] = moved if isinstance(axes, tuple | list) else moved[0]
    return value


def moved_axes(run: Interpreter, axes: object, rank: int) -> tuple[int, ...] | None:
    """The places of stated axes in the target's order, None where they are no numbers of axes."""
    numbers = axes if isinstance(axes, tuple | list) else (axes,)
    if not all(type(n) is int and -rank <= n < rank for n in numbers):
        return None
    order = to_target(run.side, rank)
    return tuple(order.index(n % rank) for n in numbers)


def _removes_all(bound: Arguments, run: Interpreter) -> bool:
    shape = bound.record.shape(describe(run, bound, {}, default=(None, None, None)))
    return shape == ()


def _survives(order: tuple[int, ...], removed: tuple[int, ...]) -> bool:
    """True if the axes that remain stand in the source's order, or in the target's order of the lower rank."""
    kept = [axis for position, axis in enumerate(order) if position not in removed]
    return kept == sorted(kept)


def _result(
    run: Interpreter, node: cst.Call, bound: Arguments, values: Mapping[str, TensorValue]
) -> Value:
    record: Record = bound.record
    shape = record.shape(
        describe(run, bound, {name: value.shape for name, value in values.items()})
    )
    first = next(iter(values.values()), None)
    if record.gives in ("number", "list"):
        return PLAIN
    if record.gives == "distribution":
        return DistributionValue()
    if first is None:
        return _created(run, bound, shape)
    if shape is None and record.order == "keeps" and first.target_order and first.rank is not None:
        shape = (None,) * first.rank
    same_rank = shape is not None and first.rank == len(shape)
    result = TensorValue(
        shape,
        target_order=first.target_order
        and (same_rank or (record.order == "keeps" and shape is None)),
        tracked=not record.stops and any(value.tracked for value in values.values()),
        dtype=_dtype(run, bound, first.dtype),
        origin=first.origin if record.order == "keeps" and not _has_axis(record) else None,
        last=first.last if record.order == "keeps" and not _has_axis(record) else None,
        shaped_by=first.shaped_by if record.order == "keeps" and not _has_axis(record) else None,
        follows=first.follows and record.order == "keeps" and not _has_axis(record),
    )
    if record.fields:
        return Fields(
            tuple(
                replace(result, dtype=dtype, tracked=False) if dtype else result
                for _, dtype in record.fields
            ),
            tuple(name for name, _ in record.fields),
        )
    return Each(result) if record.gives == "tensors" else result


def _counted(run: Interpreter, bound: Arguments, lens: Dtype) -> str | None:
    """The type that follows from numbers: whole ones give integers."""
    rules = [rule for rule in bound.record.args if rule.torch in lens.counted]
    given = [bound.values.get(str(rule.name(run.side))) for rule in rules]
    nodes = [node for node in given if node is not None]
    return counts_to(run.facts, lens, nodes, run.side)


def _has_axis(record: Record) -> bool:
    return any(isinstance(lens, Axis) for lens in record.args)


def _created(run: Interpreter, bound: Arguments, shape: Shape) -> Value:
    """A new tensor; of a sequence of tensors where the arguments hold some."""
    tracked = False
    for lens in bound.record.args:
        given = bound.values.get(str(lens.name(run.side)))
        if given is not None and isinstance(lens, Same):
            tracked = tracked or _holds_tracked(run.facts.value(given))
    held = [value for lens in bound.record.args for value in _held(run, bound, lens)]
    types = {value.dtype for value in held if isinstance(value, TensorValue)}
    dtype = _dtype(run, bound, types.pop() if len(types) == 1 else None)
    result = TensorValue(shape, tracked=tracked, dtype=dtype)
    return Each(result) if bound.record.gives == "tensors" else result


def _held(run: Interpreter, bound: Arguments, lens: Lens) -> tuple[Value, ...]:
    """The values in a list that is given; of one whose length is not known what each of them is."""
    given = bound.values.get(str(lens.name(run.side)))
    value = UNKNOWN if given is None else run.facts.value(given)
    return (value.item,) if isinstance(value, Each) else listed(run, bound, lens)


def _dtype(run: Interpreter, bound: Arguments, given: str | None) -> str | None:
    """The type of a result: the one that the call names, or else what the record says of its input's."""
    for lens in bound.record.args:
        named = bound.values.get(str(lens.name(run.side))) if isinstance(lens, Dtype) else None
        if named is not None and literal_value(named) is not None:
            return stated(run.facts, named)
        if isinstance(lens, Dtype) and lens.counted:
            given = _counted(run, bound, lens)
    return resulting(bound.record.dtype, given, run.side)


def _holds_tracked(value: Value) -> bool:
    if isinstance(value, Items):
        return any(_holds_tracked(item) for item in value.items)
    if isinstance(value, Each):
        return _holds_tracked(value.item)
    return isinstance(value, TensorValue) and value.tracked
