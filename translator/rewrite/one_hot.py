"""One-hot codes of numbers that may be no classes: zeros in TensorFlow, an error in torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.by_hand import first
from translator.rewrite.constructs.reading import of_kind, targets
from translator.source.made import argument
from translator.source.tree import nodes

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_HELPER = '''
def one_hot(indices, depth):
    """One-hot codes as floats; zeros where an index is none of the classes."""
    return (indices.unsqueeze(-1) == torch.arange(depth, device=indices.device)).float()
'''
_COUNTING = frozenset({"cumsum", "cumulative_sum"})


def written(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`tf.one_hot(counted, depth)`; None for indices that nothing was computed from, which are taken for classes."""
    indices = first(node)
    depth = argument(node, 1, "depth") or argument(node, 1, "num_classes")
    if indices is None or depth is None or len(node.args) != 2:
        return None
    if not _is_computed(rewriter, indices):
        return None
    helper = rewriter.naming.helper("one_hot", rewriter.naming.spell(_HELPER))
    given = (rewriter.expression(indices), rewriter.expression(depth))
    return build.call(helper, [cst.Arg(value) for value in given])


def _is_computed(rewriter: Rewriter, node: cst.BaseExpression) -> bool:
    """True for the result of arithmetic, also by the name that the function gives it."""
    if isinstance(node, cst.Name):
        function = rewriter.functions[-1].node if rewriter.functions else None
        lines = [] if function is None else list(of_kind(nodes(function), cst.Assign))
        given = [line.value for line in lines if node.value in targets(line)]
        return any(_computes(value) for value in given)
    return _computes(node)


def _computes(node: cst.BaseExpression) -> bool:
    inner = list(nodes(node))
    if any(True for _ in of_kind(inner, cst.BinaryOperation)):
        return True
    calls = (call.func for call in of_kind(inner, cst.Call))
    return any(isinstance(f, cst.Attribute) and f.attr.value in _COUNTING for f in calls)
