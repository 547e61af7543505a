"""Definitions of a file that an earlier conversion wrote into it, known again by their text."""

from __future__ import annotations

import ast
import functools

import libcst as cst

from translator.knowledge.lenses import Side
from translator.knowledge.written import HOME, written


def stands_for(node: cst.ClassDef | cst.FunctionDef, side: Side) -> str | None:
    """The name under which the knowledge has a definition, None for one that is the file's own."""
    found = written(side).get(node.name.value)
    if found is None:
        return None
    plain = node.with_changes(leading_lines=[], lines_after_decorators=[])
    same = _outline(cst.Module([]).code_for_node(plain)) == _outline(found.code)
    return f"{HOME}{found.name}" if same else None


@functools.lru_cache(maxsize=64)
def _outline(code: str) -> str:
    """A definition without its layout."""
    return ast.dump(ast.parse(code))
