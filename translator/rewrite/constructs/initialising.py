"""`nn.init` where a constructor cannot say it: the initialisers of layers that are still to be built are set.

Keras makes the weights of a layer at its first call, by the initialisers that it has then. So what torch does to the
weights of a new model, by name, in a loop over `model.modules()` or by `model.apply(f)`, is done to initialisers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.records import Record, holding
from translator.knowledge.weights import Weight
from translator.rewrite import build
from translator.rewrite.constructs.reading import small
from translator.rewrite.draws import First, Layout, by_fans, first_values, initialiser, setting
from translator.source.classes import layer_records
from translator.source.objects import Built, FunctionInfo
from translator.source.shown import shown
from translator.source.values import LayerValue, OneOf, TensorValue, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """A statement that sets first values, or applies a function to all layers; None for any other."""
    inner = small(node)
    if rewriter.target != "tensorflow" or not isinstance(inner, cst.Expr):
        return None
    if not isinstance(node, cst.SimpleStatementLine) or not isinstance(inner.value, cst.Call):
        return None
    if id(inner.value) in rewriter.facts.applied:
        return _applied(rewriter, node, inner.value)
    first = first_values(rewriter, inner.value)
    if first is None:
        return None
    line = _set(rewriter, node, inner.value, first)
    if line is None:
        return None
    return [line.with_changes(trailing_whitespace=node.trailing_whitespace)]


def _applied(
    rewriter: Rewriter, node: cst.SimpleStatementLine, call: cst.Call
) -> list[cst.BaseStatement]:
    """`model.apply(f)`: a loop over all layers."""
    assert isinstance(call.func, cst.Attribute)
    name = "layer" if "layer" not in rewriter.naming.taken else "module"
    loop = build.statements(f"for {name} in model._flatten_layers():\n    f({name})")[0]
    holes = {
        "model": rewriter.expression(call.func.value),
        "f": rewriter.expression(call.args[0].value),
    }
    return [build.filled(loop, holes)]


def _set(
    rewriter: Rewriter, node: cst.SimpleStatementLine, call: cst.Call, first: First
) -> cst.SimpleStatementLine | None:
    weight = first.weight
    owner = rewriter.facts.value(weight.value) if isinstance(weight, cst.Attribute) else None
    records = _records(rewriter, owner)
    if records and isinstance(weight, cst.Attribute):
        return _on_layer(rewriter, call, first, weight, records)
    function = rewriter.api(call.func) is not None
    value = rewriter.facts.value(weight)
    drawn = function or first.function in ("uniform_", "normal_")
    if isinstance(value, TensorValue) and value.leaf and drawn:
        return _on_variable(rewriter, call, first, value)
    if not function:
        return None
    what = f"what {shown(weight)} is a weight of is not known here"
    rewriter.leave(call, Code.UNKNOWN_TYPE, what)
    return node


def _records(rewriter: Rewriter, owner: Value | None) -> list[Record]:
    if isinstance(owner, Built):
        return [owner.site.record]
    if isinstance(owner, OneOf):
        known = [_records(rewriter, option) for option in owner.options]
        return [record for records in known for record in records] if all(known) else []
    return layer_records(owner, rewriter.side) if isinstance(owner, LayerValue) else []


def _on_layer(
    rewriter: Rewriter, call: cst.Call, first: First, weight: cst.Attribute, records: list[Record]
) -> cst.SimpleStatementLine | None:
    rules = [holding(record, "torch", weight.attr.value) for record in records]
    names = {rule.keras[0] for rule in rules if rule is not None and rule.plain}
    layouts = {layout_of(rule) for rule in rules if rule is not None}
    here = rewriter.functions[-1] if rewriter.functions else rewriter.facts.module
    early = is_early(rewriter, call, here) and not _is_touched(rewriter, weight)
    if not early and rewriter.api(call.func) is None:
        return None  # a variable that is changed, as any other is
    texts = {initialiser(rewriter, first, layout) for layout in layouts}
    text = texts.pop() if len(texts) == 1 else None
    can = None not in rules and bool(names) and all(map(_can_be_set, names))
    if early and can and len(names) == 2 and text is not None:
        return _on_either(rewriter, weight, sorted(names), text)
    if not can or len(names) != 1 or text is None:
        why = f"no initialiser there draws what {first.function} draws here"
        rewriter.leave(call, Code.UNSUPPORTED_CODE, why)
        return cst.SimpleStatementLine([cst.Expr(call)])
    layer, name = rewriter.expression(weight.value), names.pop()
    draw = build.expression(text)
    if early:
        return build.statement(f"layer.{setting(name)} = draw", layer=layer, draw=draw)
    line = f"layer.{name}.assign(draw(layer.{name}.shape))"
    return build.statement(line, layer=layer, draw=draw)


def _is_touched(rewriter: Rewriter, weight: cst.Attribute) -> bool:
    """True for a weight of a layer that is built before, because something needs its weights."""
    layer = rewriter.facts.value(weight.value)
    if not isinstance(layer, Built) or not rewriter.facts.saves:
        return False
    here = rewriter.functions[-1].qualified if rewriter.functions else ""
    sites = rewriter.facts.touched.values()  # one that is made here is built behind these lines
    return layer.site.scope != here and any(site is layer.site for site in sites)


def _on_either(
    rewriter: Rewriter, weight: cst.Attribute, names: list[str], draw: str
) -> cst.SimpleStatementLine:
    """The weight of one of two kinds of layers, which name it differently: the kernel or the embeddings."""
    first, second = (f'"{setting(name)}"' for name in reversed(names))
    layer = build.parenthesized(rewriter.expression(weight.value))
    chosen = f"{first} if hasattr(layer, {first}) else {second}"
    return build.statement(
        f"setattr(layer, {chosen}, draw)", layer=layer, draw=build.expression(draw)
    )


def _can_be_set(name: str) -> bool:
    return "." not in name and setting(name) != ""


def _on_variable(
    rewriter: Rewriter, call: cst.Call, first: First, value: TensorValue
) -> cst.SimpleStatementLine:
    """A parameter of a module: its variable is there as soon as it is made."""
    text = initialiser(rewriter, first, "alike" if value.rank == 2 else "other")
    if text is None and value.rank is not None and value.rank > 2:
        text = by_fans(rewriter, first)
    if text is None:
        why = f"no initialiser there draws what {first.function} draws here"
        rewriter.leave(call, Code.UNSUPPORTED_CODE, why)
        return cst.SimpleStatementLine([cst.Expr(call)])
    holes = {"w": rewriter.expression(first.weight), "draw": build.expression(text)}
    return build.statement("w.assign(draw(w.shape))", **holes)


def layout_of(weight: Weight) -> Layout:
    """How Keras stores a weight, as far as the numbers of inputs and outputs go."""
    if weight.axes is None:
        return "alike"
    rank = len(weight.axes)
    return "transposed" if weight.axes == (*range(2, rank), 1, 0) else "other"


def is_early(rewriter: Rewriter, call: cst.Call, function: FunctionInfo) -> bool:
    """True where the layers that a call in a function reaches are not built yet."""
    if any(known is call for known, _ in rewriter.facts.init_calls):
        return True
    if function.node is None:
        return rewriter.facts.unbuilt.get(id(call), False)
    return _constructs(rewriter, function, frozenset())


def _constructs(rewriter: Rewriter, function: FunctionInfo, seen: frozenset[FunctionInfo]) -> bool:
    """True for a function that runs while models are made, or before they are used."""
    if function.owner is not None and function.name == "__init__":
        return function.owner.is_module
    if function in seen:
        return True
    applied = [known for known in rewriter.facts.applied.values() if known[0] is function]
    around = {caller for _, caller, _ in applied}
    if any(
        not early and not _constructs(rewriter, caller, seen | {function})
        for _, caller, early in applied
    ):
        return False
    if not applied and not function.callers:
        why = f"{function.qualified} sets initialisers: to be called before a model's first call"
        if function.node is not None:
            rewriter.note(function.node, Code.INITIALIZER, why)
        return function.node is not None
    return all(
        _constructs(rewriter, caller, seen | {function}) for caller in function.callers - around
    )


def modules(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`model.modules()`."""
    assert isinstance(node.func, cst.Attribute)
    model = build.parenthesized(rewriter.expression(node.func.value))
    return build.expression("model._flatten_layers()", model=model)


