"""What has to be known before the first statement is written: initial values that move into constructors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.records import holding
from translator.rewrite import build
from translator.rewrite.constructs.found import undata
from translator.source.objects import Built

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_KERAS = {
    "zeros_": '"zeros"',
    "ones_": '"ones"',
    "constant_": "keras.initializers.Constant(a)",
    "normal_": "keras.initializers.RandomNormal(a, b)",
    "uniform_": "keras.initializers.RandomUniform(a, b)",
    "xavier_uniform_": '"glorot_uniform"',
    "xavier_normal_": 'keras.initializers.VarianceScaling(1.0, "fan_avg", "untruncated_normal")',
}
_DEFAULTS = {"normal_": ("0.0", "1.0"), "uniform_": ("0.0", "1.0")}


_METHODS = {"fill_": "constant_", "zero_": "zeros_"}


def initialisers(rewriter: Rewriter) -> None:
    """Find `nn.init.zeros_(self.linear.weight)` in the function that builds the layer: its constructor says it.

    `self.linear.weight.data.fill_(0.5)` says the same.
    """
    for node, scope in rewriter.facts.init_calls:
        name = str(rewriter.api(node.func)).rpartition(".")[2]
        given = node.args[0].value if node.args else None
        rest = node.args[1:]
        if isinstance(node.func, cst.Attribute) and node.func.attr.value in _METHODS:
            name, given, rest = _METHODS[node.func.attr.value], undata(node.func.value), node.args
        text = _KERAS.get(name)
        if text is None or not isinstance(given, cst.Attribute):
            continue
        owner = rewriter.facts.value(given.value)
        if not isinstance(owner, Built) or owner.site.scope != scope:
            continue
        weight = holding(owner.site.record, "torch", given.attr.value)
        if weight is None or not weight.plain:
            continue
        values = [
            a.value
            for a in rest
            if a.keyword is None or a.keyword.value in ("val", "mean", "std", "a", "b")
        ]
        defaults = [build.expression(d) for d in _DEFAULTS.get(name, ())]
        filled = [*values, *defaults[len(values) :]]
        holes = dict(zip(("a", "b"), filled, strict=False))
        rewriter.initializers.setdefault(id(owner.site.node), {})[weight.keras[0]] = (
            build.expression(rewriter.naming.spell(text), **holes)
        )
        rewriter.consumed.add(id(node))
        rewriter.facts.touched.pop(id(given), None)
