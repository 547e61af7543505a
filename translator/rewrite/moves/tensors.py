"""How tensors move, with their axes, shapes and element types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.lenses import Axis, Dtype, Sizes, Tensor, Tensors
from translator.rewrite import build
from translator.rewrite.modes import serves_model
from translator.rewrite.moves.move import Move, Moved
from translator.rewrite.moves.values import same
from translator.source.bound import single_sizes
from translator.source.counts import is_number
from translator.source.dtypes import counts_to, named
from translator.source.subscripts import shape_holder
from translator.source.values import (
    Api,
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
    from translator.rewrite.rewriter import Rewriter


def tensor(move: Move[Tensor]) -> Moved | None:
    """A tensor; TensorFlow takes arrays and numbers in its place and torch does not, torch booleans as numbers."""
    given, lens, spell = move.given, move.lens, move.rewriter.naming.spell
    if given is None:
        return same(move)
    new, value = move.written(given), move.value(given)
    first = next(other for other in move.bound.record.args if isinstance(other, Tensor))
    wrong = NumpyArray | Literal | Plain if lens is first else NumpyArray
    if move.target == "torch" and isinstance(value, wrong):
        new = build.expression(spell("torch.as_tensor(x)"), x=new)
    if move.target == "torch" and isinstance(value, Items):
        new = _of_list(move, value, new)
    if move.target == "torch" and lens.classes:
        new = class_numbers(new, value)
    if move.target == "tensorflow" and lens.value and getattr(value, "leaf", False):
        new = build.expression(spell("tf.convert_to_tensor(x)"), x=new)
    if move.target == "tensorflow" and lens.counted and _holds_booleans(value):
        new = build.expression(spell("tf.cast(x, tf.int64)"), x=new)
    return new, True


def several(move: Move[Tensors]) -> Moved | None:
    """A list of tensors; torch is given tensors of the numbers and arrays in it."""
    found = same(move)
    if move.target != "tensorflow" and found is not None and isinstance(found[0], cst.List):
        given = move.given
        assert isinstance(given, cst.List)
        pairs = zip(found[0].elements, given.elements, strict=True)
        elements = [new.with_changes(value=_member(move, old, new.value)) for new, old in pairs]
        return found[0].with_changes(elements=elements), found[1]
    return found


def _member(
    move: Move[Tensors], element: cst.BaseElement, written: cst.BaseExpression
) -> cst.BaseExpression:
    value = move.value(element.value)
    if isinstance(element, cst.StarredElement) or not (
        isinstance(value, NumpyArray) or _holds_numbers(value)
    ):
        return written
    return build.expression(move.rewriter.naming.spell("torch.as_tensor(x)"), x=written)


def _of_list(move: Move[Tensor], value: Items, written: cst.BaseExpression) -> cst.BaseExpression:
    """A list in the place of a tensor: torch is given a tensor of its numbers, or its tensors one on the other."""
    if any(isinstance(item, TensorValue) for item in value.items):
        return build.expression(move.rewriter.naming.spell("torch.stack(x)"), x=written)
    if _holds_numbers(value):
        return build.expression(move.rewriter.naming.spell("torch.tensor(x)"), x=written)
    return written


def _holds_numbers(value: Value) -> bool:
    if isinstance(value, Items):
        return all(map(_holds_numbers, value.items))
    return isinstance(value, Literal | Plain)


def class_numbers(written: cst.BaseExpression, value: Value) -> cst.BaseExpression:
    """Numbers of classes in the 64 bits that torch's losses want."""
    if isinstance(value, TensorValue) and value.dtype == "int64":
        return written
    return build.expression("x.long()", x=written)


def _holds_booleans(value: Value) -> bool:
    return isinstance(value, TensorValue) and value.dtype == "bool"


def element_type(move: Move[Dtype]) -> Moved | None:
    """An element type by the target's name."""
    given = move.given
    if given is not None:
        return dtype(move.rewriter, given), move.positional
    text, target = move.default, move.rewriter.naming.target
    if move.target == "tensorflow" and _counts(move):
        return target("tf.int64"), False
    if text in (None, "None") or move.is_default(str(text)):
        return None
    return target(f"{_ROOT[move.target]}.{named(str(text))}"), False


