"""The body of a loop as a function of its own, which becomes a class: the turns are its objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import of_kind, targets, used_names
from translator.rewrite.functional.known import Helper
from translator.rewrite.functional.refused import RefusedError
from translator.source.tree import nodes

if TYPE_CHECKING:
    from translator.rewrite.functional.split import Split


@dataclass(frozen=True)
class Turn:
    """The loop with a call of the new function as its body, and the tensors that each turn is given."""

    node: cst.For
    given: list[str]


def lifted(split: Split, node: cst.For) -> Turn:
    """The loop with its body in a function, which is noted as one that builds layers."""
    whole = [s for s in node.body.body if isinstance(s, cst.BaseStatement)]
    inside = set(map(id, nodes(node)))
    after = {n.value for n in _reads(split.times.code) if id(n) not in inside}
    before, body, behind = _parted(split, node, whole, after)
    bound = {name for s in body for name in targets(s)}
    first_read = exposed(body)
    late = split.times.names
    given = [name for name in first_read if name in late]
    settings = [name for name in first_read if name in split.local]
    results = [n for n in _order(body) if n in late and n in bound and n in {*after, *first_read}]
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
    body = [*before, line, *behind]
    return Turn(node.with_changes(body=node.body.with_changes(body=body)), given)


def _parted(
    split: Split, node: cst.For, body: list[cst.BaseStatement], after: set[str]
) -> tuple[list[cst.BaseStatement], list[cst.BaseStatement], list[cst.BaseStatement]]:
    """What stays in the loop before the layers and behind them: what the next turn, or what follows, reads."""
    bound = {name for s in body for name in targets(s)} & split.local
    carried = bound & {*after, *exposed(body)}
    early = [not any(map(split.times.late, nodes(s))) and targets(s) <= split.local for s in body]
    stays = [
        is_early and bool(targets(s) & carried) for s, is_early in zip(body, early, strict=True)
    ]
    changed = True
    while changed:  # with what they are computed from
        read = {n for s, stay in zip(body, stays, strict=True) if stay for n in _order([s])}
        more = [
            stay or (is_early and bool(targets(s) & read & bound))
            for s, stay, is_early in zip(body, stays, early, strict=True)
        ]
        changed, stays = more != stays, more
    first = next((i for i, stay in enumerate(stays) if not stay), len(body))
    lifted = [s for s, stay in zip(body, stays, strict=True) if not stay]
    behind = [s for i, s in enumerate(body) if stays[i] and i >= first]
    for place, statement in enumerate(body):
        later = [s for i, s in enumerate(body) if i > place and not stays[i]]
        moved = stays[place] and place >= first
        if moved and targets(statement) & {n for s in later for n in _order([s])}:
            name = min(targets(statement))
            raise RefusedError(node, f"{name} changes between the layers of this loop")
    lost = {name for s in lifted for name in targets(s)} & carried
    if lost:
        raise RefusedError(node, f"{min(lost)} is computed in this loop and used behind it")
    return body[:first], lifted, behind


def _reads(code: Sequence[cst.CSTNode]) -> Iterator[cst.Name]:
    return of_kind(code, cst.Name)


def _order(body: Sequence[cst.CSTNode]) -> list[str]:
    """All names in some statements, in the order in which they first occur."""
    return list(dict.fromkeys(n.value for s in body for n in of_kind(nodes(s), cst.Name)))


def exposed(body: Sequence[cst.CSTNode]) -> list[str]:
    """The names that statements may read before they set them."""
    found: dict[str, None] = {}
    _expose(body, set(), found)
    return list(found)


def _expose(body: Sequence[cst.CSTNode], known: set[str], found: dict[str, None]) -> set[str]:
    """Note what some statements read that is not known before; returns what is known behind them."""
    known = set(known)

    def read(names: Sequence[str], own: set[str]) -> None:
        found.update(dict.fromkeys(n for n in names if n not in own))

    for statement in body:
        if isinstance(statement, cst.SimpleStatementLine):
            read(_read_by(statement), known)
            known |= targets(statement)
        elif isinstance(statement, cst.For):
            read(_order([statement.iter]), known)
            inner = known | used_names(nodes(statement.target))
            _expose(statement.body.body, inner, found)
        elif isinstance(statement, cst.If):
            known |= _expose_branches(statement, known, found)
        else:
            read(_order([statement]), known)
    return known


def _expose_branches(node: cst.If, known: set[str], found: dict[str, None]) -> set[str]:
    """The same of the branches of a condition, where what is known behind them all is."""
    found.update(dict.fromkeys(n for n in _order([node.test]) if n not in known))
    first = _expose(node.body.body, known, found)
    if isinstance(node.orelse, cst.If):
        return first & _expose_branches(node.orelse, known, found)
    if node.orelse is None:
        return set(known)
    return first & _expose(node.orelse.body.body, known, found)


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
