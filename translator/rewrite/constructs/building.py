"""Keras layers that make their weights in `build`, at the first call: torch's do it when they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.records import Layer
from translator.knowledge.shapes import number
from translator.rewrite import build
from translator.rewrite.constructs.initial import input_shape
from translator.rewrite.constructs.reading import method_call
from translator.source.functions import parameters
from translator.source.joins import members
from translator.source.objects import Built, ClassInfo, FunctionInfo, ObjectValue
from translator.source.values import MethodValue, TensorValue, Value

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


def unbuilt(rewriter: Rewriter, model: Value) -> str:
    """A layer that may have no weights when those of a torch model are asked for, "" if each of them is built."""
    if isinstance(model, Built):
        if not _holds(model) or all(s is not model.site for s in rewriter.facts.touched.values()):
            return ""
        return "" if input_shape(rewriter, model) is not None else _title(model)
    if isinstance(model, ObjectValue):
        inner = [value for value in model.info.attributes.values() if value != model]
        return next((name for value in inner if (name := unbuilt(rewriter, value))), "")
    held = [value for value in members(model) if isinstance(value, Built) and _holds(value)]
    return _title(held[0]) if held else ""


def _holds(value: Built) -> bool:
    """True for a layer with weights, or a container of such."""
    if value.site.parts:
        return any(isinstance(part, Built) and _holds(part) for part in value.site.parts)
    return not isinstance(value.site.record, Layer) or bool(value.site.record.weights)


def _title(value: Built) -> str:
    return value.site.record.title
