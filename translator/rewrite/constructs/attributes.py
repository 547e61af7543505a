"""Attributes of Keras's objects that a program sets: what is trained, and how fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.constructs.initial import first_values
from translator.rewrite.constructs.optimizers import is_rate
from translator.rewrite.constructs.reading import small
from translator.rewrite.layout import in_place_of
from translator.rewrite.modes import is_moded
from translator.source.classes import inherited
from translator.source.objects import Built
from translator.source.values import Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """Rewrite `model.trainable = False`; say what other attributes of Keras's objects cannot be set."""
    inner = small(node)
    if rewriter.target != "torch" or not isinstance(inner, cst.Assign):
        return None
    for target in inner.targets:
        place = target.target
        if not isinstance(place, cst.Attribute):
            continue
        owner = rewriter.facts.value(place.value)
        if is_rate(rewriter, place):
            why = ""
        elif place.attr.value == "trainable" and inherited(owner, "trainable"):
            why = _unfrozen(rewriter, inner, owner)
            if not why:
                return [_freezing(rewriter, node, inner, place.value)]
        elif _is_its_own(rewriter, inner, place):
            why = ""
        elif len(inner.targets) == 1 and (filled := first_values(rewriter, place, inner.value)):
            assert isinstance(node, cst.SimpleStatementLine)
            return [in_place_of(node, filled)]
        else:
            why = f"{place.attr.value} cannot be set there" if isinstance(owner, Built) else ""
        if why:
            rewriter.leave(inner, Code.UNSUPPORTED_CODE, why)
            return [node]
    return None


def _is_its_own(rewriter: Rewriter, inner: cst.Assign, place: cst.Attribute) -> bool:
    """True for what a training loop keeps on its model, which Keras's `compile` and callbacks keep there too."""
    known = place.attr.value in ("optimizer", "stop_training")
    return known or id(inner) in rewriter.put_in


def _unfrozen(rewriter: Rewriter, inner: cst.Assign, owner: Value) -> str:
    """Why a model cannot be frozen, "" where it can."""
    if len(inner.targets) > 1:
        return "only one model can be frozen at once"
    if is_moded(rewriter, owner):
        return "what is frozen there infers as well where it behaves differently in training"
    return ""


def _freezing(
    rewriter: Rewriter, node: cst.BaseStatement, inner: cst.Assign, model: cst.BaseExpression
) -> cst.BaseStatement:
    line = build.statement(
        "model.requires_grad_(value)",
        model=rewriter.expression(model),
        value=rewriter.expression(inner.value),
    )
    assert isinstance(node, cst.SimpleStatementLine)
    return in_place_of(node, line)
