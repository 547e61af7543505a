"""Tensors made of data, and casts: where the types of elements come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.source.arrays import data_shape, literal_shape
from translator.source.bound import NOT_LITERAL
from translator.source.counts import is_count
from translator.source.dtypes import named, of_data, stated
from translator.source.literals import counted, literal_value
from translator.source.sizes import size_of
from translator.source.values import (
    UNKNOWN,
    Api,
    Literal,
    Plain,
    TensorValue,
    TypeOf,
    Value,
)

if TYPE_CHECKING:
    from translator.source.facts import Facts
    from translator.source.interpreter import Interpreter


def argument(node: cst.Call, position: int, name: str) -> cst.BaseExpression | None:
    """The argument at a position or under a keyword."""
    for index, given in enumerate(node.args):
        if given.keyword is not None and given.keyword.value == name:
            return given.value
        if given.keyword is None and not given.star and index == position:
            return given.value
    return None


def as_leaf(run: Interpreter, node: cst.Call, value: Value) -> Value:
    """`torch.zeros(3, requires_grad=True)`: a trainable tensor."""
    asked = argument(node, -1, "requires_grad")
    if asked is not None and literal_value(asked) is True and isinstance(value, TensorValue):
        return replace(value, leaf=True, tracked=True)
    return value


def _of(run: Interpreter, node: cst.Call, dtype: str | None = None) -> TensorValue:
    """A tensor of what a call is given first; `dtype` where the call's name fixes it."""
    for given in node.args:
        run.in_order(given.value, run.facts.value(given.value), target=False)
    data = node.args[0].value if node.args else None
    inner = UNKNOWN if data is None else run.facts.value(data)
    shape = data_shape(inner)
    asked = argument(node, 1, "dtype")
    if asked is not None and (found := stated(run.facts, asked)) is not None:
        dtype = found
    elif dtype is None and isinstance(inner, TensorValue):
        dtype = inner.dtype
    elif dtype is None and isinstance(inner, Literal):
        dtype = of_data(inner.value, run.side)
    elif dtype is None and data is not None and asked is None:
        numbers = literal_value(data)
        dtype = None if numbers is NOT_LITERAL else of_data(numbers, run.side)
        if dtype is None and run.side == "torch" and counted(data):
            dtype = "int64"
    return TensorValue(shape if shape is not None else literal_shape(data), dtype=dtype)


def _variable(run: Interpreter, node: cst.Call) -> Value:
    """`nn.Parameter(t)`, `tf.Variable(v)`."""
    value = _of(run, node)
    made = frozenset({id(node)})
    return replace(value, tracked=True, leaf=True, dtype=value.dtype or "float", parameters=made)


def _legacy_variable(run: Interpreter, node: cst.Call) -> Value:
    """`autograd.Variable(t)`."""
    asked = argument(node, 1, "requires_grad")
    leaf = asked is not None and literal_value(asked) is True
    return replace(_of(run, node), leaf=leaf, tracked=leaf)


def _tensor(run: Interpreter, node: cst.Call) -> Value:
    """`torch.tensor(data)`, `torch.Tensor(2, 3)`, `tf.constant(data)`."""
    func = run.facts.value(node.func)
    name = func.name.rpartition(".")[2] if isinstance(func, Api) else ""
    fixed = "float32" if name == "Tensor" else named(f"torch.{name}")
    given = [a.value for a in node.args if a.keyword is None]
    one = len(given) == 1 and run.facts.value(given[0]) == UNKNOWN
    if name.endswith("Tensor") and (
        len(given) > 1 or (one and is_count(run.facts, run.tree, given[0]))
    ):
        return TensorValue(tuple(size_of(run, size) for size in given), dtype=fixed)
    return as_leaf(run, node, _of(run, node, fixed))


def held(node: cst.Call) -> cst.BaseExpression:
    """The expression on which a method is called."""
    assert isinstance(node.func, cst.Attribute)
    return node.func.value


def _tracked_from_here(run: Interpreter, node: cst.Call) -> Value:
    """`x.requires_grad_()`."""
    value = _in_order(run, node)
    asked = argument(node, 0, "requires_grad")
    if not isinstance(value, TensorValue) or (
        asked is not None and literal_value(asked) is not True
    ):
        return value
    return become_leaf(run, held(node), value)


