"""Where new imports stand among the others: sorted where the file's are sorted, beside their kin where they are not."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import libcst as cst

from translator.rewrite import build
from translator.rewrite.layout import BLANK, leading, led
from translator.source.imports import dotted
from translator.source.left import is_mark

Statements = list[cst.BaseStatement]
Lines = tuple[cst.EmptyLine, ...]
Order = Callable[[cst.BaseStatement], Any]


def module(statement: cst.CSTNode) -> str | None:
    """The first module that a plain import line names; "." for a relative one, None for any other statement."""
    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
        return None
    small = statement.body[0]
    if isinstance(small, cst.Import):
        return dotted(small.names[0].name)
    if not isinstance(small, cst.ImportFrom):
        return None
    return "." if small.relative or small.module is None else dotted(small.module)


def _section(statement: cst.BaseStatement) -> int:
    """`__future__`, the standard library, packages, the file's own package."""
    name = module(statement) or "."
    root = name.partition(".")[0]
    if root in ("", "__future__"):
        return 3 if root == "" else 0
    return 1 if root in sys.stdlib_module_names else 2


def _is_from(statement: cst.BaseStatement) -> bool:
    small = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
    return isinstance(small, cst.ImportFrom)


_ORDERS: tuple[Order, ...] = (
    lambda line: (_section(line), _is_from(line), module(line)),
    lambda line: (_section(line), module(line), _is_from(line)),
    lambda line: (_is_from(line), module(line)),
    lambda line: (module(line), _is_from(line)),
)
"""The orders that people keep; the first is that of isort and ruff."""


def split_standard(lines: Iterable[Any]) -> tuple[Statements, Statements]:
    """The imports of the standard library, and the others."""
    standard: Statements = []
    others: Statements = []
    for line in lines:
        (standard if _section(line) == 1 else others).append(line)
    return standard, others


def arranged(body: Statements, at: int, count: int, order: Order | None) -> Statements:
    """The body with its new imports, `count` from `at` on, sorted into the run of imports that they stand in."""
    if order is None:
        return body
    first, last = _run(body, at, at + count)
    lines, own = _parted_todo(leading(body[first]))
    run = sorted([led(body[first], own), *body[first + 1 : last]], key=order)
    return [*body[:first], led(run[0], (*lines, *leading(run[0]))), *run[1:], *body[last:]]


def order_at(body: Sequence[cst.BaseStatement], at: int) -> Order | None:
    """The order of the run of imports around a place; None where it has none."""
    first, last = _run(body, at, at)
    run = list(body[first:last])
    return next((key for key in _ORDERS if run == sorted(run, key=key)), None)


def _run(body: Sequence[cst.BaseStatement], first: int, last: int) -> tuple[int, int]:
    """The bounds of the imports before and after a place that nothing parts, no blank line and no comment."""
    while first > 0 and _sortable(body[first - 1]):
        if first < len(body) and leading(body[first]):
            break
        first -= 1
    while last < len(body) and _sortable(body[last]) and not leading(body[last]):
        last += 1
    return first, last


def _parted_todo(lines: Sequence[cst.EmptyLine]) -> tuple[Lines, Lines]:
    """Lines above a statement: those that may stay where they are, and what was said of the statement."""
    said = (i for i, x in enumerate(lines) if is_mark(x))
    at = next(said, len(lines))
    return tuple(lines[:at]), tuple(lines[at:])


def _sortable(statement: cst.BaseStatement) -> bool:
    return module(statement) not in (None, "__future__")


def beside(body: Statements, new: Statements, small: cst.BaseSmallStatement) -> Statements:
    """New imports in the run of one that stays."""
    for at, line in enumerate(body):
        if new and isinstance(line, cst.SimpleStatementLine) and line.body[0] is small:
            order = order_at(body, at)
            return arranged([*body[: at + 1], *new, *body[at + 1 :]], at + 1, len(new), order)
    return in_opening(body, new)


def in_opening(body: Statements, new: Statements) -> Statements:
    """New imports of one section among those that open the file."""
    if not new:
        return body
    imports = [(i, _section(body[i])) for i in range(opening(body)) if module(body[i]) is not None]
    section = _section(new[0])
    if own := [i for i, other in imports if other == section]:
        at = own[-1] + 1
        return arranged([*body[:at], *new, *body[at:]], at, len(new), order_at(body, own[-1]))
    later = [i for i, other in imports if other > section]
    return _parted(body, later[0] if later else opening(body), new)


def _parted(body: Statements, at: int, new: Statements) -> Statements:
    """A section of imports of its own; blank lines part it where the file's sections are parted."""
    before, (first, *rest), after = body[:at], new, body[at:]
    lines = leading(after[0]) if after else ()
    blank = bool(lines) and lines[0].comment is None
    if before and (blank or not after):
        first = led(first, (BLANK,))
    if after and not blank and (module(after[0]) is not None or not before):
        definition = isinstance(after[0], cst.FunctionDef | cst.ClassDef)
        after[0] = led(after[0], (BLANK,) * (2 if definition else 1) + lines)
    return [*before, first, *rest, *after]


def opening(body: Sequence[cst.BaseStatement]) -> int:
    """How many statements the docstring and the imports that open a file are."""
    at = 0
    while at < len(body) and (module(body[at]) is not None or (at == 0 and _is_text(body[0]))):
        at += 1
    return at


def _is_text(statement: cst.BaseStatement) -> bool:
    small = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
    return isinstance(small, cst.Expr) and isinstance(
        small.value, cst.SimpleString | cst.ConcatenatedString
    )


def commented(new: Statements, gone: Iterable[cst.SimpleStatementLine]) -> Statements:
    """The new imports with the comments beside the old ones, each beside what comes for it."""
    new = list(new)
    free = list(range(len(new)))
    for line in gone:
        if line.trailing_whitespace.comment is None or not free:
            continue
        at = next((i for i in free if _has_layers(new[i]) == _has_layers(line)), free[0])
        free.remove(at)
        new[at] = new[at].with_changes(trailing_whitespace=line.trailing_whitespace)
    return new


def _has_layers(statement: cst.BaseStatement) -> bool:
    """True for the part of a framework that holds layers, False for that with tensors."""
    text = build.code(statement)
    return "keras" in text or "nn" in text or "optim" in text
