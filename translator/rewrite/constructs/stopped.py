"""Values that no gradient may pass: `detach()` and `no_grad` where a tape may be recording, as `tf.stop_gradient`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.found import depends
from translator.rewrite.constructs.reading import mentioned, small, targets
from translator.source.objects import FunctionInfo
from translator.source.values import TensorValue, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def may_record(rewriter: Rewriter) -> bool:
    """True if what is written may run under a tape: inside one, or in a function that one may call."""
    if rewriter.recording:
        return True
    return bool(rewriter.functions) and _reached(rewriter.functions[-1])


def _reached(function: FunctionInfo) -> bool:
    """True for forward passes, for what functions with a backward pass call, and for what the file never calls."""
    seen, waiting = {function}, [function]
    while waiting:
        here = waiting.pop()
        if here.is_forward or (here.steps and here is not function):
            return True
        if not here.callers and here.node is not None:
            return True
        waiting += here.callers - seen
        seen |= here.callers
    return all(
        here.node is not None for here in seen
    )  # the file calls none of these, but for one another


def names_after(rewriter: Rewriter, block: cst.With) -> frozenset[str]:
    """The names that the running function reads at all outside of the block: only these can carry a gradient on."""
    node = rewriter.functions[-1].node if rewriter.functions else None
    if node is None or isinstance(node, cst.Lambda):
        return frozenset()
    return frozenset(_mentioned_outside(node.body.body, block))


def _mentioned_outside(body: Sequence[cst.CSTNode], block: cst.With) -> set[str]:
    found: set[str] = set()
    for statement in body:
        if statement is block:
            continue
        inner = getattr(statement, "body", None)
        if isinstance(inner, cst.IndentedBlock):
            heads = statement.with_changes(body=cst.IndentedBlock([]))
            found |= mentioned(heads) | _mentioned_outside(inner.body, block)
        else:
            found |= mentioned(statement)
    return found


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """An assignment or a return under `no_grad`, where a tape may be recording."""
    inner = small(node)
    if rewriter.stopping is None or not isinstance(inner, cst.Assign | cst.Return):
        return None
    if inner.value is None or not isinstance(node, cst.SimpleStatementLine):
        return None
    kept = isinstance(inner, cst.Return) or targets(node) & rewriter.stopping
    value = rewriter.facts.value(inner.value)
    if not kept or not _carries(value):
        return None
    new = rewriter.parts(inner)
    assert new.value is not None
    return [node.with_changes(body=[new.with_changes(value=stopped(rewriter, new.value, value))])]


def _carries(value: Value) -> bool:
    return depends(value) or (isinstance(value, TensorValue) and value.leaf)


def stopped(rewriter: Rewriter, node: cst.BaseExpression, value: Value) -> cst.BaseExpression:
    """`tf.stop_gradient(x)`, of every part of what may hold several tensors."""
    if isinstance(value, TensorValue):
        return build.call(rewriter.naming.target("tf.stop_gradient"), [cst.Arg(node)])
    text = rewriter.naming.spell("tf.nest.map_structure(tf.stop_gradient, x)")
    return build.expression(text, x=node)
