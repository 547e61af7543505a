"""Branches for what torch alone does, scripting and tracing, and what is said to its compiler."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.constructs.reading import small
from translator.source.folding import changes_nothing, folded

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

OVERLOADS = frozenset({"torch.jit._overload_method", "torch.jit._overload"})
MARKS = frozenset(
    {
        "torch.jit.unused",
        "torch.jit.ignore",
        "torch.jit.export",
        "torch.jit.script",
        "torch.compile",
        "torch.compiler.disable",
    }
)
"""Decorators that speak to torch's compiler alone."""
NEEDLESS = frozenset(
    {
        "torch.cuda.empty_cache",
        "torch.cuda.synchronize",
        "torch.cuda.set_device",
        "torch.cuda.manual_seed",
        "torch.cuda.manual_seed_all",
        "torch.cuda.reset_peak_memory_stats",
        "torch.mps.empty_cache",
        "torch.mps.manual_seed",
        "torch.mps.synchronize",
        "torch.accelerator.synchronize",
        "torch.accelerator.set_device_index",
        "torch.set_num_threads",
        "torch.set_float32_matmul_precision",
    }
)
"""Statements about devices that need no counterpart: TensorFlow has one seed, and waits and frees by itself."""


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """A branch that is never or always taken; what is said to torch's compiler or scheduler; an assertion."""
    if type(node) is cst.With:
        return _context(rewriter, node)
    if rewriter.target != "tensorflow":
        return None
    if type(node) is cst.If:
        return _branch(rewriter, node)
    if type(node) is cst.FunctionDef:
        decorated = {rewriter.api(decorator.decorator) for decorator in node.decorators}
        return [] if decorated & OVERLOADS else None
    inner = small(node)
    if type(inner) is cst.Expr and type(inner.value) is cst.Call:
        if rewriter.api(inner.value.func) == "torch._assert":
            return _assertion(rewriter, node, inner.value)
    name = _needless(rewriter, inner)
    if name:
        rewriter.note(node, Code.DROPPED, f"{name}: not needed here")
        return []
    return None


def _needless(rewriter: Rewriter, inner: cst.BaseSmallStatement | None) -> str:
    """The name of what a statement asks of torch's devices and libraries and of nothing else, "" for any other."""
    if type(inner) is cst.Expr and type(inner.value) is cst.Call:
        name = rewriter.api(inner.value.func)
        return name if name in NEEDLESS else ""
    if type(inner) is cst.Assign and isinstance(inner.value, cst.Name | cst.Integer):
        target = inner.targets[0].target
        owner = rewriter.api(target.value) if isinstance(target, cst.Attribute) else None
        asked = len(inner.targets) == 1 and owner is not None and owner.startswith("torch.backends")
        return f"{owner}.{target.attr.value}" if asked and isinstance(target, cst.Attribute) else ""
    return ""


def _branch(rewriter: Rewriter, node: cst.If) -> list[cst.BaseStatement] | None:
    from translator.rewrite.statements import one, spliced

    answer = folded(rewriter.facts, node.test)
    if answer is None:
        return None
    rewriter.note(
        node, Code.DROPPED, "a branch on torch's tracing or on devices: there is none here"
    )
    taken = node.body if answer else None
    if not answer and isinstance(node.orelse, cst.Else):
        taken = node.orelse.body
    if not answer and isinstance(node.orelse, cst.If):
        return one(rewriter, node.orelse)
    return [] if taken is None else spliced(rewriter, taken)


def _context(rewriter: Rewriter, node: cst.With) -> list[cst.BaseStatement] | None:
    """`with sdpa_kernel(...):`, whose block remains."""
    from translator.rewrite.statements import spliced

    plain = (item.item for item in node.items if item.asname is None)
    calls = [item for item in plain if isinstance(item, cst.Call)]
    names = [rewriter.api(call.func) for call in calls]
    pairs = zip(names, calls, strict=True)
    if len(calls) < len(node.items) or not all(changes_nothing(*pair) for pair in pairs):
        return None
    why = "it changes no number" if rewriter.target == "torch" else "TensorFlow chooses by itself"
    rewriter.note(node, Code.DROPPED, f"{', '.join(map(str, names))}: {why}")
    return spliced(rewriter, node.body)


def _assertion(
    rewriter: Rewriter, node: cst.BaseStatement, call: cst.Call
) -> list[cst.BaseStatement] | None:
    """`torch._assert(condition, message)`."""
    given = [rewriter.expression(a.value) for a in call.args if not a.star]
    if len(given) != 2 or not isinstance(node, cst.SimpleStatementLine):
        return None
    line = build.statement("assert condition, message", condition=given[0], message=given[1])
    return [line.with_changes(trailing_whitespace=node.trailing_whitespace)]
