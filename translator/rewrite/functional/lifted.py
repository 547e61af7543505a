"""The body of a loop as a function of its own, which becomes a class: the turns are its objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import nodes, of_kind, targets
from translator.rewrite.functional.known import Helper
from translator.rewrite.functional.refused import RefusedError

if TYPE_CHECKING:
    from translator.rewrite.functional.split import Split


def lifted(split: Split, node: cst.For) -> cst.For:
    """The loop with a call of the new function as its body; the function is noted as one that builds layers."""
    body = [s for s in node.body.body if isinstance(s, cst.BaseStatement)]
    bound = targets(node)
    inside = set(map(id, nodes(node)))
    after = {n.value for n in _reads(split.times.code) if id(n) not in inside}
    exposed = _exposed(body)
    late = split.times.names
    given = [name for name in exposed if name in late]
    settings = [name for name in exposed if name in split.local]
    results = [n for n in _order(body) if n in late and n in bound and n in {*after, *exposed}]
    for name in sorted(bound & split.local):
        if name in after and any(name in targets(s) for s in body):
            raise RefusedError(node, f"{name} is computed in this loop and used behind it")
    given += [n for n in results if n not in given and not _always(body, n)]
    if any(isinstance(n, cst.Return | cst.Break | cst.Continue) for n in nodes(node)):
        raise RefusedError(node, "layers that are built in a loop that ends early")
    returned = build.statement(f"return {', '.join(results)}")
    function = cst.FunctionDef(
        cst.Name("block"),
        cst.Parameters([cst.Param(cst.Name(name)) for name in (*given, *settings)]),
        cst.IndentedBlock([*body, returned]),
    )
    split.known.helpers[id(function)] = Helper(function, set(given), makes=True)
    split.lift(function)
    func = cst.Name("block")
    split.known.stand_ins[id(func)] = function
    split.known.origins[id(func)] = func, node
    call = build.call(func, [build.argument(cst.Name(n)) for n in (*given, *settings)])
    line = build.statement(f"{', '.join(results)} = call", call=call)
    return node.with_changes(body=node.body.with_changes(body=[line]))


def _reads(code: Sequence[cst.CSTNode]) -> Iterator[cst.Name]:
    return of_kind(code, cst.Name)


def _order(body: Sequence[cst.CSTNode]) -> list[str]:
    """All names in some statements, in the order in which they first occur."""
    return list(dict.fromkeys(n.value for s in body for n in of_kind(nodes(s), cst.Name)))


def _exposed(body: Sequence[cst.CSTNode]) -> list[str]:
    """The names that statements may read before they set them."""
    found: dict[str, None] = {}
    known: set[str] = set()
    for statement in body:
        if isinstance(statement, cst.SimpleStatementLine):
            reads = _read_by(statement)
            found |= dict.fromkeys(n for n in reads if n not in known)
            known |= targets(statement)
        else:
            found |= dict.fromkeys(n for n in _order([statement]) if n not in known)
    return list(found)


def _read_by(statement: cst.SimpleStatementLine) -> list[str]:
    reads: list[str] = []
    for inner in statement.body:
        if isinstance(inner, cst.Assign):
            plain = [t.target for t in inner.targets if isinstance(t.target, cst.Name | cst.Tuple)]
            reads += _order([inner.value])
            if len(plain) < len(inner.targets):
                reads += _order([t.target for t in inner.targets])
        else:
            reads += _order([inner])
    return reads


def _always(body: Sequence[cst.CSTNode], name: str) -> bool:
    """True if the statements set a name whatever happens."""
    return any(isinstance(s, cst.SimpleStatementLine) and name in targets(s) for s in body)
