"""Walking a tree: the fields of a node that hold code, as opposed to its layout."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator
from typing import TypeGuard

import libcst as cst

_FORMAT = frozenset(
    "lpar rpar comma semicolon equal dot colon indent header footer leading_lines trailing_whitespace "
    "lines_after_decorators lbracket rbracket lbrace rbrace operator keyword star".split()
)
_PLAIN = frozenset({str, bool})


@functools.cache
def code_fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    """The fields of a node type that can hold code, as opposed to its layout and to plain text."""
    names = (field.name for field in dataclasses.fields(kind) if field.type not in _PLAIN)
    return tuple(
        name for name in names if name not in _FORMAT and not name.startswith("whitespace")
    )


def _kinds(kind: type[cst.CSTNode]) -> Iterator[type[cst.CSTNode]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)


_KINDS = frozenset(_kinds(cst.CSTNode))  # type: ignore[type-abstract]
"""All types of nodes: `isinstance` with libcst's abstract base takes several times as long as a look at these."""
ROWS = frozenset({list, tuple})
"""The types of fields that hold several nodes."""


def is_node(value: object) -> TypeGuard[cst.CSTNode]:
    """True for any node."""
    return type(value) in _KINDS


def code_parts(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The pieces of code right inside a node, in the order of its fields."""
    parts: list[cst.CSTNode] = []
    for name in code_fields(type(node)):
        value = getattr(node, name)
        kind = type(value)
        if kind in _KINDS:
            parts.append(value)
        elif kind in ROWS:
            parts += value
    return parts


def nodes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A node and everything in it that is code, in the order of the source."""
    waiting = [node]
    while waiting:
        inner = waiting.pop()
        yield inner
        if code_fields(type(inner)):
            parts = code_parts(inner)
            parts.reverse()
            waiting += parts
