"""Classes and functions that are written into a file for what neither framework has as a layer of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.layers.recurrent_written import TEXTS
from translator.knowledge.records import Layer, Record
from translator.knowledge.weights import Summed
from translator.rewrite import build
from translator.source.bound import Arguments
from translator.source.literals import literal_value
from translator.source.objects import Site

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def sums_biases(record: Record) -> bool:
    """True where Keras trains one bias, which is the sum of two of torch's."""
    weights = record.weights if isinstance(record, Layer) else ()
    return any(isinstance(step, Summed) for weight in weights for step in weight.steps)


def with_one_bias(rewriter: Rewriter, site: Site, layer: cst.BaseExpression) -> cst.BaseExpression:
    """A recurrent layer or cell of torch that trains one bias, as Keras's does."""
    if site.arguments.spelling.name in TEXTS:  # it has both biases
        return layer
    given = site.arguments.values.get("use_bias")
    if not sums_biases(site.record) or (given is not None and literal_value(given) is False):
        return layer
    rewriter.naming.target("torch.nn.Module")
    return build.call(helper(rewriter, "one_bias"), [build.argument(layer)])


def helper(rewriter: Rewriter, name: str) -> cst.BaseExpression:
    """The name of a helper, which is written once, below the imports."""
    return rewriter.naming.helper(name, rewriter.naming.spell(TEXTS[name]))


def keras_class(
    rewriter: Rewriter, node: cst.Call | None, bound: Arguments, name: str
) -> cst.BaseExpression:
    """Keras's class for a layer or cell of torch: one with two biases where torch's has them and Keras's has not.

    Where a kernel and its bias learn by one gradient, the sum of two biases moves twice as far as one alone.
    """
    kind = name.rpartition(".")[2]
    bias = bound.values.get("bias")
    none = bias is not None and literal_value(bias) is False
    if f"TwoBias{kind}" not in TEXTS or none or id(node) in rewriter.facts.one_bias:
        return rewriter.naming.target(name)
    if not kind.endswith("Cell"):
        helper(rewriter, f"TwoBias{kind}Cell")
    return helper(rewriter, f"TwoBias{kind}")
