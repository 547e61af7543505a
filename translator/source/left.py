"""Statements that an earlier conversion left to a person: they stay as they are while its comment stands above them."""

from __future__ import annotations

import libcst as cst

from translator.findings import Code

MARK = "# TODO(translator)"


def is_left(statement: cst.CSTNode) -> bool:
    """True for a statement under such a comment; imports are kept for those who use them."""
    lines = getattr(statement, "leading_lines", ())
    if not any(is_mark(line) for line in lines):
        return False
    small = statement.body if isinstance(statement, cst.SimpleStatementLine) else ()
    return not any(isinstance(inner, cst.Import | cst.ImportFrom) for inner in small)


def is_mark(line: cst.EmptyLine) -> bool:
    """True for a comment that a conversion wrote."""
    return line.comment is not None and line.comment.value.startswith(MARK)


def reasons(statement: cst.CSTNode) -> list[tuple[Code, str]]:
    """What the comments above a statement say."""
    found: list[tuple[Code, str]] = []
    for line in getattr(statement, "leading_lines", ()):
        if line.comment is None or not is_mark(line):
            continue
        code, _, message = line.comment.value.removeprefix(MARK).strip().partition(": ")
        known = code in Code.__members__ and message
        found.append((Code[code], message) if known else (Code.UNSUPPORTED_CODE, "left before"))
    return found
