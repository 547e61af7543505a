"""Long lines: what became longer than a line is broken as formatters break it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import libcst as cst

from translator.rewrite import build

BLANK = cst.EmptyLine(indent=False)

LIMIT = 100
"""The longest line that is left as it is."""


def leading(statement: cst.BaseStatement) -> tuple[cst.EmptyLine, ...]:
    """The blank lines and comments above a statement."""
    return tuple(getattr(statement, "leading_lines", ()))


def led(statement: cst.BaseStatement, lines: Sequence[cst.EmptyLine]) -> cst.BaseStatement:
    """A statement under other lines."""
    return statement.with_changes(leading_lines=tuple(lines))


def following(
    waiting: Sequence[cst.EmptyLine], own: Sequence[cst.EmptyLine]
) -> tuple[cst.EmptyLine, ...]:
    """The lines above a statement that was taken out, before those of the one that follows."""
    parted = bool(own) and own[0].comment is None
    if parted and not any(line.comment for line in waiting):
        return tuple(own)
    return (*waiting, *own)


def without_blank(statement: cst.BaseStatement) -> cst.BaseStatement:
    """A statement without the blank lines that stood between it and something that was taken out."""
    lines = leading(statement)
    kept = next((i for i, line in enumerate(lines) if line.comment is not None), len(lines))
    return led(statement, lines[kept:]) if kept else statement


def wrapped(
    statement: cst.BaseStatement, source: cst.BaseStatement, indent: int
) -> cst.BaseStatement:
    """A simple statement, its outermost call broken over lines where it became too long; `indent` in columns."""
    if (
        not isinstance(statement, cst.SimpleStatementLine)
        or len(statement.body) != 1
        or statement is source
    ):
        return statement
    longest = _longest(statement)
    if longest + indent <= LIMIT or _longest(source) + indent > LIMIT:
        return statement
    small = statement.body[0]
    value = getattr(small, "value", None)
    if not isinstance(value, cst.Call) or not value.args or build.broken(value):
        return statement
    return statement.with_changes(body=[small.with_changes(value=_broken(value))])


def _longest(node: cst.CSTNode) -> int:
    lines = build.code(node).splitlines()
    return max((len(line) for line in lines if not line.lstrip().startswith("#")), default=0)


def _broken(node: cst.Call) -> cst.Call:
    """One argument a line; the members of the only argument, where it is a list."""
    only = node.args[0].value if len(node.args) == 1 else None
    if isinstance(only, cst.List) and only.elements:
        return node.with_changes(args=[cst.Arg(_broken_list(only))])
    return node.with_changes(whitespace_before_args=_break(True), args=_lines(node.args))


def _broken_list(node: cst.List) -> cst.List:
    opening = node.lbracket.with_changes(whitespace_after=_break(True))
    return node.with_changes(lbracket=opening, elements=_lines(node.elements))


def _lines(items: Sequence[Any]) -> list[Any]:
    last = len(items) - 1
    return [
        item.with_changes(comma=cst.Comma(whitespace_after=_break(position != last)))
        for position, item in enumerate(items)
    ]


def _break(deeper: bool) -> cst.ParenthesizedWhitespace:
    return cst.ParenthesizedWhitespace(
        indent=True, last_line=cst.SimpleWhitespace("    " if deeper else "")
    )
