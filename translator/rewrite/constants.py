"""Names that hold nothing but a number once the configuration is settled, `axis = -1`: the number in their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import lines, small, targets, used_names
from translator.rewrite.functional.changing import replaced
from translator.source.bound import NOT_LITERAL
from translator.source.functions import parameters
from translator.source.literals import literal_value
from translator.source.tree import nodes


def with_constants(
    body: list[cst.BaseStatement], before: cst.FunctionDef
) -> list[cst.BaseStatement]:
    """The body of a function with numbers in place of the names that hold nothing else, `axis = -1`."""
    old, top = set(map(id, nodes(before))), set(map(id, body))
    own = {p.name.value for p in parameters(before)}
    code = [node for s in body for node in nodes(s)]
    holds: dict[str, cst.BaseExpression] = {}
    gone: set[int] = set()
    for statement in lines(body):
        pairs = dict(_constants(statement))
        moved = id(statement) in top and _moved(statement, before)
        if not pairs or (id(statement) in old and not moved):
            continue
        if all(_times_bound(code, name) == 1 and name not in own for name in pairs):
            holds |= pairs
            gone.add(id(statement))

    def change(node: cst.BaseExpression) -> cst.BaseExpression:
        if isinstance(node, cst.Name) and node.value in holds:
            return build.parenthesized(holds[node.value].deep_clone())
        new = replaced(node, change)
        assert isinstance(new, cst.BaseExpression)
        return new

    if not holds:
        return body
    new = [replaced(s, change) for s in _without(body, gone)]
    return [s for s in new if isinstance(s, cst.BaseStatement)]


def _without(body: Sequence[cst.BaseStatement], gone: set[int]) -> list[cst.BaseStatement]:
    """The statements but for some, in their blocks as well."""
    return [_inside(s, gone) for s in body if id(s) not in gone]


def _inside(node: cst.BaseStatement, gone: set[int]) -> cst.BaseStatement:
    if isinstance(node, cst.FunctionDef | cst.ClassDef | cst.SimpleStatementLine):
        return node
    if not any(id(n) in gone for n in nodes(node)):
        return node
    changes: dict[str, object] = {}
    for name in ("body", "orelse", "finalbody"):
        part = getattr(node, name, None)
        if isinstance(part, cst.IndentedBlock):
            inner = _without([s for s in part.body if isinstance(s, cst.BaseStatement)], gone)
            changes[name] = part.with_changes(body=inner or [cst.SimpleStatementLine([cst.Pass()])])
        elif isinstance(part, cst.If | cst.Else | cst.Finally):
            changes[name] = _inside(part, gone)  # type: ignore[arg-type]
    return node.with_changes(**changes)


def _moved(statement: cst.BaseStatement, function: cst.FunctionDef) -> bool:
    """True for what stood under a condition of the function and does so no more."""
    return all(statement is not s for s in function.body.body)


def _constants(statement: cst.BaseStatement) -> Iterator[tuple[str, cst.BaseExpression]]:
    """The names that a line gives numbers."""
    inner = small(statement)
    if not isinstance(inner, cst.Assign) or len(inner.targets) != 1:
        return
    target, value = inner.targets[0].target, inner.value
    if literal_value(value) is NOT_LITERAL:
        return
    if isinstance(target, cst.Name):
        yield target.value, value
    elif isinstance(target, cst.Tuple) and isinstance(value, cst.Tuple):
        names = [element.value for element in target.elements]
        if len(names) == len(value.elements) and all(isinstance(n, cst.Name) for n in names):
            for name, element in zip(names, value.elements, strict=True):
                yield name.value, element.value  # type: ignore[attr-defined]


def _times_bound(code: Sequence[cst.CSTNode], name: str) -> int:
    """How often some code binds a name, in functions inside as well."""
    lines = [n for n in code if isinstance(n, cst.SimpleStatementLine | cst.For | cst.CompFor)]
    params = [n for n in code if isinstance(n, cst.Param) and n.name.value == name]
    heads = [n.target if isinstance(n, cst.For | cst.CompFor) else n for n in lines]
    bound = [
        head
        for head in heads
        if name
        in (targets(head) if isinstance(head, cst.SimpleStatementLine) else used_names(nodes(head)))
    ]
    return len(bound) + len(params)
