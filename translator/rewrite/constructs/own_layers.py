"""Layers without weights that functions of torch become: made once, in the constructor of the model that calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.source.functions import parameters
from translator.source.objects import ClassInfo

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_LISTING = frozenset({"children", "named_children"})
"""What hands out the members of a model in their order."""


def called(rewriter: Rewriter, name: str, given: cst.BaseExpression) -> cst.BaseExpression:
    """The call of a layer of Keras that takes no settings: `self.flatten(x)` in a model."""
    layer = cst.Call(rewriter.naming.target(f"keras.layers.{name}"))
    return build.call(_owned(rewriter, name.lower(), layer), [build.argument(given)])


def _owned(rewriter: Rewriter, name: str, layer: cst.BaseExpression) -> cst.BaseExpression:
    """The layer as a member of the model whose method is written; made where it is called outside of one."""
    info = rewriter.classes[-1] if rewriter.classes else None
    function = rewriter.functions[-1] if rewriter.functions else None
    if info is None or function is None or function.node is None or function.owner is not info:
        return layer
    if function.decorator or function.name == "__init__" or not _can_make(rewriter, info, name):
        return layer
    rewriter.own_layers.setdefault(id(info), {})[name] = layer
    own = parameters(function.node)[0].name
    return cst.Attribute(cst.Name(own.value), cst.Name(name))


def _can_make(rewriter: Rewriter, info: ClassInfo, name: str) -> bool:
    constructor = info.methods.get("__init__")
    if not info.is_module or constructor is None or constructor.node is None:
        return False
    if not isinstance(constructor.node.body, cst.IndentedBlock):
        return False
    return not _LISTING & rewriter.naming.mentioned and not any(
        name in other.attributes or name in other.methods
        for other in rewriter.facts.classes.values()
    )


def with_layers(rewriter: Rewriter, info: ClassInfo, node: cst.ClassDef) -> cst.ClassDef:
    """The class of a model with the layers that its methods ask for at the end of its constructor."""
    asked = rewriter.own_layers.get(id(info))
    if asked is None:
        return node
    body: list[cst.CSTNode] = []
    for statement in node.body.body:
        if isinstance(statement, cst.FunctionDef) and statement.name.value == "__init__":
            own = parameters(statement)[0].name.value
            made = [build.statement(f"{own}.{n} = layer", layer=new) for n, new in asked.items()]
            block = statement.body.with_changes(body=[*statement.body.body, *made])
            statement = statement.with_changes(body=block)
        body.append(statement)
    return node.with_changes(body=node.body.with_changes(body=body))
