"""Small questions about statements: which names they bind, which they mention, what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from translator.rewrite.build import code_fields


def nodes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A node and everything in it that is code."""
    yield node
    for name in code_fields(type(node)):
        value = getattr(node, name)
        if isinstance(value, cst.CSTNode):
            yield from nodes(value)
        elif isinstance(value, list | tuple):
            for inner in value:
                if isinstance(inner, cst.CSTNode):
                    yield from nodes(inner)


def mentioned(node: cst.CSTNode) -> set[str]:
    """All plain names in a node."""
    return {inner.value for inner in nodes(node) if isinstance(inner, cst.Name)}


def used_names(node: cst.CSTNode) -> set[str]:
    """The names that a tree binds or reads; attributes and keywords are none."""
    attributes = {id(inner.attr) for inner in nodes(node) if isinstance(inner, cst.Attribute)}
    return {
        inner.value
        for inner in nodes(node)
        if isinstance(inner, cst.Name) and id(inner) not in attributes
    }


def bound_names(node: cst.CSTNode) -> set[str]:
    """The names that a tree binds in any way but by an import."""
    bound = targets(node)
    for inner in nodes(node):
        if isinstance(inner, cst.FunctionDef | cst.ClassDef | cst.Param | cst.NameItem):
            bound |= _bound(inner.name) if isinstance(inner.name, cst.BaseExpression) else set()
        elif isinstance(inner, cst.WithItem) and inner.asname is not None:
            bound |= _bound(inner.asname.name)
        elif (
            isinstance(inner, cst.ExceptHandler | cst.ExceptStarHandler) and inner.name is not None
        ):
            bound |= _bound(inner.name.name)
        elif isinstance(inner, cst.MatchAs | cst.MatchStar) and inner.name is not None:
            bound.add(inner.name.value)
    return bound


def targets(node: cst.CSTNode) -> set[str]:
    """All names that a statement binds, those inside its blocks included."""
    bound: set[str] = set()
    for inner in nodes(node):
        if isinstance(
            inner,
            (
                cst.AssignTarget,
                cst.AugAssign | cst.AnnAssign | cst.For | cst.NamedExpr | cst.CompFor,
            ),
        ):
            bound |= _bound(inner.target)
    return bound


def _bound(target: cst.BaseExpression) -> set[str]:
    if isinstance(target, cst.Name):
        return {target.value}
    if isinstance(target, cst.Tuple | cst.List):
        return {name for element in target.elements for name in _bound(element.value)}
    return set()


def small(statement: cst.CSTNode) -> cst.BaseSmallStatement | None:
    """The only small statement of a line, None for anything else."""
    if isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1:
        return statement.body[0]
    return None


def method_call(statement: cst.CSTNode) -> tuple[cst.Call, cst.Attribute] | None:
    """The call and its function where a line is nothing but `x.method(...)`."""
    inner = small(statement)
    if (
        isinstance(inner, cst.Expr)
        and isinstance(inner.value, cst.Call)
        and isinstance(inner.value.func, cst.Attribute)
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
        if isinstance(part, cst.IndentedBlock):
            yield part.body
        elif isinstance(part, cst.Else | cst.Finally):
            yield from blocks(part)
        elif isinstance(part, cst.If):
            yield [part]
    for handler in getattr(statement, "handlers", ()):
        yield from blocks(handler)
