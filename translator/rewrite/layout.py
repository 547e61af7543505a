"""The lines above statements."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.source.left import MARK

BLANK = cst.EmptyLine(indent=False)


def todo(text: str) -> cst.EmptyLine:
    """The comment above code that is left to a person."""
    return cst.EmptyLine(comment=cst.Comment(f"{MARK} {text}"))


def leading(statement: cst.BaseStatement) -> tuple[cst.EmptyLine, ...]:
    """The blank lines and comments above a statement."""
    return tuple(getattr(statement, "leading_lines", ()))


def led(statement: cst.BaseStatement, lines: Sequence[cst.EmptyLine]) -> cst.BaseStatement:
    """A statement under other lines."""
    return statement.with_changes(leading_lines=tuple(lines))


def in_place_of(
    old: cst.SimpleStatementLine, new: cst.SimpleStatementLine
) -> cst.SimpleStatementLine:
    """A line with the comments above and beside the one that it stands for."""
    return new.with_changes(
        leading_lines=old.leading_lines, trailing_whitespace=old.trailing_whitespace
    )


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


def with_first(body: cst.BaseSuite, line: cst.BaseStatement) -> cst.BaseSuite:
    """A function's body with one more statement at its top, below its docstring."""
    if isinstance(body, cst.SimpleStatementSuite):
        return cst.IndentedBlock([line, cst.SimpleStatementLine(body.body)])
    assert isinstance(body, cst.IndentedBlock)
    first = body.body[0]
    small = first.body[0] if isinstance(first, cst.SimpleStatementLine) else None
    at = isinstance(small, cst.Expr) and isinstance(small.value, cst.SimpleString)
    return body.with_changes(body=[*body.body[:at], line, *body.body[at:]])
