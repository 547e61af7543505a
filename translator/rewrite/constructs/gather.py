"""What has to be known before the first statement is written: initial values that move into constructors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.records import holding
from translator.rewrite import build
from translator.rewrite.constructs.initialising import is_early, layout_of
from translator.rewrite.constructs.reading import mentioned, targets
from translator.rewrite.draws import First, first_values, initialiser, setting, short
from translator.source.functions import parameters
from translator.source.objects import Built

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def initialisers(rewriter: Rewriter) -> None:
    """Find `nn.init.zeros_(self.linear.weight)` in the function that builds the layer: its constructor says it.

    `self.linear.weight.data.fill_(0.5)` says the same.
    """
    for node, function in rewriter.facts.first_calls.values():
        first = first_values(rewriter, node)
        if first is not None and is_early(rewriter, node, function):
            rewriter.facts.touched.pop(id(first.weight), None)
    for node, scope in rewriter.facts.init_calls:
        first = first_values(rewriter, node)
        if first is None or not isinstance(first.weight, cst.Attribute):
            continue
        owner = rewriter.facts.value(first.weight.value)
        if not isinstance(owner, Built) or owner.site.scope != scope:
            continue
        weight = holding(owner.site.record, "torch", first.weight.attr.value)
        if (
            weight is None
            or not weight.plain
            or not setting(weight.keras[0])
            or owner.site.record.states
        ):
            continue
        if not _seen_before(rewriter, first, scope):
            continue
        text = initialiser(rewriter, first, layout_of(weight))
        if text is None:
            continue
        given = rewriter.initializers.setdefault(id(owner.site.node), {})
        given[weight.keras[0]] = build.expression(short(text))
        rewriter.consumed.add(id(node))


def _seen_before(rewriter: Rewriter, first: First, scope: str) -> bool:
    """True where the arguments mean the same in the constructor call, which stands further up."""
    used = set().union(*(mentioned(node) for node in first.arguments.values()))
    function = next(
        (f for f in rewriter.facts.functions.values() if f.qualified == scope and f.node), None
    )
    given: set[str] = set()
    if function is not None and isinstance(function.node, cst.FunctionDef):
        given = {p.name.value for p in parameters(function.node)} - targets(function.node.body)
        given -= {"self"}
    return used <= given | {"math", "True", "False", "None"}
