"""Merges in code that is no functional model: written as what they compute, without the layers that they were."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import of_kind, small
from translator.rewrite.functional.changing import replaced
from translator.rewrite.functional.known import Known
from translator.rewrite.functional.layout import without_lines
from translator.rewrite.functional.merges import merged
from translator.source.activations import LINEAR
from translator.source.literals import literal_value
from translator.source.tree import nodes
from translator.source.values import MergeValue, SymbolicValue


def lowered(known: Known, body: Sequence[cst.BaseStatement]) -> list[cst.BaseStatement]:
    """The statements of a module with merges as operations."""

    def change(node: cst.BaseExpression) -> cst.BaseExpression:
        graph = isinstance(known.facts.value(node), SymbolicValue)  # of a model that stays
        combined = None
        if isinstance(node, cst.Call) and not graph:
            combined = merged(known, node, change)
        if combined is not None:
            return combined
        if isinstance(node, cst.Call) and _is_linear(known, node):
            return build.expression("keras.layers.Identity()")
        new = replaced(node, change)
        assert isinstance(new, cst.BaseExpression)
        return new

    new = [replaced(statement, change) for statement in map(with_identities, body)]
    read = _read(new)
    return _without(known, [s for s in new if isinstance(s, cst.BaseStatement)], read)[0]


def _is_linear(known: Known, node: cst.Call) -> bool:
    """True for `layers.Activation("linear")`, which does nothing."""
    if known.api(node.func) != "keras.layers.Activation" or len(node.args) != 1:
        return False
    given = node.args[0].value
    return literal_value(given) == "linear" or known.api(given) in LINEAR


def is_identity(node: cst.CSTNode) -> bool:
    """True for `lambda x: x`, which may be told a mode as well."""
    if not isinstance(node, cst.Lambda) or len(node.params.params) not in (1, 2):
        return False
    body, only = node.body, node.params.params[0]
    return isinstance(body, cst.Name) and body.value == only.name.value and only.default is None


def with_identities(node: cst.CSTNode) -> cst.CSTNode:
    """`self.shortcut = lambda x: x` as a layer: what stands beside it on other ways is one."""
    changes: dict[str, object] = {}
    if isinstance(node, cst.Assign):
        held = all(isinstance(target.target, cst.Attribute) for target in node.targets)
        if held and is_identity(node.value):
            return node.with_changes(value=build.expression("keras.layers.Identity()"))
        return node
    for name in ("body", "orelse", "finalbody"):
        part = getattr(node, name, None)
        if isinstance(part, cst.CSTNode) and not isinstance(part, cst.BaseExpression):
            new: object = with_identities(part)
        elif isinstance(part, list | tuple):
            inner = [with_identities(child) for child in part]
            new = inner if any(a is not b for a, b in zip(inner, part, strict=True)) else part
        else:
            continue
        if new is not part:
            changes[name] = new
    return node.with_changes(**changes) if changes else node


def _read(body: Sequence[cst.CSTNode]) -> set[str]:
    """The names and attributes that statements read."""
    code = [node for statement in body for node in nodes(statement)]
    targets = {id(t.target) for t in of_kind(code, cst.AssignTarget)}
    names = {id(a.attr) for a in of_kind(code, cst.Attribute) if id(a) in targets}
    return {n.value for n in of_kind(code, cst.Name) if id(n) not in targets | names}


def _without(
    known: Known, body: Sequence[cst.BaseStatement], read: set[str]
) -> tuple[list[cst.BaseStatement], list[cst.EmptyLine]]:
    """The statements, and those in their blocks, but for merges that nothing reads any more; comments left over."""
    gone = {i for i, statement in enumerate(body) if _is_idle(known, statement, read)}
    kept, comments = without_lines(body, gone)
    return [_inside(known, statement, read) for statement in kept], comments


def _inside(known: Known, node: cst.BaseStatement, read: set[str]) -> cst.BaseStatement:
    block = getattr(node, "body", None)
    if not isinstance(block, cst.IndentedBlock):
        return node
    inner = [s for s in block.body if isinstance(s, cst.BaseStatement)]
    kept, comments = _without(known, inner, read)
    if len(kept) == len(inner) and all(a is b for a, b in zip(kept, inner, strict=True)):
        return node
    body = kept or [cst.SimpleStatementLine([cst.Pass()])]
    return node.with_changes(body=block.with_changes(body=body, footer=[*comments, *block.footer]))


def _is_idle(known: Known, statement: cst.BaseStatement, read: set[str]) -> bool:
    inner = small(statement)
    if not isinstance(inner, cst.Assign) or len(inner.targets) != 1:
        return False
    if not isinstance(known.facts.value(inner.value), MergeValue):
        return False
    target = inner.targets[0].target
    name = target.attr if isinstance(target, cst.Attribute) else target
    return isinstance(name, cst.Name) and name.value not in read