def _counts(move: Move[Dtype]) -> bool:
    """True where torch makes 64-bit integers, because it is given whole numbers alone."""
    given = [move.bound.values.get(name) for name in move.lens.counted]
    nodes = [node for node in given if node is not None]
    return counts_to(move.rewriter.facts, move.lens, nodes, "torch") == "int64"


_ROOT = {"torch": "torch", "tensorflow": "tf"}


def dtype(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression for the same element type: torch understands neither strings nor numpy's types."""
    value = rewriter.facts.value(node)
    name = value.value if isinstance(value, Literal) else getattr(value, "name", None)
    known = named(name) if isinstance(name, str) else None
    stated = isinstance(node, cst.SimpleString) or isinstance(value, Api | Numpy)
    if known is None or not stated or in_variable(rewriter, node):
        return rewriter.expression(node)
    return rewriter.naming.target(f"{_ROOT[rewriter.target]}.{known}")


def in_variable(rewriter: Rewriter, node: cst.BaseExpression | None) -> bool:
    """True for a type in a variable, which may hold another one at a call that is not seen."""
    if not isinstance(node, cst.Name) or rewriter.spelled(node) is not None:
        return False
    return isinstance(rewriter.facts.value(node), Api)


def axis(move: Move[Axis]) -> Moved | None:
    """An axis, renumbered where the tensor is held in another order."""
    given = move.given
    axes = move.rewriter.facts.axes.get(id(move.call)) if move.call is not None else None
    if axes is None:
        return same(move)
    alone = given is not None and move.positional
    if isinstance(axes, int):
        return build.expression(str(axes)), alone
    brackets = "[]" if isinstance(given, cst.List) else "()"
    inner = ", ".join(map(str, axes)) + ("," if len(axes) == 1 and brackets == "()" else "")
    return build.expression(f"{brackets[0]}{inner}{brackets[1]}"), alone


def sizes(move: Move[Sizes]) -> Moved | None:
    """A shape: single numbers or one sequence on either side."""
    name = str(move.lens.name(move.rewriter.side))
    given, single = move.bound.many.get(name), False
    if given is None:
        given, single = [move.bound.values[name]] if name in move.bound.values else [], True
    axes = move.rewriter.facts.axes.get(id(move.call))
    if isinstance(axes, tuple):
        every = single_sizes(move.bound, name) or []
        return _sequence(move, [cst.Element(move.written(every[axis])) for axis in axes]), True
    starred = move.parameter is not None and move.parameter.star == "*"
    if len(given) == 1 and isinstance(given[0], cst.Tuple | cst.List):
        elements = list(given[0].elements)
        if starred and elements and not any(isinstance(e, cst.StarredElement) for e in elements):
            return [move.written(e.value) for e in elements], True
        return _sequence(move, [move.rewriter.element(e) for e in elements]), True
    if len(given) == 1 and not isinstance(given[0], cst.StarredElement):
        rewriter = move.rewriter
        number = is_number(rewriter.facts, rewriter.naming.tree, given[0])
        if single or starred or not number:
            return _whole(move, given[0]), True
    nodes = [
        move.rewriter.element(g)
        if isinstance(g, cst.StarredElement)
        else cst.Element(build.bare(move.written(g)))
        for g in given
    ]
    return _sequence(move, nodes), True


def _whole(move: Move[Sizes], node: cst.BaseExpression) -> cst.BaseExpression:
    """A shape that another tensor has: in a model's call all of it is known only when the graph runs."""
    value, holder = move.value(node), shape_holder(node)
    graph = move.target == "tensorflow" and serves_model(move.rewriter)
    if graph and isinstance(value, ShapeOf) and holder is not None and not value.tensor.leaf:
        text = move.rewriter.naming.spell("tf.shape(x)")
        return build.expression(text, x=move.rewriter.expression(holder))
    return move.written(node)


def _sequence(move: Move[Sizes], elements: Sequence[cst.BaseElement]) -> cst.BaseExpression:
    """Shapes are lists in TensorFlow code and tuples in torch code."""
    plain = [element.with_changes(comma=cst.MaybeSentinel.DEFAULT) for element in elements]
    if move.target == "tensorflow":
        return cst.List(plain)
    return cst.Tuple(plain, lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
