"""Tensors and parameters of torch, made of data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build, devices
from translator.rewrite.by_hand import first
from translator.rewrite.moves.tensors import dtype as element_type
from translator.source.bound import NOT_LITERAL
from translator.source.literals import integers, literal_value
from translator.source.made import argument
from translator.source.values import (
    Literal,
    NumpyArray,
    Plain,
    TensorValue,
)

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def variable(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`tf.Variable(v)`: a parameter; of a tensor made on the spot."""
    given = first(node) or argument(node, 0, "initial_value")
    if given is None:
        return None
    trainable = argument(node, 1, "trainable")
    fixed = trainable is not None and literal_value(trainable) is False
    value = tensor(rewriter, given, argument(node, -1, "dtype"))
    arguments = [cst.Arg(value)]
    if fixed and not rewriter.classes:
        return value
    if fixed:
        arguments.append(build.argument(build.name("False"), "requires_grad"))
    elif _is_whole(rewriter, node, given):
        rewriter.leave(node, Code.UNSUPPORTED_CODE, "torch trains no integers: use a tensor")
        return node
    return build.call(rewriter.naming.target("torch.nn.Parameter"), arguments)


def _is_whole(rewriter: Rewriter, node: cst.Call, given: cst.BaseExpression) -> bool:
    """True for a variable that holds integers or booleans."""
    dtype = argument(node, -1, "dtype")
    if dtype is not None:
        name = str(rewriter.api(dtype) or literal_value(dtype))
        return name.rpartition(".")[2].lstrip("u").startswith(("int", "bool"))
    value = rewriter.facts.value(given)
    kind = value.dtype if isinstance(value, TensorValue) else None
    return kind in ("int", "bool") or integers(given)


def tensor(
    rewriter: Rewriter, given: cst.BaseExpression, dtype: cst.BaseExpression | None
) -> cst.BaseExpression:
    """Data as a tensor of torch; `dtype` is the source's, where it names one."""
    value = rewriter.expression(given)
    if isinstance(rewriter.facts.value(given), TensorValue):
        return value if dtype is None else _of_type(rewriter, value, dtype)
    arguments = [cst.Arg(value)]
    shared = dtype is None and isinstance(rewriter.facts.value(given), NumpyArray)
    if dtype is not None:
        arguments.append(build.argument(element_type(rewriter, dtype), "dtype"))
    elif not shared and (type(literal_value(given)) is int or integers(given)):
        arguments.append(build.argument(rewriter.naming.target("torch.int32"), "dtype"))
    device = devices.beside_inputs(rewriter)
    if device is not None and not isinstance(rewriter.facts.value(given), Literal | Plain):
        arguments.append(build.argument(device, "device"))  # a single number goes with any device
    function = "torch.as_tensor" if shared else "torch.tensor"
    return build.call(rewriter.naming.target(function), arguments)


def _of_type(
    rewriter: Rewriter, value: cst.BaseExpression, dtype: cst.BaseExpression
) -> cst.BaseExpression:
    """A tensor with elements of another type, or of the type that it has."""
    new = element_type(rewriter, dtype)
    if build.code(new) == f"{build.code(value)}.dtype":
        return value
    return build.expression("value.to(dtype)", value=build.parenthesized(value), dtype=new)


def constant(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`tf.constant(data)`, `tf.convert_to_tensor(data)`."""
    given = first(node) or argument(node, 0, "value")
    if given is None or argument(node, 2, "shape") is not None:
        return None
    new = tensor(rewriter, given, argument(node, 1, "dtype"))
    made = (
        isinstance(rewriter.facts.value(given), NumpyArray) or literal_value(given) is NOT_LITERAL
    )
    if made and str(rewriter.api(node.func)).endswith("convert_to_tensor"):
        return _shared(rewriter, new)
    return new


def _shared(rewriter: Rewriter, new: cst.BaseExpression) -> cst.BaseExpression:
    """`torch.as_tensor(data)`, which makes no copy of an array or of a tensor."""
    if isinstance(new, cst.Call) and build.code(new.func).endswith(".tensor"):
        return new.with_changes(func=rewriter.naming.target("torch.as_tensor"))
    return new
