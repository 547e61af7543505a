"""The functions of a file that a piece of code runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite.constructs.reading import of_kind, used_names
from translator.source.classes import closure
from translator.source.objects import FunctionInfo
from translator.source.tree import nodes

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def reached(rewriter: Rewriter, body: cst.CSTNode) -> list[FunctionInfo]:
    """The functions of the file that a block runs."""
    found: list[FunctionInfo] = []
    waiting = list(_called(rewriter, body))
    while waiting:
        function = waiting.pop(0)
        if function not in found and function.node is not None:
            found.append(function)
            waiting += rewriter.once(_called, function.node.body)
    return found


def _called(rewriter: Rewriter, body: cst.CSTNode) -> list[FunctionInfo]:
    """The functions of the file that a piece of code calls itself."""
    called = (closure(rewriter.facts.value(call.func)) for call in of_kind(nodes(body), cst.Call))
    return [function for function in called if function is not None]


def mentions(rewriter: Rewriter, block: cst.CSTNode, name: str) -> bool:
    """True if a block, or a function that it runs, names something."""
    functions = reached(rewriter, block)
    places = [block, *(f.node.body for f in functions if f.node is not None)]
    return any(name in used_names(nodes(place)) for place in places)
