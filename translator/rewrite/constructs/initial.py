"""How the weights of a layer start: arguments of Keras layers, calls of `nn.init` in torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.lenses import Inferred
from translator.knowledge.records import holding
from translator.rewrite import build, keras_initialisers
from translator.rewrite.activation import layer_itself
from translator.rewrite.containers import positions_of
from translator.rewrite.first_weights import layout, note_waiting, starts_of, waits
from translator.source.objects import Built
from translator.source.shown import shown

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def cover(rewriter: Rewriter, value: Built) -> None:
    """Note that the first weights of a layer, or of all layers in a container, are written after it."""
    rewriter.initialised.add(id(value.site.node))
    for part in value.site.parts:
        if isinstance(part, Built) and part.site.member:
            cover(rewriter, part)


def initial_calls(
    rewriter: Rewriter, value: Built, target: cst.BaseExpression
) -> list[cst.BaseStatement]:
    """The `nn.init` statements for a layer, or for every layer of a container, that `target` names."""
    written: list[cst.BaseStatement] = []
    for position, part in positions_of(rewriter, value.site)[: value.site.own]:
        if isinstance(part, Built) and part.site.member:
            member = build.expression(f"model[{position}]", model=target)
            written += initial_calls(rewriter, part, member)
    starts = starts_of(rewriter, value)
    if starts and waits(rewriter, value):
        note_waiting(rewriter, value)
        return written
    for name, given in starts.items():
        weight = "bias" if name == "bias" else "weight"
        layer = layer_itself(rewriter, value.site, target)
        filled = build.expression(f"layer.{weight}", layer=layer)
        call = keras_initialisers.filling(rewriter, given, filled, layout(value, name))
        if call is None:
            message = f"{name}_initializer={shown(given)} has no record"
            rewriter.todo(value.site.node, Code.UNSUPPORTED_ARGUMENT, message)
            continue
        written.append(build.statement("call", call=call))
    return written


def first_values(
    rewriter: Rewriter, place: cst.Attribute, given: cst.BaseExpression
) -> cst.SimpleStatementLine | None:
    """`layer.kernel_initializer = initialiser`, before the layer is built, as a call of `nn.init`."""
    name, owner = place.attr.value.removesuffix("_initializer"), rewriter.facts.value(place.value)
    if name == place.attr.value or not isinstance(owner, Built) or owner.site.record.states:
        return None
    rule = holding(owner.site.record, "tensorflow", "kernel" if name == "depthwise" else name)
    if rule is None or len(rule.names("torch")) != 1 or waits(rewriter, owner):
        return None
    layer = layer_itself(rewriter, owner.site, rewriter.expression(place.value))
    weight = build.expression(f"layer.{rule.names('torch')[0]}", layer=layer)
    call = keras_initialisers.filling(rewriter, given, weight, layout(owner, name))
    return None if call is None else build.statement("call", call=call)


def built_at_once(
    rewriter: Rewriter, statement: cst.SimpleStatementLine, small: cst.Assign
) -> list[cst.BaseStatement] | None:
    """`layer.build((None, 3))` after a layer whose weights the source touches before its first call."""
    value = rewriter.facts.value(small.value)
    if not isinstance(value, Built) or value.site.node is not small.value:
        return None
    if not any(site is value.site for site in rewriter.facts.touched.values()):
        return None
    sizes = input_shape(rewriter, value)
    if sizes is None:
        return None
    target = rewriter.expression(small.targets[0].target)
    build_it = build.statement("layer.build(shape)", layer=target, shape=sizes)
    return [rewriter.parts(statement), build_it]


def input_shape(rewriter: Rewriter, value: Built) -> cst.BaseExpression | None:
    """The input shape that torch's constructor names, as `build` wants it; of a container, its first layer's."""
    record, given = value.site.record, value.site.arguments.values
    for lens in record.args:
        size = given.get(str(lens.torch)) if isinstance(lens, Inferred) else None
        if size is not None:
            named = dict(record.ranks).get(value.site.arguments.spelling.name)
            spatial = (record.rank or named or 2) - 2
            text = "(None, " + "None, " * spatial + "size)"
            return build.expression(text, size=rewriter.expression(size))
    first = value.site.parts[0] if value.site.parts else None
    return input_shape(rewriter, first) if isinstance(first, Built) else None
