"""Small questions about statements: which names they bind, which they mention, what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import libcst as cst

from translator.source.tree import nodes

Node = TypeVar("Node", bound=cst.CSTNode)


def of_kind(code: Iterable[cst.CSTNode], *kinds: type[Node]) -> Iterator[Node]:
    """Those nodes that are of some of libcst's own types, none of which has a subtype."""
    return (node for node in code if type(node) in kinds)  # type: ignore[misc]


def mentioned(node: cst.CSTNode) -> set[str]:
    """All plain names in a node."""
    return {name.value for name in of_kind(nodes(node), cst.Name)}


def used_names(code: Iterable[cst.CSTNode]) -> set[str]:
    """The names that code binds or reads; attributes and keywords are none."""
    names: list[cst.Name] = []
    attributes: set[int] = set()
    for node in code:
        if type(node) is cst.Name:
            names.append(node)
        elif type(node) is cst.Attribute:
            attributes.add(id(node.attr))
    return {name.value for name in names if id(name) not in attributes}


_SETTING = (cst.AssignTarget, cst.AugAssign, cst.AnnAssign, cst.For, cst.NamedExpr)
_ASSIGNING = (*_SETTING, cst.CompFor)
_DEFINING = (cst.FunctionDef, cst.ClassDef, cst.Param, cst.NameItem)
_NAMING = (cst.WithItem, cst.ExceptHandler, cst.ExceptStarHandler, cst.MatchAs, cst.MatchStar)


def bound_names(code: Iterable[cst.CSTNode]) -> set[str]:
    """The names that code binds in any way but by an import."""
    binding = of_kind(code, *_ASSIGNING, *_DEFINING, *_NAMING)
    return {name for inner in binding for name in _bound(_target(inner))}


def _target(node: cst.CSTNode) -> cst.CSTNode | None:
    """What a node binds: `target`, `as name` or its own name."""
    named = next((getattr(node, f) for f in ("target", "asname", "name") if hasattr(node, f)), None)
    return named.name if type(named) is cst.AsName else named


def targets(node: cst.CSTNode) -> set[str]:
    """All names that a statement binds, those inside its blocks included; a comprehension has its own."""
    return {name for inner in of_kind(nodes(node), *_SETTING) for name in _bound(_target(inner))}


def _bound(target: cst.CSTNode | None) -> set[str]:
    if type(target) is cst.Name:
        return {target.value}
    if isinstance(target, cst.Tuple | cst.List):
        return {name for element in target.elements for name in _bound(element.value)}
    return set()


def bindings(
    code: Iterable[cst.CSTNode],
) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    """What assignments bind, with what they give it; `a, b = 1, 2` is two of them."""
    for assign in of_kind(code, cst.Assign):
        for target in assign.targets:
            left, right = target.target, assign.value
            if not isinstance(left, cst.Tuple) or not isinstance(right, cst.Tuple):
                yield left, right
            elif len(left.elements) == len(right.elements):
                for one, other in zip(left.elements, right.elements, strict=True):
                    yield one.value, other.value


def small(statement: cst.CSTNode) -> cst.BaseSmallStatement | None:
    """The only small statement of a line, None for anything else."""
    if type(statement) is cst.SimpleStatementLine and len(statement.body) == 1:
        return statement.body[0]
    return None


def method_call(statement: cst.CSTNode) -> tuple[cst.Call, cst.Attribute] | None:
    """The call and its function where a line is nothing but `x.method(...)`."""
    inner = small(statement)
    if (
        type(inner) is cst.Expr
        and type(inner.value) is cst.Call
        and type(inner.value.func) is cst.Attribute
    ):
        return inner.value, inner.value.func
    return None


def lines(body: Sequence[cst.CSTNode]) -> Iterator[cst.SimpleStatementLine]:
    """All simple lines of a block, nested ones included, those of functions and classes left out."""
    for statement in body:
        if isinstance(statement, cst.SimpleStatementLine):
            yield statement
        elif isinstance(statement, cst.FunctionDef | cst.ClassDef):
            continue
        else:
            for inner in blocks(statement):
                yield from lines(inner)


def blocks(statement: cst.CSTNode) -> Iterator[Sequence[cst.CSTNode]]:
    """The blocks of a compound statement."""
    for name in ("body", "orelse", "finalbody"):
        part = getattr(statement, name, None)
        if type(part) is cst.IndentedBlock:
            yield part.body
        elif isinstance(part, cst.Else | cst.Finally):
            yield from blocks(part)
        elif type(part) is cst.If:
            yield [part]
    for handler in getattr(statement, "handlers", ()):
        yield from blocks(handler)
