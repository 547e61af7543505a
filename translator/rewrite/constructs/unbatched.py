"""Vectors without a batch axis: torch's linear layers take them, Keras's layers take batches alone.

Where a call shows such a vector, it is given as a batch of one. A forward pass that works along the last axis alone,
and says so, `softmax(x, dim=-1)`, may be given either: it starts with the case of the single vector.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.layers.linear import LINEAR
from translator.knowledge.lenses import Axis
from translator.rewrite import build
from translator.rewrite.layout import with_first
from translator.source.bound import Arguments
from translator.source.functions import parameters
from translator.source.literals import literal_value
from translator.source.objects import Built, FunctionInfo, Site
from translator.source.parts import CONTAINERS
from translator.source.tree import nodes
from translator.source.values import Items, TensorValue, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def is_alone(rewriter: Rewriter, site: Site, bound: Arguments) -> bool:
    """True for a linear layer that is given one vector, outside of what takes care of that itself."""
    if rewriter.target != "tensorflow" or not _widens(site):
        return False
    ranks = [getattr(rewriter.facts.value(given), "rank", None) for given in bound.values.values()]
    if ranks != [1]:
        return False
    return not rewriter.functions or not _takes_either(rewriter, rewriter.functions[-1])


def guarded(rewriter: Rewriter, info: FunctionInfo, node: cst.FunctionDef) -> cst.FunctionDef:
    """A forward pass that takes one vector as a batch of one, where it may be given either; else as it is."""
    if not info.is_forward or not _takes_either(rewriter, info):
        return node
    assert isinstance(info.node, cst.FunctionDef) and isinstance(node.body, cst.IndentedBlock)
    name = parameters(info.node)[1].name.value
    mode = ", training=training" if id(info.node) in rewriter.asking_mode else ""
    again = f"{parameters(info.node)[0].name.value}.call({name}[tf.newaxis]{mode})"
    whole = f"tuple(y[0] for y in {again})" if isinstance(info.result, Items) else f"{again}[0]"
    text = f"if len({name}.shape) == 1:  # a single vector\n    return {whole}\n"
    guard = build.statements(rewriter.naming.spell(text))[0]
    return node.with_changes(body=with_first(node.body, guard))


def _takes_either(rewriter: Rewriter, info: FunctionInfo) -> bool:
    """True for a forward pass of one tensor, of one axis or of unknown rank, that sees its last axis alone."""
    node = info.node
    if not isinstance(node, cst.FunctionDef) or not isinstance(node.body, cst.IndentedBlock):
        return False
    if not info.is_forward or len(parameters(node)) != 2 or not _gives_tensors(info.result):
        return False
    ranks = set(info.ranks.get(parameters(node)[1].name.value, {}).values())
    if ranks and not ranks & {None, 1}:
        return False
    inside = list(nodes(node.body))
    if {type(part) for part in inside} & {cst.Subscript, cst.For, cst.While, cst.Lambda}:
        return False
    calls = [part for part in inside if type(part) is cst.Call]
    linear = [site for call in calls if (site := _linear(rewriter, call)) is not None]
    stated = any(_names_last_axis(rewriter.facts.calls.get(id(call))) for call in calls)
    return (
        bool(linear)
        and (stated or 1 in ranks)
        and all(_sees_last_axis(rewriter, call) for call in calls)
    )


def _linear(rewriter: Rewriter, call: cst.Call) -> Site | None:
    known = rewriter.facts.layer_calls.get(id(call))
    return known[0] if known is not None and _widens(known[0]) else None


def _gives_tensors(result: Value | None) -> bool:
    if isinstance(result, Items):
        return all(isinstance(item, TensorValue) for item in result.items)
    return isinstance(result, TensorValue)


def _widens(site: Site) -> bool:
    """True for a linear layer, and for a container that has one and nothing that needs more axes."""
    if site.arguments.spelling.name not in CONTAINERS:
        return site.record is LINEAR
    parts = [part.site for part in site.parts if isinstance(part, Built)]
    if len(parts) < len(site.parts) or not any(map(_widens, parts)):
        return False
    return all(_widens(part) or _keeps_axes(part.arguments) for part in parts)


def _sees_last_axis(rewriter: Rewriter, call: cst.Call) -> bool:
    """True for a call that does the same with one vector as with a batch of them."""
    known = rewriter.facts.layer_calls.get(id(call))
    if known is not None:
        return _widens(known[0]) or _keeps_axes(known[0].arguments)
    bound = rewriter.facts.calls.get(id(call))
    return bound is not None and _keeps_axes(bound)


def _keeps_axes(bound: Arguments) -> bool:
    """True for what works elementwise, or along the last axis as its caller says."""
    record = bound.record
    axes = any(isinstance(lens, Axis) for lens in record.args)
    return record.order == "keeps" and record.rank is None and (not axes or _names_last_axis(bound))


def _names_last_axis(bound: Arguments | None) -> bool:
    if bound is None:
        return False
    axes = [lens for lens in bound.record.args if isinstance(lens, Axis)]
    return any(literal_value(bound.values.get(str(lens.torch))) == -1 for lens in axes)
