"""Pairs: patterns of target code whose holes are filled with the arguments of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.lenses import Tensor
from translator.knowledge.signature import Signature
from translator.rewrite import build, layers
from translator.rewrite.arguments import move
from translator.source.bind import Arguments
from translator.source.values import NumpyArray

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_NONE = Signature("", (), "function")
"""A pattern has no parameters of its own, so that every default is written out."""


def pattern(
    rewriter: Rewriter, text: str, holes: dict[str, cst.BaseExpression]
) -> cst.BaseExpression:
    """A pattern of target code with its holes filled and its names imported."""
    return build.expression(rewriter.naming.spell(text), **holes)


def pattern_holes(
    rewriter: Rewriter, node: cst.Call, bound: Arguments
) -> dict[str, cst.BaseExpression]:
    """What fills the holes of a pair's pattern, by their names."""
    moved = move(rewriter, node, bound, _NONE)
    holes = {
        name: value for name, (value, _) in moved.items() if isinstance(value, cst.BaseExpression)
    }
    for lens in bound.record.args:
        given = bound.values.get(str(lens.name(rewriter.side)))
        if isinstance(lens, Tensor) and given is not None:
            if isinstance(rewriter.facts.value(given), NumpyArray):
                holes[str(lens.name(rewriter.target))] = layers.operand(rewriter, given)
    return holes
