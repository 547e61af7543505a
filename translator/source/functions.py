"""Functions of the file: what their parameters are given, what they return."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.source import classes, instances, mixed, several
from translator.source.joins import detach, join
from translator.source.left import is_left
from translator.source.objects import (
    LAZY,
    ClassInfo,
    ClassValue,
    FunctionInfo,
    FunctionValue,
    Given,
    ObjectValue,
)
from translator.source.reference import counterpart, handed, held
from translator.source.values import (
    PLAIN,
    UNKNOWN,
    Api,
    Handed,
    MixedValue,
    OneOf,
    Partial,
    SeveralValue,
    TensorValue,
    Value,
)

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def returned(run: Interpreter, node: cst.BaseExpression) -> None:
    """Join a returned value into the running function's result; parted orders pin the result to the source's."""
    function = run.scope.function
    value = several.evaluated(run, node)
    run.facts.reorders.pop(id(node), None)
    if isinstance(function.node, cst.FunctionDef):
        detach(value)  # other files may call the function
    if "return" in function.pinned:
        value = run.turned(node, value, target=False)
    elif function.returns_target and not isinstance(value, MixedValue | SeveralValue):
        value = run.turned(node, value, target=True)
    if isinstance(value, TensorValue):
        value = replace(value, origin=None)
    previous = function.result
    if previous is None:
        function.result = value
        return
    if (parts := several.joined(run, previous, value)) is not None:
        function.result = parts
        return
    if (found := mixed.mixed(previous, value, function, mixed.RESULT)) is not None:
        function.result = found
        return
    if (
        isinstance(previous, TensorValue)
        and isinstance(value, TensorValue)
        and previous.target_order != value.target_order
    ):
        run.pin("return")
    for part in (previous, value):
        if isinstance(part, MixedValue) and previous != value:
            run.pin("return")
    function.result = join(previous, value)


def define(
    run: Interpreter, node: cst.FunctionDef | cst.Lambda, name: str, owner: ClassInfo | None
) -> FunctionInfo:
    """The record of a function, made once; its closure is the scope that is running now."""
    info = run.facts.functions.get(id(node))
    if info is None:
        info = run.facts.functions[id(node)] = FunctionInfo(name, node, owner)
    info.left = run.leaving or is_left(node)
    run.closures[id(node)] = run.scope
    for parameter in (*parameters(node), node.params.star_arg, node.params.star_kwarg):
        if type(parameter) is not cst.Param:
            continue
        if parameter.default is not None:
            run.plain(parameter.default)
        if parameter.annotation is not None:
            run.evaluate(parameter.annotation.annotation)
    if isinstance(node, cst.FunctionDef) and node.returns is not None:
        run.evaluate(node.returns.annotation)
    return info


def parameters(node: cst.FunctionDef | cst.Lambda) -> list[cst.Param]:
    """All named parameters, in order."""
    return [*node.params.posonly_params, *node.params.params, *node.params.kwonly_params]


def bind_parameters(run: Interpreter, function: FunctionInfo) -> None:
    """Give a function's parameters the values that its calls pass, or what their use and annotation say."""
    assert function.node is not None
    names = parameters(function.node)
    if function.name == LAZY:
        _as_forward(function)
    _tell_lazy(function)
    for index, parameter in enumerate(names):
        name = parameter.name.value
        if index == 0 and function.owner is not None and function.decorator != "staticmethod":
            made = function.decorator == "classmethod" or function.name == "__new__"
            owner = function.owner
            run.scope.names[name] = ClassValue(owner) if made else ObjectValue(owner)
            continue
        value = function.arguments.get(name, UNKNOWN)
        if value == UNKNOWN:
            value = classes.expected(run, function, parameter)
        if index == 1:
            value = instances.told(run, function, value)
        for stated in classes.named_classes(run, parameter):
            value = stated if value == UNKNOWN else join(value, stated)
        if isinstance(value, TensorValue):
            rank = function.wanted.get(name)
            shape = (None,) * rank if rank is not None and value.rank != rank else value.shape
            target = rank is not None
            value = replace(
                value, shape=shape, target_order=target, origin=name, follows=not target
            )
        run.scope.names[name] = _passed(run, value)
        run.facts.hold(name, run.scope.names[name])
    if function.name == "__init__" and instances.WIDTH not in run.scope.names:
        run.scope.names[instances.WIDTH] = PLAIN  # where the class is told what it is given
    star = function.node.params.star_arg
    if type(star) is cst.Param:
        run.scope.names[star.name.value] = UNKNOWN
    if function.node.params.star_kwarg is not None:
        run.scope.names[function.node.params.star_kwarg.name.value] = function.named or UNKNOWN


def _as_forward(function: FunctionInfo) -> None:
    """Torch calls this method of a lazy module with what it is about to call the forward pass with."""
    forward = None if function.owner is None else function.owner.forward
    if forward is not None:
        function.arguments, function.wanted = dict(forward.arguments), dict(forward.wanted)


def _tell_lazy(function: FunctionInfo) -> None:
    """Run that method again where the forward pass is given something new."""
    lazy = function.owner.methods.get(LAZY) if function.is_forward and function.owner else None
    if lazy is None or lazy.active:
        return
    if (lazy.arguments, lazy.wanted) != (function.arguments, function.wanted):
        lazy.dirty = True


def _passed(run: Interpreter, value: Value) -> Value:
    """What a parameter has of a value: the calls that are seen do not say that it is never given another function."""
    if isinstance(handed(value, run.side), Handed):
        return held(value)
    if isinstance(value, Api) and counterpart(value.name, run.side) is None:
        return UNKNOWN
    return held(value)


def note_use(run: Interpreter, node: cst.BaseExpression, value: Value) -> bool:
    """Note that an unknown name of a function is used as a tensor, say: a parameter that no call explains is one.

    Returns whether it is such a name.
    """
    function = run.scope.function
    if not isinstance(node, cst.Name) or run.scope.names.get(node.value) != UNKNOWN:
        return False
    if function.node is None:
        return False
    if node.value not in function.used and node.value not in function.arguments:
        function.used[node.value] = value
        function.dirty = True
    return True


def note_number(run: Interpreter, node: cst.BaseExpression) -> None:
    """Note that an unknown name of a function is used as a number."""
    if isinstance(node, cst.Name) and run.scope.names.get(node.value) == UNKNOWN:
        run.scope.names[node.value] = PLAIN
        run.scope.function.used.setdefault(node.value, PLAIN)


def give(
    run: Interpreter, function: FunctionInfo, name: str, value: Value, call: object = None
) -> None:
    """Join a value into what a function's parameter is given; the function is run again if that is new.

    `call` says which call gives it: one that knew nothing of it before, and now does, is taken at its word.
    """
    given = function.given.setdefault(name, Given())
    if call is not None and value == UNKNOWN:
        given.silent.add(call)
    else:
        given.silent.discard(call)
        given.said = value if given.said is None else _given_twice(given.said, value)
    joined = given.said
    if given.silent:
        joined = UNKNOWN if joined is None else _given_twice(joined, UNKNOWN)
    if joined != function.arguments.get(name):
        assert joined is not None
        function.arguments[name] = joined
        function.dirty = True


def _given_twice(known: Value, value: Value) -> Value:
    """What two calls pass: a class or function that one passes is what is called, whatever the other one passes."""
    if value == UNKNOWN and isinstance(known, _CALLED):
        return known
    return value if known == UNKNOWN and isinstance(value, _CALLED) else join(known, value)


_CALLED = (ClassValue, FunctionValue, OneOf, Partial)
