"""Blocks of `no_grad` around updates in place; neighbours are put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def no_grad(
    rewriter: Rewriter, body: Sequence[cst.BaseStatement], leading: Sequence[cst.EmptyLine] = ()
) -> cst.With:
    """`with torch.no_grad():` around statements; neighbours are put together by `joined`."""
    call = build.call(rewriter.naming.target("torch.no_grad"), [])
    block = cst.With(
        [cst.WithItem(call)], cst.IndentedBlock(list(body)), leading_lines=list(leading)
    )
    rewriter.quiet[id(block.body)] = block.body
    return block


def joined(rewriter: Rewriter, body: Sequence[cst.BaseStatement]) -> list[cst.BaseStatement]:
    """Neighbouring `no_grad` blocks of ours as one."""
    merged: list[cst.BaseStatement] = []
    for statement in body:
        last = merged[-1] if merged else None
        if _ours(rewriter, statement) and last is not None and _ours(rewriter, last):
            assert isinstance(last, cst.With) and isinstance(statement, cst.With)
            first, *rest = statement.body.body
            if isinstance(first, cst.SimpleStatementLine | cst.BaseCompoundStatement):
                first = first.with_changes(leading_lines=statement.leading_lines)
            block = last.with_changes(
                body=last.body.with_changes(body=[*last.body.body, first, *rest])
            )
            rewriter.quiet[id(block.body)] = block.body
            merged[-1] = block
        else:
            merged.append(statement)
    return merged


def _ours(rewriter: Rewriter, statement: cst.BaseStatement) -> bool:
    """The lines above a block may have changed since it was written, what is in it has not."""
    return type(statement) is cst.With and id(statement.body) in rewriter.quiet
