"""What a block under a tape reads from outside: tensors that were computed there are constants in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite.constructs.reading import small, targets, used_names
from translator.source.objects import FunctionInfo
from translator.source.tree import nodes
from translator.source.values import TensorValue

if TYPE_CHECKING:
    from translator.rewrite.constructs.taped import Tape
    from translator.rewrite.rewriter import Rewriter


def note(rewriter: Rewriter, tape: Tape, functions: Sequence[FunctionInfo]) -> None:
    """Find names and attributes that have to be detached under a tape, and what stands in its way."""
    for function in functions:
        own = _own_names(function)
        for node in nodes(function.node.body) if function.node is not None else ():
            if isinstance(node, cst.Name) and node.value not in own | tape.watched:
                if _computed(rewriter.facts.value(node)):
                    tape.refuse(f"{node.value} was computed outside of the tape")
    entering = rewriter.facts.entering.get(id(tape.node), {})
    assigned = targets(tape.node.body)
    for name in sorted(_read_first(tape.node.body) - tape.watched):
        if not _computed(entering.get(name)):
            continue
        if name in assigned:
            tape.rebound.append(name)
        else:
            _sever(rewriter, tape, name)
    for node in nodes(tape.node.body):
        if isinstance(node, cst.Attribute) and _computed(rewriter.facts.value(node)):
            if _is_held(node) and not _assigns(tape.node.body, functions, node.attr.value):
                rewriter.severed.add(id(node))


def _computed(value: object) -> bool:
    """True for a tensor that was computed from variables."""
    return isinstance(value, TensorValue) and value.tracked and not value.leaf


def _sever(rewriter: Rewriter, tape: Tape, name: str) -> None:
    attributes = {id(n.attr) for n in nodes(tape.node.body) if isinstance(n, cst.Attribute)}
    for node in nodes(tape.node.body):
        if isinstance(node, cst.Name) and node.value == name and id(node) not in attributes:
            rewriter.severed.add(id(node))


def _is_held(node: cst.Attribute) -> bool:
    """True for `self.h`, which is no property of a tensor."""
    return isinstance(node.value, cst.Name) and node.value.value == "self"


def _assigns(body: cst.CSTNode, functions: Sequence[FunctionInfo], name: str) -> bool:
    places = [body, *(f.node.body for f in functions if f.node is not None)]
    return any(
        isinstance(target.target, cst.Attribute) and target.target.attr.value == name
        for place in places
        for target in nodes(place)
        if isinstance(target, cst.AssignTarget | cst.AugAssign)
    )


def _read_first(body: cst.BaseSuite) -> set[str]:
    """The names that a block reads before it binds them."""
    read: set[str] = set()
    bound: set[str] = set()
    for statement in _flat(body):
        read |= used_names(nodes(statement)) - bound
        if isinstance(statement, cst.SimpleStatementLine | cst.BaseSmallStatement):
            inner = small(statement) or statement
            plain = isinstance(inner, cst.Assign)
            value = used_names(nodes(inner.value)) if isinstance(inner, cst.Assign) else set()
            names = targets(statement)
            read -= (names - value - bound) if plain else set()
            bound |= names
    return read


def _flat(body: cst.BaseSuite) -> Iterator[cst.CSTNode]:
    """The statements of a block, those under a `with` among them."""
    for statement in body.body:
        if isinstance(statement, cst.With):
            yield from statement.items
            yield from _flat(statement.body)
        else:
            yield statement


def _own_names(function: FunctionInfo) -> set[str]:
    assert function.node is not None
    given = {p.name.value for p in nodes(function.node) if isinstance(p, cst.Param)}
    return given | targets(function.node)
