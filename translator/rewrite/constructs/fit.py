"""What is left of Keras's training calls once `rewrite/fitting` has written their loops."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import small
from translator.rewrite.fitting.fit import NO_GRAD
from translator.source.classes import inherited
from translator.source.values import Api, MethodValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """Rewrite `model.build(...)`, `model.summary()` and a block that was written without gradients."""
    if rewriter.target != "torch":
        return None
    if isinstance(node, cst.With):
        return _no_grad(rewriter, node)
    inner = small(node)
    call = inner.value if isinstance(inner, cst.Expr) else None
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute):
        return None
    method = rewriter.facts.value(call.func)
    if not isinstance(method, MethodValue) or not inherited(method.receiver, method.name):
        return None
    if method.name == "build":
        return []
    if method.name == "summary":
        return [build.statement("print(model)", model=rewriter.expression(call.func.value))]
    return None


def _no_grad(rewriter: Rewriter, node: cst.With) -> list[cst.BaseStatement] | None:
    item = node.items[0].item
    if not isinstance(item, cst.Call) or rewriter.facts.value(item.func) != Api(NO_GRAD):
        return None
    new = build.call(rewriter.naming.target("torch.no_grad"), [])
    body = rewriter.suite(node.body)
    return [node.with_changes(items=[cst.WithItem(new)], body=body)]


def left(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """A call of `compile`, `fit` or `evaluate` that no loop was written for."""
    refused = rewriter.untrained.get(id(node))
    if refused is None:
        return None
    rewriter.leave(node, *refused)
    return node


def plateau(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """torch's schedule that lowers the rate, as the loop of a `fit` asks for it."""
    return _named(rewriter, node, "torch.optim.lr_scheduler.ReduceLROnPlateau")


def board(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """torch's writer of curves for TensorBoard."""
    return _named(rewriter, node, "torch.utils.tensorboard.SummaryWriter")


def _named(rewriter: Rewriter, node: cst.Call, name: str) -> cst.BaseExpression:
    return node.with_changes(
        func=rewriter.naming.target(name), args=[rewriter.parts(a) for a in node.args]
    )
