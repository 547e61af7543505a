"""What passes through one layer: the shape of the result, its axis order, the axis that the layer works along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.knowledge.lenses import Axis
from translator.knowledge.records import Layer, Record
from translator.knowledge.shapes import Size
from translator.knowledge.signature import parse
from translator.source import recurrent
from translator.source.bound import literal
from translator.source.described import describe
from translator.source.dtypes import resulting
from translator.source.implied import expect
from translator.source.literals import literal_value
from translator.source.objects import Site
from translator.source.operations import moved_axes
from translator.source.values import TensorValue

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def through(
    run: Interpreter, site: Site, values: dict[str, TensorValue], key: tuple[int, int]
) -> TensorValue:
    """What one layer makes of its tensors; `key` says which call, and which place in a container, this is."""
    record = site.record
    first = next(iter(values.values()), TensorValue())
    site.seen[key] = first.shape if first.shape is not None or first.last is None else (first.last,)
    _note_axis(run, site, first)
    ranks = (None if shape is None else len(shape) for shape in site.seen.values())
    expect(run, site.node, site.arguments, *ranks)
    shapes = {name: value.shape for name, value in values.items()}
    if record.states:
        shape = recurrent.shape_of(run, site, shapes)
        if (inner := recurrent.wrapped(run.facts, site)) is not None:
            inner.seen[key] = site.seen[key]
    else:
        shape = record.shape(describe(run, site.arguments, shapes))
    weights = bool(record.states) or (isinstance(record, Layer) and bool(record.weights))
    return TensorValue(
        shape,
        target_order=first.target_order and (shape is None or len(shape) == first.rank),
        tracked=weights or any(value.tracked for value in values.values()),
        dtype=resulting(record.dtype, first.dtype, run.side),
        origin=first.origin if _is_same(record, first) else None,
        shaped_by=first.shaped_by if _is_same(record, first) else None,
        follows=first.follows and _is_same(record, first) and stated_axis(run, site) is None,
        last=_last(run, site, first) if shape is None else None,
    )


def _is_same(record: Record, first: TensorValue) -> bool:
    """True where what comes out stands for what went in: it has its order, or at least the axes that are not known."""
    if record.ranks:
        return first.rank is None
    weights = isinstance(record, Layer) and bool(record.weights)
    return record.order == "keeps" and not (weights or record.states)


def _note_axis(run: Interpreter, site: Site, value: TensorValue) -> None:
    """A layer along an axis: its constructor names the axis in the order of the first tensor that is seen."""
    axis = stated_axis(run, site)
    if axis is None or value.rank is None or value.rank < 3:
        return
    if site.target_order is None:
        site.target_order = value.target_order
    moved = moved_axes(run, axis, value.rank) if site.target_order else None
    if moved is not None:
        last = moved[0] == value.rank - 1 and len(moved) == 1
        run.facts.axes[id(site.node)] = -1 if last else moved[0] if len(moved) == 1 else moved


def stated_axis(run: Interpreter, site: Site) -> object:
    """The axis that a layer without an axis order of its own works along, its default included; None without one."""
    lens = next((lens for lens in site.record.args if isinstance(lens, Axis)), None)
    if lens is None or site.record.order != "keeps":
        return None
    name = str(lens.name(run.side))
    given = site.arguments.values.get(name)
    if given is not None:
        return literal_value(given)
    parameter = parse(site.record.spellings(run.side)[0]).parameter(name)
    stated = site.arguments.spelling.parameter(name) or parameter
    return None if stated is None or stated.default is None else literal(stated.default)


def _last(run: Interpreter, site: Site, first: TensorValue) -> Size:
    """The size of the last axis behind a layer that got a tensor of unknown rank."""
    if site.record.order == "keeps":
        return first.last
    probe = {"": (None, None, None)}
    if site.record.states:
        shape = recurrent.shape_of(run, site, probe)
    else:
        shape = site.record.shape(describe(run, site.arguments, probe))
    return shape[-1] if shape else None
