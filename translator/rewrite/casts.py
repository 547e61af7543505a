"""Methods of torch tensors that change the type of their elements, and those that take one element out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.tensors.dtypes import FLOAT_LIMITS, INT_LIMITS
from translator.rewrite import build
from translator.rewrite.by_hand import itself, receiver
from translator.rewrite.moves.tensors import dtype, in_variable
from translator.rewrite.torch_tensors import untransposed
from translator.source.dtypes import EXACT, kind
from translator.source.made import CASTS, asked_type, is_place, target_type
from translator.source.shown import shown
from translator.source.values import TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_UNSEEN = frozenset({"device", "non_blocking", "copy", "memory_format"})
"""Arguments of `to` that change no number."""


def cast(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`x.float()`, `x.to(device, torch.float32)`, `x.type_as(y)`: nothing where the type is known to be right."""
    changed, known = target_type(rewriter.facts, node)
    if not changed:
        return _moved(rewriter, node)
    value = rewriter.facts.value(receiver(node))
    same = isinstance(value, TensorValue) and known is not None and value.dtype == known
    if same and not in_variable(rewriter, asked_type(rewriter.facts, node)):
        return itself(rewriter, node)
    return _cast(rewriter, receiver(node), _type(rewriter, node, known))


def _moved(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`x.to(device)` falls away; an argument that may be a type does not."""
    for given in node.args:
        unseen = given.keyword is not None and given.keyword.value in _UNSEEN
        if not unseen and not is_place(rewriter.facts, given.value):
            message = f"{shown(given.value)} is not seen to be a device or a type"
            rewriter.leave(node, Code.UNSUPPORTED_ARGUMENT, message)
            return node
    return itself(rewriter, node)


def _type(rewriter: Rewriter, node: cst.Call, known: str | None) -> cst.BaseExpression:
    asked = asked_type(rewriter.facts, node)
    if known in EXACT and not in_variable(rewriter, asked):
        return rewriter.naming.target(f"tf.{known}")
    assert asked is not None
    if isinstance(rewriter.facts.value(asked), TensorValue):
        return build.expression("x.dtype", x=rewriter.expression(asked))
    return dtype(rewriter, asked)


def _cast(
    rewriter: Rewriter, tensor: cst.BaseExpression, element_type: cst.BaseExpression
) -> cst.BaseExpression:
    """A tensor in another type, said at once where it is made of an array."""
    value = rewriter.expression(tensor)
    made = isinstance(tensor, cst.Call) and rewriter.api(tensor.func) == "torch.from_numpy"
    if made and isinstance(value, cst.Call) and len(value.args) == 1:
        return value.with_changes(args=[*value.args, build.argument(element_type, "dtype")])
    text = rewriter.naming.spell("tf.cast(x, dtype)")
    return build.expression(text, x=value, dtype=element_type)


def item(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`loss.item()`: a Python number of the tensor's kind."""
    value = rewriter.facts.value(receiver(node))
    inner = build.parenthesized(untransposed(rewriter, receiver(node)))
    if isinstance(value, TensorValue) and value.rank == 0 and kind(value.dtype) in _NUMBERS:
        return build.expression(f"{kind(value.dtype)}(x)", x=inner)
    return build.expression("x.numpy().item()", x=inner)


def limits(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The type in `torch.finfo(x.dtype)`, which has its limits itself in TensorFlow; None for all else."""
    bound = rewriter.facts.calls.get(id(node))
    if bound is None or bound.record not in (FLOAT_LIMITS, INT_LIMITS):
        return None
    return build.parenthesized(dtype(rewriter, bound.values["type"]))


_NUMBERS = ("float", "int", "bool")

METHODS = {**dict.fromkeys((*CASTS, "to", "type", "type_as"), cast), "item": item}