def presence(rewriter: Rewriter, node: cst.Comparison) -> cst.BaseExpression | None:
    """`layer.bias is not None`: the layer's own flag, which is there before the weight is."""
    operator = node.comparisons[0].operator
    none = node.comparisons[0].comparator
    if not isinstance(operator, cst.Is | cst.IsNot) or not isinstance(node.left, cst.Attribute):
        return None
    if not isinstance(none, cst.Name) or none.value != "None":
        return None
    records = _records(rewriter, rewriter.facts.value(node.left.value))
    rules = [holding(record, "torch", node.left.attr.value) for record in records]
    flags = {_FLAGS.get(rule.keras[0], "") for rule in rules if rule is not None}
    if not rules or None in rules or len(flags) != 1 or "" in flags:
        return None
    flag = flags.pop()
    if flag == "True":
        return build.name(str(isinstance(operator, cst.IsNot)))
    owner = build.parenthesized(rewriter.expression(node.left.value))
    text = f"layer.{flag}" if isinstance(operator, cst.IsNot) else f"not layer.{flag}"
    return build.expression(text, layer=owner)


_FLAGS = {
    "bias": "use_bias",
    "gamma": "scale",
    "beta": "center",
    "kernel": "True",
    "embeddings": "True",
}
"""By Keras's name of a weight: the attribute that says whether the layer has it."""
