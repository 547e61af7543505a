"""Calls of functions of the file: what they pass to each parameter, by name and by type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.shapes import Size
from translator.source import mixed
from translator.source.classes import closure
from translator.source.elementwise import combine
from translator.source.functions import give, parameters
from translator.source.joins import detach, join, source_order
from translator.source.objects import FunctionInfo, ObjectValue
from translator.source.offering import offer
from translator.source.operations import want
from translator.source.sequences import element
from translator.source.sizes import inside, outside, size_of
from translator.source.values import (
    OTHERS,
    UNKNOWN,
    Dictionary,
    Each,
    Items,
    MethodValue,
    MixedValue,
    NumpyArray,
    TensorValue,
    Value,
)

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def function_call(
    run: Interpreter,
    arguments: Sequence[cst.Arg],
    function: FunctionInfo,
    bound: bool,
    renamed: bool = True,
) -> Value:
    """Call a function of the file: join the arguments into what it is given, run it if that is new.

    The sizes of the result are `renamed` to what they are for the caller.
    """
    assert function.node is not None
    names = [p.name.value for p in parameters(function.node)][1 if bound else 0 :]
    matched = list(_match(names, arguments))
    for name, argument in matched:
        value = inside(run, source_order(run.facts.value(argument.value)), function)
        give(run, function, name, _as_given(function, value), id(argument))
        _pass_size(function, name, size_of(run, argument.value))
    _pass_named(run, function, names, arguments)
    run.called[function.qualified] = function
    rest = [name for name in names if name not in {name for name, _ in matched}]
    _pass_rest(run, function, rest, _spread(run, names, arguments))
    known = {id(argument) for _, argument in matched}
    for argument in arguments:
        if id(argument) not in known:
            detach(run.in_order(argument.value, run.facts.value(argument.value), target=False))
    run.depend(function)
    if function.dirty and not function.active:
        run.run_function(function)
    if function.takes_any_order:
        return _in_their_order(run, function, [argument for _, argument in matched])
    for name, argument in matched:
        value = run.facts.value(argument.value)
        offer(run, function, name, value, id(argument))
        if name in function.wanted and isinstance(value, TensorValue):
            rank = function.wanted[name]
            want(run, argument.value, value if value.rank else replace(value, shape=(None,) * rank))
        else:
            run.in_order(argument.value, value, target=False)
    if function.result is None and function.active and function.earlier is not None:
        return function.earlier  # it calls itself
    if function.result is None:
        return UNKNOWN
    if isinstance(function.result, MixedValue):
        return mixed.outside(function.result, function)
    result = function.result
    if function.gives_gradient and isinstance(result, Items) and result.items:
        result = result.items[0]
    return outside(run, result, function.qualified) if renamed else result


def _in_their_order(run: Interpreter, function: FunctionInfo, given: Sequence[cst.Arg]) -> Value:
    """What a function that works elementwise makes of its arguments: the target's order where all can follow."""
    values = [(argument.value, run.facts.value(argument.value)) for argument in given]
    combined = combine(run, [pair for pair in values if isinstance(pair[1], TensorValue)])
    result = outside(run, function.result or UNKNOWN, function.qualified)
    if not isinstance(combined, TensorValue) or not isinstance(result, TensorValue):
        return source_order(result)
    return replace(
        result,
        shape=combined.shape,
        target_order=combined.target_order,
        origin=combined.origin,
        follows=combined.follows,
    )


def sizes_given(
    run: Interpreter, arguments: Sequence[cst.Arg], function: FunctionInfo
) -> Iterator[tuple[str, Size]]:
    """The sizes that a call of a constructor passes, by its parameters."""
    assert function.node is not None
    names = [p.name.value for p in parameters(function.node)][1:]
    for name, argument in _match(names, arguments):
        yield name, size_of(run, argument.value)


def mapped(run: Interpreter, called: Value, given: Sequence[Value]) -> Value:
    """`map(f, values)`: tensors go in and come out in the source's order."""
    function = closure(called)
    if function is None or function.node is None:
        return UNKNOWN
    bound = isinstance(called, MethodValue | ObjectValue)
    for parameter, value in zip(parameters(function.node)[bound:], given, strict=False):
        name = parameter.name.value
        give(run, function, name, source_order(value))
        function.pinned.add(name)
        function.wanted.pop(name, None)
    function.pinned.add("return")
    run.depend(function)
    if function.dirty and not function.active:
        run.run_function(function)
    return UNKNOWN if function.result is None else Each(function.result)


