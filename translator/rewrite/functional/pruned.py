"""The lines of `__init__` that hold widths, without those that nothing reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import nodes, of_kind, small, targets, used_names
from translator.rewrite.functional.changing import replaced
from translator.rewrite.functional.widths import is_holding, is_variable, unhinted


def pruned(
    body: Sequence[cst.BaseStatement], given: set[str], lost: set[str]
) -> tuple[list[cst.BaseStatement], set[str]]:
    """The statements with what is read alone, and the variables that they need to be given.

    What does not hold a width on every way is not read: a layer that asked for it learns it at its first call.
    """
    while True:
        lost = _spread(body, lost)
        plain = [s for s in (unhinted(s, lost) for s in body) if isinstance(s, cst.BaseStatement)]
        kept, asked = _kept(plain, set(), lost)
        if asked <= given:
            return kept, asked
        lost = lost | (asked - given)


def _spread(body: Sequence[cst.CSTNode], lost: set[str]) -> set[str]:
    """The variables that hold what comes of lost ones as well."""
    lost = set(lost)
    lines = [n for s in body for n in of_kind(nodes(s), cst.SimpleStatementLine)]
    held = [(name, s) for s in lines if (name := is_holding(s)) is not None]
    before = -1
    while len(lost) != before:
        before = len(lost)
        for name, statement in held:
            inner = small(statement)
            assert isinstance(inner, cst.Assign)
            if used_names(nodes(inner.value)) & lost:
                lost.add(name)
    return lost


def _reads(node: cst.CSTNode) -> set[str]:
    return {name for name in used_names(nodes(node)) if is_variable(name)}


def _kept(
    body: Sequence[cst.CSTNode], live: set[str], lost: set[str]
) -> tuple[list[cst.BaseStatement], set[str]]:
    """The statements of a block that are needed where `live` is read behind it, and what they read before it."""
    kept: list[cst.BaseStatement] = []
    for statement in reversed(body):
        assert isinstance(statement, cst.BaseStatement)
        new, live = _statement(statement, live, lost)
        if new is not None:
            kept.insert(0, new)
    return kept, live


def _statement(
    node: cst.BaseStatement, live: set[str], lost: set[str]
) -> tuple[cst.BaseStatement | None, set[str]]:
    name = is_holding(node)
    if name is not None:
        inner = small(node)
        assert isinstance(inner, cst.Assign)
        if name not in live or name in lost:
            return None, live - lost
        return node, (live - {name}) | _reads(inner.value)
    if isinstance(node, cst.If):
        new, read = _condition(node, live, lost)
        return new, read
    if isinstance(node, cst.For) and isinstance(node.body, cst.IndentedBlock):
        inside = set(live)
        while True:
            body, read = _kept(node.body.body, inside, lost)
            if read <= inside:
                break
            inside |= read
        if not body:
            return None, live
        block = node.body.with_changes(body=body)
        return node.with_changes(body=block), live | read | _reads(node.iter)
    return node, live | _reads(node)


def _condition(node: cst.If, live: set[str], lost: set[str]) -> tuple[cst.If | None, set[str]]:
    assert isinstance(node.body, cst.IndentedBlock)
    body, read = _kept(node.body.body, live, lost)
    orelse: cst.If | cst.Else | None = None
    if isinstance(node.orelse, cst.If):
        orelse, other = _condition(node.orelse, live, lost)
    elif node.orelse is not None:
        assert isinstance(node.orelse.body, cst.IndentedBlock)
        inner, other = _kept(node.orelse.body.body, live, lost)
        if inner:
            orelse = node.orelse.with_changes(body=node.orelse.body.with_changes(body=inner))
    else:
        other = live
    if not body and orelse is None:
        return None, live | read | other
    block = body or [cst.SimpleStatementLine([cst.Pass()])]
    new = node.with_changes(body=node.body.with_changes(body=block), orelse=orelse)
    return new, read | other | _reads(node.test)


def without_copies(
    body: Sequence[cst.BaseStatement], read_elsewhere: Collection[str]
) -> list[cst.BaseStatement]:
    """The statements without lines that only give another name to a width that stays, `channels = in_channels`."""
    code = [n for s in body for n in nodes(s)]
    set_ = Counter(name for s in of_kind(code, cst.SimpleStatementLine) for name in targets(s))
    gone: dict[str, str] = {}
    kept: list[cst.BaseStatement] = []
    for statement in body:
        inner = small(statement)
        target = inner.targets[0].target if isinstance(inner, cst.Assign) else None
        value = inner.value if isinstance(inner, cst.Assign) else None
        if (
            isinstance(target, cst.Name)
            and isinstance(value, cst.Name)
            and is_variable(value.value)
            and not set_[value.value]
            and set_[target.value] == 1
            and target.value not in read_elsewhere
        ):
            gone[target.value] = value.value
        else:
            kept.append(statement)
    return _renamed(kept, gone) if gone else kept


def merged_twins(body: Sequence[cst.BaseStatement]) -> list[cst.BaseStatement]:
    """The statements with one variable in place of two that hold the same width wherever they are set."""
    body = list(body)
    names = [n for s in body for n in of_kind(nodes(s), cst.SimpleStatementLine)]
    held = list(dict.fromkeys(name for s in names if (name := is_holding(s)) is not None))
    for place, first in enumerate(held):
        for second in held[place + 1 :]:
            if _twins([list(body), *_blocks(body)], first, second):
                body = _without(body, first, second)
    return body


def _blocks(body: Sequence[cst.CSTNode]) -> Iterator[Sequence[cst.CSTNode]]:
    inside = [n for s in body for n in of_kind(nodes(s), cst.IndentedBlock)]
    yield from (block.body for block in inside)


def _twins(blocks: Sequence[Sequence[cst.CSTNode]], first: str, second: str) -> bool:
    """True where each line that sets one of them stands beside a line that gives the other the same."""
    set_ = {first, second}
    for block in blocks:
        lines = [(i, name, _held(s)) for i, s in enumerate(block) if (name := _name(s)) in set_]
        for (i, a, x), (j, b, y) in zip(lines[::2], lines[1::2], strict=False):
            same = build.code(x).replace(second, first) == build.code(y).replace(second, first)
            if j != i + 1 or a == b or not same:
                return False
        if len(lines) % 2:
            return False
    return True


def _name(node: cst.CSTNode) -> str | None:
    return is_holding(node) if isinstance(node, cst.SimpleStatementLine) else None


def _held(node: cst.CSTNode) -> cst.BaseExpression:
    inner = small(node)
    assert isinstance(inner, cst.Assign)
    return inner.value


def _without(body: Sequence[cst.BaseStatement], first: str, second: str) -> list[cst.BaseStatement]:
    kept = [_inside(s, second) for s in body if _name(s) != second]
    return _renamed(kept, {second: first})


def _renamed(
    body: Sequence[cst.BaseStatement], names: Mapping[str, str]
) -> list[cst.BaseStatement]:
    def change(part: cst.BaseExpression) -> cst.BaseExpression:
        if isinstance(part, cst.Name) and part.value in names:
            return cst.Name(names[part.value])
        new = replaced(part, change)
        assert isinstance(new, cst.BaseExpression)
        return new

    new = [replaced(s, change) for s in body]
    return [s for s in new if isinstance(s, cst.BaseStatement)]


def _inside(node: cst.BaseStatement, gone: str) -> cst.BaseStatement:
    changes: dict[str, object] = {}
    for field in ("body", "orelse"):
        part = getattr(node, field, None)
        if isinstance(part, cst.IndentedBlock):
            inner = [s for s in part.body if isinstance(s, cst.BaseStatement)]
            body = [_inside(s, gone) for s in inner if _name(s) != gone]
            changes[field] = part.with_changes(body=body)
        elif isinstance(part, cst.If | cst.Else):
            changes[field] = _inside(part, gone)  # type: ignore[arg-type]
    return node.with_changes(**changes) if changes else node
