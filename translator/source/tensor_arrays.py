"""`tf.TensorArray`: what making one and calling its methods gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.source.values import PLAIN, UNKNOWN, TensorArrayValue, TensorValue, Value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter

NAME = "tf.TensorArray"
_ITSELF = frozenset({"write", "unstack"})
_TENSORS = frozenset({"read", "stack", "concat", "gather"})


def made(run: Interpreter, node: cst.Call) -> Value:
    """`tf.TensorArray(tf.float32, size=3)`."""
    for given in node.args:
        run.in_order(given.value, run.facts.value(given.value), target=False)
    return TensorArrayValue()


def result(method: str) -> Value:
    """What a method gives; what is written has to be bound again, as it is in a graph."""
    if method in _ITSELF:
        return TensorArrayValue()
    if method in _TENSORS:
        return TensorValue(tracked=True)
    return PLAIN if method == "size" else UNKNOWN


def is_known(method: str) -> bool:
    """True for a method that the class written for torch has."""
    return method == "size" or method in _ITSELF | _TENSORS
