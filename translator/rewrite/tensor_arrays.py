"""`tf.TensorArray` in torch: a short class that is used in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.tensors.control import TENSOR_ARRAY
from translator.rewrite import build
from translator.source.literals import literal_value
from translator.source.made import argument

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_PARAMETERS = frozenset(
    "dtype size dynamic_size clear_after_read infer_shape element_shape name".split()
)


def made(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`tf.TensorArray(tf.float32, size=n)`: neither type nor shape of its tensors is fixed in torch."""
    named = {a.keyword.value for a in node.args if a.keyword is not None}
    if named - _PARAMETERS or any(a.star for a in node.args):
        return None
    if sum(a.keyword is None for a in node.args) > 2:
        return None
    size = argument(node, 1, "size")
    func = rewriter.naming.helper("TensorArray", rewriter.naming.spell(TENSOR_ARRAY))
    none = size is None or literal_value(size) == 0
    given = [] if size is None or none else [build.argument(rewriter.expression(size))]
    return build.call(func, given, node)
