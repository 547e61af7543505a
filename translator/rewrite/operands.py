"""How the operands of a call move: tensors, numbers, axes, shapes and element types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import libcst as cst

from translator.knowledge.lenses import Lens, Tensor
from translator.knowledge.signature import Parameter
from translator.rewrite import build
from translator.source.bound import Arguments, literal
from translator.source.dtypes import named
from translator.source.literals import literal_value
from translator.source.values import (
    Api,
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

Moved = tuple[cst.BaseExpression | list[cst.BaseExpression] | list[cst.Arg], bool]
"""The new expression (several for a `*` or `**` parameter), and whether it may stand without its keyword."""


def given_for(rewriter: Rewriter, bound: Arguments, lens: Lens) -> cst.BaseExpression | None:
    """The expression that the call gives for a lens's parameter, None where it leaves it out."""
    name = lens.name(rewriter.side)
    return None if name is None else bound.values.get(name)


def positional(rewriter: Rewriter, call: cst.Call | None, node: cst.BaseExpression | None) -> bool:
    """True if the source gave the argument without a keyword."""
    if call is None or node is None:
        return True
    return next((a.keyword is None for a in call.args if a.value is node), True)


def same(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    """The expression as it is; where the call leaves it out and the defaults differ, the default."""
    many = bound.many.get(str(lens.name(rewriter.side)))
    if many is not None:
        return [rewriter.expression(part) for part in many], True
    given = given_for(rewriter, bound, lens)
    if given is not None:
        new = rewriter.expression(given)
        return new, isinstance(lens, Tensor) or positional(rewriter, call, given)
    text = default_text(rewriter, bound, lens)
    if text is None or (
        parameter is not None and parameter.default is not None and equal(text, parameter.default)
    ):
        return None
    return build.expression(text), False


def default_text(rewriter: Rewriter, bound: Arguments, lens: Lens) -> str | None:
    """The source's default of a parameter, as its signature writes it."""
    name = lens.name(rewriter.side)
    names = rewriter.source_names(bound.record, bound.spelling)
    parameter = bound.spelling.parameter(names.get(str(name), str(name)))
    return None if parameter is None else parameter.default


def stated(rewriter: Rewriter, bound: Arguments, lens: Lens) -> Any:
    """The value that the call gives for a lens's parameter, or else its default."""
    given = given_for(rewriter, bound, lens)
    return (
        literal_value(given) if given is not None else literal(default_text(rewriter, bound, lens))
    )


def equal(a: str, b: str) -> bool:
    """True for two defaults, as code, that mean the same."""
    if {a, b} == {"None", "tf.float32"}:
        return True
    return bool(plain(literal(a)) == plain(literal(b)))


def plain(value: Any) -> Any:
    """A number for a pair of equal numbers: strides (1, 1) are strides 1."""
    return value[0] if isinstance(value, tuple) and value and len(set(value)) == 1 else value


def tensor(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    """A tensor; TensorFlow takes arrays and numbers in its place and torch does not, torch booleans as numbers."""
    assert isinstance(lens, Tensor)
    given = given_for(rewriter, bound, lens)
    if given is None:
        return same(rewriter, call, bound, lens, parameter)
    new, value = rewriter.expression(given), rewriter.facts.value(given)
    first = next(other for other in bound.record.args if isinstance(other, Tensor))
    wrong = NumpyArray | Literal | Plain if lens is first else NumpyArray
    if rewriter.target == "torch" and isinstance(value, wrong):
        new = build.expression(rewriter.naming.spell("torch.as_tensor(x)"), x=new)
    if rewriter.target == "torch" and lens.classes:
        new = class_numbers(new, value)
    if rewriter.target == "tensorflow" and lens.value and getattr(value, "leaf", False):
        new = build.expression(rewriter.naming.spell("tf.convert_to_tensor(x)"), x=new)
    if rewriter.target == "tensorflow" and lens.counted and _holds_booleans(value):
        new = build.expression(rewriter.naming.spell("tf.cast(x, tf.int64)"), x=new)
    return new, True


def class_numbers(written: cst.BaseExpression, value: Value) -> cst.BaseExpression:
    """Numbers of classes in the 64 bits that torch's losses want."""
    if isinstance(value, TensorValue) and value.dtype == "int64":
        return written
    return build.expression("x.long()", x=written)


def _holds_booleans(value: Value) -> bool:
    return isinstance(value, TensorValue) and value.dtype == "bool"


def real(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    """A number that gives the result its type: a whole one as a float, where TensorFlow would make integers."""
    given = given_for(rewriter, bound, lens)
    if given is None or rewriter.target == "torch":
        return same(rewriter, call, bound, lens, parameter)
    alone, known = positional(rewriter, call, given), literal_value(given)
    if type(known) is int:
        return build.expression(f"{known}.0"), alone
    new = rewriter.expression(given)
    if isinstance(known, float) or not isinstance(rewriter.facts.value(given), Plain):
        return new, alone
    return build.expression("float(x)", x=new), alone


def element_type(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    """An element type by the target's name."""
    given = given_for(rewriter, bound, lens)
    if given is None:
        text = default_text(rewriter, bound, lens)
        if rewriter.target == "tensorflow" and _counts(rewriter, bound, lens):
            return rewriter.naming.target("tf.int64"), False
        if text in (None, "None") or equal(text, str(parameter and parameter.default)):
            return None
        return rewriter.naming.target(f"{_ROOT[rewriter.target]}.{named(str(text))}"), False
    return dtype(rewriter, given), positional(rewriter, call, given)


def _counts(rewriter: Rewriter, bound: Arguments, lens: Lens) -> bool:
    """True where torch makes 64-bit integers, because it is given whole numbers alone."""
    given = [bound.values.get(name) for name in getattr(lens, "counted", ())]
    known = [literal_value(node) for node in given if node is not None]
    return bool(known) and all(type(value) is int for value in known)


_ROOT = {"torch": "torch", "tensorflow": "tf"}


def dtype(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression for the same element type: torch understands neither strings nor numpy's types."""
    value = rewriter.facts.value(node)
    name = value.value if isinstance(value, Literal) else getattr(value, "name", None)
    known = named(name) if isinstance(name, str) else None
    stated = isinstance(node, cst.SimpleString) or isinstance(value, Api | Numpy)
    if known is None or not stated:
        return rewriter.expression(node)
    return rewriter.naming.target(f"{_ROOT[rewriter.target]}.{known}")


def axis(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    """An axis, renumbered where the tensor is held in another order."""
    given = given_for(rewriter, bound, lens)
    axes = rewriter.facts.axes.get(id(call)) if call is not None else None
    if axes is None:
        return same(rewriter, call, bound, lens, parameter)
    alone = given is not None and positional(rewriter, call, given)
    if isinstance(axes, int):
        return build.expression(str(axes)), alone
    brackets = "[]" if isinstance(given, cst.List) else "()"
    inner = ", ".join(map(str, axes)) + ("," if len(axes) == 1 and brackets == "()" else "")
    return build.expression(f"{brackets[0]}{inner}{brackets[1]}"), alone


def sizes(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    """A shape: single numbers or one sequence on either side."""
    name = str(lens.name(rewriter.side))
    given = bound.many.get(name)
    if given is None:
        given = [bound.values[name]] if name in bound.values else []
        single = True
    else:
        single = False
    starred = parameter is not None and parameter.star == "*"
    if len(given) == 1 and isinstance(given[0], cst.Tuple | cst.List):
        elements = list(given[0].elements)
        if starred and elements and not any(isinstance(e, cst.StarredElement) for e in elements):
            return [rewriter.expression(e.value) for e in elements], True
        return _sequence(rewriter, [rewriter.element(e) for e in elements]), True
    if len(given) == 1 and not isinstance(given[0], cst.StarredElement):
        value = rewriter.facts.value(given[0])
        if (
            single
            or starred
            or not isinstance(value, Literal | Plain)
            or isinstance(value, ShapeOf)
        ):
            return rewriter.expression(given[0]), True
    nodes = [
        cst.Element(rewriter.expression(g)) if not isinstance(g, cst.StarredElement) else g
        for g in given
    ]
    return _sequence(rewriter, nodes), True


def _sequence(rewriter: Rewriter, elements: Sequence[cst.BaseElement]) -> cst.BaseExpression:
    """Shapes are lists in TensorFlow code and tuples in torch code."""
    plain = [element.with_changes(comma=cst.MaybeSentinel.DEFAULT) for element in elements]
    if rewriter.target == "tensorflow":
        return cst.List(plain)
    return cst.Tuple(plain, lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
