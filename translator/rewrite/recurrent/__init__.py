"""Recurrent layers: how the file uses their results decides how they are written on the other side."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import attention
from translator.rewrite.constructs.reading import method_call
from translator.rewrite.recurrent import cells, plans, to_keras, to_torch
from translator.rewrite.recurrent.uses import absorbed, uses
from translator.source.objects import Built

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def find(rewriter: Rewriter, tree: cst.Module) -> None:
    """Note how each recurrent layer of the file is used, before anything is written."""
    found = uses(rewriter.facts, tree)
    rewriter.recurrent = {id(use.line): use for use in found if use.line is not None}
    if rewriter.target == "torch":
        rewriter.absorbed = absorbed(rewriter.facts, tree)
    else:
        layers = [use for use in found if use.site.record.states]
        to_keras.prepare(rewriter, layers, plans.plans(rewriter.facts, layers))
        for use in found:
            if use.site.record.heads and use.first is not None:
                rewriter.instead[id(use.first)] = functools.partial(attention.first, rewriter, use)


def _only_arranges(rewriter: Rewriter, node: cst.BaseStatement) -> bool:
    """True for `self.lstm.flatten_parameters()`, which moves torch's weights in memory and changes none."""
    found = method_call(node)
    if found is None or found[1].attr.value != "flatten_parameters":
        return False
    owner = rewriter.facts.value(found[1].value)
    return isinstance(owner, Built) and owner.site.record.states > 0


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """A line that gives names to the results of a recurrent layer."""
    if id(node) in rewriter.absorbed:
        return []
    use = rewriter.recurrent.get(id(node))
    if use is None:
        return [] if _only_arranges(rewriter, node) else cells.statement(rewriter, node)
    if use.site.record.heads:
        return attention.statement(rewriter, use) if rewriter.target == "tensorflow" else None
    write = to_keras.statement if rewriter.target == "tensorflow" else to_torch.statement
    return write(rewriter, use)
