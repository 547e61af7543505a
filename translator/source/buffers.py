"""Buffers of torch's modules: tensors that are saved and moved with a module, and trained by nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.source.classes import set_attribute
from translator.source.literals import NONE, literal_value
from translator.source.made import argument
from translator.source.objects import ObjectValue
from translator.source.special import in_source_order
from translator.source.values import PLAIN, MethodValue, TensorValue, Value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def registered(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    """`self.register_buffer("mask", mask)` sets an attribute."""
    in_source_order(run, node)
    owner, given = method.receiver, argument(node, 1, "tensor")
    name = buffer_name(node)
    if not isinstance(owner, ObjectValue) or not name or given is None:
        return PLAIN
    value = run.facts.value(given)
    if value != NONE:
        known = value if isinstance(value, TensorValue) else TensorValue()
        value = replace(known, leaf=is_saved(node), tracked=False, origin=None)
    if is_saved(node) and value != NONE:
        owner.info.buffers.add(name)
    set_attribute(run, owner.info, name, value)
    return PLAIN


def buffer_name(node: cst.Call) -> str:
    """The attribute that a call of `register_buffer` sets, "" where it is not stated."""
    given = argument(node, 0, "name")
    name = None if given is None else literal_value(given)
    return name if isinstance(name, str) else ""


def is_saved(node: cst.Call) -> bool:
    """True unless the call says `persistent=False`."""
    asked = argument(node, 2, "persistent")
    return asked is None or literal_value(asked) is not False
