"""Taking imports out of a file once it is known which names are still used, and putting the new ones in their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.names import canonical, side_of
from translator.rewrite.import_order import arranged, order_at
from translator.rewrite.layout import following, leading, led, without_blank
from translator.source.imports import dotted, local
from translator.source.reference import StarNames
from translator.source.tree import nodes

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


@dataclass(frozen=True, slots=True)
class ImportLine:
    """An import of the source framework, or `t = torch`: in which block it stands, and whether that is no module's."""

    statement: cst.SimpleStatementLine
    block: object
    local: bool

    @property
    def small(self) -> cst.BaseSmallStatement:
        """The import itself."""
        return self.statement.body[0]


def star_names(rewriter: Rewriter, small: cst.BaseSmallStatement) -> StarNames:
    """What is used of a star import; nothing for any other statement."""
    star = small.names if isinstance(small, cst.ImportFrom) else None
    return rewriter.facts.stars.get(id(star)) or StarNames()


class Removal:
    """Which imports are left, once it is known which names are still used."""

    def __init__(self, rewriter: Rewriter) -> None:
        self.rewriter = rewriter
        for line in reversed(rewriter.imports):
            if isinstance(line.small, cst.Assign) and dotted(_target(line.small)) in self._roots():
                rewriter.keep(line.small.value)
        self.roots = self._roots()
        self.modules = self._modules()
        self.left = {id(line.small): self._left(line.small) for line in rewriter.imports}
        self.changed = [x for x in rewriter.imports if self.left[id(x.small)] is not x.small]

    def _roots(self) -> set[str]:
        return {name.partition(".")[0] for name in self.rewriter.kept}

    def _modules(self) -> set[str]:
        """Of `import torch`, `import torch.utils.data` and such, those that are needed, in functions and outside."""
        return self._needed_modules(local=False) | self._needed_modules(local=True)

    def _needed_modules(self, local: bool) -> set[str]:
        """Those that hold a name that is kept; the shortest that binds its root, where none does."""
        kept = self.rewriter.kept
        lines = [line.small for line in self.rewriter.imports if line.local == local]
        plain = [a for x in lines if isinstance(x, cst.Import) for a in x.names if a.asname is None]
        names = [dotted(alias.name) for alias in plain]
        needed = {n for n in names if any(k == n or k.startswith(f"{n}.") for k in kept)}
        for root in self.roots - {name.partition(".")[0] for name in needed}:
            needed |= set(sorted((n for n in names if n.partition(".")[0] == root), key=len)[:1])
        return needed

    def _left(self, small: cst.BaseSmallStatement) -> cst.BaseSmallStatement | None:
        if isinstance(small, cst.Import | cst.ImportFrom):
            if isinstance(small.names, cst.ImportStar):
                star = star_names(self.rewriter, small)
                return small if star.unknown or star.known & self.roots else None
            names = [alias for alias in small.names if self._needed(small, alias)]
            if not names or len(names) == len(small.names):
                return small if names else None
            names[-1] = names[-1].with_changes(comma=small.names[-1].comma)
            return small.with_changes(names=names)
        return small if dotted(_target(small)) in self.roots else None

    def _needed(self, small: cst.Import | cst.ImportFrom, alias: cst.ImportAlias) -> bool:
        name = dotted(alias.name)
        if isinstance(small, cst.ImportFrom) or alias.asname is not None:
            ours = isinstance(small, cst.ImportFrom) or _owned(self.rewriter, name)
            return not ours or local(alias) in self.roots
        return not _owned(self.rewriter, name) or name in self.modules

    def place(self, block: object) -> cst.BaseSmallStatement | None:
        """The import in whose place the new ones come; None where they come at the top of the file."""
        if not self.changed:
            return None
        first = self.changed[0]
        together = not first.local and all(line.block is first.block for line in self.changed)
        return first.small if together or first.block is block else None


def _owned(rewriter: Rewriter, name: str) -> bool:
    return side_of(canonical(name)) == rewriter.side


def _target(small: cst.BaseSmallStatement) -> cst.BaseExpression:
    assert isinstance(small, cst.Assign)
    return small.targets[0].target


class Editor(cst.CSTTransformer):
    """Takes imports out of blocks and puts the new ones where the first of the old ones stood."""

    def __init__(
        self,
        removal: Removal,
        place: cst.BaseSmallStatement | None,
        new: list[cst.BaseStatement],
    ) -> None:
        self.removal = removal
        self.place = place
        self.new = new
        self.emptied: set[int] = set()

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Only what can hold a block is looked into."""
        return not isinstance(node, cst.BaseExpression | cst.SimpleStatementLine)

    def leave_IndentedBlock(
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.BaseSuite:
        """A block from which nothing is left says `pass`, until the statement around it is seen."""
        body = self.block(updated_node.body)
        if not body:
            body = [cst.SimpleStatementLine([cst.Pass()])]
            self.emptied.add(id(body[0]))
        return updated_node.with_changes(body=body)

    def leave_Try(self, original_node: cst.Try, updated_node: cst.Try) -> Edited:
        """Nothing can fail any more where only imports were tried."""
        if id(updated_node.body.body[0]) not in self.emptied:
            return updated_node
        if updated_node.finalbody is not None:
            return updated_node
        return _spliced(updated_node, updated_node.orelse)

    def leave_If(self, original_node: cst.If, updated_node: cst.If) -> Edited:
        """A condition under which nothing is imported any more; a call in it may do something."""
        if id(updated_node.body.body[0]) not in self.emptied or updated_node.orelse is not None:
            return updated_node
        calls = any(isinstance(inner, cst.Call) for inner in nodes(original_node.test))
        return updated_node if calls else cst.RemoveFromParent()

    def block(self, body: Sequence[cst.BaseStatement]) -> list[cst.BaseStatement]:
        """The statements of one block; comments above what was taken out go to what follows it."""
        edited: list[cst.BaseStatement] = []
        waiting: Sequence[cst.EmptyLine] = ()
        at, order = 0, None
        for position, statement in enumerate(body):
            new = self._statement(statement)
            if not new:
                waiting = following(waiting, leading(statement))
                continue
            if waiting:
                new[0] = led(new[0], following(waiting, leading(new[0])))
                waiting = ()
            if not edited and statement is not body[0]:
                new[0] = without_blank(new[0])
            if self._is_place(statement):
                at, order = len(edited), order_at(body, position)
            edited += new
        return arranged(edited, at, len(self.new), order)

    def _is_place(self, statement: cst.BaseStatement) -> bool:
        small = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
        return self.place is not None and small is self.place

    def _statement(self, statement: cst.BaseStatement) -> list[cst.BaseStatement]:
        if not isinstance(statement, cst.SimpleStatementLine):
            return [statement]
        small = statement.body[0]
        left = self.removal.left.get(id(small), small)
        if left is small:
            return [statement]
        new: list[cst.BaseStatement] = list(self.new) if self._is_place(statement) else []
        if left is not None:
            new.append(statement.with_changes(body=[left], leading_lines=()))
        if new:
            new[0] = led(new[0], leading(statement))
        return new


Edited = cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement] | cst.RemovalSentinel


def _spliced(node: cst.BaseStatement, part: cst.Else | None) -> Edited:
    """What remains of a statement: one of its blocks."""
    if part is None or not isinstance(part.body, cst.IndentedBlock):
        return cst.RemoveFromParent() if part is None else node
    first, *rest = part.body.body
    return cst.FlattenSentinel([led(first, leading(node)), *rest])
