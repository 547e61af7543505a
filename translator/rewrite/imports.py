"""Import statements: the source framework's go where nothing uses them any more, the target's come in their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.source.imports import dotted, local
from translator.source.names import canonical, side_of

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def rewrite_import(
    rewriter: Rewriter, statement: cst.BaseStatement
) -> list[cst.BaseStatement] | None:
    """Imports are kept while the file is rewritten; `apply` decides at the end, when it is known what is used."""
    if isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1:
        if isinstance(statement.body[0], cst.Import | cst.ImportFrom):
            return [statement]
    return None


def framework_names(tree: cst.Module, side: str) -> frozenset[str]:
    """The local names that module-level imports of one framework bind."""
    return frozenset(name for statement in tree.body for name, _ in _bound(statement, side))


def _bound(statement: cst.CSTNode, side: str) -> list[tuple[str, cst.ImportAlias]]:
    if not isinstance(statement, cst.SimpleStatementLine):
        return []
    found: list[tuple[str, cst.ImportAlias]] = []
    for small in statement.body:
        if isinstance(small, cst.Import):
            found += [
                (_local(alias), alias) for alias in small.names if _side(dotted(alias.name)) == side
            ]
        elif isinstance(small, cst.ImportFrom) and small.module is not None and not small.relative:
            if _side(dotted(small.module)) == side and not isinstance(small.names, cst.ImportStar):
                found += [(local(alias), alias) for alias in small.names]
    return found


def _local(alias: cst.ImportAlias) -> str:
    if alias.asname is not None:
        return local(alias)
    return dotted(alias.name).partition(".")[0]


def _side(name: str) -> str | None:
    return side_of(canonical(name))


class _Imports(cst.CSTTransformer):
    """Takes out the imports of the source framework that nothing uses."""

    def __init__(self, rewriter: Rewriter) -> None:
        self.rewriter = rewriter

    def visit_SimpleStatementLine(self, node: cst.SimpleStatementLine) -> bool:
        return isinstance(node.body[0], cst.Import | cst.ImportFrom) if node.body else False

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.BaseStatement | cst.RemovalSentinel:
        kept = [small for node in original_node.body if (small := self._small(node)) is not None]
        if len(kept) == len(original_node.body) and all(
            a is b for a, b in zip(kept, original_node.body, strict=True)
        ):
            return original_node
        return updated_node.with_changes(body=kept) if kept else cst.RemoveFromParent()

    def _small(self, node: cst.BaseSmallStatement) -> cst.BaseSmallStatement | None:
        gone = {
            id(alias)
            for name, alias in _bound(cst.SimpleStatementLine([node]), self.rewriter.side)
            if name not in self.rewriter.kept
        }
        if not gone:
            return node
        assert isinstance(node, cst.Import | cst.ImportFrom) and not isinstance(
            node.names, cst.ImportStar
        )
        names = [alias for alias in node.names if id(alias) not in gone]
        if not names:
            return None
        return node.with_changes(
            names=[*names[:-1], names[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)]
        )


def apply(rewriter: Rewriter, tree: cst.Module) -> cst.Module:
    """Put the new imports where the first old one stood, and the helper classes below the imports."""
    lines = rewriter.naming.lines()
    present = {
        build.code(statement).strip()
        for statement in tree.body
        if isinstance(statement, cst.SimpleStatementLine)
    }
    new = [cst.parse_statement(line) for line in lines if line not in present]
    body: list[cst.BaseStatement] = []
    place: int | None = None
    for statement in tree.body:
        replaced = (
            statement.visit(_Imports(rewriter))
            if isinstance(statement, cst.SimpleStatementLine)
            else statement
        )
        if replaced is statement:
            body.append(statement)
            continue
        leading = statement.leading_lines if isinstance(statement, cst.SimpleStatementLine) else ()
        if place is None:
            place = len(body)
            if new:
                new[0] = new[0].with_changes(leading_lines=leading)
            leading = ()
        if isinstance(replaced, cst.BaseStatement):
            body.append(replaced)
        elif any(line.comment for line in leading) and new:
            kept = [line for line in leading if line.comment]
            new[-1] = new[-1].with_changes(
                leading_lines=[*getattr(new[-1], "leading_lines", ()), *kept]
            )
    at = _top(body) if place is None else place
    return tree.with_changes(body=_with_helpers(rewriter, _sorted(new, body, at)))


def _sorted(
    new: Sequence[cst.BaseStatement], body: Sequence[cst.BaseStatement], at: int
) -> list[cst.BaseStatement]:
    """The body with new imports at a place, sorted into the run of plain imports that stands there."""
    first, last = at, at
    lead = bool(new and _leading(new[0]))
    while first > 0 and not lead and _is_plain_import(body[first - 1]):
        first -= 1
        lead = bool(_leading(body[first]))
    while last < len(body) and _is_plain_import(body[last]) and not _leading(body[last]):
        last += 1
    block = [*body[first:at], *new, *body[at:last]]
    if not new or any(_leading(statement) for statement in block[1:]):
        return [*body[:at], *new, *body[at:]]
    leading = _leading(block[0])
    block[0] = block[0].with_changes(leading_lines=())
    block.sort(key=_order)
    block[0] = block[0].with_changes(leading_lines=leading)
    return [*body[:first], *block, *body[last:]]


def _leading(statement: cst.BaseStatement) -> Sequence[cst.EmptyLine]:
    return tuple(getattr(statement, "leading_lines", ()))


def _is_plain_import(statement: cst.BaseStatement) -> bool:
    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
        return False
    return isinstance(statement.body[0], cst.Import | cst.ImportFrom)


def _order(statement: cst.BaseStatement) -> tuple[bool, str]:
    small = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
    if isinstance(small, cst.ImportFrom):
        return True, "" if small.module is None else dotted(small.module)
    return False, dotted(small.names[0].name) if isinstance(small, cst.Import) else ""


def _top(body: list[cst.BaseStatement]) -> int:
    """The place below the docstring and the imports from `__future__`."""
    at = 0
    for index, statement in enumerate(body):
        small = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
        text = isinstance(small, cst.Expr) and isinstance(
            small.value, cst.SimpleString | cst.ConcatenatedString
        )
        future = (
            isinstance(small, cst.ImportFrom)
            and small.module is not None
            and dotted(small.module) == "__future__"
        )
        if not (text and index == 0) and not future:
            break
        at = index + 1
    return at


def _with_helpers(rewriter: Rewriter, body: list[cst.BaseStatement]) -> list[cst.BaseStatement]:
    if not rewriter.naming.helpers:
        return body
    last = 0
    for index, statement in enumerate(body):
        small = (
            statement.body[0]
            if isinstance(statement, cst.SimpleStatementLine) and statement.body
            else None
        )
        if isinstance(small, cst.Import | cst.ImportFrom):
            last = index + 1
    helpers: list[cst.BaseStatement] = []
    for text in rewriter.naming.helpers.values():
        first, *rest = build.statements(text)
        helpers += [first.with_changes(leading_lines=[cst.EmptyLine(indent=False)] * 2), *rest]
    following = body[last:]
    if following:
        lines = list(getattr(following[0], "leading_lines", ()))
        blank = sum(1 for line in lines if line.comment is None)
        following[0] = following[0].with_changes(
            leading_lines=[cst.EmptyLine(indent=False)] * max(0, 2 - blank) + lines
        )
    return [*body[:last], *helpers, *following]
