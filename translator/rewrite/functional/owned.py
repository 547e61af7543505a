"""Models that are made in methods: what their layers read of `self` is a setting of their class."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.rewrite.constructs.reading import of_kind, used_names
from translator.rewrite.functional.changing import replaced
from translator.rewrite.functional.known import Known
from translator.rewrite.functional.refused import RefusedError
from translator.source.tree import nodes
from translator.source.values import MethodValue


def with_settings(
    known: Known, code: Sequence[cst.BaseStatement], owner: str
) -> tuple[list[cst.BaseStatement], list[str]]:
    """The statements with names in place of the attributes of `owner`, and these names."""
    every = [n for s in code for n in nodes(s)]
    held = [a for a in of_kind(every, cst.Attribute) if _is_own(a, owner)]
    whole = [n for n in of_kind(every, cst.Name) if n.value == owner]
    methods = {
        id(c.func)
        for c in of_kind(every, cst.Call)
        if isinstance(known.facts.value(c.func), MethodValue)
    }
    if len(whole) > len(held) or any(id(a) in methods for a in held):
        raise RefusedError(code[0], f"its layers are made by {owner}, not by what it holds")
    names = list(dict.fromkeys(a.attr.value for a in held))
    taken = used_names(every)
    if any(name in taken for name in names):
        raise RefusedError(code[0], "an attribute and a variable of one name")

    def change(part: cst.BaseExpression) -> cst.BaseExpression:
        if isinstance(part, cst.Attribute) and _is_own(part, owner):
            return part.attr
        new = replaced(part, change)
        assert isinstance(new, cst.BaseExpression)
        return new

    new = [replaced(s, change) for s in code]
    return [s for s in new if isinstance(s, cst.BaseStatement)], names


def _is_own(node: cst.Attribute, owner: str) -> bool:
    return isinstance(node.value, cst.Name) and node.value.value == owner
