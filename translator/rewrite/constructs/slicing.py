"""What a loss depends on: the statements before a backward pass that a tape has to record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.found import depends
from translator.rewrite.constructs.reading import of_kind, small, targets
from translator.source.tree import nodes
from translator.source.values import Each, Items, TensorValue, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_GROWING = frozenset({"append", "extend", "insert"})


def needed(
    rewriter: Rewriter,
    body: Sequence[cst.BaseStatement],
    index: int,
    wanted: cst.CSTNode,
    sources: frozenset[str] = frozenset(),
) -> list[int]:
    """The statements of a block before `index` on which a value depends through something that is trained.

    How `sources` came about does not matter.
    """
    names = read(wanted) - sources
    found: list[int] = []
    for position in range(index - 1, -1, -1):
        statement = body[position]
        if not bound(statement) & names:
            continue
        inner = small(statement)
        whole = isinstance(inner, cst.Assign) and all(_is_place(t.target) for t in inner.targets)
        if whole:
            names -= bound(statement)
        if _tracked(rewriter, statement):
            found.append(position)
            names |= read(inner.value if isinstance(inner, cst.Assign) and whole else statement)
            names -= sources
    return sorted(found)


def _is_place(target: cst.BaseExpression) -> bool:
    """True for what an assignment gives a value as a whole."""
    if isinstance(target, cst.Tuple | cst.List):
        return all(_is_place(element.value) for element in target.elements)
    return isinstance(target, cst.Name | cst.Attribute)


def read(code: cst.CSTNode) -> set[str]:
    """The names and attributes that code mentions, attributes with all that stands before them."""
    found = {build.code(node) for node in of_kind(nodes(code), cst.Attribute)}
    inner = {id(node.attr) for node in of_kind(nodes(code), cst.Attribute)}
    names = of_kind(nodes(code), cst.Name)
    return found | {node.value for node in names if id(node) not in inner}


def bound(statement: cst.CSTNode) -> set[str]:
    """The names and attributes that a statement gives values, or lists that it makes longer."""
    found = targets(statement)
    for node in of_kind(nodes(statement), cst.AssignTarget, cst.AugAssign, cst.Call):
        if isinstance(node, cst.AssignTarget | cst.AugAssign):
            if isinstance(node.target, cst.Attribute):
                found.add(build.code(node.target))
        elif isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            if node.func.attr.value in _GROWING:
                found.add(build.code(node.func.value))
    return found


def unrecorded(
    rewriter: Rewriter, taped: Sequence[cst.CSTNode], sources: frozenset[str] = frozenset()
) -> bool:
    """True if statements read what was computed from trained parameters outside of them, but for `sources`."""
    made = {name for statement in taped for name in bound(statement)} | sources
    return any(
        not _is_made(code, made) and _carries(rewriter.facts.value(node))
        for statement in taped
        for node, code in _places(statement)
    )


def _is_made(code: str, made: set[str]) -> bool:
    """True for what is made, and for its attributes."""
    parts = code.split(".")
    return any(".".join(parts[:count]) in made for count in range(1, len(parts) + 1))


def _places(code: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, str]]:
    for node in of_kind(nodes(code), cst.Name, cst.Attribute):
        yield node, node.value if isinstance(node, cst.Name) else build.code(node)


def _carries(value: Value) -> bool:
    """True for a tensor that depends on parameters, and for a list that holds one."""
    if isinstance(value, Items):
        return any(_carries(item) for item in value.items)
    if isinstance(value, Each):
        return _carries(value.item)
    return isinstance(value, TensorValue) and depends(value)


def _tracked(rewriter: Rewriter, statement: cst.BaseStatement) -> bool:
    inner = small(statement)
    if isinstance(inner, cst.Assign | cst.AnnAssign) and inner.value is not None:
        return depends(rewriter.facts.value(inner.value))
    return True


def until_known(body: Sequence[cst.BaseStatement], loss: cst.BaseExpression) -> int:
    """How many statements have to run before the loss is known: what only prints it need not be recorded."""
    if not isinstance(loss, cst.Name | cst.Attribute):
        return len(body)
    name = build.code(loss)
    binding = [index for index, statement in enumerate(body) if name in bound(statement)]
    return binding[-1] + 1 if binding else len(body)


def begin(
    rewriter: Rewriter,
    body: Sequence[cst.BaseStatement],
    floor: int,
    index: int,
    losses: tuple[cst.BaseExpression, ...],
    name: str = "tape",
    sources: frozenset[str] = frozenset(),
) -> tuple[int, str] | None:
    """Where a tape has to begin, and its name where it has to record statements before `floor` as well.

    None where the losses depend on what was computed outside of the block; `sources` are names that a tape watches.
    """
    wanted = cst.Tuple([cst.Element(loss) for loss in losses])
    found = needed(rewriter, body, index, wanted, sources)
    before = [position for position in found if position < floor]
    start = next((position for position in found if position >= floor), index)
    if start == index and (isinstance(losses[0], cst.Name | cst.Attribute) or before):
        return None
    computed = start + until_known(body[start:index], losses[-1])
    pieces = [body[position] for position in before]
    if unrecorded(rewriter, [*pieces, *body[start:computed], cst.Expr(wanted)], sources):
        return None
    if not before:
        return start, ""
    if not all(isinstance(small(piece), cst.Assign) for piece in pieces):
        return None
    tape = rewriter.naming.fresh(name)
    rewriter.pieces.update((id(piece), tape) for piece in pieces)
    return start, tape
