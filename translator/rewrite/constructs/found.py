"""What is found around a backward pass: zeroings, steps, gradients that are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import lines, method_call, small
from translator.source.classes import inherited
from translator.source.objects import Built, ParametersValue
from translator.source.tree import nodes
from translator.source.values import UNKNOWN, Each, Items, TensorValue, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def depends(value: Value) -> bool:
    """True if a value may depend on trained parameters."""
    if isinstance(value, TensorValue):
        return value.tracked and not value.leaf
    if isinstance(value, Items):
        return any(depends(item) for item in value.items)
    if isinstance(value, Each):
        return depends(value.item)
    return value == UNKNOWN


def direct(rewriter: Rewriter, body: Sequence[cst.CSTNode]) -> Iterator[cst.SimpleStatementLine]:
    """The lines of a block that run each time it does: inside `with`, loops over parameters and `if w.grad`."""
    for statement in body:
        if isinstance(statement, cst.SimpleStatementLine):
            yield statement
        elif isinstance(statement, cst.With):
            yield from direct(rewriter, statement.body.body)
        elif isinstance(statement, cst.For):
            value = rewriter.facts.value(statement.iter)
            if isinstance(value, ParametersValue | Items):
                yield from direct(rewriter, statement.body.body)
        elif isinstance(statement, cst.If) and "grad" in build.code(statement.test):
            yield from direct(rewriter, statement.body.body)


def zeroed(rewriter: Rewriter, line: cst.SimpleStatementLine) -> cst.BaseExpression | None:
    """Whose gradients `optimizer.zero_grad()`, `model.zero_grad()`, `w.grad.zero_()` or `w.grad = None` zeroes."""
    found = method_call(line)
    if found is not None:
        owner = found[1].value
        if found[1].attr.value == "zero_grad":
            return owner if inherited(rewriter.facts.value(owner), "zero_grad") else None
        return _variable(rewriter, owner) if found[1].attr.value == "zero_" else None
    inner = small(line)
    if (
        isinstance(inner, cst.Assign)
        and len(inner.targets) == 1
        and _nothing(rewriter, inner.value)
    ):
        return _variable(rewriter, inner.targets[0].target)
    return None


def _nothing(rewriter: Rewriter, node: cst.BaseExpression) -> bool:
    """True for None and for `torch.zeros_like(w)`."""
    if type(node) is cst.Call:
        return rewriter.api(node.func) in ("torch.zeros", "torch.zeros_like")
    return isinstance(node, cst.Name) and node.value == "None"


def _variable(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The variable whose gradient `w.grad` or `w.grad.data` is."""
    node = undata(node)
    if not isinstance(node, cst.Attribute) or node.attr.value != "grad":
        return None
    return undata(node.value) if isinstance(rewriter.facts.value(node.value), TensorValue) else None


def stepped(rewriter: Rewriter, line: cst.SimpleStatementLine) -> Built | None:
    """The optimizer of `optimizer.step()`."""
    found = method_call(line)
    if found is None or found[1].attr.value != "step" or found[0].args:
        return None
    owner = rewriter.facts.value(found[1].value)
    return owner if isinstance(owner, Built) and not is_schedule(owner) else None


def is_schedule(value: Value) -> bool:
    """True for a schedule, which is stepped like an optimizer."""
    return isinstance(value, Built) and value.site.arguments.spelling.name.startswith(_SCHEDULES)


_SCHEDULES = "torch.optim.lr_scheduler."


def gradients_used(
    rewriter: Rewriter, body: Sequence[cst.BaseStatement]
) -> dict[str, cst.BaseExpression]:
    """The variables whose `.grad` is read after the backward pass, by their code."""
    used: dict[str, cst.BaseExpression] = {}
    for line in lines(body):
        for inner in nodes(line):
            if isinstance(inner, cst.Attribute) and inner.attr.value == "grad":
                if isinstance(rewriter.facts.value(inner.value), TensorValue):
                    used.setdefault(build.code(undata(inner.value)), undata(inner.value))
    return used


def undata(node: cst.BaseExpression) -> cst.BaseExpression:
    """`w.data` is `w`."""
    return node.value if isinstance(node, cst.Attribute) and node.attr.value == "data" else node


def looped(rewriter: Rewriter, body: Sequence[cst.BaseStatement]) -> cst.BaseExpression | None:
    """`for p in model.parameters(): p -= lr * p.grad`: all parameters of the model."""
    for statement in body:
        for inner in nodes(statement):
            if isinstance(inner, cst.For):
                value = rewriter.facts.value(inner.iter)
                if isinstance(value, ParametersValue) and isinstance(inner.target, cst.Name):
                    return build.expression(
                        "model.trainable_variables", model=rewriter.expression(value.owner)
                    )
    return None


def last(node: cst.BaseExpression) -> str:
    """The last part of a name, for the name of its gradient."""
    return (
        node.attr.value
        if isinstance(node, cst.Attribute)
        else node.value
        if isinstance(node, cst.Name)
        else "w"
    )
