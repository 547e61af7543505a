"""A tree as text, with the places of the few nodes that have findings.

libcst's own way to places (`MetadataWrapper` and `PositionProvider`) visits the whole tree and notes every node; it
took longer than all else together. A place is a position in the text, which is written again for it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection
from itertools import accumulate

import libcst as cst

from translator.findings import Span
from translator.source.printing import Printer

_LINE_END = re.compile(r"\r\n?|\n")
_PLAIN = cst.Module([])


def text(node: cst.CSTNode, tree: cst.Module = _PLAIN) -> str:
    """The code of a node, indented as `tree` is."""
    printer = Printer(tree)
    printer.write(node)
    return "".join(printer.tokens)


def places(tree: cst.Module, nodes: Collection[cst.CSTNode]) -> dict[int, Span]:
    """Where nodes of a tree stand in its text, by their `id`; a node that was put in later has no place."""
    wanted = [id(node) for node in nodes]
    printer = Printer(tree, wanted)
    printer.write(tree)
    starts = [0, *(end.end() for end in _LINE_END.finditer("".join(printer.tokens)))]
    offsets = [0, *accumulate(map(len, printer.tokens))]

    def point(token: int) -> tuple[int, int]:
        offset = offsets[min(token, len(offsets) - 1)]
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1]

    found = ((node, printer.places[node]) for node in wanted if node in printer.places)
    return {node: Span(*point(start), *point(end)) for node, (start, end) in found}
