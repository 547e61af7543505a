"""The definitions of an earlier conversion: they go where nothing needs them any more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite.constructs.reading import used_names
from translator.source.tree import nodes

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def without_unused(
    rewriter: Rewriter, body: Sequence[cst.BaseStatement]
) -> Sequence[cst.BaseStatement]:
    """The module without those that its code does not name; what stays stays as it is, with its imports."""
    names = rewriter.facts.written
    if not names:
        return body
    waiting = {name: statement for statement in body if (name := _defined(statement)) in names}
    used = used_names(
        node for line in body if _defined(line) not in waiting for node in nodes(line)
    )
    while found := used & waiting.keys():
        for name in found:
            needed = used_names(nodes(waiting.pop(name)))
            used |= needed
            rewriter.kept |= needed
    return [statement for statement in body if _defined(statement) not in waiting]


def _defined(statement: cst.BaseStatement) -> str:
    return statement.name.value if isinstance(statement, cst.ClassDef | cst.FunctionDef) else ""
