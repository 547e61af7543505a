"""The state of one writing, and the places of nodes in the text.

The frequent kinds of node have writers here, which make no context manager for each node and no call for each space;
all others are written by libcst, with all that is in them. Both give the same text.

Places are noted as tokens of the text: libcst's own way to them (`MetadataWrapper` and `PositionProvider`) visits the
whole tree and takes longer than all else together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import libcst as cst
from libcst._nodes.internal import CodegenState

_UNWANTED: AbstractContextManager[None] = nullcontext()


class Printer(CodegenState):
    """libcst's writer; `places` holds the first and the last token of each wanted node, by its `id`."""

    def __init__(self, tree: cst.Module, wanted: Collection[int] = ()) -> None:
        super().__init__(tree.default_indent, tree.default_newline)
        self.wanted = set(wanted)
        self.places: dict[int, tuple[int, int]] = {}
        self.end = 0
        """The token behind the last statement."""

    def write(self, node: Any) -> None:
        """Write any node."""
        kind = node.__class__
        writer = WRITERS.get(kind)
        if writer is None or (self.wanted and kind not in PLACING and id(node) in self.wanted):
            node._codegen(self)
        else:
            writer(self, node)

    def place(self, node: cst.CSTNode, start: int) -> None:
        """Note where a node that was written stands, if that is wanted."""
        if self.wanted and id(node) in self.wanted:
            self.places[id(node)] = start, len(self.tokens)

    def each(self, nodes: Sequence[cst.CSTNode]) -> None:
        """Write nodes one behind the other."""
        for node in nodes:
            self.write(node)

    def space(self, node: Any) -> None:
        """Write what stands between two tokens, if anything does."""
        if node.__class__ is cst.SimpleWhitespace:
            if node.value:
                self.tokens.append(node.value)
        elif node.__class__ is cst.ParenthesizedWhitespace:
            self._broken_line(node)

    def empty_lines(self, lines: Sequence[cst.EmptyLine]) -> None:
        """Write lines without code."""
        for line in lines:
            if line.indent:
                self.tokens += self.indent_tokens
            self.line_end(line)

    def line_end(self, node: cst.EmptyLine | cst.TrailingWhitespace) -> None:
        """Write what stands behind the code of a line."""
        if node.whitespace.value:
            self.tokens.append(node.whitespace.value)
        if node.comment is not None:
            self.tokens.append(node.comment.value)
        end = node.newline.value
        self.tokens.append(self.default_newline if end is None else end)

    def _broken_line(self, node: cst.ParenthesizedWhitespace) -> None:
        self.line_end(node.first_line)
        self.empty_lines(node.empty_lines)
        if node.indent:
            self.tokens += self.indent_tokens
        self.tokens.append(node.last_line.value)

    # places

    def recorded(self, node: Any) -> int:
        """Let libcst write a statement or a block, whose end is needed for the place of what is around it.

        Returns the place of its first token.
        """
        self.wanted.add(id(node))
        node._codegen(self)
        start, self.end = self.places[id(node)]
        return start

    def record_syntactic_position(  # type: ignore[override]  # a plain context manager is enough
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> AbstractContextManager[None]:
        """Called by libcst around the text of a node, layout left out; it may begin or end where one inside it does."""
        return self._placed(node, start_node, end_node) if id(node) in self.wanted else _UNWANTED

    @contextmanager
    def _placed(
        self, node: cst.CSTNode, first: cst.CSTNode | None, last: cst.CSTNode | None
    ) -> Iterator[None]:
        self.wanted.update(id(edge) for edge in (first, last) if edge is not None)
        start = len(self.tokens)
        yield
        start, _ = self.places.get(id(first), (start, 0))
        _, end = self.places.get(id(last), (0, len(self.tokens)))
        self.places[id(node)] = start, end


Writer = Callable[[Printer, Any], None]
WRITERS: dict[type[Any], Writer] = {}
"""By kind of node; filled by the modules beside this one."""
PLACING: set[type[Any]] = set()
"""The kinds whose writers note the places of their nodes themselves."""
