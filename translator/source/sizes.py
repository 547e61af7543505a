"""Sizes by name: numbers, and expressions of the source that hold a size wherever their names are visible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.shapes import Size, Symbol
from translator.source import printed
from translator.source.objects import FunctionInfo, ObjectValue
from translator.source.tree import code_parts
from translator.source.values import Items, Literal, SeveralValue, TensorValue, Value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter

_LOOPS = frozenset({cst.For, cst.While, cst.CompFor})
_SCOPES = frozenset({cst.FunctionDef, cst.ClassDef, cst.Lambda})
_BINDING = frozenset({cst.AssignTarget, cst.AnnAssign, cst.NamedExpr})
_REPEATED = frozenset({cst.For, cst.CompFor, cst.AugAssign})
_ARITHMETIC = (cst.Add, cst.Subtract, cst.Multiply, cst.FloorDivide)


def size_of(run: Interpreter, node: cst.BaseExpression) -> Size:
    """The size that an expression gives: a number, or code that says it; None where neither is known."""
    if id(node) in run.facts.sizes:
        return run.facts.sizes[id(node)]
    value = run.facts.value(node)
    known = value.value if isinstance(value, Literal) and type(value.value) is int else None
    scope = _scope(run, node)
    if scope is None or type(node) is cst.Integer:
        return known
    text = node.value if isinstance(node, cst.Name) else printed.text(node)
    return Symbol(text, scope, known)


def stated_sizes(shape: Items) -> tuple[Size, ...]:
    """The sizes that a list holds, as far as they are numbers."""
    values = (item.value if isinstance(item, Literal) else None for item in shape.items)
    return tuple(value if type(value) is int else None for value in values)


def note_sizes(run: Interpreter, call: cst.Call) -> None:
    """Remember the sizes that a constructor is given: a later call of the object stands where names differ."""
    for argument in call.args:
        run.facts.sizes.pop(id(argument.value), None)
        run.facts.sizes[id(argument.value)] = size_of(run, argument.value)


def inside(run: Interpreter, value: Value, function: FunctionInfo) -> Value:
    """A value that enters a function, its sizes by the parameters of the function or its class that hold them."""
    names = dict(_own_names(run, function))
    return renamed(value, lambda size: names.get(size, size)) if names else value


def outside(run: Interpreter, value: Value, scope: str) -> Value:
    """A value that leaves the function `scope`, its sizes by names that mean the same for the caller."""
    return renamed(value, lambda size: outside_size(run, size, scope))


def made_in(run: Interpreter, value: Value, scope: str, seen: str = "") -> Value:
    """What a layer gives that the function `scope` made, as `seen`, or the one that is running, can know its sizes.

    A function that makes several layers has one name for what each of them is made with. A constructor makes its layers
    once for each object, so that its names hold in the methods as well.
    """
    here = run.scope.function
    constructor = f"{here.owner.name}.__init__" if here.owner is not None and not seen else None
    if scope in ("", seen or here.qualified, constructor):
        return value
    return outside(run, value, scope)


def renamed(value: Value, rename: Callable[[Size], Size]) -> Value:
    """A value with its sizes by other names."""
    if isinstance(value, Items):
        return Items(tuple(renamed(item, rename) for item in value.items))
    if isinstance(value, SeveralValue):
        return replace(value, items=tuple(renamed(item, rename) for item in value.items))
    if not isinstance(value, TensorValue):
        return value
    shape = None if value.shape is None else tuple(map(rename, value.shape))
    return replace(value, shape=shape, last=rename(value.last))


def _own_names(run: Interpreter, function: FunctionInfo) -> Iterator[tuple[Size, Size]]:
    """What a function's parameters, and those of its class's constructor, are called outside and inside."""
    constructor = None if function.owner is None else function.owner.method("__init__")
    for known in (constructor, function):
        for name, passed in known.passed.items() if known is not None else ():
            if known is not None and isinstance(passed, Symbol):
                yield passed, Symbol(name, known.qualified, passed.value)


def outside_size(run: Interpreter, size: Size, scope: str) -> Size:
    """A parameter is what all calls pass for it; where they differ, its name says nothing out there."""
    own = {scope, f"{scope.rpartition('.')[0]}.__init__"}
    if not isinstance(size, Symbol) or (size.scope not in own and size.scope[-1:] != "."):
        return size
    function = run.called.get(size.scope)
    passed = None if function is None else function.passed.get(size.text)
    return size.value if passed is None else passed


def _scope(run: Interpreter, node: cst.BaseExpression) -> str | None:
    """The function that owns the names of a size, "" for the module, "Net." for attributes of `self`; else None."""
    if type(node) is cst.Integer:
        return ""
    if type(node) is cst.Name:
        owner = run.scope.owner(node.value)
        stable = owner is not None and bound_once(run, owner.function, node.value)
        return owner.function.qualified if owner is not None and stable else None
    if type(node) is cst.Attribute and type(node.value) is cst.Name:
        held = run.facts.value(node.value)
        own = isinstance(held, ObjectValue) and node.value.value == "self"
        return f"{held.info.name}." if isinstance(held, ObjectValue) and own else None
    if type(node) is cst.BinaryOperation and isinstance(node.operator, _ARITHMETIC):
        scopes = {_scope(run, node.left), _scope(run, node.right)} - {""}
        return None if None in scopes or len(scopes) > 1 else next(iter(scopes), "")
    return None


def bound_once(run: Interpreter, function: FunctionInfo, name: str) -> bool:
    """True for a name that keeps its value: a parameter, or a name that is assigned in one place outside of loops."""
    body = run.tree if function.node is None else function.node
    if id(body) not in run.bindings:
        run.bindings[id(body)] = Counter(bindings(body))
    return run.bindings[id(body)][name] <= 1


def bindings(function: cst.CSTNode) -> Iterator[str]:
    """The names that a function binds, those in loops twice; nested functions and classes have their own."""
    waiting = [(function, 1)]
    while waiting:
        node, weight = waiting.pop()
        for child in code_parts(node):
            kind = type(child)  # `isinstance` with libcst's types takes several times as long
            inner = 2 if kind in _LOOPS else weight
            if kind in _BINDING:
                yield from _names(child.target) * inner  # type: ignore[attr-defined]
            elif kind is cst.Param:
                yield from _names(child.name) * inner  # type: ignore[attr-defined]
            elif kind in _REPEATED:
                yield from _names(child.target) * 2  # type: ignore[attr-defined]
            if kind not in _SCOPES:
                waiting.append((child, inner))


def _names(target: cst.BaseExpression) -> list[str]:
    if isinstance(target, cst.Name):
        return [target.value]
    if isinstance(target, cst.Tuple | cst.List):
        return [name for element in target.elements for name in _names(element.value)]
    return []
