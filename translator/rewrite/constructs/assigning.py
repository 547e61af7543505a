"""TensorFlow's variables that are set: `assign`, `assign_add` and `assign_sub`, in place and under `no_grad`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.quiet import no_grad
from translator.rewrite.constructs.reading import method_call
from translator.rewrite.modes import inside_call
from translator.source.values import Items, NumpyArray, TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

UPDATES = {"assign_sub": "w -= value", "assign_add": "w += value", "assign": "w.copy_(value)"}


def is_view(rewriter: Rewriter, node: cst.BaseExpression) -> bool:
    """True for a part of a variable that is kept: a copy there, in torch a view of what changes in place."""
    if not isinstance(node, cst.Subscript) or inside_call(rewriter):
        return False
    value = rewriter.facts.value(node.value)
    return isinstance(value, TensorValue) and value.leaf


def update(
    rewriter: Rewriter, node: cst.BaseStatement, call: cst.Call, func: cst.Attribute
) -> list[cst.BaseStatement] | None:
    """`w.assign_sub(value)`: in place, out of the gradient's sight."""
    owner = rewriter.facts.value(func.value)
    if not isinstance(owner, TensorValue) or not owner.leaf or len(call.args) != 1:
        return None
    rewriter.raw_weights = True
    target, value = rewriter.expression(func.value), rewriter.expression(call.args[0].value)
    rewriter.raw_weights = False
    given = rewriter.facts.value(call.args[0].value)
    plain = func.attr.value != "assign" and not isinstance(given, Items | NumpyArray)
    if not plain and not isinstance(given, TensorValue):
        value = build.expression(rewriter.naming.spell("torch.as_tensor(value)"), value=value)
    line = build.statement(UPDATES[func.attr.value], w=target, value=value)
    assert isinstance(node, cst.SimpleStatementLine)
    return [
        no_grad(
            rewriter,
            [line.with_changes(trailing_whitespace=node.trailing_whitespace)],
            node.leading_lines,
        )
    ]


def loop(rewriter: Rewriter, node: cst.For) -> list[cst.BaseStatement] | None:
    """A loop that only updates parameters stands inside `no_grad` as a whole."""
    if not all(
        (found := method_call(s)) is not None
        and found[1].attr.value in UPDATES
        and isinstance(owner := rewriter.facts.value(found[1].value), TensorValue)
        and owner.leaf
        for s in node.body.body
    ):
        return None
    outer, rewriter.raw_weights = rewriter.raw_weights, True
    new = rewriter.parts(node)
    rewriter.raw_weights = outer
    inner = new.body.body[0] if len(new.body.body) == 1 else None
    if not isinstance(inner, cst.With) or not isinstance(new.body, cst.IndentedBlock):
        return [new]
    flat = new.with_changes(body=new.body.with_changes(body=inner.body.body), leading_lines=[])
    return [no_grad(rewriter, [flat], node.leading_lines)]
