"""Comments outlive the code that they stand in: what the new statements have no place for goes above or beside them."""

from __future__ import annotations

import io
import tokenize
from collections import Counter
from collections.abc import Sequence

import libcst as cst

from translator.rewrite import build
from translator.rewrite.layout import leading, led


def carried(
    source: cst.BaseStatement, new: Sequence[cst.BaseStatement]
) -> Sequence[cst.BaseStatement]:
    """The new statements with those comments of the old one that they lack."""
    if type(source) is not cst.SimpleStatementLine or not new or new[0] is source:
        return new
    text = build.code(source)
    if "#" not in text:
        return new
    missing = comments(text)
    missing.subtract(comments("".join(map(build.code, new))))
    beside = source.trailing_whitespace
    *others, last = new
    if beside.comment is not None and missing[beside.comment.value] > 0 and _is_free(last):
        missing[beside.comment.value] -= 1
        new = [*others, last.with_changes(trailing_whitespace=beside)]
    above = [cst.EmptyLine(comment=cst.Comment(x)) for x in missing.elements()]
    return [led(new[0], (*leading(new[0]), *above)), *new[1:]] if above else new


def _is_free(statement: cst.BaseStatement) -> bool:
    return (
        isinstance(statement, cst.SimpleStatementLine)
        and statement.trailing_whitespace.comment is None
    )


def comments(code: str) -> Counter[str]:
    """The comments of a piece of code, in their order."""
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)
