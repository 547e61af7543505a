"""Arguments of models by their names: Keras takes tensors alone by position, and fills masks by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.source.classes import forward_of
from translator.source.functions import parameters
from translator.source.objects import ObjectValue
from translator.source.values import Each, OneOf, TensorValue, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def passed(
    rewriter: Rewriter, called: Value, node: cst.Call, new: cst.BaseExpression
) -> cst.BaseExpression:
    """`block(x, mask=mask, scale=2)` for `block(x, mask, 2)`.

    Keras refuses a number by position, and gives a mask that is None a second value.
    """
    if rewriter.target != "tensorflow" or not isinstance(new, cst.Call):
        return new
    if len(node.args) != len(new.args):
        return new
    names = _names(called)
    given = [isinstance(rewriter.facts.value(a.value), TensorValue) for a in node.args]
    places = [
        i
        for i, name in enumerate(names)
        if _filled(name, names) or (0 < i < len(given) and not given[i])
    ]
    args = list(new.args)
    first = next((place for place in places if place < len(args)), None)
    if first is None or any(a.star or a.keyword is not None for a in args[: first + 1]):
        return new
    written = args[:first]
    for position, argument in enumerate(args[first:], first):
        if argument.star == "*":
            return new
        if argument.star or argument.keyword is not None:
            written.append(argument)
        elif position < len(names):
            named = argument.with_changes(keyword=cst.Name(names[position]), equal=build.TIGHT)
            written.append(named)
        else:
            return new
    return new.with_changes(args=written)


def _names(called: Value) -> list[str]:
    """The parameters of the forward pass that a call runs, the object aside; none where there may be several."""
    if isinstance(called, OneOf):
        found = [_names(option) for option in called.options]
        return found[0] if found and all(names == found[0] for names in found) else []
    if isinstance(called, Each):
        return _names(called.item)
    forward = forward_of(called.info) if isinstance(called, ObjectValue) else None
    if forward is None or forward.node is None:
        return []
    return [p.name.value for p in parameters(forward.node)][1:]


def _filled(name: str, names: list[str]) -> bool:
    return name == "mask" or (name.endswith("_mask") and name.removesuffix("_mask") in names)
