"""`for name, p in model.named_parameters(): if name.endswith("c_proj.weight"): nn.init...(p)`, by the layer's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.records import holding
from translator.knowledge.weights import Weight
from translator.rewrite import build
from translator.rewrite.constructs.initialising import is_early, layout_of
from translator.rewrite.constructs.reading import small
from translator.rewrite.draws import first_values, initialiser, setting
from translator.source.literals import literal_value
from translator.source.objects import Built

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """The loop as one over the layers that have a layer of that name."""
    if rewriter.target != "tensorflow" or not isinstance(node, cst.For):
        return None
    owner, names = _looped(node)
    inner = node.body.body[0] if len(node.body.body) == 1 else None
    if owner is None or not isinstance(inner, cst.If) or inner.orelse is not None:
        return None
    ending = _ending(inner.test, names[0])
    line = inner.body.body[0] if len(inner.body.body) == 1 else None
    set_ = small(line) if isinstance(line, cst.SimpleStatementLine) else None
    call = set_.value if isinstance(set_, cst.Expr) else None
    first = None if call is None else first_values(rewriter, call)
    if not isinstance(call, cst.Call) or first is None or build.code(first.weight) != names[1]:
        return None
    layer, _, weight = ending.rpartition(".")
    rule = _rule(rewriter, layer, weight)
    here = rewriter.functions[-1] if rewriter.functions else rewriter.facts.module
    if rule is None or not is_early(rewriter, call, here):
        return None
    draw = initialiser(rewriter, first, layout_of(rule))
    if draw is None or not setting(rule.keras[0]):
        return None
    each = rewriter.naming.fresh("layer")
    loop = build.statements(
        f"for {each} in model._flatten_layers():\n"
        f'    if hasattr({each}, "{layer}"):\n'
        f"        {each}.{layer}.{setting(rule.keras[0])} = {draw}\n"
    )[0]
    return [build.filled(loop, {"model": rewriter.expression(owner)})]


def _looped(node: cst.For) -> tuple[cst.BaseExpression | None, list[str]]:
    """The model and the two names of `for name, p in model.named_parameters()`."""
    call, target = node.iter, node.target
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute) or call.args:
        return None, []
    if call.func.attr.value != "named_parameters" or not isinstance(target, cst.Tuple):
        return None, []
    names = [e.value.value for e in target.elements if isinstance(e.value, cst.Name)]
    return (call.func.value, names) if len(names) == 2 else (None, [])


def _ending(test: cst.BaseExpression, name: str) -> str:
    """The string in `name.endswith("c_proj.weight")`, which names a layer and one of its weights."""
    if not isinstance(test, cst.Call) or len(test.args) != 1:
        return ""
    asked = literal_value(test.args[0].value)
    known = build.code(test.func) == f"{name}.endswith" and isinstance(asked, str)
    return asked if known and asked.strip(".").count(".") == 1 and asked[0] != "." else ""


def _rule(rewriter: Rewriter, layer: str, weight: str) -> Weight | None:
    """How Keras stores a weight of all layers that the file's classes have under a name; None where they differ."""
    if not layer:
        return None
    found: list[Weight | None] = []
    for info in rewriter.facts.classes.values():
        for name, value in info.attributes.items():
            if name.endswith(layer):
                site = value.site if name == layer and isinstance(value, Built) else None
                rule = None if site is None else holding(site.record, "torch", weight)
                found.append(rule if rule is not None and rule.plain else None)
    alike = bool(found) and all(rule == found[0] for rule in found)
    return found[0] if alike else None
