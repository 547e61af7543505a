"""A tree as text, with the places of the few nodes that have findings.

libcst's own way to places (`MetadataWrapper` and `PositionProvider`) visits the whole tree and notes every node; it
took longer than all else together. Writing the tree is needed in any case, and a place is a position in its text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import accumulate

import libcst as cst
from libcst._nodes.internal import CodegenState

from translator.findings import Span

_LINE_END = re.compile(r"\r\n?|\n")
_UNWANTED: AbstractContextManager[None] = nullcontext()


class _Printer(CodegenState):
    """libcst's writer; `places` holds the first and the last token of each wanted node, by its `id`."""

    def __init__(self, tree: cst.Module, wanted: Collection[int]) -> None:
        super().__init__(tree.default_indent, tree.default_newline)
        self.wanted = set(wanted)
        self.places: dict[int, tuple[int, int]] = {}

    def record_syntactic_position(  # type: ignore[override]  # a plain context manager is enough
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> AbstractContextManager[None]:
        """Called by each node around its text, layout left out; a node may begin or end where one inside it does."""
        return self._placed(node, start_node, end_node) if id(node) in self.wanted else _UNWANTED

    @contextmanager
    def _placed(
        self, node: cst.CSTNode, first: cst.CSTNode | None, last: cst.CSTNode | None
    ) -> Iterator[None]:
        self.wanted |= {id(first), id(last)}
        start = len(self.tokens)
        yield
        start, _ = self.places.get(id(first), (start, 0))
        _, end = self.places.get(id(last), (0, len(self.tokens)))
        self.places[id(node)] = start, end


_PLAIN = cst.Module([])


def text(node: cst.CSTNode, tree: cst.Module = _PLAIN) -> str:
    """The code of a node, indented as `tree` is."""
    printer = _Printer(tree, ())
    node._codegen(printer)
    return "".join(printer.tokens)


def places(tree: cst.Module, nodes: Collection[cst.CSTNode]) -> dict[int, Span]:
    """Where nodes of a tree stand in its text, by their `id`; a node that was put in later has no place."""
    printer = _Printer(tree, [id(node) for node in nodes])
    tree._codegen(printer)
    starts = [0, *(end.end() for end in _LINE_END.finditer("".join(printer.tokens)))]
    offsets = [0, *accumulate(map(len, printer.tokens))]

    def point(token: int) -> tuple[int, int]:
        offset = offsets[min(token, len(offsets) - 1)]
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1]

    return {node: Span(*point(start), *point(end)) for node, (start, end) in printer.places.items()}
