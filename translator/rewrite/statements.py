"""Blocks of statements: constructs first, then each statement, with its comments and what goes before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.comments import carried
from translator.rewrite.constructs import modes, optimizers, quiet, states, tapes
from translator.rewrite.constructs.backward import plan_steps
from translator.rewrite.constructs.reading import small
from translator.rewrite.dispatch import construct
from translator.rewrite.imports import is_import
from translator.rewrite.layout import BLANK, leading, todo, without_blank
from translator.rewrite.wrapping import wrapped
from translator.source.left import is_left, reasons
from translator.source.values import Api, MethodValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def rewrite_suite(rewriter: Rewriter, node: cst.BaseSuite) -> cst.BaseSuite:
    """A block; it holds `pass` where nothing remained."""
    if type(node) is cst.SimpleStatementSuite:
        line = cst.SimpleStatementLine(node.body)
        body = rewrite_block(rewriter, [line])
        block = cst.IndentedBlock(body or [_pass()])
        if any(is_import(rewriter, small) for small in node.body):
            return block
        return node if body == [line] else _on_its_line(node, body) or block
    assert isinstance(node, cst.IndentedBlock)
    rewriter.depth += 1
    body = rewrite_block(rewriter, node.body)
    rewriter.depth -= 1
    footer = [*rewriter.waiting, *node.footer]
    rewriter.waiting = []
    first = next(iter(node.body), None)
    if body and (first is None or not _blank_first(first)):
        body[0] = without_blank(body[0])
    return node.with_changes(body=body or [_pass()], footer=footer)


def _blank_first(statement: cst.CSTNode) -> bool:
    leading: Sequence[cst.EmptyLine] = getattr(statement, "leading_lines", ())
    return bool(leading) and leading[0].comment is None


def _on_its_line(
    node: cst.SimpleStatementSuite, body: Sequence[cst.BaseStatement]
) -> cst.SimpleStatementSuite | None:
    """A body that stood on the line of its header and still can: as many simple statements, nothing to say of them."""
    lines = [s for s in body if isinstance(s, cst.SimpleStatementLine) and not leading(s)]
    small = [part for line in lines for part in line.body]
    if len(lines) != len(body) or len(small) != len(node.body):
        return None
    if any("\n" in build.code(part) for part in small):
        return None
    semicolons = [part.semicolon for part in node.body]
    kept = [part.with_changes(semicolon=s) for part, s in zip(small, semicolons, strict=True)]
    return node.with_changes(body=kept)


def _pass() -> cst.SimpleStatementLine:
    return cst.SimpleStatementLine([cst.Pass()])


def rewrite_block(rewriter: Rewriter, body: Sequence[cst.BaseStatement]) -> list[cst.BaseStatement]:
    """The statements of one block, in order; comments of what was taken out go to what follows it.

    Comments that nothing follows are left in `rewriter.waiting`.
    """
    block, rewriter.block = rewriter.block, body
    body = [part for line in body for part in _split(rewriter, line)]
    written: list[cst.BaseStatement] = []
    lines: list[cst.EmptyLine] = []
    outer = len(rewriter.steps)
    steps = plan_steps(rewriter, body)
    postponed = optimizers.Postponed()
    if rewriter.target == "torch":
        tapes.pair_steps(rewriter, body)
        postponed = optimizers.postponed(rewriter, body)
    position = 0
    while position < len(body):
        step = steps.get(position)
        if step is not None:
            new = step.write(rewriter)
            lines = _append(written, new, lines)
            position = step.end
            continue
        statement = body[position]
        new = [] if position in postponed.moved else one(rewriter, statement)
        for moved in postponed.after.get(position, ()):
            new += one(rewriter, optimizers.moved(body[moved]))
        lines = _append(written, new, [*lines, *rewriter.waiting, *_lost(statement, new)])
        lines += rewriter.footer
        if type(statement) is cst.SimpleStatementLine and new and isinstance(new[-1], cst.For):
            lines.append(BLANK)  # a loop in place of a line stands by itself
        rewriter.waiting, rewriter.footer = [], []
        position += 1
    del rewriter.steps[outer:]
    rewriter.block = block
    rewriter.waiting = list(lines) if any(line.comment for line in lines) else []
    return quiet.joined(rewriter, written)


def _split(rewriter: Rewriter, statement: cst.BaseStatement) -> list[cst.BaseStatement]:
    """`loss.backward(); optimizer.step()` on two lines, where one imports, sets a member or calls what is known."""
    if type(statement) is not cst.SimpleStatementLine or len(statement.body) < 2:
        return [statement]
    if is_left(statement):
        return [statement]
    known = (
        is_import(rewriter, small)
        or _sets_member(rewriter, small)
        or (
            isinstance(small, cst.Expr)
            and isinstance(small.value, cst.Call)
            and isinstance(rewriter.facts.value(small.value.func), MethodValue | Api)
        )
        for small in statement.body
    )
    if not any(known):
        return [statement]
    parts = [
        cst.SimpleStatementLine([small.with_changes(semicolon=cst.MaybeSentinel.DEFAULT)])
        for small in statement.body
    ]
    parts[0] = parts[0].with_changes(leading_lines=statement.leading_lines)
    parts[-1] = parts[-1].with_changes(trailing_whitespace=statement.trailing_whitespace)
    return list(parts)


def _append(
    written: list[cst.BaseStatement],
    new: Sequence[cst.BaseStatement],
    lines: Sequence[cst.EmptyLine],
) -> list[cst.EmptyLine]:
    """Add statements; the first takes the lines that are waiting. Returns those that still wait."""
    if not new:
        return list(lines)
    first = new[0]
    if lines:
        own = list(getattr(first, "leading_lines", ()))
        if own and own[0].comment is None and lines[0].comment is None:
            own = own[1:]
        first = first.with_changes(leading_lines=[*lines, *own])
    written += [first, *new[1:]]
    return []


def _lost(statement: cst.BaseStatement, new: Sequence[cst.BaseStatement]) -> list[cst.EmptyLine]:
    """The lines above a statement that was taken out: its comments, or one blank line."""
    if new:
        return []
    leading = list(getattr(statement, "leading_lines", ()))
    if isinstance(statement, cst.SimpleStatementLine) and statement.trailing_whitespace.comment:
        leading.append(cst.EmptyLine(comment=statement.trailing_whitespace.comment))
    if any(line.comment for line in leading):
        return leading
    return leading[:1]


def _kept(rewriter: Rewriter, statement: cst.BaseStatement) -> cst.BaseStatement:
    """A statement that an earlier conversion left: it is said again, and stays."""
    outer = list(rewriter.comments)
    for code, message in reasons(statement):
        rewriter.leave(statement, code, message)
    rewriter.comments = outer
    return statement


def _sets_member(rewriter: Rewriter, node: cst.BaseSmallStatement) -> bool:
    """True for `self.layers = [...]` in a model, which may become several lines or a list of its own kind."""
    if type(node) is not cst.Assign or not rewriter.classes or not rewriter.classes[-1].is_module:
        return False
    return any(type(target.target) is cst.Attribute for target in node.targets)


def one(rewriter: Rewriter, statement: cst.BaseStatement) -> list[cst.BaseStatement]:
    """One statement and what it needs before and after it, under the comments for what was left."""
    if is_left(statement):
        return [_kept(rewriter, statement)]
    outer = (rewriter.comments, rewriter.before, rewriter.after)
    rewriter.comments, rewriter.before, rewriter.after = [], [], []
    around, rewriter.statement = rewriter.statement, statement
    loop = type(statement) in (cst.For, cst.While)
    rewriter.loops += loop
    settings = modes.prepared(rewriter, statement)
    known = rewriter.modes
    if rewriter.target == "tensorflow":
        states.enter(rewriter, statement)
    elif isinstance(statement, cst.BaseCompoundStatement) and not isinstance(statement, cst.With):
        rewriter.modes = modes.inside(rewriter, statement)
    new = construct(rewriter, statement)
    if new is None:
        new = [_plain(rewriter, statement)]
    if rewriter.target == "tensorflow":
        states.leave(rewriter, statement, known)
    else:
        modes.forget(rewriter, statement)
    rewriter.loops -= loop
    before = [*settings, *rewriter.before]
    if before and new:
        new = [_following(new[0], statement), *new[1:]]
    source = _SHORT if id(statement) in rewriter.put_in else statement
    new = [wrapped(line, source, 4 * rewriter.depth) for line in [*before, *new, *rewriter.after]]
    new = [line for line in new if line is statement or not _is_idle(line)]
    comments = rewriter.comments
    rewriter.comments, rewriter.before, rewriter.after = outer
    rewriter.statement = around
    if new:
        new = list(carried(statement, [_led(new[0], statement, comments), *new[1:]]))
    return new


_SHORT = cst.SimpleStatementLine([cst.Pass()])
"""Stands for the source of a line that the conversion put in: nobody has chosen its length."""


def _is_idle(statement: cst.BaseStatement) -> bool:
    """True for what is left of `x = x.to(device)`: a name is given what it has."""
    inner = small(statement)
    return (
        type(inner) is cst.Assign
        and len(inner.targets) == 1
        and isinstance(inner.value, cst.Name | cst.Tuple)
        and build.same_code(inner.targets[0].target, inner.value)
    )


def _following(first: cst.BaseStatement, source: cst.BaseStatement) -> cst.BaseStatement:
    """The first new statement without the source's leading lines, which go above what is put before it."""
    own = list(getattr(source, "leading_lines", ()))
    leading = list(getattr(first, "leading_lines", ()))
    if not own or leading[: len(own)] != own:
        return first
    return first.with_changes(leading_lines=leading[len(own) :])


