"""Long lines: what became longer than a line is broken as formatters break it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

import libcst as cst

from translator.rewrite import build
from translator.rewrite.binding import binding

LIMIT = 100
"""The longest line that is left as it is."""


def wrapped(
    statement: cst.BaseStatement, source: cst.BaseStatement, indent: int
) -> cst.BaseStatement:
    """A statement, the values of its lines broken where they became too long; `indent` in columns."""
    if statement is source:
        return statement
    if isinstance(statement, cst.For | cst.With) and type(source) is cst.SimpleStatementLine:
        if not isinstance(statement.body, cst.IndentedBlock):
            return statement
        lines = statement.body.body
        body = [wrapped(line, source, indent + 4) for line in lines]
        if all(a is b for a, b in zip(body, lines, strict=True)):
            return statement
        return statement.with_changes(body=statement.body.with_changes(body=body))
    if type(statement) is not cst.SimpleStatementLine or len(statement.body) != 1:
        return statement
    text = _text(statement)
    if "\n" in text.strip() and (closed := _closed(statement)) is not statement:
        statement, text = closed, _text(closed)
    if _longest(text) + indent <= LIMIT or _longest(_text(source)) + indent > LIMIT:
        return statement
    small = statement.body[0]
    value = getattr(small, "value", None)
    if not isinstance(value, cst.BaseExpression):
        return statement
    broken = _broken_further if "\n" in build.code(value) else _broken
    new = broken(value, LIMIT - indent, 1)
    if new is value:
        return statement
    return statement.with_changes(body=[small.with_changes(value=new)])


def _closed(statement: cst.SimpleStatementLine) -> cst.SimpleStatementLine:
    """A line with parentheses around what is broken over lines, where the brackets that it stood in are gone."""
    small = statement.body[0]
    changes: dict[str, cst.BaseExpression] = {}
    for field in ("value", "test", "msg"):
        part = getattr(small, field, None)
        if isinstance(part, cst.BaseExpression) and _is_open(build.code(part)):
            changes[field] = part.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    if not changes:
        return statement
    return statement.with_changes(body=[small.with_changes(**changes)])


def _is_open(text: str) -> bool:
    """True for an expression with a line break that is in no brackets."""
    if "\n" not in text:
        return False
    try:
        compile(text, "<part>", "eval", ast.PyCF_ONLY_AST)
    except SyntaxError:
        return True
    return False


def _text(node: cst.CSTNode) -> str:
    """The code of a statement; a comment beside it is no reason to break it."""
    if type(node) is cst.SimpleStatementLine and node.trailing_whitespace.comment is not None:
        node = node.with_changes(trailing_whitespace=cst.TrailingWhitespace())
    return build.code(node)


def _longest(text: str) -> int:
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return max(map(len, lines), default=0)


def _broken(
    node: cst.BaseExpression, room: int, level: int, inside: bool = False
) -> cst.BaseExpression:
    """An expression over lines, what is in it `level` steps further in; `room` is the length of a line outside it.

    `inside`: it stands between brackets already.
    """
    if isinstance(node, cst.BinaryOperation | cst.BooleanOperation):
        return _broken_operation(node, room, level, inside)
    if isinstance(node, cst.IfExp):
        return _broken_choice(node, level, inside)
    if isinstance(node, cst.List | cst.Dict) and node.elements:
        return _broken_display(node, room, level)
    if isinstance(node, cst.ListComp):
        return _broken_comprehension(node, room, level)
    part = max(_chain(node), key=_breadth, default=None)
    if part is None:
        return node
    new = (
        broken_call(part, room, level)
        if isinstance(part, cst.Call)
        else _broken(part, room, level, inside)
    )
    found = new if part is node else node.deep_replace(part, new)
    return found if isinstance(found, cst.BaseExpression) else node


def _chain(node: cst.BaseExpression) -> Iterator[cst.Call | cst.BinaryOperation]:
    """What can be broken in `a(x).b(y)[0]`: calls with arguments, and an operation that it starts with."""
    while isinstance(node, cst.Call | cst.Attribute | cst.Subscript):
        if isinstance(node, cst.Call) and node.args:
            yield node
        node = node.func if isinstance(node, cst.Call) else node.value
    if isinstance(node, cst.BinaryOperation):
        yield node


def _breadth(part: cst.Call | cst.BinaryOperation) -> int:
    return sum(map(_length, part.args)) if isinstance(part, cst.Call) else _length(part)


def _length(node: cst.CSTNode) -> int:
    return len(build.code(node))


def _broken_operation(
    node: cst.BinaryOperation | cst.BooleanOperation, room: int, level: int, inside: bool
) -> cst.BaseExpression:
    """Each operand on a line of its own, in parentheses where there are none; of a power, what is raised."""
    if isinstance(node.operator, cst.Power):
        return node.with_changes(left=_broken(node.left, room, level))
    if inside and not node.lpar:
        return _split(node, level - 1)
    return _enclosed(_split(node, level), level)


def _broken_choice(node: cst.IfExp, level: int, inside: bool) -> cst.BaseExpression:
    """The condition and the second value on lines of their own, in parentheses where there are none."""
    bare = inside and not node.lpar
    at = _break(level - 1 if bare else level)
    new = node.with_changes(whitespace_before_if=at, whitespace_before_else=at)
    return new if bare else _enclosed(new, level)


def _enclosed(node: cst.BaseExpression, level: int) -> cst.BaseExpression:
    """In parentheses on lines of their own."""
    return node.with_changes(
        lpar=[cst.LeftParen(whitespace_after=_break(level))],
        rpar=[cst.RightParen(whitespace_before=_break(level - 1))],
    )


def _split(node: cst.BaseExpression, level: int) -> cst.BaseExpression:
    """Line breaks before an operator and before those on its left that bind alike."""
    if not isinstance(node, cst.BinaryOperation | cst.BooleanOperation):
        return node
    left = node.left
    return node.with_changes(
        left=left if left.lpar or binding(left) != _level(node) else _split(left, level),
        operator=node.operator.with_changes(whitespace_before=_break(level)),
    )


def _level(node: cst.BaseExpression) -> int:
    return binding(node.with_changes(lpar=[], rpar=[]))


def broken_call(node: cst.Call, room: int, level: int) -> cst.Call:
    """One argument a line; the members of the only argument, where it is a list."""
    only = node.args[0].value if len(node.args) == 1 else None
    if isinstance(only, cst.ListComp) or (isinstance(only, cst.List) and only.elements):
        return node.with_changes(args=[cst.Arg(_broken(only, room, level))])
    if isinstance(only, cst.GeneratorExp) and not only.lpar:  # no comma may follow it
        long = _length(only) + 4 * level > room
        value = only.with_changes(for_in=_broken_for(only.for_in, level)) if long else only
        end = cst.Arg(value, whitespace_after_arg=_break(level - 1))
        return node.with_changes(whitespace_before_args=_break(level), args=[end])
    return node.with_changes(
        whitespace_before_args=_break(level), args=_lines(node.args, room, level)
    )


def _broken_display(node: cst.List | cst.Dict, room: int, level: int) -> cst.BaseExpression:
    """One element a line."""
    side = "lbracket" if isinstance(node, cst.List) else "lbrace"
    opening = getattr(node, side).with_changes(whitespace_after=_break(level))
    changes = {side: opening, "elements": _lines(node.elements, room, level)}
    return node.with_changes(**changes)


def _broken_comprehension(node: cst.ListComp, room: int, level: int) -> cst.ListComp:
    """The element on a line, and each `for` that it has."""
    element = node.elt
    if _length(element) + 4 * level > room:
        element = _broken(element, room, level + 1, inside=True)
    return node.with_changes(
        elt=element,
        for_in=_broken_for(node.for_in, level),
        lbracket=node.lbracket.with_changes(whitespace_after=_break(level)),
        rbracket=node.rbracket.with_changes(whitespace_before=_break(level - 1)),
    )


def _broken_for(node: cst.CompFor, level: int) -> cst.CompFor:
    inner = None if node.inner_for_in is None else _broken_for(node.inner_for_in, level)
    return node.with_changes(whitespace_before=_break(level), inner_for_in=inner)


def _broken_further(node: cst.BaseExpression, room: int, level: int) -> cst.BaseExpression:
    """Arguments and elements that stand on lines of their own already, those broken that became too long."""
    if isinstance(node, cst.Call) and node.args:
        args = _further(node.args, node.whitespace_before_args, room, level)
        return node if args is None else node.with_changes(args=args)
    if isinstance(node, cst.List) and node.elements:
        elements = _further(node.elements, node.lbracket.whitespace_after, room, level)
        return node if elements is None else node.with_changes(elements=elements)
    return node


def _further(items: Sequence[Any], first: object, room: int, level: int) -> list[Any] | None:
    """None where nothing changes; `first`: what stands before the first of them."""
    new: list[Any] = []
    alone = isinstance(first, cst.ParenthesizedWhitespace)
    for item in items:
        value = item.value
        if "\n" in build.code(value):  # what is opened in one line is closed in one: `f([`
            value = _broken_further(value, room, level + alone)
        elif alone and _length(item) + 4 * level > room:
            value = _broken(value, room, level + 1, inside=True)
        new.append(item if value is item.value else item.with_changes(value=value))
        behind = item.comma.whitespace_after if isinstance(item.comma, cst.Comma) else None
        alone = isinstance(behind, cst.ParenthesizedWhitespace)
    return None if all(a is b for a, b in zip(new, items, strict=True)) else new


def _lines(items: Sequence[Any], room: int, level: int) -> list[Any]:
    """Arguments or elements on lines of their own, each broken further where it is still too long."""
    last = len(items) - 1
    lines: list[Any] = []
    for position, item in enumerate(items):
        if _length(item) + 4 * level > room:
            item = item.with_changes(value=_broken(item.value, room, level + 1, inside=True))
        comma = cst.Comma(whitespace_after=_break(level if position != last else level - 1))
        lines.append(item.with_changes(comma=comma))
    return lines


def _break(level: int) -> cst.ParenthesizedWhitespace:
    return cst.ParenthesizedWhitespace(indent=True, last_line=cst.SimpleWhitespace("    " * level))
