"""Building new nodes: templates with holes, calls, permutations, fields that hold code."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import libcst as cst

from translator.rewrite.binding import binding, least
from translator.source import printed
from translator.source.tree import code_fields, is_node

_LOOSE = (
    cst.BinaryOperation,
    cst.UnaryOperation,
    cst.BooleanOperation,
    cst.Comparison,
    cst.IfExp,
    cst.Lambda,
    cst.NamedExpr,
    cst.Await,
)


@functools.cache
def _template(text: str) -> cst.BaseExpression:
    return cst.parse_expression(text)


def expression(text: str, **holes: cst.BaseExpression) -> cst.BaseExpression:
    """Parse `text` and put expressions where its names are those of the holes, in parentheses where they need them."""
    built = _fill(_template(text), holes, tight=0)
    assert isinstance(built, cst.BaseExpression)
    return built


def _fill(node: cst.CSTNode, holes: Mapping[str, cst.BaseExpression], tight: int) -> cst.CSTNode:
    """`tight`: how tightly an expression in the place of the node must hold together."""
    if type(node) is cst.Name:
        hole = holes.get(node.value)
        return node if hole is None else _fitted(hole, tight)
    changes: dict[str, object] = {}
    for name in code_fields(type(node)):
        value = getattr(node, name)
        if type(node) is cst.Attribute and name == "attr":
            continue
        inner = least(node, name)
        if is_node(value):
            changes[name] = _fill(value, holes, inner)
        elif isinstance(value, list | tuple):
            changes[name] = [_fill(part, holes, inner) for part in value]
    return node.with_changes(**changes) if changes else node


def _fitted(hole: cst.BaseExpression, tight: int) -> cst.BaseExpression:
    if tight == 0:
        return bare(hole)
    return parenthesized(hole) if binding(hole) < tight else hole


def parenthesized(node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression that can stand beside an operator."""
    loose = isinstance(node, _LOOSE) or (
        isinstance(node, cst.Tuple | cst.GeneratorExp) and not node.lpar
    )
    if loose and not node.lpar:
        return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return node


