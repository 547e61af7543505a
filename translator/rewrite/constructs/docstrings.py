"""Docstrings: the type of tensors that they name is the target's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite.constructs.reading import small

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_TENSORS = {
    "tensorflow": (re.compile(r"(?<![\w.])torch\.(?:Float|Long)?Tensor\b"), "tf.Tensor"),
    "torch": (re.compile(r"(?<![\w.])tf\.Tensor\b"), "torch.Tensor"),
}


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """A string that stands by itself and names `torch.Tensor` or `tf.Tensor`."""
    inner = small(node)
    if not isinstance(inner, cst.Expr) or not isinstance(inner.value, cst.SimpleString):
        return None
    named, instead = _TENSORS[rewriter.target]
    text = named.sub(instead, inner.value.value)
    if text == inner.value.value:
        return None
    new = inner.with_changes(value=inner.value.with_changes(value=text))
    return [node.with_changes(body=[new])]
