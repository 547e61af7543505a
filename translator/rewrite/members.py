"""Names of methods and attributes of modules: the target's base classes own some, and the forward pass has another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.reserved import KERAS_NAMES, TORCH_NAMES
from translator.source.classes import owned
from translator.source.objects import ClassInfo, ClassValue, ObjectValue, SuperValue
from translator.source.reflected import METHODS

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

BY_NAME = frozenset({"getattr", "setattr", "hasattr", "delattr"})
"""Builtins that take an attribute by its name in quotes."""


def attribute_name(rewriter: Rewriter, info: ClassInfo, name: str) -> str:
    """The name of an attribute or method of a class; another one where the target's base class owns it."""
    taken = KERAS_NAMES if rewriter.target == "tensorflow" else TORCH_NAMES
    method = info.method(name)
    if not info.is_module or (method is None and info.attribute(name) is None):
        return name
    if method is not None and method.is_forward:
        return "call" if rewriter.target == "tensorflow" else "forward"
    if name not in taken:
        return name
    rewriter.note(
        info.node,
        Code.RENAMED,
        f"{info.name}.{name} is a name of the base class there: {name}_",
    )
    return f"{name}_"


def member(rewriter: Rewriter, node: cst.Attribute) -> cst.Attribute:
    """`self.x`, `Net.x` and `super().x` under the name that the written file has for it."""
    owner, name = rewriter.facts.value(node.value), node.attr.value
    if isinstance(owner, SuperValue):
        method = owned(owner, name)
        if method is not None and method.owner is not None:
            name = attribute_name(rewriter, method.owner, name)
    elif isinstance(owner, ObjectValue | ClassValue):
        name = attribute_name(rewriter, owner.info, name)
    value = rewriter.expression(node.value)
    if name == node.attr.value and value is node.value:
        return node
    return node.with_changes(value=build.parenthesized(value), attr=cst.Name(name))


def bound_name(rewriter: Rewriter, node: cst.Name) -> cst.Name:
    """A name in the body of a class, where it is an attribute."""
    info = rewriter.class_body
    name = node.value if info is None else attribute_name(rewriter, info, node.value)
    return node if name == node.value else node.with_changes(value=name)


def _by_builtin(rewriter: Rewriter, node: cst.Call) -> cst.Call:
    """`self.__getattr__(name)` and `self.add_module(name, layer)`, which Keras's modules have not, by Python's own."""
    if type(node.func) is not cst.Attribute or rewriter.target != "tensorflow":
        return node
    owner, builtin = rewriter.facts.value(node.func.value), METHODS.get(node.func.attr.value)
    if (
        builtin is None
        or not isinstance(owner, ObjectValue)
        or owner.info.method(node.func.attr.value)
    ):
        return node
    given = [argument.with_changes(keyword=None) for argument in node.args]
    return cst.Call(cst.Name(builtin), [build.argument(node.func.value), *given])


def by_name(rewriter: Rewriter, node: cst.Call) -> cst.Call:
    """`getattr(self, "layers")`: the name in quotes is an attribute's as well."""
    node = _by_builtin(rewriter, node)
    if type(node.func) is not cst.Name or node.func.value not in BY_NAME or len(node.args) < 2:
        return node
    owner, quoted = rewriter.facts.value(node.args[0].value), node.args[1].value
    if not isinstance(owner, ObjectValue | ClassValue) or not isinstance(quoted, cst.SimpleString):
        return node
    name = attribute_name(rewriter, owner.info, quoted.raw_value)
    if name == quoted.raw_value:
        return node
    text = quoted.with_changes(value=quoted.value.replace(quoted.raw_value, name))
    new = node.args[1].with_changes(value=text)
    return node.with_changes(args=[node.args[0], new, *node.args[2:]])
