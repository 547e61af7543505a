"""Keras layers that make their weights in `build`, at the first call: torch's do it when they are made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.records import Layer
from translator.rewrite import build
from translator.rewrite.constructs import parameters
from translator.rewrite.constructs.initial import input_shape
from translator.rewrite.constructs.reading import method_call, of_kind, small
from translator.rewrite.layout import without_blank
from translator.source.joins import members
from translator.source.objects import LAZY, Built, FunctionInfo, ObjectValue
from translator.source.tree import nodes
from translator.source.values import MethodValue, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def lazy_base(rewriter: Rewriter, node: cst.ClassDef) -> cst.ClassDef:
    """The class as a lazy module of torch."""
    why = f"the sizes of the parameters of {node.name.value} are not known from this file"
    others = (
        line for line in _body(rewriter.classes[-1].methods[LAZY]) if weight_made(line)[0] is None
    )
    if any(_sets_own(line) for line in others):
        why += ": its optimizer has to be built behind its first call, which makes parts of it"
    rewriter.note(node, Code.LAZY_SIZE, why)
    mixin = build.argument(rewriter.naming.target("torch.nn.modules.lazy.LazyModuleMixin"))
    return node.with_changes(bases=[mixin, *node.bases])


def waiting(rewriter: Rewriter, info: FunctionInfo, node: cst.FunctionDef) -> cst.FunctionDef:
    """A constructor that ends with the parameters that the first input gives their sizes."""
    lazy = None if info.owner is None or info.name != "__init__" else info.owner.methods.get(LAZY)
    if lazy is None or not isinstance(node.body, cst.IndentedBlock):
        return node
    text = rewriter.naming.spell("nn.UninitializedParameter()")
    lines = [
        build.statement(f"{build.code(target)} = {text}")
        for target, _ in map(weight_made, _body(lazy))
        if target is not None
    ]
    return node.with_changes(body=node.body.with_changes(body=[*node.body.body, *lines]))


def _sets_own(line: cst.CSTNode) -> bool:
    """True for a statement that sets an attribute."""
    places = of_kind(nodes(line), cst.AssignTarget)
    return any(isinstance(place.target, cst.Attribute) for place in places)


def base_first(node: cst.FunctionDef) -> cst.FunctionDef:
    """A constructor that calls that of `nn.Module`, which takes nothing, before it gives the module anything."""
    if not isinstance(node.body, cst.IndentedBlock):
        return node
    body = list(node.body.body)
    place = next((i for i, line in enumerate(body) if _calls_bare_base(line)), 0)
    first = small(body[0])
    start = isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString)
    sets = any(isinstance(small(line), cst.Assign | cst.AnnAssign) for line in body[:place])
    if place <= start or not sets:
        return node
    call = body.pop(place)
    body.insert(int(start), without_blank(call))
    return node.with_changes(body=node.body.with_changes(body=body))


def _calls_bare_base(line: cst.CSTNode) -> bool:
    found = method_call(line)
    if found is None or found[0].args or found[1].attr.value != "__init__":
        return False
    return isinstance(found[1].value, cst.Call) and build.code(found[1].value.func) == "super"


def _body(function: FunctionInfo) -> Sequence[cst.CSTNode]:
    body = None if function.node is None else function.node.body
    return body.body if isinstance(body, cst.BaseSuite) else ()


def weight_made(
    statement: cst.CSTNode,
) -> tuple[cst.BaseExpression, cst.Call] | tuple[None, None]:
    """The attribute and the call in `self.w = self.add_weight(...)`."""
    line = small(statement)
    if not isinstance(line, cst.Assign) or len(line.targets) != 1:
        return None, None
    func = line.value.func if isinstance(line.value, cst.Call) else None
    if not isinstance(func, cst.Attribute) or build.code(func) != "self.add_weight":
        return None, None
    assert isinstance(line.value, cst.Call)
    return line.targets[0].target, line.value


def materialized(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`self.w = self.add_weight(...)` of a lazy module: the parameter that waits is given its size and values."""
    function = rewriter.functions[-1] if rewriter.functions else None
    if function is None or function.name != LAZY or all(s is not node for s in _body(function)):
        return None
    target, call = weight_made(node)
    if target is None or call is None or not isinstance(node, cst.SimpleStatementLine):
        return None
    return parameters.in_place(rewriter, node, call, rewriter.expression(target))


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`layer.build((None, 3))` of a layer that was built when it was made."""
    found = method_call(node)
    if rewriter.target != "torch" or found is None or found[1].attr.value != "build":
        return None
    method = rewriter.facts.value(found[1])
    if not isinstance(method, MethodValue) or not isinstance(method.receiver, ObjectValue):
        return None
    return [] if method.receiver.info.name in rewriter.facts.settled else None


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
