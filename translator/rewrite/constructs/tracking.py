"""Tensors that become parameters after they were made: `x.requires_grad_()` and `x.requires_grad = True`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.constructs.reading import method_call, small
from translator.source.literals import literal_value
from translator.source.values import TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_FREEZING = (
    "whether a tensor is trained is not switched there: leave it out of the tape's variables"
)


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """A line that makes the tensor of a name a parameter, or takes that back."""
    if rewriter.target != "tensorflow" or not isinstance(node, cst.SimpleStatementLine):
        return None
    asked = _asked(node)
    if asked is None:
        return None
    tensor, mode = asked
    found = method_call(node)
    if found is not None and id(found[0]) in rewriter.unmade:
        return []
    value = rewriter.facts.value(tensor)
    if not isinstance(value, TensorValue):
        return None
    if literal_value(mode) is not True or not isinstance(tensor, cst.Name):
        rewriter.leave(node, Code.UNSUPPORTED_CODE, _FREEZING)
        return [node]
    if value.leaf:
        return []
    text = f"{tensor.value} = {rewriter.naming.spell('tf.Variable(x)')}"
    return [node.with_changes(body=build.statement(text, x=tensor).body)]


def _asked(
    node: cst.SimpleStatementLine,
) -> tuple[cst.BaseExpression, cst.BaseExpression] | None:
    """The tensor and the mode of a line that asks for gradients."""
    found, inner = method_call(node), small(node)
    if found is not None and found[1].attr.value == "requires_grad_":
        arguments = found[0].args
        return found[1].value, arguments[0].value if arguments else build.name("True")
    if isinstance(inner, cst.Assign) and len(inner.targets) == 1:
        target = inner.targets[0].target
        if type(target) is cst.Attribute and target.attr.value == "requires_grad":
            return target.value, inner.value
    return None


def in_place(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`torch.zeros(3).requires_grad_()` inside an expression: a variable."""
    assert isinstance(node.func, cst.Attribute)
    tensor = rewriter.expression(node.func.value)
    if id(node) in rewriter.unmade:
        return tensor.with_changes(lpar=[], rpar=[])  # it is all that is assigned
    value, made = rewriter.facts.value(node.func.value), rewriter.facts.value(node)
    if not isinstance(made, TensorValue) or not made.leaf:
        rewriter.leave(node, Code.UNSUPPORTED_CODE, _FREEZING)
        return node
    if isinstance(value, TensorValue) and value.leaf:
        return tensor
    return build.call(rewriter.naming.target("tf.Variable"), [cst.Arg(tensor)])
