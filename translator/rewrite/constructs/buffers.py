"""Buffers: what torch saves with a module is a variable that nothing trains, in both directions; all else a tensor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.constructs.reading import method_call, small
from translator.rewrite.layout import in_place_of
from translator.rewrite.members import attribute_name
from translator.rewrite.recurrent.uses import may_be_none
from translator.source.buffers import buffer_name, is_saved
from translator.source.literals import NONE, literal_value
from translator.source.made import argument
from translator.source.objects import ObjectValue
from translator.source.values import MethodValue, TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`self.register_buffer("mask", mask)`, and `self.mask = other` of such a buffer; variables that nothing trains."""
    if not isinstance(node, cst.SimpleStatementLine):
        return None
    if rewriter.target == "torch":
        return _untrained(rewriter, node)
    found, inner = method_call(node), small(node)
    if found is not None and found[1].attr.value == "register_buffer":
        return _registered(rewriter, node, *found)
    if isinstance(inner, cst.Assign) and len(inner.targets) == 1:
        return _set(rewriter, node, inner.targets[0].target, inner.value)
    return None


def _registered(
    rewriter: Rewriter, node: cst.SimpleStatementLine, call: cst.Call, func: cst.Attribute
) -> list[cst.BaseStatement] | None:
    method, name = rewriter.facts.value(func), buffer_name(call)
    owner = method.receiver if isinstance(method, MethodValue) else None
    given = argument(call, 1, "tensor")
    if not isinstance(owner, ObjectValue) or given is None:
        return None
    if not name:
        why = "the name of this buffer is not stated: assign it to an attribute"
        rewriter.leave(node, Code.UNSUPPORTED_CODE, why)
        return [node]
    value = rewriter.expression(given)
    name = attribute_name(rewriter, owner.info, name)
    target = cst.Attribute(build.parenthesized(rewriter.expression(func.value)), cst.Name(name))
    if is_saved(call) and rewriter.facts.value(given) != NONE:
        text = f'keras.Variable(value, trainable=False, name="{name}")'
        here = rewriter.functions[-1].node if rewriter.functions else None
        if isinstance(here, cst.FunctionDef) and may_be_none(here, given):
            text = f"None if value is None else {text}"
        value = build.expression(rewriter.naming.spell(text), value=value)
    return [in_place_of(node, build.statement("target = value", target=target, value=value))]


def _set(
    rewriter: Rewriter,
    node: cst.SimpleStatementLine,
    target: cst.BaseExpression,
    given: cst.BaseExpression,
) -> list[cst.BaseStatement] | None:
    owner = rewriter.facts.value(target.value) if type(target) is cst.Attribute else None
    if type(target) is not cst.Attribute or not isinstance(owner, ObjectValue):
        return None
    if target.attr.value not in owner.info.buffers:
        return None
    if not isinstance(rewriter.facts.value(given), TensorValue):
        why = f"{target.attr.value} is a variable there, and no tensor is seen to be assigned to it"
        rewriter.leave(node, Code.UNSUPPORTED_CODE, why)
        return [node]
    holes = {"held": rewriter.expression(target), "value": rewriter.expression(given)}
    return [in_place_of(node, build.statement("held.assign(value)", **holes))]


def _untrained(rewriter: Rewriter, node: cst.SimpleStatementLine) -> list[cst.BaseStatement] | None:
    """`self.count = tf.Variable(0, trainable=False)` in a model, and the None that stands for it elsewhere."""
    inner = small(node)
    if not isinstance(inner, cst.Assign) or len(inner.targets) != 1:
        return None
    target = inner.targets[0].target
    owner = rewriter.facts.value(target.value) if isinstance(target, cst.Attribute) else None
    if not isinstance(target, cst.Attribute) or not isinstance(owner, ObjectValue):
        return None
    if not owner.info.is_module or target.attr.value not in _untrained_names(rewriter):
        return None
    value: cst.BaseExpression | None = rewriter.expression(inner.value)
    if not _is_none(inner.value):
        value = _without_parameter(rewriter, value)
    if value is None:
        return None
    name = attribute_name(rewriter, owner.info, target.attr.value)
    text = f'owner.register_buffer("{name}", value)'
    owned = build.parenthesized(rewriter.expression(target.value))
    return [in_place_of(node, build.statement(text, owner=owned, value=value))]


def _without_parameter(
    rewriter: Rewriter, node: cst.BaseExpression | None
) -> cst.BaseExpression | None:
    """What `nn.Parameter(value, requires_grad=False)` holds."""
    made = build.code(rewriter.naming.target("torch.nn.Parameter"))
    known = isinstance(node, cst.Call) and build.code(node.func) == made and len(node.args) == 2
    return node.args[0].value if known and isinstance(node, cst.Call) else None


def _untrained_names(rewriter: Rewriter) -> frozenset[str]:
    """The attributes that the file sets to nothing but variables that nothing trains, or to None."""
    if rewriter.buffer_names is None:
        made: set[str] = set()
        other: set[str] = set()
        for node in rewriter.naming.code:
            if not isinstance(node, cst.Assign | cst.AnnAssign | cst.AugAssign):
                continue
            own = node.targets if isinstance(node, cst.Assign) else [node]
            for place in (part.target for part in own):
                if isinstance(place, cst.Attribute) and not _is_none(node.value):
                    kept = made if _makes_untrained(rewriter, node.value) else other
                    kept.add(place.attr.value)
        rewriter.buffer_names = frozenset(made - other)
    return rewriter.buffer_names


def _makes_untrained(rewriter: Rewriter, node: cst.BaseExpression | None) -> bool:
    if not isinstance(node, cst.Call):
        return False
    added = isinstance(node.func, cst.Attribute) and node.func.attr.value == "add_weight"
    if not added and rewriter.api(node.func) not in ("tf.Variable", "keras.Variable"):
        return False
    trainable = argument(node, -1 if added else 1, "trainable")
    return trainable is not None and literal_value(trainable) is False


def _is_none(node: cst.BaseExpression | None) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"