def become_leaf(run: Interpreter, node: cst.BaseExpression, value: TensorValue) -> TensorValue:
    """A tensor that is trained from here on; so is the name that holds it."""
    leaf = replace(value, leaf=True, tracked=True, origin=None)
    if isinstance(node, cst.Name) and node.value in run.scope.names:
        run.scope.names[node.value] = leaf
    return leaf


def _in_order(run: Interpreter, node: cst.Call) -> Value:
    value = run.facts.value(held(node))
    for given in node.args:
        run.in_order(given.value, run.facts.value(given.value), target=False)
    return value


def _cast(run: Interpreter, node: cst.Call) -> Value:
    """`x.float()`, `x.to(torch.int64)`, `x.type(torch.LongTensor)`, `x.type_as(y)`."""
    value = _in_order(run, node)
    if not isinstance(value, TensorValue):
        return UNKNOWN
    changed, dtype = target_type(run.facts, node)
    if not changed:
        return value
    return replace(value, dtype=dtype, leaf=False, tracked=value.tracked and dtype != "bool")


def target_type(facts: Facts, node: cst.Call) -> tuple[bool, str | None]:
    """Whether a method call casts its tensor, and to which type, if that can be read off."""
    assert isinstance(node.func, cst.Attribute)
    name = node.func.attr.value
    if name not in _TO:
        return True, named(f"torch.{_OLD_NAMES.get(name, name)}")
    asked = asked_type(facts, node)
    if asked is None:
        return False, None
    value = facts.value(asked)
    return True, value.dtype if isinstance(value, TensorValue) else stated(facts, asked)


def asked_type(facts: Facts, node: cst.Call) -> cst.BaseExpression | None:
    """The argument of `to`, `type` or `type_as` that says a type: a name of one, or a tensor that has it."""
    for given in node.args:
        value = facts.value(given.value)
        if given.keyword is not None and given.keyword.value != "dtype":
            continue
        says_type = isinstance(given.value, cst.Attribute) and given.value.attr.value == "dtype"
        if given.keyword is not None or says_type or isinstance(value, TensorValue | TypeOf):
            return given.value
        if isinstance(value, Api) and named(value.name) is not None:
            return given.value
    return None


def is_place(facts: Facts, node: cst.BaseExpression) -> bool:
    """True for what stands for a device in `x.to(...)`: a string, something of torch, a name that says so."""
    value = facts.value(node)
    if isinstance(value, Literal):
        return isinstance(value.value, str | int)
    last = node.attr if isinstance(node, cst.Attribute) else node
    says = isinstance(last, cst.Name) and any(
        word in last.value.lower() for word in ("dev", "cuda", "gpu")
    )
    made = isinstance(node, cst.Call) and isinstance(facts.value(node.func), Api)
    typed = isinstance(last, cst.Name) and "type" in last.value.lower()
    return says or made or (isinstance(value, Plain) and not typed)


_TO = frozenset({"to", "type", "type_as"})
CASTS = frozenset(
    {"float", "double", "half", "bfloat16", "long", "int", "short", "char", "byte", "bool"}
)
_OLD_NAMES = {"byte": "uint8", "char": "int8"}

HANDLERS: dict[str, Callable[[Interpreter, cst.Call], Value]] = {
    "torch.nn.Parameter": _variable,
    "torch.Tensor.requires_grad_": _tracked_from_here,
    "torch.autograd.Variable": _legacy_variable,
    **dict.fromkeys(
        (
            "torch.tensor",
            "torch.from_numpy",
            "torch.as_tensor",
            "torch.Tensor",
            "torch.FloatTensor",
            "torch.LongTensor",
            "tf.constant",
            "tf.convert_to_tensor",
            "keras.ops.convert_to_tensor",
        ),
        _tensor,
    ),
    "tf.Variable": _variable,
    "keras.Variable": _variable,
    **{f"torch.Tensor.{name}": _cast for name in (*_TO, *CASTS)},
}
