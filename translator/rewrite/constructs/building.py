"""Keras layers that make their weights in `build`, at the first call: torch's do it when they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.shapes import number
from translator.rewrite import build
from translator.rewrite.constructs.reading import method_call
from translator.source.functions import parameters
from translator.source.objects import ClassInfo, FunctionInfo, ObjectValue
from translator.source.values import MethodValue, TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def stated(info: ClassInfo) -> cst.BaseExpression | None:
    """The input shape of a layer with a `build` of its own, where all calls agree on its last axis."""
    forward, made = info.forward, info.methods.get("build")
    if forward is None or forward.node is None or made is None or made.node is None:
        return None
    names = [p.name.value for p in parameters(forward.node)]
    if "__init__" not in info.methods or len(names) < 2 or len(parameters(made.node)) != 2:
        return None
    given = forward.arguments.get(names[1])
    shape = given.shape if isinstance(given, TensorValue) else None
    sizes = [number(size) for size in shape[1:]] if shape else []
    if not sizes or sizes[-1] is None:
        return None
    return build.expression(f"(None, {', '.join(map(str, sizes))})")


def built_at_once(info: FunctionInfo, node: cst.FunctionDef) -> cst.FunctionDef:
    """A constructor that ends with `self.build((None, 3))`."""
    shape = None if info.owner is None or info.name != "__init__" else stated(info.owner)
    if shape is None or not isinstance(node.body, cst.IndentedBlock):
        return node
    own = parameters(node)[0].name.value
    line = build.statement(f"{own}.build(shape)", shape=shape)
    return node.with_changes(body=node.body.with_changes(body=[*node.body.body, line]))


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`layer.build((None, 3))` of a layer that was built when it was made."""
    found = method_call(node)
    if rewriter.target != "torch" or found is None or found[1].attr.value != "build":
        return None
    method = rewriter.facts.value(found[1])
    if not isinstance(method, MethodValue) or not isinstance(method.receiver, ObjectValue):
        return None
    return [] if stated(method.receiver.info) is not None else None
