"""Models whose parameters are not trained for a while, or at all: `p.requires_grad = False` of all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.constructs.found import stepped
from translator.rewrite.constructs.ledger import Holder, holder_of, trained_of, within
from translator.rewrite.constructs.reading import blocks, method_call, small
from translator.rewrite.modes import is_moded
from translator.source.classes import inherited
from translator.source.literals import literal_value
from translator.source.objects import ParametersValue
from translator.source.values import UNKNOWN

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_MODED = (
    "a batch norm that is not trained infers in Keras, and goes on with the statistics of its batches in torch: "
    "leave its variables out of what the tape is asked for"
)


@dataclass(frozen=True, slots=True)
class Switch:
    """A statement that switches whether all parameters of `model` are trained."""

    model: cst.BaseExpression
    on: cst.BaseExpression
    holder: Holder


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`for p in model.parameters(): p.requires_grad = False`, `model.requires_grad_(False)`."""
    if rewriter.target != "tensorflow":
        return None
    switch = recognised(rewriter, node)
    if switch is None:
        return None
    block = rewriter.block if isinstance(rewriter.block, list | tuple) else ()
    if _is_idle(rewriter, block, switch):
        return []  # each tape is asked for what its step trains, and for nothing else
    if is_moded(rewriter, rewriter.facts.value(switch.model)):
        rewriter.leave(node, Code.UNSUPPORTED_CODE, _MODED)
        return [node]
    new = build.statement(
        "model.trainable = on",
        model=rewriter.expression(switch.model),
        on=rewriter.expression(switch.on),
    )
    return [new.with_changes(leading_lines=getattr(node, "leading_lines", ()))]


def recognised(rewriter: Rewriter, node: cst.CSTNode) -> Switch | None:
    """The switch that a statement is, None for any other."""
    if isinstance(node, cst.For):
        return _loop(rewriter, node)
    found = method_call(node)
    if found is None or found[1].attr.value != "requires_grad_" or len(found[0].args) > 1:
        return None
    owner = found[1].value
    if not inherited(rewriter.facts.value(owner), "requires_grad_"):
        return None
    on = found[0].args[0].value if found[0].args else build.name("True")
    return Switch(owner, on, holder_of(rewriter, owner))


def _loop(rewriter: Rewriter, node: cst.For) -> Switch | None:
    value = rewriter.facts.value(node.iter)
    body = node.body.body
    if not isinstance(value, ParametersValue) or len(body) != 1 or node.orelse is not None:
        return None
    line = body[0] if isinstance(body[0], cst.BaseStatement) else cst.SimpleStatementLine([body[0]])
    found, inner = method_call(line), small(line)
    place: cst.BaseExpression | None = None
    if found is not None and found[1].attr.value == "requires_grad_" and len(found[0].args) < 2:
        place = found[1].value
        on = found[0].args[0].value if found[0].args else build.name("True")
    elif isinstance(inner, cst.Assign) and len(inner.targets) == 1:
        target = inner.targets[0].target
        if isinstance(target, cst.Attribute) and target.attr.value == "requires_grad":
            place, on = target.value, inner.value
    if place is None or not build.same_code(place, node.target):
        return None
    return Switch(value.owner, on, trained_of(rewriter, node.iter, ""))


def _is_idle(rewriter: Rewriter, block: Sequence[cst.CSTNode], switch: Switch) -> bool:
    """True for a model that a block switches off and on again, and whose own steps come while it is on."""
    turns = list(_turns(rewriter, block, switch.holder))
    if {turn for turn in turns if turn is not None} != {True, False}:
        return False
    known: bool | None = None
    for turn in turns * (2 if rewriter.loops or rewriter.functions else 1):
        if turn is None and known is False:
            return False
        known = known if turn is None else turn
    return known is True or bool(rewriter.loops)


def _turns(
    rewriter: Rewriter, block: Sequence[cst.CSTNode], holder: Holder
) -> Iterator[bool | None]:
    """In order: True and False where a model is switched on and off, None where it may be that a step trains it."""
    for node in block:
        switch = recognised(rewriter, node)
        if switch is not None:
            if _overlap(switch.holder, holder):
                on = literal_value(switch.on)
                yield on if isinstance(on, bool) and switch.holder.names == holder.names else None
        elif isinstance(node, cst.SimpleStatementLine):
            if (call := method_call(node)) is not None and call[1].attr.value == "step":
                known = stepped(rewriter, node) is not None or bool(call[0].args)
                if not known or _overlap(holder_of(rewriter, call[1].value), holder):
                    yield None
        elif not isinstance(node, cst.FunctionDef | cst.ClassDef):
            for inner in blocks(node):
                yield from _turns(rewriter, inner, holder)


def _overlap(a: Holder, b: Holder) -> bool:
    """True if some parameters may be both's."""
    pairs = [(one, other) for one in a.names for other in b.names]
    named = any(within(one, other) or within(other, one) for one, other in pairs)
    return named or not pairs or (a.model == b.model and a.model != UNKNOWN)
