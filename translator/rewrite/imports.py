"""Import statements: the source framework's go where nothing uses them any more, the target's come in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.names import canonical, side_of
from translator.knowledge.registry import refusal
from translator.rewrite import build
from translator.rewrite.constructs.reading import used_names
from translator.rewrite.import_edit import Editor, ImportLine, Removal, star_names
from translator.rewrite.import_order import beside, commented, in_opening, opening, split_standard
from translator.source.imports import dotted, local
from translator.source.reference import is_module
from translator.source.tree import nodes

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def rewrite_import(
    rewriter: Rewriter, statement: cst.BaseStatement
) -> list[cst.BaseStatement] | None:
    """Imports are kept while the file is rewritten; `apply` decides at the end, when it is known what is used."""
    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
        return None
    small = statement.body[0]
    if not _binds(rewriter, small):
        if not isinstance(small, cst.Import | cst.ImportFrom):
            return None
        for package in _packages(small):
            if (refused := refusal(package, rewriter.side)) is not None:
                rewriter.todo(small, Code.REFUSED, refused.told(package))
        return [statement]
    inside = bool(rewriter.functions or rewriter.classes)
    rewriter.imports.append(ImportLine(statement, rewriter.block, inside))
    if unknown := star_names(rewriter, small).unknown:
        names = ", ".join(sorted(unknown))
        message = f"it is not known which of these come from here: {names}; import them by name"
        rewriter.todo(small, Code.UNSUPPORTED_CODE, message)
    return [statement]


def _packages(small: cst.Import | cst.ImportFrom) -> set[str]:
    """The packages that an import statement loads."""
    if isinstance(small, cst.Import):
        return {dotted(alias.name).partition(".")[0] for alias in small.names}
    return set() if small.relative or small.module is None else {dotted(small.module).split(".")[0]}


def is_import(rewriter: Rewriter, small: cst.BaseSmallStatement) -> bool:
    """True for an import that may go."""
    return isinstance(small, cst.Import | cst.ImportFrom) and _binds(rewriter, small)


def _binds(rewriter: Rewriter, small: cst.BaseSmallStatement) -> bool:
    """True for an import of the source framework, and for another name of one of its modules."""
    side = rewriter.side
    if type(small) is cst.Import:
        return any(side_of(canonical(dotted(alias.name))) == side for alias in small.names)
    if type(small) is cst.ImportFrom:
        return (
            not small.relative
            and small.module is not None
            and side_of(canonical(dotted(small.module))) == side
        )
    return (
        isinstance(small, cst.Assign)
        and len(small.targets) == 1
        and isinstance(small.targets[0].target, cst.Name)
        and is_module(rewriter.facts.value(small.value), side)
        and rewriter.spelled(small.targets[0].target) is not None
    )


def apply(rewriter: Rewriter, source: cst.Module, tree: cst.Module) -> cst.Module:
    """Put the new imports where the first old one stood, and the helper classes below the imports."""
    removal = Removal(rewriter)
    standard, new = split_standard(_new_lines(rewriter))
    place = removal.place(source.body)
    gone = (line.statement for line in removal.changed if removal.left[id(line.small)] is None)
    editor = Editor(removal, place, commented(new, gone))
    body: list[cst.BaseStatement] = list(tree.body)
    if any(line.block is not source.body for line in removal.changed):
        body = [part for statement in body for part in _visited(statement, editor)]
    body = editor.block(body)
    if place is None:
        kept = [line.small for line in rewriter.imports if line.block is source.body]
        body = beside(body, editor.new, kept[0]) if kept else in_opening(body, editor.new)
    body = in_opening(body, standard)
    if rewriter.dissolved:
        body = _without(body, rewriter.dissolved)
    return tree.with_changes(body=_with_helpers(rewriter, body))


def _without(body: list[cst.BaseStatement], names: set[str]) -> list[cst.BaseStatement]:
    """Take out the imports of some names where nothing reads them any more."""
    used = used_names(
        node for statement in body if not _imports(statement) for node in nodes(statement)
    )
    kept: list[cst.BaseStatement] = []
    for statement in body:
        small = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
        if isinstance(small, cst.Import | cst.ImportFrom) and not isinstance(
            small.names, cst.ImportStar
        ):
            left = [a for a in small.names if local(a) not in names or local(a) in used]
            if not left:
                continue
            if len(left) < len(small.names):
                left[-1] = left[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
                statement = statement.with_changes(body=[small.with_changes(names=left)])
        kept.append(statement)
    return kept


def _new_lines(rewriter: Rewriter) -> list[cst.BaseStatement]:
    return [cst.parse_statement(line) for line in rewriter.naming.lines()]


def _visited(statement: cst.BaseStatement, editor: Editor) -> list[cst.BaseStatement]:
    new = statement.visit(editor)
    if isinstance(new, cst.FlattenSentinel):
        return list(new)
    return [] if isinstance(new, cst.RemovalSentinel) else [new]


def _imports(statement: cst.BaseStatement) -> bool:
    if not isinstance(statement, cst.SimpleStatementLine):
        return False
    return any(isinstance(small, cst.Import | cst.ImportFrom) for small in statement.body)


def _with_helpers(rewriter: Rewriter, body: list[cst.BaseStatement]) -> list[cst.BaseStatement]:
    if not rewriter.naming.helpers:
        return body
    last = opening(body)
    new = [build.code(statement).strip() for statement in _new_lines(rewriter)]
    for index, statement in enumerate(body):
        holds = isinstance(statement, cst.Try | cst.If) or _imports(statement)
        if holds and any(line in build.code(statement) for line in new):
            last = max(last, index + 1)
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
