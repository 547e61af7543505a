"""How each lens moves an argument from a call of one side to a call of the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import libcst as cst

from translator.knowledge.lenses import (
    Axis,
    Choice,
    Complement,
    Fixed,
    Follows,
    Inferred,
    Lens,
    Negated,
    Padding,
    Same,
    Sizes,
    Tensor,
)
from translator.knowledge.signature import Parameter, Signature
from translator.rewrite import build
from translator.source.bind import Arguments, literal
from translator.source.literals import literal_value
from translator.source.values import Literal, NumpyArray, Plain, ShapeOf, Site

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

Moved = tuple[cst.BaseExpression | list[cst.BaseExpression], bool]
"""The new expression (several for a `*` parameter), and whether it may stand without its keyword."""


def move(
    rewriter: Rewriter, call: cst.Call | None, bound: Arguments, target: Signature
) -> dict[str, Moved]:
    """The target's arguments by the parameter names of the record's first target spelling."""
    moved: dict[str, Moved] = {}
    names = rewriter.target_names(bound.record, target)
    for lens in bound.record.args:
        name = lens.name(rewriter.target)
        parameter = target.parameter(names.get(name, name)) if name is not None else None
        if name is None:
            continue
        result = (
            _MOVES[type(lens)](rewriter, call, bound, lens, parameter)
            if type(lens) in _MOVES
            else None
        )
        if result is not None:
            moved[name] = result
    return moved


def _given(rewriter: Rewriter, bound: Arguments, lens: Lens) -> cst.BaseExpression | None:
    name = lens.name(rewriter.side)
    return None if name is None else bound.values.get(name)


def _positional(rewriter: Rewriter, call: cst.Call | None, node: cst.BaseExpression | None) -> bool:
    """True if the source gave the argument without a keyword."""
    if call is None or node is None:
        return True
    return next((a.keyword is None for a in call.args if a.value is node), True)


def _same(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    given = _given(rewriter, bound, lens)
    if given is not None:
        new = rewriter.expression(given)
        if isinstance(lens, Tensor) and rewriter.target == "torch" and _is_array(rewriter, given):
            new = build.expression(rewriter.naming.spell("torch.as_tensor(x)"), x=new)
        return new, isinstance(lens, Tensor) or _positional(rewriter, call, given)
    text = default_text(rewriter, bound, lens)
    if text is None or (
        parameter is not None and parameter.default is not None and _equal(text, parameter.default)
    ):
        return None
    return build.expression(text), False


def _is_array(rewriter: Rewriter, node: cst.BaseExpression) -> bool:
    """True for a numpy array, which TensorFlow takes in place of a tensor and torch does not."""
    return isinstance(rewriter.facts.value(node), NumpyArray)


def default_text(rewriter: Rewriter, bound: Arguments, lens: Lens) -> str | None:
    """The source's default of a parameter, as its signature writes it."""
    name = lens.name(rewriter.side)
    names = rewriter.source_names(bound.record, bound.spelling)
    parameter = bound.spelling.parameter(names.get(str(name), str(name)))
    return None if parameter is None else parameter.default


def _equal(a: str, b: str) -> bool:
    if {a, b} == {"None", "tf.float32"}:
        return True
    return bool(_plain(literal(a)) == _plain(literal(b)))


def _plain(value: Any) -> Any:
    """A number for a pair of equal numbers: strides (1, 1) are strides 1."""
    return value[0] if isinstance(value, tuple) and value and len(set(value)) == 1 else value


def _axis(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    given = _given(rewriter, bound, lens)
    axes = rewriter.facts.axes.get(id(call)) if call is not None else None
    if given is None or axes is None:
        return _same(rewriter, call, bound, lens, parameter)
    positional = _positional(rewriter, call, given)
    if isinstance(axes, int):
        return build.expression(str(axes)), positional
    brackets = "[]" if isinstance(given, cst.List) else "()"
    inner = ", ".join(map(str, axes)) + ("," if len(axes) == 1 and brackets == "()" else "")
    return build.expression(f"{brackets[0]}{inner}{brackets[1]}"), positional


def _sizes(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
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


def _complement(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    given = _given(rewriter, bound, lens)
    text = default_text(rewriter, bound, lens) if given is None else None
    known = literal_value(given) if given is not None else literal(text)
    if isinstance(known, int | float):
        value = format(1 - known, ".12g")
        if given is None and parameter is not None and _equal(value, str(parameter.default)):
            return None
        return build.expression(value), False
    if given is None:
        return None
    return build.expression("1 - value", value=rewriter.expression(given)), False


def _negated(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    given = _given(rewriter, bound, lens)
    known = (
        literal_value(given) if given is not None else literal(default_text(rewriter, bound, lens))
    )
    if isinstance(known, bool):
        text = str(not known)
        return (
            None
            if parameter is not None and parameter.default == text
            else (build.expression(text), False)
        )
    assert given is not None
    return build.expression("not value", value=rewriter.expression(given)), False


def _choice(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    assert isinstance(lens, Choice)
    given = _given(rewriter, bound, lens)
    known = (
        literal_value(given) if given is not None else literal(default_text(rewriter, bound, lens))
    )
    column = 0 if rewriter.side == "torch" else 1
    text = next(row[1 - column] for row in lens.values if literal(row[column]) == known)
    if parameter is not None and parameter.default is not None and _equal(text, parameter.default):
        return None
    return build.expression(text.replace("'", '"')), False


def _padding(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    given = _given(rewriter, bound, lens)
    known = (
        literal_value(given) if given is not None else literal(default_text(rewriter, bound, lens))
    )
    if rewriter.target == "torch":
        return (build.expression('"same"'), False) if known == "same" else None
    text = "valid" if _plain(known) in (0, "valid") else "same"
    return None if text == "valid" else (build.expression(f'"{text}"'), False)


def _follows(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    assert isinstance(lens, Follows)
    given = _given(rewriter, bound, lens)
    if given is None or literal_value(given) is None:
        other = next(x for x in bound.record.args if x.torch == lens.other)
        given = bound.values.get(str(other.name(rewriter.side)))
    if given is None:
        return None
    return rewriter.expression(given), True


def _fixed(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    assert isinstance(lens, Fixed)
    if (
        parameter is not None
        and parameter.default is not None
        and _equal(lens.value, parameter.default)
    ):
        return None
    return build.expression(lens.value.replace("'", '"')), False


def _inferred(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    """torch's input size, read off what reaches the layer; None where it is not known."""
    if rewriter.target == "tensorflow" or call is None or call_site(rewriter, call) is None:
        return None
    size = rewriter.input_size(call)
    return None if size is None else (size, True)


def call_site(rewriter: Rewriter, call: cst.Call) -> Site | None:
    """The site that a constructor call built."""
    return rewriter.facts.sites.get(id(call))


Move = Callable[
    ["Rewriter", "cst.Call | None", Arguments, Lens, "Parameter | None"], "Moved | None"
]

_MOVES: dict[type[Lens], Move] = {
    Same: _same,
    Tensor: _same,
    Axis: _axis,
    Sizes: _sizes,
    Complement: _complement,
    Negated: _negated,
    Choice: _choice,
    Padding: _padding,
    Follows: _follows,
    Fixed: _fixed,
    Inferred: _inferred,
}
