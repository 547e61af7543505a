"""TensorFlow's variables that are set: `assign`, `assign_add` and `assign_sub`, in place and under `no_grad`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.records import holding
from translator.rewrite import build
from translator.rewrite.constructs.quiet import no_grad
from translator.rewrite.constructs.reading import method_call
from translator.rewrite.modes import inside_call
from translator.source.objects import Built, ParametersValue
from translator.source.tree import nodes
from translator.source.values import GradientValue, Items, NumpyArray, TensorValue

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
    given = call.args[0].value
    axes = _axes(rewriter, func.value)
    layout = "" if axes is None else _layout(rewriter, given)
    if layout == "unknown" or (
        _is_listed(rewriter, func.value) and _layout(rewriter, given) != "torch"
    ):
        why = "torch stores kernels transposed, and the layout of what is assigned is not known"
        rewriter.leave(call, Code.UNSUPPORTED_CODE, why)
        return [node]
    outer, rewriter.raw_weights = rewriter.raw_weights, True
    target = rewriter.expression(func.value)
    rewriter.raw_weights = layout != "keras"
    value = rewriter.expression(given)
    rewriter.raw_weights = outer
    known = rewriter.facts.value(given)
    plain = func.attr.value != "assign" and not isinstance(known, Items | NumpyArray)
    if not plain and not isinstance(known, TensorValue):
        value = build.expression(rewriter.naming.spell("torch.as_tensor(value)"), value=value)
    if axes is not None and layout == "keras":
        value = rewriter.permuted(value, [axes.index(axis) for axis in range(len(axes))])
    line = build.statement(UPDATES[func.attr.value], w=target, value=value)
    assert isinstance(node, cst.SimpleStatementLine)
    return [
        no_grad(
            rewriter,
            [line.with_changes(trailing_whitespace=node.trailing_whitespace)],
            node.leading_lines,
        )
    ]


def _axes(rewriter: Rewriter, node: cst.BaseExpression) -> tuple[int, ...] | None:
    """The permutation from torch's layout of a layer's weight to Keras's, None where both are one."""
    owner = rewriter.facts.value(node.value) if isinstance(node, cst.Attribute) else None
    if not isinstance(node, cst.Attribute) or not isinstance(owner, Built):
        return None
    weight = holding(owner.site.record, "tensorflow", node.attr.value)
    return weight.axes if weight is not None and weight.plain else None


def _is_listed(rewriter: Rewriter, node: cst.BaseExpression) -> bool:
    """True for `model.trainable_variables[0]`, which may be a kernel."""
    if not isinstance(node, cst.Subscript):
        return False
    return isinstance(rewriter.facts.value(node.value), ParametersValue)


def _layout(rewriter: Rewriter, node: cst.BaseExpression) -> str:
    """In which layout a value is written that goes into a kernel.

    "torch" where it is made of gradients, kernels and numbers alone, so that no layout can be seen; "keras" where
    it holds data of the program; "unknown" where it may be either.
    """
    found: set[str] = set()
    for part in nodes(node):
        value = rewriter.facts.value(part)
        if isinstance(part, cst.BinaryOperation | cst.UnaryOperation):
            continue
        if isinstance(value, GradientValue):
            found.add("torch")
        elif isinstance(value, NumpyArray | Items):
            found.add("keras")
        elif isinstance(value, TensorValue) and value.rank != 0:
            made = isinstance(part, cst.Call) and rewriter.api(part.func) is not None
            if made:
                found.add("keras")
            elif not isinstance(part, cst.BaseExpression) or _axes(rewriter, part) is None:
                found.add("unknown")
    if "unknown" in found or len(found) > 1:
        return "unknown"
    return next(iter(found), "torch")


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
