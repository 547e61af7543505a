"""Calls of torch that return several tensors at once, where TensorFlow has a call for each: `x.max(1)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.lenses import Tensor
from translator.knowledge.records import Pair
from translator.rewrite import build
from translator.rewrite.once import is_simple, named
from translator.rewrite.patterns import written_pattern
from translator.source.bound import Arguments

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def bound_fields(rewriter: Rewriter, node: cst.BaseExpression) -> Arguments | None:
    """The call behind an expression, if it returns several tensors that are written one by one."""
    bound = rewriter.facts.calls.get(id(node))
    if bound is None or not isinstance(bound.record, Pair) or not bound.record.fields:
        return None
    return bound


def field_of(
    rewriter: Rewriter,
    node: cst.Attribute | cst.Subscript,
    owner: cst.BaseExpression,
    position: int,
) -> cst.BaseExpression:
    """`x.max(1).indices`, `x.max(1)[1]`: the one call that is needed; of a name, the part of its tuple."""
    bound = bound_fields(rewriter, owner)
    if bound is not None:
        assert isinstance(owner, cst.Call)
        return _written(rewriter, owner, bound, position)
    value = build.parenthesized(rewriter.expression(owner))
    if isinstance(owner, cst.Call) or isinstance(node, cst.Subscript):
        return node.with_changes(value=value)
    return build.expression(f"x[{position}]", x=value)


def _written(
    rewriter: Rewriter,
    node: cst.Call,
    bound: Arguments,
    position: int,
    operand: cst.BaseExpression | None = None,
) -> cst.BaseExpression:
    known = {} if operand is None else {_operand_name(rewriter, bound): operand}
    text = bound.record.spellings(rewriter.target)[position]
    return written_pattern(rewriter, node, bound, text, **known)


def _operand_name(rewriter: Rewriter, bound: Arguments) -> str:
    lens = next(lens for lens in bound.record.args if isinstance(lens, Tensor))
    return str(lens.name(rewriter.target))


def _operand(rewriter: Rewriter, bound: Arguments) -> tuple[cst.Name | None, bool]:
    """The name of an operand that is needed more than once; False where it cannot be given one."""
    lens = next(lens for lens in bound.record.args if isinstance(lens, Tensor))
    given = bound.values[str(lens.name(rewriter.side))]
    if is_simple(given):
        return None, True
    name = named(rewriter, given)
    return name, name is not None


def together(
    rewriter: Rewriter, node: cst.Call, bound: Arguments, record: Pair
) -> cst.BaseExpression:
    """All of them where they are wanted together: a tuple."""
    operand, known = _operand(rewriter, bound)
    if not known:
        message = f"{record.title} gives several tensors: give its input a name"
        rewriter.leave(node, Code.UNSUPPORTED_CODE, message)
        return node
    parts = [_written(rewriter, node, bound, i, operand) for i in range(len(record.fields))]
    return cst.Tuple(
        [cst.Element(part) for part in parts], lpar=[cst.LeftParen()], rpar=[cst.RightParen()]
    )


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`values, indices = x.max(1)`; what goes to `_` is not computed, and an input is computed once."""
    if not isinstance(node, cst.SimpleStatementLine) or len(node.body) != 1:
        return None
    small = node.body[0]
    if not isinstance(small, cst.Assign) or len(small.targets) != 1:
        return None
    target, bound = small.targets[0].target, bound_fields(rewriter, small.value)
    if bound is None or not isinstance(target, cst.Tuple):
        return None
    assert isinstance(small.value, cst.Call)
    if len(target.elements) != len(bound.record.fields):
        return None
    wanted = [
        (i, element)
        for i, element in enumerate(target.elements)
        if not (isinstance(element.value, cst.Name) and element.value.value == "_")
    ] or [(0, target.elements[0])]
    operand = _operand(rewriter, bound)[0] if len(wanted) > 1 else None
    parts = [_written(rewriter, small.value, bound, i, operand) for i, _ in wanted]
    left = target if len(wanted) > 1 else wanted[0][1].value
    assert isinstance(left, cst.BaseAssignTargetExpression)
    value = (
        cst.Tuple([cst.Element(part) for part in parts], lpar=[], rpar=[])
        if len(parts) > 1
        else parts[0]
    )
    changed = small.with_changes(targets=[rewriter.parts(cst.AssignTarget(left))], value=value)
    return [node.with_changes(body=[changed])]