def _led(
    first: cst.BaseStatement, source: cst.BaseStatement, comments: Sequence[str]
) -> cst.BaseStatement:
    """The first new statement with the source's leading lines and the comments for what was left in it."""
    leading = list(getattr(first, "leading_lines", ()))
    own = list(getattr(source, "leading_lines", ()))
    if own and leading[: len(own)] != own:
        leading = own + leading
    present = {line.comment.value for line in leading if line.comment}
    leading += [
        line for line in map(todo, comments) if line.comment and line.comment.value not in present
    ]
    same = leading == list(getattr(first, "leading_lines", ()))
    return first if same else first.with_changes(leading_lines=leading)


def _plain(rewriter: Rewriter, statement: cst.BaseStatement) -> cst.BaseStatement:
    if type(statement) is cst.FunctionDef:
        info = rewriter.facts.functions.get(id(statement))
        if info is not None:
            rewriter.functions.append(info)
            new = rewriter.parts(statement)
            rewriter.functions.pop()
            return new
    return rewriter.parts(statement)


def spliced(rewriter: Rewriter, suite: cst.BaseSuite) -> list[cst.BaseStatement]:
    """The statements of a block whose header falls away; comments beside it and at its end stay there."""
    if isinstance(suite, cst.SimpleStatementSuite):
        return rewrite_block(rewriter, [cst.SimpleStatementLine(suite.body)])
    assert isinstance(suite, cst.IndentedBlock)
    body = rewrite_block(rewriter, suite.body)
    rewriter.footer += [*rewriter.waiting, *(line for line in suite.footer if line.comment)]
    rewriter.waiting = []
    comment = suite.header.comment
    if comment is not None and body:
        first = body[0]
        body[0] = first.with_changes(
            leading_lines=[cst.EmptyLine(comment=comment), *getattr(first, "leading_lines", ())]
        )
    return body
