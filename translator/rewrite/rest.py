"""Functions without the `**kwargs` that nothing makes use of, and their calls without what they held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.source.classes import closure
from translator.source.functions import parameters
from translator.source.objects import ClassValue, FunctionInfo
from translator.source.rest import is_idle
from translator.source.values import Dictionary

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def _is_idle(rewriter: Rewriter, info: FunctionInfo) -> bool:
    return rewriter.target == "torch" and is_idle(rewriter.facts, info)


def without_rest(rewriter: Rewriter, info: FunctionInfo, node: cst.FunctionDef) -> cst.FunctionDef:
    """The function without `**kwargs`, where no call of the file fills it with anything that is used."""
    star = node.params.star_kwarg
    if star is None or isinstance(node.params.star_arg, cst.Param) or not _is_idle(rewriter, info):
        return node
    params = node.params.with_changes(star_kwarg=None)
    for name in ("kwonly_params", "params"):
        if last := getattr(params, name):
            end = {"comma": star.comma, "whitespace_after_param": star.whitespace_after_param}
            rows = [*last[:-1], last[-1].with_changes(**end)]
            return node.with_changes(params=params.with_changes(**{name: rows}))
    return node


def without_names(rewriter: Rewriter, node: cst.Call) -> cst.Call:
    """A call of such a function without what it would have taken in `**kwargs`."""
    if not any(a.star == "**" or a.keyword is not None for a in node.args):
        return node
    value = rewriter.facts.value(node.func)
    info = value.info.method("__init__") if isinstance(value, ClassValue) else closure(value)
    if info is None or info.node is None or not _is_idle(rewriter, info):
        return node
    names = {p.name.value for p in parameters(info.node)}
    kept = [a for a in node.args if not _goes(rewriter, a, names)]
    if len(kept) == len(node.args):
        return node
    if kept:
        kept[-1] = kept[-1].with_changes(comma=node.args[-1].comma)
    return node.with_changes(args=kept)


def _goes(rewriter: Rewriter, argument: cst.Arg, names: set[str]) -> bool:
    if argument.keyword is not None:
        return argument.keyword.value not in names
    return argument.star == "**" and isinstance(rewriter.facts.value(argument.value), Dictionary)
