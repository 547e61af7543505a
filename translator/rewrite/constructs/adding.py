"""Containers that grow: `model.add(layer)` in Keras, `model.append(module)` in torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build, containers
from translator.rewrite.activation import activation_record
from translator.rewrite.borders import cuts_border
from translator.rewrite.constructs.initial import cover, initial_calls
from translator.rewrite.constructs.reading import method_call
from translator.source.objects import Built
from translator.source.parts import CONTAINERS
from translator.source.values import InputValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """Rewrite a statement that adds to a container, None where it does something else."""
    found = method_call(node)
    if found is None or found[1].attr.value not in ("add", "append") or len(found[0].args) != 1:
        return None
    owner = rewriter.facts.value(found[1].value)
    if not isinstance(owner, Built) or owner.site.arguments.spelling.name not in CONTAINERS:
        return None
    call, func = found
    value = rewriter.facts.value(call.args[0].value)
    if isinstance(value, InputValue):
        return []
    verb = "add" if rewriter.target == "tensorflow" else "append"
    model = rewriter.expression(func.value)
    initial = isinstance(value, Built) and value.site.node is call.args[0].value
    if initial and isinstance(value, Built):
        cover(rewriter, value)
    axes = rewriter.facts.parts.get(id(owner.site.node), {}).get(
        rewriter.facts.added.get(id(call), -1)
    )
    parts = [containers.permutation(rewriter, axes)] if axes is not None else []
    parts += containers.member_parts(rewriter, call.args[0], value)
    written: list[cst.BaseStatement] = [
        build.statement(f"model.{verb}(part)", model=model, part=part) for part in parts
    ]
    written[0] = written[0].with_changes(leading_lines=getattr(node, "leading_lines", ()))
    if isinstance(node, cst.SimpleStatementLine):
        written[-1] = written[-1].with_changes(trailing_whitespace=node.trailing_whitespace)
    if initial and rewriter.target == "torch" and isinstance(value, Built):
        place = -1 - (activation_record(rewriter, value.site) is not None)
        place -= cuts_border(rewriter, value.site)
        written += initial_calls(rewriter, value, build.expression(f"model[{place}]", model=model))
    return written
