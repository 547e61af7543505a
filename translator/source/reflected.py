"""Attributes that are reached by names in quotes, known or computed: `getattr(self, f"layer{i}")`, `add_module`.

An attribute whose name is computed is kept under the name with a star for what is not known: `layer*`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING

import libcst as cst

from translator.source import classes
from translator.source.joins import detach, join
from translator.source.literals import NONE
from translator.source.objects import Built, ClassValue, ObjectValue
from translator.source.values import UNKNOWN, Each, Items, Literal, OneOf, Value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter

BUILTINS = frozenset({"getattr", "setattr", "vars"})
METHODS = {
    "__getattr__": "getattr",
    "__getattribute__": "getattr",
    "__setattr__": "setattr",
    "add_module": "setattr",
    "register_module": "setattr",
    "register_parameter": "setattr",
}
"""Methods of modules, by the builtin that does the same."""


def reflect(
    run: Interpreter, function: str, owner: ObjectValue, given: Sequence[cst.BaseExpression]
) -> Value:
    """`getattr(self, name)`, `setattr(self, name, value)`; `given` are the arguments behind the object."""
    name = pattern(run, given[0]) if given else ANY
    values = [run.facts.value(node) for node in given[1:]]
    run.scope.function.reads.add(name)
    if name == ANY:
        detach_all(owner)
    if function == "setattr" and len(values) == 1:
        classes.set_attribute(run, owner.info, name, values[0])
        return NONE
    known = _matching(owner, name)
    return reduce(join, (known, *values)) if function == "getattr" else UNKNOWN


def detach_all(owner: ObjectValue) -> None:
    """Note that any attribute of an object may be reached unseen."""
    for attribute in owner.info.attributes.values():
        detach(attribute)


ANY = "*"


def _matching(owner: ObjectValue, name: str) -> Value:
    """What the attributes hold that a name may mean; those that hold modules, if some of them do."""
    if ANY not in name:
        return owner.info.attribute(name) or computed(owner, name) or UNKNOWN
    found = [value for key, value in _attributes(owner) if may_be(key, name)]
    if name == ANY:
        found = [value for key, value in _attributes(owner) if ANY in key]
    modules = [value for value in found if isinstance(value, Built | ObjectValue | OneOf)]
    lists = [value for value in found if isinstance(value, Items | Each)]
    return reduce(join, modules or lists or found) if found else UNKNOWN


def _attributes(owner: ObjectValue) -> list[tuple[str, Value]]:
    waiting, found = [owner.info], dict[str, Value]()
    for info in waiting:
        found = {**info.attributes, **found}
        waiting += [base.info for base in info.bases if isinstance(base, ClassValue)]
    return list(found.items())


def computed(owner: ObjectValue, name: str) -> Value | None:
    """What is kept under names that are computed, one of which may be this one."""
    found = [value for key, value in _attributes(owner) if ANY in key and may_be(key, name)]
    return reduce(join, found) if found else None


def may_be(a: str, b: str) -> bool:
    """True if two names, with stars for what is not known of them, may be the same."""
    if ANY not in a and ANY not in b:
        return a == b
    (first, *_), (other, *_) = a.split(ANY), b.split(ANY)
    last, end = a.rpartition(ANY)[2], b.rpartition(ANY)[2]
    if ANY not in a or ANY not in b:
        star, plain = (a, b) if ANY in a else (b, a)
        return re.fullmatch(".*".join(map(re.escape, star.split(ANY))), plain) is not None
    starts = first.startswith(other) or other.startswith(first)
    return starts and (last.endswith(end) or end.endswith(last))


def pattern(run: Interpreter, node: cst.BaseExpression) -> str:
    """The name that an expression gives, with a star for each part that is not known."""
    value = run.facts.value(node)
    if isinstance(value, Literal) and isinstance(value.value, str):
        return value.value
    if isinstance(node, cst.FormattedString):
        text = (p.value if isinstance(p, cst.FormattedStringText) else ANY for p in node.parts)
        return _tidy("".join(text))
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        return _tidy(pattern(run, node.left) + pattern(run, node.right))
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Modulo):
        return _tidy(re.sub(r"%[-0-9.]*[a-z]", ANY, pattern(run, node.left)))
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        if node.func.attr.value == "format":
            return _tidy(re.sub(r"\{[^}]*\}", ANY, pattern(run, node.func.value)))
    return ANY


def _tidy(name: str) -> str:
    return re.sub(r"\*+", ANY, name)
