"""`**kwargs` of Keras's layers: names and types for the base class, for which a module of torch has no use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import of_kind
from translator.source.classes import closure
from translator.source.functions import parameters
from translator.source.objects import ClassInfo, ClassValue, FunctionInfo
from translator.source.tree import nodes
from translator.source.values import Dictionary

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_NAMES = frozenset({"name"})
"""What constructors pass on to their base class alone."""
_BASES = ("super().__init__", "super({}, self).__init__")
_CALLED = frozenset({"training"})
"""What Keras itself tells a forward pass, asked or not."""


def without_rest(
    rewriter: Rewriter, info: FunctionInfo, node: cst.FunctionDef
) -> cst.FunctionDef:
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


def _is_idle(rewriter: Rewriter, info: FunctionInfo) -> bool:
    """True for a method of a module whose `**kwargs` holds nothing that it makes use of."""
    node = info.node
    if rewriter.target != "torch" or info.owner is None or not info.owner.is_module:
        return False
    if not isinstance(node, cst.FunctionDef) or node.params.star_kwarg is None:
        return False
    allowed = _CALLED if info.is_forward else _NAMES if info.name == "__init__" else frozenset()
    if info.spread or info.keywords - allowed or _is_family(rewriter, info.owner):
        return False
    name = node.params.star_kwarg.name.value
    code = list(nodes(node.body))
    uses = sum(n.value == name for n in of_kind(code, cst.Name))
    passed = [c for c in of_kind(code, cst.Call) if any(_hands_on(a, name) for a in c.args)]
    if uses != len(passed):
        return False
    empty = info.named is not None and not info.keywords
    bases = [text.format(info.owner.name) for text in _BASES]
    return all(empty or build.code(call.func) in bases for call in passed)


def _hands_on(argument: cst.Arg, name: str) -> bool:
    value = argument.value
    return argument.star == "**" and isinstance(value, cst.Name) and value.value == name


def _is_family(rewriter: Rewriter, info: ClassInfo) -> bool:
    """True for a class that derives from another one of the file, or the other way: they hand `**kwargs` on."""
    bases = [b.info for c in rewriter.facts.classes.values() for b in c.bases if isinstance(b, ClassValue)]
    return info in bases or any(isinstance(base, ClassValue) for base in info.bases)
