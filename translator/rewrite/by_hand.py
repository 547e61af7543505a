"""The third tier: what neither a rename nor a signature expresses, dispatched by name to a function each.

A handler returns the new expression, or None to leave the call to its record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build, handing_mode, modes
from translator.source.classes import inherited, owned
from translator.source.objects import Built, ObjectValue, ParametersValue, SuperValue
from translator.source.values import (
    BatchesValue,
    GradientValue,
    InitialiserValue,
    MethodValue,
    MetricValue,
    NumpyArray,
    ShapeOf,
    TapeValue,
    TensorValue,
    Value,
)

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

Handler = Callable[["Rewriter", cst.Call], "cst.BaseExpression | None"]


def call(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """A call that is written by hand, None where it is not."""
    name = rewriter.api(node.func)
    tables = _tables(rewriter)
    if name is not None:
        handler = tables.names.get(name)
        return None if handler is None else handler(rewriter, node)
    method = rewriter.facts.value(node.func)
    if isinstance(method, InitialiserValue):
        from translator.rewrite import keras_initialisers

        return keras_initialisers.values(rewriter, node)
    if not isinstance(method, MethodValue) or not isinstance(node.func, cst.Attribute):
        return None
    receiver = method.receiver
    if isinstance(receiver, TensorValue | GradientValue):
        handler = tables.tensor_methods.get(method.name)
    elif isinstance(receiver, BatchesValue):
        handler = tables.dataset_methods.get(method.name)
    elif isinstance(receiver, ShapeOf):
        handler = tables.shape_methods.get(method.name)
    elif isinstance(receiver, MetricValue):
        return _reset(rewriter, node) if method.name == "reset_states" else None
    elif isinstance(receiver, TapeValue):
        handler = tables.tape_methods.get(method.name)
    elif isinstance(receiver, ParametersValue) or _of_module(receiver, method.name):
        handler = tables.module_methods.get(method.name)
    else:
        handler = (
            tables.array_methods.get(method.name) if isinstance(receiver, NumpyArray) else None
        )
    return None if handler is None else handler(rewriter, node)


def _reset(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`metric.reset_states()`: the older name."""
    return build.expression("metric.reset_state()", metric=rewriter.expression(receiver(node)))


def _of_module(receiver: Value, name: str) -> bool:
    """True for a method that modules inherit, and for the forward pass, which they define."""
    if isinstance(receiver, SuperValue):
        return False  # what it returns is the object itself, which `super()` is not
    if isinstance(receiver, ObjectValue) and (method := owned(receiver, name)):
        return method.is_forward
    return inherited(receiver, name)


def attribute(rewriter: Rewriter, node: cst.Attribute) -> cst.BaseExpression | None:
    """An attribute that is written by hand, None where it is not."""
    return _tables(rewriter).attribute(rewriter, node)


def reads(rewriter: Rewriter, method: MethodValue) -> bool:
    """True for a method of tensors that is read by hand where a file of the target is converted."""
    from translator.rewrite import to_tensorflow, to_torch

    tables = to_tensorflow.TABLES if rewriter.target == "torch" else to_torch.TABLES
    return method.name in tables.tensor_methods


def _tables(rewriter: Rewriter) -> Tables:
    from translator.rewrite import to_tensorflow, to_torch

    return to_tensorflow.TABLES if rewriter.target == "tensorflow" else to_torch.TABLES


@dataclass(frozen=True, slots=True)
class Tables:
    """What one direction declares: handlers by name, by the kind of the receiver, and one for attributes."""

    names: Mapping[str, Handler]
    tensor_methods: Mapping[str, Handler]
    module_methods: Mapping[str, Handler]
    array_methods: Mapping[str, Handler]
    dataset_methods: Mapping[str, Handler]
    tape_methods: Mapping[str, Handler]
    shape_methods: Mapping[str, Handler]
    attribute: Callable[[Rewriter, cst.Attribute], cst.BaseExpression | None]


def receiver(node: cst.Call) -> cst.BaseExpression:
    """The expression on which a method is called."""
    assert isinstance(node.func, cst.Attribute)
    return node.func.value


def first(node: cst.Call) -> cst.BaseExpression | None:
    """The first argument."""
    return node.args[0].value if node.args and not node.args[0].star else None


def itself(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """A method that has no counterpart and changes no number: its receiver remains."""
    return rewriter.expression(receiver(node))


def forward(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`model.forward(x)`, `model.call(x)`: a call of the object, where that runs nothing else."""
    value = rewriter.facts.value(receiver(node))
    if not isinstance(value, Built | ObjectValue):
        return None
    if isinstance(value, ObjectValue) and owned(value, "__call__") is not None:
        return None
    if rewriter.target == "torch":
        node = modes.without_training(rewriter, node)
    func = build.parenthesized(rewriter.expression(receiver(node)))
    new = node.with_changes(func=func, args=[rewriter.parts(a) for a in node.args])
    return handing_mode.with_training(rewriter, value, new, node.with_changes(func=receiver(node)))


def as_tensor(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression:
    """A numpy array beside a float tensor of torch, which takes none: TensorFlow casts it silently."""
    text = rewriter.naming.spell("torch.as_tensor(value, dtype=torch.float32)")
    return build.expression(text, value=node)