def _match(names: Sequence[str], arguments: Sequence[cst.Arg]) -> Iterator[tuple[str, cst.Arg]]:
    """The parameters that single arguments are passed for."""
    starred = False
    for position, argument in enumerate(arguments):
        starred = starred or bool(argument.star)
        if argument.keyword is not None:
            if argument.keyword.value in names:
                yield argument.keyword.value, argument
        elif not starred and position < len(names):
            yield names[position], argument


def _spread(
    run: Interpreter, names: Sequence[str], arguments: Sequence[cst.Arg]
) -> dict[str, Value] | None:
    """What `*values` and `**named` pass, by parameter; None where that cannot be told."""
    passed: dict[str, Value] = {}
    for position, argument in enumerate(arguments):
        value = run.facts.value(argument.value)
        if argument.star == "*" and isinstance(value, Items):
            passed |= dict(zip(names[position:], value.items, strict=False))
        elif argument.star == "*":
            passed |= dict.fromkeys(names[position:], element(value))
        elif argument.star == "**" and isinstance(value, Dictionary) and OTHERS not in value.keys:
            passed |= dict(zip(map(str, value.keys), value.values, strict=True))
        elif argument.star:
            return None
    return passed


def _pass_rest(
    run: Interpreter,
    function: FunctionInfo,
    names: Sequence[str],
    spread: dict[str, Value] | None,
) -> None:
    """Parameters without an argument of their own: held in the source's order, or at their default."""
    assert function.node is not None
    defaults = {p.name.value: p.default for p in parameters(function.node)}
    for name in names:
        default = defaults[name]
        if spread is None or name in spread:
            value = UNKNOWN if spread is None else spread[name]
            give(run, function, name, source_order(value))
            function.pinned.add(name)
            function.wanted.pop(name, None)
        elif default is not None:
            give(run, function, name, run.facts.value(default))
        _pass_size(function, name, None)


def _pass_named(
    run: Interpreter, function: FunctionInfo, names: Sequence[str], arguments: Sequence[cst.Arg]
) -> None:
    """What `**kwargs` holds: the keyword arguments without a parameter of their own."""
    assert function.node is not None
    if function.node.params.star_kwarg is None:
        return
    given: dict[object, Value] | None = {}
    _note_keywords(run, function, names, arguments)
    for argument in arguments:
        value = source_order(run.facts.value(argument.value))
        held: dict[object, Value] = {}
        if argument.star == "**":
            spread = isinstance(value, Dictionary) and not set(value.keys) & set(names)
            if not isinstance(value, Dictionary) or not spread:
                given = None
            else:
                held = dict(zip(value.keys, value.values, strict=True))
        elif argument.keyword is not None and argument.keyword.value not in names:
            held = {argument.keyword.value: value}
        given = None if given is None else given | held
    passed: Value = UNKNOWN if given is None else Dictionary(tuple(given), tuple(given.values()))
    before = function.named
    if before is not None and isinstance(passed, Dictionary):
        alike = isinstance(before, Dictionary) and set(before.keys) == set(passed.keys)
        passed = join(before, passed) if alike else UNKNOWN
    if passed != before:
        function.named, function.dirty = passed, True


def _note_keywords(
    run: Interpreter, function: FunctionInfo, names: Sequence[str], arguments: Sequence[cst.Arg]
) -> None:
    """Remember the names in `**kwargs`, whatever the other calls pass."""
    for argument in arguments:
        value = run.facts.value(argument.value)
        if argument.star == "**":
            function.spread = function.spread or not isinstance(value, Dictionary)
        if argument.star == "**" and isinstance(value, Dictionary):
            function.spread = function.spread or OTHERS in value.keys
            function.keywords |= set(map(str, value.keys)) - set(names)
        elif argument.keyword is not None and argument.keyword.value not in names:
            function.keywords.add(argument.keyword.value)


def _pass_size(function: FunctionInfo, name: str, size: Size) -> None:
    known = function.passed.get(name, size)
    function.passed[name] = size if known == size else None


def _as_given(function: FunctionInfo, value: Value) -> Value:
    """What a function sees of an argument: Keras hands a model tensors, whatever it is called with."""
    if isinstance(value, NumpyArray) and function.is_forward:
        return TensorValue(value.shape)
    return value
