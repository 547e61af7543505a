"""Keras's running mean, which torch has not: a small class is written into the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_MEAN = '''
class Mean:
    """The mean of all values since the last reset."""

    def __init__(self):
        self.reset_state()

    def reset_state(self):
        self.total, self.count = 0.0, 0

    def update_state(self, values):
        values = torch.as_tensor(values)
        self.total += values.sum().item()
        self.count += values.numel()

    def result(self):
        return torch.tensor(self.total / max(self.count, 1))

    def __call__(self, values):
        self.update_state(values)
        return self.result()
'''


METHODS = {"result": 0, "reset_state": 0, "update_state": 1}
"""The methods of the written class with the number of their arguments."""


def mean(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`keras.metrics.Mean(name="loss")`."""
    if any(
        (a.keyword.value if a.keyword is not None else "name") != "name" or a.star
        for a in node.args
    ):
        rewriter.leave(node, Code.UNSUPPORTED_ARGUMENT, "this argument of Mean has no record")
        return node
    return cst.Call(rewriter.naming.helper("Mean", rewriter.naming.spell(_MEAN)))


def member(rewriter: Rewriter, node: cst.Call, name: str) -> cst.BaseExpression | None:
    """A method of a running mean; those that the written class has stay."""
    if METHODS.get(name, len(node.args)) == len(node.args):
        return None
    rewriter.leave(node, Code.UNSUPPORTED_ARGUMENT, f"this argument of {name} has no record")
    return node
