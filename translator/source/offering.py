"""Functions that take a tensor in either axis order: a file's own activation, a block that drops paths.

A function that asks for no order is tried with the target's where that is what it is given. If anything in its body
has to turn the tensor back, or another call gives another number of axes, it is given the source's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from translator.source.facts import to_source
from translator.source.objects import FunctionInfo
from translator.source.tree import nodes
from translator.source.values import Literal, Plain, TensorValue, Value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter

_TRIALS = 3
"""How often a parameter is tried before it is given the source's order for good."""
_RUNS = 5
"""How often a function may have been run when a trial begins."""


def offer(run: Interpreter, function: FunctionInfo, name: str, value: Value, key: object) -> None:
    """Give a parameter its tensor in the target's order, if that is how it comes and the function can do with it.

    `key` says which call this is.
    """
    if isinstance(value, Plain | Literal):
        return  # of any rank
    ranks = function.ranks.setdefault(name, {})
    ranks[key] = value.rank if isinstance(value, TensorValue) else None
    rank = ranks[key] if len(set(ranks.values())) == 1 else None
    if name in function.offered and name in function.wanted:
        if rank is None:
            _withdraw(function, name)
            _run_again(run, function)
        return
    if not isinstance(value, TensorValue) or not value.target_order or not is_open(function, name):
        return
    if rank is None or rank < 3 or not isinstance(function.arguments.get(name, value), TensorValue):
        return
    before = function.pinned | _problems(run, function)
    function.wanted[name] = rank
    function.offered.add(name)
    _run_again(run, function)
    if (function.pinned | _problems(run, function)) - before or _turns(run, function):
        _withdraw(function, name)
        _run_again(run, function)


def take_back(run: Interpreter) -> bool:
    """Take back what functions turned out to be unable to do with; True if there was anything."""
    found = False
    for function in run.facts.functions.values():
        tried = function.offered & function.wanted.keys()
        if tried and _turns(run, function):
            found = True
            for name in tried:
                _withdraw(function, name)
            _mark(function)
    return found


def is_open(function: FunctionInfo, name: str) -> bool:
    """True for a parameter that no use asks an order for, and that was not found to need the source's."""
    if function.node is None or function.active or function.runs > _RUNS:
        return False
    if name in function.wanted or name in function.pinned:
        return False
    tried, ranks = function.refused.get(name, (0, None))
    return tried == 0 or (tried < _TRIALS and ranks != function.ranks.get(name))


def _withdraw(function: FunctionInfo, name: str) -> None:
    tried, _ = function.refused.get(name, (0, None))
    function.refused[name] = (tried + 1, dict(function.ranks[name]))
    function.wanted.pop(name, None)
    function.pinned -= function.pinned_by_flow
    function.pinned_by_flow.clear()


def _run_again(run: Interpreter, function: FunctionInfo) -> None:
    _mark(function)
    run.run_function(function)


def _mark(function: FunctionInfo) -> None:
    """The function and what calls it are to be run again."""
    function.dirty = True
    for caller in function.callers:
        caller.dirty = True


def _turns(run: Interpreter, function: FunctionInfo) -> bool:
    """True where a tensor is brought to the source's order inside."""
    return any(
        axes == to_source(run.side, len(axes))
        for node in _body(function)
        if (axes := run.facts.reorders.get(id(node))) is not None
    )


def _problems(run: Interpreter, function: FunctionInfo) -> set[object]:
    return {id(node) for node in _body(function) if id(node) in run.facts.problems}


def _body(function: FunctionInfo) -> Iterator[cst.CSTNode]:
    assert function.node is not None
    return nodes(function.node.body)
