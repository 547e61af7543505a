"""A bound call as a shape rule sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import libcst as cst

from translator.knowledge.lenses import Choice, Lens, Negated, Rest, Same, Sizes, Tensor
from translator.knowledge.shapes import Bound, Shape, Size
from translator.knowledge.signature import parse
from translator.source.bound import NOT_LITERAL, Arguments, literal, rest
from translator.source.counts import is_number
from translator.source.literals import literal_value
from translator.source.sizes import size_of, stated_sizes
from translator.source.values import (
    PLAIN,
    UNKNOWN,
    Items,
    ShapeOf,
    TensorValue,
    Value,
)

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def describe(
    run: Interpreter, bound: Arguments, shapes: Mapping[str, Shape], default: Shape = None
) -> Bound:
    """A bound call as a shape rule sees it, by torch's parameter names, Keras's where torch has none."""
    known: dict[str, Any] = {}
    for lens in bound.record.args:
        name = lens.name(run.side)
        if name is None or isinstance(lens, Tensor):
            continue
        key = lens.torch or name
        if isinstance(lens, Rest):
            known[key] = {
                k: size_of_or_literal(run, node) for k, node in rest(bound).items() if "*" not in k
            }
        elif isinstance(lens, Sizes) and (shape := _of_another(run, bound, name)) is not None:
            known[key] = shape
        elif isinstance(lens, Sizes) and name in bound.many:
            known[key] = _sizes(run, bound.many[name])
        else:
            known[key] = _known(run, bound, lens, name)
    sequences = {str(rule.torch): _shapes(run, bound, rule) for rule in bound.record.args}
    channels = 1 if run.side == "torch" else -1
    return Bound(shapes or {"": default}, known, channels, sequences)


def _shapes(run: Interpreter, bound: Arguments, lens: Lens) -> tuple[Shape, ...]:
    """The shapes of the tensors in a list."""
    items = listed(run, bound, lens)
    return tuple(item.shape if isinstance(item, TensorValue) else None for item in items)


def listed(run: Interpreter, bound: Arguments, lens: Lens) -> tuple[Value, ...]:
    """The values in a list that is given, or that are given one by one; none where the list is not known."""
    name = str(lens.name(run.side))
    given = bound.values.get(name) if isinstance(lens, Same) else None
    several = bound.many.get(name, []) if isinstance(lens, Same) else []
    if len(several) > 1:
        return tuple(run.facts.value(node) for node in several)
    node = several[0] if several else given
    value = UNKNOWN if node is None else run.facts.value(node)
    return value.items if isinstance(value, Items) else ()


def _known(run: Interpreter, bound: Arguments, lens: Lens, name: str) -> Any:
    given = bound.values.get(name)
    if given is None:
        parameter = parse(bound.record.spellings(run.side)[0]).parameter(name)
        value = literal(parameter.default) if parameter is not None else NOT_LITERAL
    elif isinstance(given, cst.Tuple | cst.List):
        value = tuple(_element(run, element.value) for element in given.elements)
        if any(isinstance(element, cst.StarredElement) for element in given.elements):
            value = _one_by_one(run, _elements(given))
    else:
        value = literal_value(given)
        value = size_of(run, given) if value is NOT_LITERAL else value
    if isinstance(lens, Choice) and run.side == "tensorflow":
        value = next((literal(row[0]) for row in lens.values if literal(row[1]) == value), None)
    if isinstance(lens, Negated) and isinstance(value, bool):
        value = not value
    return None if value is NOT_LITERAL else value


def _element(run: Interpreter, node: cst.BaseExpression) -> Any:
    if isinstance(node, cst.Tuple | cst.List):
        return tuple(size_of(run, element.value) for element in node.elements)
    return size_of(run, node)


def _of_another(run: Interpreter, bound: Arguments, name: str) -> Shape:
    """The shape of the tensor whose whole shape is given: `tf.zeros(tf.shape(x))`."""
    several = bound.many.get(name, [])
    given = bound.values.get(name) if not several else several[0] if len(several) == 1 else None
    value = UNKNOWN if given is None else run.facts.value(given)
    return value.tensor.shape if isinstance(value, ShapeOf) else None


def _sizes(run: Interpreter, given: Sequence[cst.BaseExpression]) -> Any:
    if len(given) == 1 and isinstance(given[0], cst.Tuple | cst.List):
        return _one_by_one(run, _elements(given[0]))
    value = run.facts.value(given[0]) if len(given) == 1 else PLAIN
    if isinstance(value, Items):
        return stated_sizes(value)
    if len(given) == 1 and not is_number(run.facts, run.tree, given[0]):
        return None  # it may be a whole shape
    return _one_by_one(run, given)


def _elements(node: cst.Tuple | cst.List) -> list[cst.BaseExpression]:
    return [e if isinstance(e, cst.StarredElement) else e.value for e in node.elements]


def _one_by_one(run: Interpreter, given: Sequence[cst.BaseExpression]) -> tuple[Size, ...] | None:
    """The sizes of a shape; None where it has parts that may be of any length, `x.view(n, *sizes)`."""
    found: list[Size] = []
    for node in given:
        if type(node) is not cst.StarredElement:
            found.append(size_of_or_literal(run, node))
            continue
        spread = run.facts.value(node.value)
        if not isinstance(spread, Items):
            return None
        found += stated_sizes(spread)
    return tuple(found)


def size_of_or_literal(run: Interpreter, node: cst.BaseExpression) -> Any:
    """A size in a shape: a number (-1 included), a name, or None."""
    value = literal_value(node)
    return value if type(value) is int else size_of(run, node)
