"""`**kwargs` of Keras's layers: names and types for the base class, for which a module of torch has no use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from translator.source.objects import ClassInfo, ClassValue, FunctionInfo
from translator.source.tree import nodes

if TYPE_CHECKING:
    from translator.source.facts import Facts

NAMES = frozenset({"name"})
"""What constructors pass on to their base class alone."""
_CALLED = frozenset({"training"})
"""What Keras itself tells a forward pass, asked or not."""


def is_idle(facts: Facts, info: FunctionInfo) -> bool:
    """True for a method of a module whose `**kwargs` holds nothing that it makes use of."""
    node, owner = info.node, info.owner
    if owner is None or not owner.is_module or not isinstance(node, cst.FunctionDef):
        return False
    if node.params.star_kwarg is None or info.spread or _is_family(facts, owner):
        return False
    allowed = _CALLED if info.is_forward else NAMES if info.name == "__init__" else frozenset()
    if info.keywords - allowed:
        return False
    name = node.params.star_kwarg.name.value
    code = list(nodes(node.body))
    uses = sum(isinstance(n, cst.Name) and n.value == name for n in code)
    passed = list(_handing_on(code, name))
    if uses != len(passed):
        return False
    return (info.named is not None and not info.keywords) or all(
        _is_base(call, owner) for call in passed
    )


def takes_names(facts: Facts, info: FunctionInfo) -> bool:
    """True for a constructor that hands its `name=` on to the framework's base class and does nothing else with it."""
    node = info.node
    if not isinstance(node, cst.FunctionDef):
        return False
    if any(p.name.value in NAMES for p in node.params.params):
        return False
    return is_idle(facts, info)


def _handing_on(code: list[cst.CSTNode], name: str) -> Iterator[cst.Call]:
    """The calls that are given `**name`."""
    for call in code:
        if isinstance(call, cst.Call) and any(_is(a, name) for a in call.args):
            yield call


def _is(argument: cst.Arg, name: str) -> bool:
    value = argument.value
    return argument.star == "**" and isinstance(value, cst.Name) and value.value == name


def _is_base(call: cst.Call, owner: ClassInfo) -> bool:
    """True for `super().__init__(**kwargs)`."""
    func = call.func
    if not isinstance(func, cst.Attribute) or func.attr.value != "__init__":
        return False
    made = func.value
    if not isinstance(made, cst.Call) or not isinstance(made.func, cst.Name):
        return False
    given = made.args[0].value if made.args else None
    own = given is None or (isinstance(given, cst.Name) and given.value == owner.name)
    return made.func.value == "super" and own


def _is_family(facts: Facts, info: ClassInfo) -> bool:
    """True for a class that derives from another one of the file, or the other way: they hand `**kwargs` on."""
    every = (base for c in facts.classes.values() for base in c.bases)
    bases = [base.info for base in every if isinstance(base, ClassValue)]
    return info in bases or any(isinstance(base, ClassValue) for base in info.bases)
