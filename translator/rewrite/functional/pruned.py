"""The lines of `__init__` that hold widths, without those that nothing reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import of_kind, small, targets, used_names
from translator.rewrite.functional.changing import replaced
from translator.rewrite.functional.told import is_holding, is_variable, unhinted
from translator.source.tree import nodes


def pruned(
    body: Sequence[cst.BaseStatement],
    given: set[str],
    lost: set[str],
    naming: set[str],
    read: Collection[str] = (),
) -> tuple[list[cst.BaseStatement], set[str]]:
    """The statements with what is read alone, and the names that they read before they set them.

    What does not hold a width on every way is not read: a layer that asked for it learns it at its first call.
    `naming` are names that were read for the names of layers, which modules of torch have none of; those that such
    names are made of come to it. `read` are names that are read elsewhere.
    """
    while True:
        lost = _spread(body, lost)
        plain = [s for s in (unhinted(s, lost) for s in body) if isinstance(s, cst.BaseStatement)]
        pruning = _Pruning(lost, _for_names(body, naming))
        kept, asked = pruning.block(plain, set(read))
        missing = {name for name in asked if is_variable(name)} - given
        if not missing:
            return kept, asked
        lost = lost | missing


def _for_names(body: Sequence[cst.CSTNode], naming: set[str]) -> set[str]:
    """The names with those that they are made of."""
    assigns = [a for s in body for a in of_kind(nodes(s), cst.Assign)]
    before = -1
    while len(naming) != before:
        before = len(naming)
        for assign in assigns:
            if targets(assign) & naming:
                naming |= used_names(nodes(assign.value))
    return naming


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


_TEXT = (cst.FormattedString, cst.ConcatenatedString, cst.SimpleString)
_PURE = (
    *_TEXT,
    cst.FormattedStringText,
    cst.FormattedStringExpression,
    cst.Name,
    cst.BinaryOperation,
    cst.Integer,
    cst.Arg,
    cst.IfExp,
    cst.Comparison,
    cst.ComparisonTarget,
    cst.Attribute,
)
_FUNCTIONS = frozenset({"str", "chr", "int", "repr", "format", "get_uid", "unique_object_name"})


def _is_text(node: cst.BaseExpression) -> bool:
    """True for code that only makes texts of what it is given."""
    for part in nodes(node):
        if isinstance(part, cst.Call):
            func = part.func.attr if isinstance(part.func, cst.Attribute) else part.func
            if not isinstance(func, cst.Name) or func.value not in _FUNCTIONS:
                return False
        elif not isinstance(part, _PURE):
            return False
    return True


class _Pruning:
    """One look at some statements from the last to the first; `live` is what is read behind each."""

    def __init__(self, lost: set[str], naming: set[str]) -> None:
        self.lost, self.naming = lost, naming

    def block(
        self, body: Sequence[cst.CSTNode], live: set[str]
    ) -> tuple[list[cst.BaseStatement], set[str]]:
        """The statements that are needed, and what they read."""
        kept: list[cst.BaseStatement] = []
        for statement in reversed(body):
            assert isinstance(statement, cst.BaseStatement)
            new, live = self._statement(statement, live)
            if new is not None:
                kept.insert(0, new)
        return kept, live

    def _reads(self, node: cst.CSTNode) -> set[str]:
        names = used_names(nodes(node))
        return {name for name in names if is_variable(name) or name in self.naming}

    def _sets(self, node: cst.BaseStatement) -> str | None:
        """The name that a line sets and does nothing else."""
        if (name := is_holding(node)) is not None:
            return name
        inner = small(node)
        if not isinstance(inner, cst.Assign) or len(inner.targets) != 1:
            return None
        target = inner.targets[0].target
        if isinstance(target, cst.Name) and target.value in self.naming:
            return target.value if _is_text(inner.value) else None
        return None

    def _statement(
        self, node: cst.BaseStatement, live: set[str]
    ) -> tuple[cst.BaseStatement | None, set[str]]:
        name = self._sets(node)
        if name is not None:
            inner = small(node)
            assert isinstance(inner, cst.Assign)
            if name not in live or name in self.lost:
                return None, live - self.lost
            return node, (live - {name}) | self._reads(inner.value)
        if isinstance(node, cst.If):
            return self._condition(node, live)
        if isinstance(node, cst.For) and isinstance(node.body, cst.IndentedBlock):
            inside = set(live)
            while True:
                body, read = self.block(node.body.body, inside)
                if read <= inside:
                    break
                inside |= read
            if not body:
                return None, live
            block = node.body.with_changes(body=body)
            return node.with_changes(body=block), live | read | self._reads(node.iter)
        return node, live | self._reads(node)

    def _condition(self, node: cst.If, live: set[str]) -> tuple[cst.If | None, set[str]]:
        body, read = self._branch(node.body, live)
        orelse: cst.If | cst.Else | None = None
        other = live
        if isinstance(node.orelse, cst.If):
            orelse, other = self._condition(node.orelse, live)
        elif node.orelse is not None:
            inner, other = self._branch(node.orelse.body, live)
            if inner:
                orelse = node.orelse.with_changes(body=node.orelse.body.with_changes(body=inner))
        if not body and orelse is None:
            self.naming |= used_names(nodes(node.test))
            return None, live
        block = body or [cst.SimpleStatementLine([cst.Pass()])]
        new = node.with_changes(body=node.body.with_changes(body=block), orelse=orelse)
        return new, read | other | self._reads(node.test)

    def _branch(
        self, suite: cst.BaseSuite, live: set[str]
    ) -> tuple[Sequence[cst.CSTNode], set[str]]:
        if isinstance(suite, cst.IndentedBlock):
            return self.block(suite.body, live)
        return suite.body, live | self._reads(suite)


def without_copies(
    body: Sequence[cst.BaseStatement],
) -> tuple[list[cst.BaseStatement], dict[str, str]]:
    """The statements without lines that only give a width that stays another name, `channels = x.shape[-1]`.

    With what a variable is called so.
    """
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
            and value.value not in gone.values()
        ):
            gone[target.value] = value.value
        else:
            kept.append(statement)
    return _renamed(kept, gone), {own: name for name, own in gone.items()}


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
