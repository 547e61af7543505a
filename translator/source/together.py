"""Operations on a list of tensors, `torch.cat([x, y], 1)`: one axis order for all of them."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.lenses import Axis, Tensors
from translator.knowledge.signature import parse
from translator.source.bound import Arguments, literal
from translator.source.joins import join
from translator.source.literals import literal_value
from translator.source.operations import as_tensor, moved_axes, source, want
from translator.source.sequences import element
from translator.source.values import UNKNOWN, Each, Items, TensorValue, Value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def listed(run: Interpreter, bound: Arguments) -> list[cst.BaseExpression] | None:
    """The tensors of a list that is written out in a call, None for any other call."""
    lens = next((lens for lens in bound.record.args if isinstance(lens, Tensors)), None)
    given = None if lens is None else bound.values.get(str(lens.name(run.side)))
    if isinstance(given, cst.ListComp):
        return [given.elt]
    if not isinstance(given, cst.Tuple | cst.List) or not given.elements:
        return None
    nodes = [element.value for element in given.elements if isinstance(element, cst.Element)]
    return nodes if len(nodes) == len(given.elements) else None


def held(run: Interpreter, call: cst.Call, bound: Arguments) -> TensorValue | None:
    """What is known of every tensor in a list that has a name; such a list may hold them in the target's order."""
    lens = next((lens for lens in bound.record.args if isinstance(lens, Tensors)), None)
    given = None if lens is None else bound.values.get(str(lens.name(run.side)))
    if given is None:
        return None
    run.facts.joining[id(call)] = call
    run.facts.axes.pop(id(call), None)
    value = run.facts.value(given)
    inner = element(value) if isinstance(value, Items | Each) else UNKNOWN
    if not isinstance(inner, TensorValue):
        return None
    moved = None if inner.rank is None else moved_axes(run, _axis(run, bound), inner.rank)
    if not inner.target_order or moved is None:
        return replace(inner, target_order=False, origin=None)
    run.facts.axes[id(call)] = moved[0]
    return replace(inner, origin=None)


def joined(
    run: Interpreter, call: cst.Call, bound: Arguments, nodes: list[cst.BaseExpression]
) -> dict[str, TensorValue]:
    """The tensors as one, in the target's order if one of them is and the axis can be renumbered."""
    run.facts.axes.pop(id(call), None)
    known = [run.facts.value(node) for node in nodes]
    ranks = {value.rank for value in known if isinstance(value, TensorValue)} - {None}
    rank = ranks.pop() if len(ranks) == 1 else None
    values = [as_tensor(run, node, rank) for node in nodes]
    moved = None if rank is None else moved_axes(run, _axis(run, bound), rank)
    can = moved is not None and all(value.rank == rank for value in values)
    if moved is not None and can and any(value.target_order for value in values):
        values = [want(run, node, value) for node, value in zip(nodes, values, strict=True)]
        run.facts.axes[id(call)] = moved[0]
    else:
        values = [source(run, node, value) for node, value in zip(nodes, values, strict=True)]
    operands: list[Value] = list(values)
    result = reduce(join, operands)
    assert isinstance(result, TensorValue)
    return {"tensors": result}


def _axis(run: Interpreter, bound: Arguments) -> object:
    """The axis that a call names, or its default."""
    lens = next(lens for lens in bound.record.args if isinstance(lens, Axis))
    name = str(lens.name(run.side))
    given = bound.values.get(name)
    parameter = parse(bound.record.spellings(run.side)[0]).parameter(name)
    if given is not None:
        return literal_value(given)
    return None if parameter is None else literal(parameter.default)
