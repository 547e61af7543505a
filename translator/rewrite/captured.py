"""Lambdas among the layers that are built in a loop: each keeps the values that its names had when it was made."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.source.sizes import bindings
from translator.source.tree import code_parts

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def kept_names(rewriter: Rewriter, layer: cst.BaseExpression) -> cst.BaseExpression:
    """`Lambda(lambda x: f(x, size))` as `Lambda(lambda x, size=size: f(x, size))` where `size` takes other values."""
    if not isinstance(layer, cst.Call) or not layer.args:
        return layer
    function = layer.args[0].value
    if not isinstance(function, cst.Lambda) or not rewriter.functions:
        return layer
    here = rewriter.functions[-1].node
    times = Counter(bindings(here)) if here is not None else Counter()
    own = {parameter.name.value for parameter in function.params.params}
    names = dict.fromkeys(name for name in _names(function.body) if name not in own)
    added = [f"{name}={name}" for name in names if times[name] > 1]
    if not added:
        return layer
    given = [parameter.name.value for parameter in function.params.params]
    text = f"lambda {', '.join([*given, *added])}: body"
    kept = build.expression(text, body=function.body)
    return layer.with_changes(args=[layer.args[0].with_changes(value=kept), *layer.args[1:]])


def _names(node: cst.CSTNode) -> list[str]:
    """The names that an expression reads, in order."""
    if isinstance(node, cst.Name):
        return [node.value]
    if isinstance(node, cst.Attribute | cst.Arg):
        return _names(node.value)
    return [name for part in code_parts(node) for name in _names(part)]
