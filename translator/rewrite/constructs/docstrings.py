"""Docstrings: what they name of the source framework is named as the target does, where it has a counterpart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.lenses import Side
from translator.knowledge.records import Pair
from translator.knowledge.registry import index
from translator.knowledge.signature import parse
from translator.rewrite.constructs.reading import small

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_NAMES = re.compile(r"(?<![\w.])(?:torch|tf|keras)(?:\.\w+)+")
_TYPES = {
    "torch.Tensor": "tf.Tensor",
    "torch.nn.Module": "keras.layers.Layer",
    "tf.Tensor": "torch.Tensor",
    "keras.layers.Layer": "torch.nn.Module",
    "keras.Model": "torch.nn.Module",
}


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """A string that stands by itself and names `torch.Tensor`, `torch.nn.ReLU` or the like."""
    inner = small(node)
    if not isinstance(inner, cst.Expr) or not isinstance(inner.value, cst.SimpleString):
        return None
    text = _NAMES.sub(lambda match: _counterpart(match[0], rewriter.side), inner.value.value)
    if text == inner.value.value:
        return None
    new = inner.with_changes(value=inner.value.with_changes(value=text))
    return [node.with_changes(body=[new])]


def _counterpart(name: str, side: Side) -> str:
    """What the target calls the same thing; the name itself where it has none, or only a pattern."""
    target: Side = "tensorflow" if side == "torch" else "torch"
    if name.startswith("torch.") != (side == "torch"):
        return name
    if name in _TYPES:
        return _TYPES[name]
    for record, text in index(side).get(name, ()):
        if not isinstance(record, Pair):
            spellings = [parse(spelling) for spelling in record.spellings(target)]
            kind = parse(text).kind
            return next((own.name for own in spellings if own.kind == kind), name)
    return name
