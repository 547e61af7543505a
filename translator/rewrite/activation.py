"""Activations that Keras applies inside a layer and torch beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.records import Record
from translator.knowledge.registry import index
from translator.rewrite import build
from translator.rewrite.borders import makes_border, wraps
from translator.source.objects import Site
from translator.source.shown import shown

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


LINEAR = ("linear", "keras.activations.linear")
"""Names for an activation that does nothing."""


def activated(rewriter: Rewriter, site: Site, value: cst.BaseExpression) -> cst.BaseExpression:
    """The activation of a Keras layer, applied to what its torch counterpart returns."""
    found = activation_record(rewriter, site)
    if found is None:
        return value
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
    name = given.raw_value if isinstance(given, cst.SimpleString) else rewriter.api(given)
    if (isinstance(given, cst.Name) and given.value == "None") or name in LINEAR:
        return None
    rows = index("tensorflow").get(str(name), ())
    if not rows:
        rewriter.todo(given, Code.UNSUPPORTED_ARGUMENT, f"activation={shown(given)} has no record")
        return None
    return rows[0][0]


def layer_itself(rewriter: Rewriter, site: Site, value: cst.BaseExpression) -> cst.BaseExpression:
    """The layer that holds the weights, where its border or its activation stand in one container with it."""
    if site.member:
        return value
    activation = not site.followed and activation_record(rewriter, site) is not None
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
    signature = rewriter.target_spelling(found, "layer")
    if signature is None:
        rewriter.todo(
            site.node, Code.UNSUPPORTED_ARGUMENT, f"the activation {found.title} has no module"
        )
        return None
    arguments = [build.argument(_channel_axis(site), "dim")] if signature.parameter("dim") else []
    return build.call(rewriter.naming.target(signature.name), arguments)
