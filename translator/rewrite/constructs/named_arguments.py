"""`**kwargs` of a forward pass: Keras refuses tensors and other values in one of them, so that they get their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite.constructs.reading import of_kind
from translator.source.literals import NONE
from translator.source.objects import FunctionInfo
from translator.source.tree import nodes
from translator.source.values import UNKNOWN, Dictionary, TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_MIXED = "Keras takes no tensors beside other values in **{}: name its parameters"


def spelled_out(rewriter: Rewriter, info: FunctionInfo, node: cst.FunctionDef) -> cst.FunctionDef:
    """`call(self, x, context, causal)` for `call(self, x, **kwargs)`, where all calls pass the same names."""
    star, given = node.params.star_kwarg, info.named
    if star is None or not isinstance(given, Dictionary):
        return node
    tensors = [isinstance(value, TensorValue) for value in given.values]
    others = [value not in (NONE, UNKNOWN) for value in given.values]
    if not any(tensors) or not any(o and not t for o, t in zip(others, tensors, strict=True)):
        return node
    name = star.name.value
    passed = [
        argument.value
        for argument in of_kind(nodes(node.body), cst.Arg)
        if argument.star == "**" and isinstance(argument.value, cst.Name)
    ]
    uses = [use for use in of_kind(nodes(node.body), cst.Name) if use.value == name]
    if len(uses) != sum(use.value == name for use in passed):
        rewriter.todo(info.node or node, Code.UNSUPPORTED_ARGUMENT, _MIXED.format(name))
        return node
    keys = [str(key) for key in given.keys]
    body = node.body.visit(_Named(name, keys))
    assert isinstance(body, cst.BaseSuite)
    added = [cst.Param(cst.Name(key)) for key in keys]
    old = node.params
    if isinstance(old.star_arg, cst.Param) or old.kwonly_params:
        params = old.with_changes(star_kwarg=None, kwonly_params=[*old.kwonly_params, *added])
    elif any(param.default is not None for param in old.params):
        params = old.with_changes(star_kwarg=None, star_arg=cst.ParamStar(), kwonly_params=added)
    else:
        params = old.with_changes(star_kwarg=None, params=[*old.params, *added])
    return node.with_changes(params=params, body=body)


class _Named(cst.CSTTransformer):
    """`f(x, **kwargs)` with the names that are in it."""

    def __init__(self, name: str, keys: list[str]) -> None:
        super().__init__()
        self.name, self.keys = name, keys

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        written: list[cst.Arg] = []
        for argument in updated_node.args:
            star = argument.star == "**" and isinstance(argument.value, cst.Name)
            if star and isinstance(argument.value, cst.Name) and argument.value.value == self.name:
                tight = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
                written += [
                    cst.Arg(cst.Name(key), keyword=cst.Name(key), equal=tight) for key in self.keys
                ]
            else:
                written.append(argument)
        if len(written) == len(updated_node.args):
            return updated_node
        return updated_node.with_changes(args=written)
