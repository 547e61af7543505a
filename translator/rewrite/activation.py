"""Activations that Keras applies inside a layer and torch beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.layers.named import NAMED
from translator.knowledge.records import Record
from translator.rewrite import build
from translator.rewrite.borders import makes_border, wraps
from translator.source.activations import activation_of, is_linear
from translator.source.objects import Site
from translator.source.shown import shown

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def activated(rewriter: Rewriter, site: Site, value: cst.BaseExpression) -> cst.BaseExpression:
    """The activation of a Keras layer, applied to what its torch counterpart returns."""
    found = activation_record(rewriter, site)
    if found is None or found is NAMED:
        return value  # a module of its own stands beside the layer
    signature = rewriter.target_spelling(found, "function")
    if signature is None:
        return value
    arguments = [cst.Arg(value)]
    if signature.parameter("dim") is not None:
        arguments.append(build.argument(_channel_axis(site), "dim"))
    return build.call(rewriter.naming.target(signature.name), arguments)


def _channel_axis(site: Site) -> cst.BaseExpression:
    """The axis that Keras has last: the channels, which torch's images have second."""
    return build.expression("1" if site.record.order == "wants" else "-1")


def activation_record(rewriter: Rewriter, site: Site) -> Record | None:
    """The record behind `activation=`; a finding where it is not known."""
    given = site.arguments.values.get("activation")
    if given is None or rewriter.side != "tensorflow":
        return None
    found = activation_of(rewriter.facts, given)
    if found is None and not is_linear(rewriter.facts, given):
        rewriter.todo(given, Code.UNSUPPORTED_ARGUMENT, f"activation={shown(given)} has no record")
    return found


def is_named(rewriter: Rewriter, site: Site) -> bool:
    """True where `activation=` is known when the layer is built, and not before."""
    return activation_record(rewriter, site) is NAMED


def layer_itself(rewriter: Rewriter, site: Site, value: cst.BaseExpression) -> cst.BaseExpression:
    """The layer that holds the weights, where its border or its activation stand in one container with it."""
    if site.member:
        return value
    beside = not site.followed or is_named(rewriter, site)
    activation = beside and activation_record(rewriter, site) is not None
    wrapped = wraps(rewriter, site)
    if not wrapped and not activation:
        return value
    place = int(wrapped and makes_border(rewriter, site))
    text = f"layer[{place}]" if rewriter.target == "torch" else f"layer.layers[{place}]"
    return build.expression(text, layer=value)


def activation_layer(rewriter: Rewriter, site: Site) -> cst.BaseExpression | None:
    """The activation of a Keras layer as a module of torch, None where it has none."""
    found = activation_record(rewriter, site)
    if found is None:
        return None
    if found is NAMED:
        axis = build.code(_channel_axis(site))
        return named(rewriter, site.arguments.values["activation"], int(axis))
    signature = rewriter.target_spelling(found, "layer")
    if signature is None:
        rewriter.todo(
            site.node, Code.UNSUPPORTED_ARGUMENT, f"the activation {found.title} has no module"
        )
        return None
    arguments = [build.argument(_channel_axis(site), "dim")] if signature.parameter("dim") else []
    return build.call(rewriter.naming.target(signature.name), arguments)


def named(rewriter: Rewriter, given: cst.BaseExpression, axis: int) -> cst.BaseExpression:
    """The module of an activation whose name is known when it is built."""
    arguments = [build.argument(rewriter.expression(given))]
    if axis != -1:
        arguments.append(build.argument(cst.Integer(str(axis)), "dim"))
    return build.call(rewriter.naming.class_of(NAMED, "Activation"), arguments)
