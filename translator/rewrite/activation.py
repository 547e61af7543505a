"""Activations that Keras applies inside a layer and torch beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.layers.named import NAMED
from translator.knowledge.signature import Signature
from translator.rewrite import build
from translator.rewrite.arrange import arrange
from translator.rewrite.borders import makes_border, wraps
from translator.rewrite.moves.arguments import move
from translator.source.activations import activation_of, is_linear
from translator.source.bound import Arguments
from translator.source.objects import Site
from translator.source.shown import shown

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def activated(rewriter: Rewriter, site: Site, value: cst.BaseExpression) -> cst.BaseExpression:
    """The activation of a Keras layer, applied to what its torch counterpart returns."""
    found = activation_for(rewriter, site)
    if found is None or found.record is NAMED:
        return value  # a module of its own stands beside the layer
    signature = rewriter.target_spelling(found.record, "function")
    if signature is None:
        return value
    arguments = [cst.Arg(value), *settings(rewriter, found, signature, _channel_axis(site))]
    return build.call(rewriter.naming.target(signature.name), arguments)


def settings(
    rewriter: Rewriter, found: Arguments, signature: Signature, axis: cst.BaseExpression
) -> list[cst.Arg]:
    """What an activation is given beside its tensor: its axis, and what torch takes in another way by itself."""
    moved = move(rewriter, None, replace(found, values={}), signature)
    names = rewriter.target_names(found.record, signature)
    moved = {name: (value, False) for name, (value, _) in moved.items()}
    if (dim := signature.parameter("dim")) is not None:
        moved["dim"] = (axis, False)
    return [a for a in arrange(moved, signature, names) if a.keyword is not None or dim is None]


def _channel_axis(site: Site) -> cst.BaseExpression:
    """The axis that Keras has last: the channels, which torch's images have second."""
    return build.expression("1" if site.record.order == "wants" else "-1")


def activation_for(rewriter: Rewriter, site: Site) -> Arguments | None:
    """What stands behind `activation=`; a finding where it is not known."""
    given = site.arguments.values.get("activation")
    if given is None or rewriter.side != "tensorflow":
        return None
    found = activation_of(rewriter.facts, given)
    if found is None and not is_linear(rewriter.facts, given):
        rewriter.todo(given, Code.UNSUPPORTED_ARGUMENT, f"activation={shown(given)} has no record")
    return found


def is_named(rewriter: Rewriter, site: Site) -> bool:
    """True where `activation=` is known when the layer is built, and not before."""
    found = activation_for(rewriter, site)
    return found is not None and found.record is NAMED


def layer_itself(rewriter: Rewriter, site: Site, value: cst.BaseExpression) -> cst.BaseExpression:
    """The layer that holds the weights, where its border or its activation stand in one container with it."""
    if site.member:
        return value
    beside = not site.followed or is_named(rewriter, site)
    activation = beside and activation_for(rewriter, site) is not None
    wrapped = wraps(rewriter, site)
    if not wrapped and not activation:
        return value
    place = int(wrapped and makes_border(rewriter, site))
    text = f"layer[{place}]" if rewriter.target == "torch" else f"layer.layers[{place}]"
    return build.expression(text, layer=value)


def activation_layer(rewriter: Rewriter, site: Site) -> cst.BaseExpression | None:
    """The activation of a Keras layer as a module of torch, None where it has none."""
    found = activation_for(rewriter, site)
    if found is None:
        return None
    if found.record is NAMED:
        axis = build.code(_channel_axis(site))
        return named(rewriter, found.values["function"], int(axis))
    signature = rewriter.target_spelling(found.record, "layer")
    if signature is None:
        why = f"the activation {found.record.title} has no module"
        rewriter.todo(site.node, Code.UNSUPPORTED_ARGUMENT, why)
        return None
    arguments = settings(rewriter, found, signature, _channel_axis(site))
    return build.call(rewriter.naming.target(signature.name), arguments)


def named(rewriter: Rewriter, given: cst.BaseExpression, axis: int) -> cst.BaseExpression:
    """The module of an activation whose name is known when it is built."""
    arguments = [build.argument(rewriter.expression(given))]
    if axis != -1:
        arguments.append(build.argument(cst.Integer(str(axis)), "dim"))
    return build.call(rewriter.naming.class_of(NAMED, "Activation"), arguments)
