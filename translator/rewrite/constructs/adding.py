"""Containers that grow, `model.add(layer)` in Keras, `model.append(module)` in torch; members given by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build, containers, named_parts
from translator.rewrite.activation import activation_for
from translator.rewrite.borders import cuts_border
from translator.rewrite.constructs.initial import cover, initial_calls
from translator.rewrite.constructs.parameters import module_weight
from translator.rewrite.constructs.reading import method_call, small
from translator.rewrite.members import attribute_name
from translator.source.classes import as_container
from translator.source.literals import literal_value
from translator.source.objects import Built, ObjectValue
from translator.source.parts import CONTAINERS
from translator.source.reflected import METHODS
from translator.source.values import InputValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """Rewrite a statement that adds to a container, None where it does something else."""
    found = _added(rewriter, node)
    if found is None:
        return _as_attribute(rewriter, node)
    key, holder, member, name = found
    owner = as_container(rewriter.facts.value(holder))
    assert isinstance(owner, Built)
    value = rewriter.facts.value(member.value)
    if isinstance(value, InputValue):
        return []
    verb = "add" if rewriter.target == "tensorflow" else "append"
    model = rewriter.expression(holder)
    initial = isinstance(value, Built) and value.site.node is member.value
    if initial and isinstance(value, Built):
        cover(rewriter, value)
    axes = rewriter.facts.parts.get(id(owner.site.node), {}).get(
        rewriter.facts.added.get(id(key), -1)
    )
    parts = [containers.permutation(rewriter, axes)] if axes is not None else []
    own = containers.member_parts(rewriter, member, value)
    label = None if name is None else rewriter.expression(name)
    parts += named_parts.with_name(rewriter, own, label)
    written: list[cst.BaseStatement] = [
        build.statement(f"model.{verb}(part)", model=model, part=part) for part in parts
    ]
    written[0] = written[0].with_changes(leading_lines=getattr(node, "leading_lines", ()))
    if isinstance(node, cst.SimpleStatementLine):
        written[-1] = written[-1].with_changes(trailing_whitespace=node.trailing_whitespace)
    if initial and rewriter.target == "torch" and isinstance(value, Built):
        place = -1 - (activation_for(rewriter, value.site) is not None)
        place -= cuts_border(rewriter, value.site)
        written += initial_calls(rewriter, value, build.expression(f"model[{place}]", model=model))
    return written


def _added(
    rewriter: Rewriter, node: cst.BaseStatement
) -> tuple[cst.CSTNode, cst.BaseExpression, cst.Arg, cst.BaseExpression | None] | None:
    """What knows the place in the container, the container, what is added, and its name."""
    inner, found = small(node), method_call(node)
    if isinstance(inner, cst.Assign) and len(inner.targets) == 1:
        target = inner.targets[0].target
        if id(target) not in rewriter.facts.added or not isinstance(target, cst.Attribute):
            return None
        return (
            target,
            target.value,
            cst.Arg(inner.value),
            cst.SimpleString(f'"{target.attr.value}"'),
        )
    if found is None:
        return None
    call, func = found
    owner = as_container(rewriter.facts.value(func.value))
    if not isinstance(owner, Built) or owner.site.arguments.spelling.name not in CONTAINERS:
        return None
    if func.attr.value in ("add", "append") and len(call.args) == 1:
        return call, func.value, call.args[0], None
    if func.attr.value in ("add_module", "register_module") and len(call.args) == 2:
        return call, func.value, cst.Arg(call.args[1].value), call.args[0].value
    return None


def _as_attribute(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`self.add_module("conv", layer)` as `self.conv = layer`."""
    found = method_call(node)
    if found is None or rewriter.target != "tensorflow" or len(found[0].args) != 2:
        return None
    call, func = found
    owner, name = rewriter.facts.value(func.value), literal_value(call.args[0].value)
    if METHODS.get(func.attr.value) != "setattr":
        return None
    if not isinstance(owner, ObjectValue) or not isinstance(name, str) or not name.isidentifier():
        return None
    written, given = attribute_name(rewriter, owner.info, name), call.args[1].value
    if isinstance(given, cst.Call) and rewriter.api(given.func) == "torch.nn.Parameter":
        target = cst.Attribute(func.value, cst.Name(name))
        value = module_weight(rewriter, given, given.args[0].value, written, target)
    else:
        value = rewriter.expression(given)
    model = rewriter.expression(func.value)
    line = build.statement(f"model.{written} = value", model=model, value=value)
    assert isinstance(node, cst.SimpleStatementLine)
    return [node.with_changes(body=line.body)]
