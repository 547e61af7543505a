"""Several tensors that a function returns together, `return x, skip`, each in an axis order of its own.

They keep the target's order where all that call the function take them apart at once, `x, skip = down(x)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.source import mixed
from translator.source.joins import join, source_order
from translator.source.values import Items, SeveralValue, TensorValue, Value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def evaluated(run: Interpreter, node: cst.BaseExpression) -> Value:
    """What is returned: of a tuple each tensor in its own order, as long as nothing has asked for the source's."""
    function = run.scope.function
    plain = not isinstance(node, cst.Tuple) or not isinstance(function.node, cst.FunctionDef)
    if plain or mixed.RESULT in function.pinned or function.decorator or function.globals:
        return run.evaluate(node)
    assert isinstance(node, cst.Tuple)
    if any(isinstance(element, cst.StarredElement) for element in node.elements):
        return run.evaluate(node)
    values = [run.evaluate(element.value) for element in node.elements]
    if not any(_is_ordered(value) for value in values):
        return run.evaluate(node)
    kept = [
        value if _is_ordered(value) else run.in_order(element.value, value, target=False)
        for element, value in zip(node.elements, values, strict=True)
    ]
    for element in node.elements:
        run.facts.reorders.pop(id(element.value), None)
    found = SeveralValue(tuple(kept), id(function))
    run.facts.values[id(node)] = found
    return found


def _is_ordered(value: Value) -> bool:
    return isinstance(value, TensorValue) and value.target_order


def joined(run: Interpreter, a: Value, b: Value) -> Value | None:
    """Two results of the running function; None where neither is of this kind."""
    if not isinstance(a, SeveralValue) and not isinstance(b, SeveralValue):
        return None
    if isinstance(a, SeveralValue) and isinstance(b, SeveralValue) and len(a.items) == len(b.items):
        pairs = list(zip(a.items, b.items, strict=True))
        if all(_is_ordered(x) == _is_ordered(y) for x, y in pairs):
            return SeveralValue(tuple(join(x, y) for x, y in pairs), a.function)
    run.pin(mixed.RESULT)
    return join(plain(a), plain(b))


def plain(value: Value) -> Value:
    """The same in the source's order."""
    if not isinstance(value, SeveralValue):
        return value
    return Items(tuple(map(source_order, value.items)))


def settle(run: Interpreter, value: SeveralValue) -> Value:
    """Something else than taking it apart is done with it: the next run has it in the source's order."""
    mixed.pin_result(run, value.function)
    return plain(value)


def taken_apart(
    run: Interpreter, target: cst.BaseExpression, value: SeveralValue
) -> tuple[Value, ...] | None:
    """The tensors for the names of `x, skip = ...`; None where they cannot be given their orders."""
    if not isinstance(target, cst.Tuple) or len(target.elements) != len(value.items):
        return None
    function = run.scope.function
    for element, item in zip(target.elements, value.items, strict=True):
        if not isinstance(element.value, cst.Name):
            return None
        name = element.value.value
        if _is_ordered(item) and name in function.pinned | function.globals:
            return None
    return value.items
