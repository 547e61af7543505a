"""The layout of a new class: blank lines, comments of what was taken out, lines that became too long."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.rewrite import build
from translator.rewrite.layout import BLANK, leading, led
from translator.rewrite.wrapping import LIMIT, wrapped

_SHORT = cst.SimpleStatementLine([cst.Pass()])


def tidy(body: Sequence[cst.BaseStatement], depth: int) -> list[cst.BaseStatement]:
    """The statements of a block: one blank line at most between two, none above the first, long lines broken.

    A notebook has a blank line above each statement: then they say nothing, and go.
    """
    apart = (
        all(any(line.comment is None for line in leading(s)) for s in body[1:]) and len(body) > 2
    )
    tidied: list[cst.BaseStatement] = []
    for statement in body:
        lines = [line for line in leading(statement) if line.comment is not None]
        parted = bool(leading(statement)) and leading(statement)[0].comment is None
        behind = bool(tidied) and isinstance(tidied[-1], cst.FunctionDef)
        if behind or (parted and tidied and not (apart and not lines)):
            lines.insert(0, BLANK)
        tidied.append(led(_inner(statement, depth), lines))
    return tidied


def _inner(statement: cst.BaseStatement, depth: int) -> cst.BaseStatement:
    new = wrapped(statement, _SHORT, 4 * depth)
    body = getattr(new, "body", None)
    if isinstance(body, cst.IndentedBlock):
        inner = [s for s in body.body if isinstance(s, cst.BaseStatement)]
        new = new.with_changes(body=body.with_changes(body=tidy(inner, depth + 1)))
    orelse = getattr(new, "orelse", None)
    if isinstance(orelse, cst.If | cst.Else):
        new = new.with_changes(orelse=_inner(orelse, depth))  # type: ignore[arg-type]
    return new


def method(node: cst.FunctionDef) -> cst.FunctionDef:
    """A method whose parameters stand on lines of their own where one is too long for them."""
    head = build.code(
        node.with_changes(body=cst.SimpleStatementSuite([cst.Pass()]), leading_lines=[])
    )
    params = node.params.params
    if len(head) + 4 <= LIMIT or not params:
        return node
    between = cst.ParenthesizedWhitespace(indent=True, last_line=cst.SimpleWhitespace("    "))
    end = cst.ParenthesizedWhitespace(indent=True)
    placed = [
        p.with_changes(comma=cst.Comma(whitespace_after=end if p is params[-1] else between))
        for p in params
    ]
    return node.with_changes(
        params=node.params.with_changes(params=placed), whitespace_before_params=between
    )


def without_lines(
    body: Sequence[cst.BaseStatement], gone: set[int]
) -> tuple[list[cst.BaseStatement], list[cst.EmptyLine]]:
    """The statements but for those at some places, whose comments stand above what follows them; those left over."""
    kept: list[cst.BaseStatement] = []
    waiting: list[cst.EmptyLine] = []
    for place, statement in enumerate(body):
        if place in gone:
            waiting += [line for line in leading(statement) if line.comment is not None]
            continue
        kept.append(led(statement, [*waiting, *leading(statement)]) if waiting else statement)
        waiting = []
    return kept, waiting
