"""Classes that are looked up by a name in a variable: `getattr(nn, rnn_type)`.

Which they may be is what the file itself says: the strings that it compares the variable with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.names import canonical
from translator.source.imports import dotted
from translator.source.literals import literal_value
from translator.source.reference import handed, is_module
from translator.source.tree import nodes
from translator.source.values import UNKNOWN, Api, Handed, OneOf, Value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter

_CASES = {"upper": str.upper, "lower": str.lower, "title": str.title, "capitalize": str.capitalize}


def looked_up(run: Interpreter, node: cst.Call) -> Value:
    """`getattr(nn, name)`: one of the classes of layers that the variable can name."""
    run.facts.chosen.pop(id(node), None)
    module, name = run.facts.value(node.args[0].value), node.args[1].value
    if len(node.args) != 2 or not isinstance(module, Api) or not is_module(module, run.side):
        return UNKNOWN
    quoted = literal_value(name) if isinstance(name, cst.SimpleString) else None
    if isinstance(quoted, str):
        return Api(canonical(f"{module.name}.{quoted}"))
    names = _possible(run.tree, name)
    found = {n: handed(Api(canonical(f"{module.name}.{n}")), run.side) for n in names}
    classes = {n: value for n, value in found.items() if isinstance(value, Handed)}
    if not classes:
        return UNKNOWN
    run.facts.chosen[id(node)] = {n: value.name for n, value in classes.items()}
    options = tuple(classes.values())
    return options[0] if len(options) == 1 else OneOf(options)


def _possible(tree: cst.Module, node: cst.BaseExpression) -> tuple[str, ...]:
    """The strings that a variable is compared with anywhere, as the expression spells them."""
    change: Callable[[str], str] = str
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and not node.args:
        if node.func.attr.value not in _CASES:
            return ()
        change, node = _CASES[node.func.attr.value], node.func.value
    name = _last(node)
    return tuple(dict.fromkeys(change(text) for text in _compared(tree, name))) if name else ()


def _compared(tree: cst.Module, name: str) -> Iterator[str]:
    """`name == "a"`, `name in ("a", "b")`."""
    for node in nodes(tree):
        if isinstance(node, cst.Comparison) and _last(node.left) == name:
            for comparison in node.comparisons:
                yield from _strings(comparison.comparator)


def _strings(node: cst.BaseExpression) -> Iterator[str]:
    parts: Iterable[cst.BaseExpression] = (node,)
    if isinstance(node, cst.Tuple | cst.List | cst.Set):
        parts = (element.value for element in node.elements)
    for part in parts:
        if isinstance(part, cst.SimpleString) and isinstance(text := literal_value(part), str):
            yield text


def _last(node: cst.BaseExpression) -> str:
    """The variable's own name: an attribute of an object holds what a parameter of the same name was given."""
    named = isinstance(node, cst.Name | cst.Attribute)
    return dotted(node).rpartition(".")[2] if named else ""
