"""The names of a file whose loops are written: imports that they need, and callbacks that nothing needs any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import of_kind, small, used_names
from translator.rewrite.layout import following, leading, led
from translator.source.facts import Facts
from translator.source.imports import dotted, imports
from translator.source.tree import nodes
from translator.source.values import CallbackValue, Items, Value

_LINES = (
    ("csv", "import csv"),
    ("keras", "import keras"),
    ("math", "import math"),
    ("tf", "import tensorflow as tf"),
)


def with_imports(tree: cst.Module) -> cst.Module:
    """The module with imports for the names that the loops use, where sorted imports have them."""
    used, known = used_names(nodes(tree)), imports(tree)
    body = list(tree.body)
    for name, line in _LINES:
        if name in used and name not in known:
            found = [(i, key) for i, s in enumerate(body) if (key := _sorted_by(s)) is not None]
            after = [i + 1 for i, key in found if key < (False, line.split()[1])]
            at = after[-1] if after else found[0][0] if found else 0
            body.insert(at, build.statement(line))
    return tree.with_changes(body=body)


def _sorted_by(statement: cst.BaseStatement) -> tuple[bool, str] | None:
    """What import lines are sorted by: plain ones first, then their modules."""
    inner = small(statement)
    if isinstance(inner, cst.Import):
        return False, dotted(inner.names[0].name)
    if isinstance(inner, cst.ImportFrom) and inner.module is not None:
        return True, dotted(inner.module)
    return None


def without_callbacks(tree: cst.Module, facts: Facts) -> cst.Module:
    """The module without the lines that make callbacks which no call is given any more."""
    if not any(isinstance(value, CallbackValue) for value in facts.values.values()):
        return tree
    while True:
        code = list(nodes(tree))
        attributes = {id(node.attr) for node in of_kind(code, cst.Attribute)}
        names = (name for name in of_kind(code, cst.Name) if id(name) not in attributes)
        read = Counter(name.value for name in names)
        dropping = _Dropping(facts, read)
        body = dropping.block(tree.body)
        if not dropping.dropped:
            return tree
        tree = tree.with_changes(body=body)


class _Dropping:
    """Takes lines out of a file; what stays keeps its identity."""

    def __init__(self, facts: Facts, read: Counter[str]) -> None:
        self.facts, self.read = facts, read
        self.dropped = False

    def block(self, body: Sequence[cst.BaseStatement]) -> list[cst.BaseStatement]:
        """A block without these lines; their comments go to what follows."""
        kept: list[cst.BaseStatement] = []
        waiting: list[cst.EmptyLine] = []
        for statement in body:
            if self._is_idle(statement):
                waiting = list(following(waiting, leading(statement)))
                self.dropped = True
                continue
            new = self._inside(statement)
            kept.append(led(new, following(waiting, leading(new))) if waiting else new)
            waiting = []
        return kept

    def _inside(self, node: cst.BaseStatement) -> cst.BaseStatement:
        suite = getattr(node, "body", None)
        if not isinstance(suite, cst.IndentedBlock):
            return node
        outer, self.dropped = self.dropped, False
        body = self.block(suite.body)
        changed, self.dropped = self.dropped, self.dropped or outer
        if not changed:
            return node
        return node.with_changes(
            body=suite.with_changes(body=body or [cst.SimpleStatementLine([cst.Pass()])])
        )

    def _is_idle(self, statement: cst.BaseStatement) -> bool:
        """True for a line that names a callback where nothing reads the name."""
        inner = small(statement)
        if not isinstance(inner, cst.Assign) or len(inner.targets) > 1:
            return False
        target = inner.targets[0].target
        unread = isinstance(target, cst.Name) and self.read[target.value] == 1
        return unread and _is_callback(self.facts.value(inner.value))


def _is_callback(value: Value) -> bool:
    if isinstance(value, Items):
        return bool(value.items) and all(map(_is_callback, value.items))
    return isinstance(value, CallbackValue)