def bare(node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression that stands alone, between commas or brackets: without parentheses that it no longer needs."""
    if not node.lpar or isinstance(node, cst.Tuple | cst.GeneratorExp | cst.Yield | cst.NamedExpr):
        return node
    if isinstance(node.lpar[0].whitespace_after, cst.ParenthesizedWhitespace):
        return node
    return node.with_changes(lpar=[], rpar=[])


def statement(text: str, **holes: cst.BaseExpression) -> cst.SimpleStatementLine:
    """One simple statement from a template."""
    parsed = cst.parse_statement(text)
    filled = _fill(parsed, holes, tight=0)
    assert isinstance(filled, cst.SimpleStatementLine)
    return filled


def filled(node: cst.BaseStatement, holes: Mapping[str, cst.BaseExpression]) -> cst.BaseStatement:
    """A statement with expressions in place of the names of `holes`."""
    new = _fill(node, holes, tight=0)
    assert isinstance(new, cst.BaseStatement)
    return new


def statements(text: str) -> list[cst.BaseStatement]:
    """Several statements from fixed text."""
    return list(cst.parse_module(text).body)


def name(dotted: str) -> cst.BaseExpression:
    """The node of a dotted name."""
    return _template(dotted)


TIGHT = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
"""The `=` of a keyword argument."""


def argument(value: cst.BaseExpression, keyword: str | None = None) -> cst.Arg:
    """An argument in the usual layout."""
    if keyword is None:
        return cst.Arg(bare(value))
    return cst.Arg(
        bare(value),
        keyword=cst.Name(keyword),
        equal=TIGHT,
    )


def call(
    func: cst.BaseExpression,
    arguments: Sequence[cst.Arg],
    source: cst.Call | None = None,
    places: Sequence[int] = (),
) -> cst.Call:
    """A call; broken over lines as `source` is, where it would be too long for one.

    `places`: where the arguments stood in `source`, with their comments, if they did not all keep their places.
    """
    plain = cst.Call(parenthesized(func), list(arguments))
    if source is None or not arguments or not broken(source):
        return plain
    aligned = not isinstance(source.whitespace_before_args, cst.ParenthesizedWhitespace)
    if not _has_comments(source) and (aligned or len(code(plain)) <= SHORT):
        return plain
    commas = [a.comma for a in source.args if _breaks(a.comma)]
    comma = commas[0] if commas else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    placed: list[cst.Arg] = []
    last = source.args[-1]
    for position, given in enumerate(arguments[:-1]):
        own = (
            source.args[position].comma if len(arguments) == len(source.args) else bare_comma(comma)
        )
        placed.append(given.with_changes(comma=own))
    placed.append(
        arguments[-1].with_changes(comma=last.comma, whitespace_after_arg=last.whitespace_after_arg)
    )
    if len(places) == len(source.args) == len(placed):
        commas = [source.args[place].comma for place in places]
        placed = [
            a.with_changes(comma=commented(a.comma, b)) for a, b in zip(placed, commas, strict=True)
        ]
    return plain.with_changes(args=placed, whitespace_before_args=source.whitespace_before_args)


def commented(comma: object, other: object) -> object:
    """A comma with the comments that stand behind another one."""
    if not (isinstance(comma, cst.Comma) and isinstance(other, cst.Comma)):
        return comma
    space, theirs = comma.whitespace_after, other.whitespace_after
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return comma
    if not isinstance(theirs, cst.ParenthesizedWhitespace):
        return comma
    return comma.with_changes(
        whitespace_after=space.with_changes(
            first_line=theirs.first_line, empty_lines=theirs.empty_lines
        )
    )


SHORT = 72
"""Up to this length a call that was broken over lines is written in one."""


def shifted(comma: object, excess: int) -> object:
    """A comma whose next line starts further left."""
    if not isinstance(comma, cst.Comma) or not isinstance(
        comma.whitespace_after, cst.ParenthesizedWhitespace
    ):
        return comma
    space = comma.whitespace_after
    lines = [
        line.with_changes(whitespace=cst.SimpleWhitespace(line.whitespace.value[excess:]))
        for line in space.empty_lines
    ]
    last = cst.SimpleWhitespace(space.last_line.value[excess:])
    return comma.with_changes(
        whitespace_after=space.with_changes(empty_lines=lines, last_line=last)
    )


def joined(node: cst.Call) -> cst.Call:
    """A call on one line, where it has become short enough for that."""
    flat = on_one_line(node)
    return flat if "\n" not in code(flat) and len(code(flat)) <= SHORT else node


def on_one_line(node: cst.Call) -> cst.Call:
    """A call with its arguments on one line, unless there are comments between them."""
    if not broken(node) or _has_comments(node):
        return node
    tight = cst.SimpleWhitespace("")
    bare = [
        a.with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=tight)
        for a in node.args
    ]
    return node.with_changes(args=bare, whitespace_before_args=tight)


def broken(node: cst.Call) -> bool:
    """True if the arguments of a call stand on several lines."""
    return isinstance(node.whitespace_before_args, cst.ParenthesizedWhitespace) or any(
        _breaks(a.comma) for a in node.args
    )


def _breaks(comma: object) -> bool:
    return isinstance(comma, cst.Comma) and isinstance(
        comma.whitespace_after, cst.ParenthesizedWhitespace
    )


def _has_comments(node: cst.Call) -> bool:
    return any("#" in code(a.comma) for a in node.args if isinstance(a.comma, cst.Comma))


def bare_comma(comma: object) -> cst.Comma | cst.MaybeSentinel:
    """A comma with its line break but without its comment."""
    if not isinstance(comma, cst.Comma):
        return cst.MaybeSentinel.DEFAULT
    space = comma.whitespace_after
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return comma
    first = space.first_line.with_changes(comment=None, whitespace=cst.SimpleWhitespace(""))
    return comma.with_changes(whitespace_after=space.with_changes(first_line=first, empty_lines=[]))


def numbers(values: Sequence[int], brackets: str = "[]") -> cst.BaseExpression:
    """A list or tuple of integers."""
    inner = ", ".join(map(str, values))
    return _template(f"{brackets[0]}{inner}{brackets[1]}")


def code(node: cst.CSTNode) -> str:
    """The text of a node."""
    return printed.text(node)


def same_code(a: cst.CSTNode, b: cst.CSTNode) -> bool:
    """True if two nodes have the same text but for spaces."""
    return a is b or code(a).replace(" ", "") == code(b).replace(" ", "")
