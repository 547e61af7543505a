"""The rate of a torch optimizer, which stands in its parameter groups; Keras's optimizer has it as an attribute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import small
from translator.source.literals import literal_value
from translator.source.objects import Built
from translator.source.tree import nodes
from translator.source.values import UNKNOWN

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_GROUPS = "param_groups"


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`optimizer.param_groups[0]["lr"] = 0.1`, and a loop over the groups that speaks of their rates alone."""
    if rewriter.target != "tensorflow":
        return None
    if type(node) is cst.For:
        return _loop(rewriter, node)
    inner = small(node)
    if type(inner) is cst.AugAssign:
        owner = _owner(rewriter, inner.target)
        if owner is None:
            return None
        new: cst.BaseSmallStatement = inner.with_changes(
            target=_attribute(rewriter, owner), value=rewriter.expression(inner.value)
        )
    elif isinstance(inner, cst.Assign):
        owners = [_owner(rewriter, target.target) for target in inner.targets]
        if owners[0] is None or len(owners) > 1:
            return None
        target = inner.targets[0].with_changes(target=_attribute(rewriter, owners[0]))
        value = rewriter.expression(inner.value)
        new = inner.with_changes(targets=[target], value=value)
    else:
        return None
    assert isinstance(node, cst.SimpleStatementLine)
    return [node.with_changes(body=[new])]


def read(rewriter: Rewriter, node: cst.Subscript) -> cst.BaseExpression | None:
    """`optimizer.param_groups[0]["lr"]`, as a number."""
    owner = _owner(rewriter, node) if rewriter.target == "tensorflow" else None
    return owner and build.expression("float(rate)", rate=_attribute(rewriter, owner))


def listed(rewriter: Rewriter, node: cst.ListComp) -> cst.BaseExpression | None:
    """`[group["lr"] for group in optimizer.param_groups]`: of the one rate."""
    loop = node.for_in
    owner = _grouped(rewriter, loop.iter)
    if owner is None or not isinstance(loop.target, cst.Name) or loop.ifs or loop.inner_for_in:
        return None
    if not _speaks_of_rates(loop.target.value, [node.elt]):
        return None
    rewriter.groups[loop.target.value] = owner
    element = rewriter.expression(node.elt)
    del rewriter.groups[loop.target.value]
    return cst.List([cst.Element(element)])


def _attribute(rewriter: Rewriter, owner: cst.BaseExpression) -> cst.BaseExpression:
    return build.expression("o.learning_rate", o=build.parenthesized(rewriter.expression(owner)))


def _owner(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The optimizer of `optimizer.param_groups[0]["lr"]`, or of `group["lr"]` in a loop over the groups."""
    if type(node) is not cst.Subscript or _index(node) != "lr":
        return None
    group = node.value
    if isinstance(group, cst.Name):
        return rewriter.groups.get(group.value)
    if isinstance(group, cst.Subscript) and _index(group) in (0, -1):
        return _grouped(rewriter, group.value)
    return None


def _index(node: cst.Subscript) -> object:
    inner = node.slice[0].slice
    single = len(node.slice) == 1 and isinstance(inner, cst.Index)
    return literal_value(inner.value) if single and isinstance(inner, cst.Index) else None


def _grouped(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The optimizer of `optimizer.param_groups`; one that stays as it is keeps its groups."""
    if not isinstance(node, cst.Attribute) or node.attr.value != _GROUPS:
        return None
    owner = rewriter.facts.value(node.value)
    if isinstance(owner, Built):
        return None if id(owner.site.node) in rewriter.facts.problems else node.value
    return node.value if owner == UNKNOWN else None


def _loop(rewriter: Rewriter, node: cst.For) -> list[cst.BaseStatement] | None:
    from translator.rewrite.statements import spliced

    owner = _grouped(rewriter, node.iter)
    if owner is None or not isinstance(node.target, cst.Name) or node.orelse is not None:
        return None
    if not _speaks_of_rates(node.target.value, [node.body]):
        return None
    rewriter.groups[node.target.value] = owner
    body = spliced(rewriter, node.body)
    del rewriter.groups[node.target.value]
    return body


def _speaks_of_rates(name: str, parts: Sequence[cst.CSTNode]) -> bool:
    """True where a group's name stands in `group["lr"]` alone, and the loop is left in no other way than by its end."""
    found = [node for part in parts for node in nodes(part)]
    if any(isinstance(node, cst.Break | cst.Continue) for node in found):
        return False
    named = sum(isinstance(node, cst.Name) and node.value == name for node in found)
    rates = sum(
        isinstance(node, cst.Subscript)
        and isinstance(node.value, cst.Name)
        and node.value.value == name
        and _index(node) == "lr"
        for node in found
    )
    return named == rates
