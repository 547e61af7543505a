"""Modules that are told the width of what they are given: the parameter, and what the calls pass for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.shapes import Symbol
from translator.rewrite import build
from translator.source.instances import WIDTH
from translator.source.objects import FunctionInfo

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def told(rewriter: Rewriter, info: FunctionInfo, node: cst.FunctionDef) -> cst.FunctionDef:
    """`__init__(self, filters)` with the width in front of its own parameters."""
    owner = info.owner
    if info.name != "__init__" or owner is None or owner.name not in rewriter.facts.told:
        return node
    params = node.params
    own, *rest = params.params
    space = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    comma = own.comma if rest else cst.MaybeSentinel.DEFAULT
    width = cst.Param(cst.Name(WIDTH), comma=comma)
    first = own if rest else own.with_changes(comma=space)
    return node.with_changes(params=params.with_changes(params=[first, width, *rest]))


def passed(rewriter: Rewriter, node: cst.Call, new: cst.BaseExpression) -> cst.BaseExpression:
    """The call that makes an object of such a class, with the width of what reaches it."""
    instance = rewriter.facts.instances.get(id(node))
    if instance is None or instance.info.name not in rewriter.facts.told:
        return new
    size = instance.width
    if size is None or not isinstance(new, cst.Call):
        why = f"the width of what this {instance.info.name} is given is not known"
        rewriter.todo(node, Code.UNSUPPORTED_CODE, why)
        return new
    text = size.text if isinstance(size, Symbol) else str(size)
    comma = new.args[0].comma if new.args and len(new.args) > 1 else cst.MaybeSentinel.DEFAULT
    width = build.argument(build.expression(text)).with_changes(comma=comma)
    return new.with_changes(args=[width, *new.args])
