"""`**kwargs` that go down to a layer, from torch to torch: the function gets the parameters that its calls name.

Keras has other names for them, and what a convolution's padding becomes has to be seen where the layer is built.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import libcst as cst

from translator.knowledge.registry import index
from translator.knowledge.signature import Parameter, parse
from translator.rewrite import build
from translator.rewrite.constructs.reading import of_kind
from translator.rewrite.held import each
from translator.source.facts import Facts
from translator.source.objects import FunctionInfo
from translator.source.reference import is_layer_class
from translator.source.tree import nodes
from translator.source.values import Api, Handed


@dataclass(eq=False)
class Spelled:
    """A file with such parameters by name, and what there is to say of it."""

    tree: cst.Module
    notes: list[tuple[cst.CSTNode, str]] = field(default_factory=list)


def spelled(tree: cst.Module, facts: Facts) -> Spelled | None:
    """The file without `**kwargs` that layers are given; None where it has none."""
    found = {
        id(function.node): (function.node, given)
        for function in facts.functions.values()
        if isinstance(function.node, cst.FunctionDef) and (given := _given(facts, function))
    }
    if not found:
        return None
    new = _spelled(tree, {key: given for key, (_, given) in found.items()}, ("", []))
    assert isinstance(new, cst.Module)
    notes: list[tuple[cst.CSTNode, str]] = []
    for node, given in found.values():
        names = ", ".join(parameter.name for parameter in given)
        notes.append(
            (node.name, f"the keyword arguments are those that calls in this file name: {names}")
        )
    return Spelled(new, notes)


def _given(facts: Facts, function: FunctionInfo) -> list[Parameter]:
    """The parameters that take the place of `**kwargs`; none where it holds anything but a layer's arguments."""
    node = function.node
    star = None if node is None else node.params.star_kwarg
    if star is None or node is None or function.spread or not function.keywords:
        return []
    code = list(nodes(node.body))
    uses = [name for name in of_kind(code, cst.Name) if name.value == star.name.value]
    calls = [c for c in of_kind(code, cst.Call) if any(_is(a, star.name.value) for a in c.args)]
    if not calls or len(uses) != len(calls):
        return []
    known = [_parameters(facts, call) for call in calls]
    if not all(function.keywords <= parameters.keys() for parameters in known):
        return []
    return [p for name, p in known[0].items() if name in function.keywords]


def _is(argument: cst.Arg, name: str) -> bool:
    star = argument.star == "**" and isinstance(argument.value, cst.Name)
    return star and isinstance(argument.value, cst.Name) and argument.value.value == name


def _parameters(facts: Facts, call: cst.Call) -> dict[str, Parameter]:
    """The parameters of a layer's class that a call does not state itself."""
    value = facts.value(call.func)
    name = value.name if isinstance(value, Api | Handed) else ""
    if not is_layer_class(name):
        return {}
    signature = next(parse(text) for _, text in index("torch")[name])
    stated = sum(argument.keyword is None and not argument.star for argument in call.args)
    named = {argument.keyword.value for argument in call.args if argument.keyword is not None}
    return {p.name: p for p in signature.parameters[stated:] if p.name not in named and not p.star}


_Running = tuple[str, list[Parameter]]
"""The name of the `**kwargs` of the function around a piece of code, and the parameters in their place."""


def _spelled(
    node: cst.CSTNode, given: dict[int, list[Parameter]], running: _Running
) -> cst.CSTNode:
    """The node with parameters in the place of `**kwargs`; what stays the same stays the same object."""
    if isinstance(node, cst.FunctionDef):
        star = node.params.star_kwarg
        running = ("" if star is None else star.name.value, given.get(id(node), []))
    node = each(node, lambda part: _spelled(part, given, running))
    name, parameters = running
    if isinstance(node, cst.FunctionDef) and parameters:
        return node.with_changes(params=_with(node.params, parameters))
    if isinstance(node, cst.Call) and parameters and any(_is(a, name) for a in node.args):
        own = [build.argument(cst.Name(p.name), p.name) for p in parameters]
        spread = [own if _is(argument, name) else [argument] for argument in node.args]
        return node.with_changes(args=[argument for part in spread for argument in part])
    return node


def _with(old: cst.Parameters, given: list[Parameter]) -> cst.Parameters:
    """The parameters of a function with those of a layer; by name alone where others have defaults before them."""
    needed = [cst.Param(cst.Name(p.name)) for p in given if p.default is None]
    tight = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    rest = [
        cst.Param(cst.Name(p.name), default=build.expression(p.default), equal=tight)
        for p in given
        if p.default is not None
    ]
    stars = isinstance(old.star_arg, cst.Param | cst.ParamStar)
    if stars or (needed and any(p.default is not None for p in old.params)):
        star = old.star_arg if stars else cst.ParamStar()
        named = [*old.kwonly_params, *needed, *rest]
        return old.with_changes(star_kwarg=None, star_arg=star, kwonly_params=named)
    return old.with_changes(star_kwarg=None, params=[*old.params, *needed, *rest])
