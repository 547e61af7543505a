"""Chains of `tf.data` as a `TensorDataset` in a `DataLoader`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.by_hand import first, receiver
from translator.source.made import argument
from translator.source.values import (
    TensorValue,
)

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

from typing import TYPE_CHECKING

from translator.source.values import (
    BatchesValue,
)

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


_CHAIN = frozenset({"shuffle", "cache"})


def slices(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`tf.data.Dataset.from_tensor_slices((x, y))`."""
    given = first(node)
    if given is None:
        return None
    parts = (
        [e.value for e in given.elements] if isinstance(given, cst.Tuple | cst.List) else [given]
    )
    func = rewriter.naming.target("torch.utils.data.TensorDataset")
    return build.call(func, [build.argument(_sliced(rewriter, part)) for part in parts])


def _sliced(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression:
    """A part of a data set: torch's takes tensors alone."""
    value = rewriter.expression(node)
    if isinstance(rewriter.facts.value(node), TensorValue):
        return value
    return build.call(rewriter.naming.target("torch.as_tensor"), [build.argument(value)])


def batch(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`dataset.shuffle(n).batch(16)` is one loader."""
    inner, shuffled = receiver(node), False
    while (
        isinstance(inner, cst.Call)
        and isinstance(inner.func, cst.Attribute)
        and inner.func.attr.value in _CHAIN
    ):
        shuffled = shuffled or inner.func.attr.value == "shuffle"
        inner = inner.func.value
    value = rewriter.facts.value(inner)
    size = first(node) or argument(node, 0, "batch_size")
    if not isinstance(value, BatchesValue) or value.shuffled or value.batched or size is None:
        return _unchained(rewriter, node)
    arguments = [
        build.argument(rewriter.expression(inner)),
        build.argument(rewriter.expression(size), "batch_size"),
    ]
    if shuffled:
        arguments.append(build.argument(build.name("True"), "shuffle"))
    drop = argument(node, 1, "drop_remainder")
    if drop is not None:
        arguments.append(build.argument(rewriter.expression(drop), "drop_last"))
    return build.call(rewriter.naming.target("torch.utils.data.DataLoader"), arguments)


def shuffle(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`dataset.shuffle(n)`: the loader shuffles."""
    return _unchained(rewriter, node)


def _unchained(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    rewriter.leave(node, Code.UNSUPPORTED_CODE, "this chain of data set steps is not followed yet")
    return node
