"""What the records say of the weights of two layers."""

from __future__ import annotations

import functools
from collections.abc import Container
from dataclasses import replace

from translator.knowledge.lenses import Side
from translator.knowledge.records import Layer, Record
from translator.knowledge.registry import index
from translator.knowledge.weights import Alike, Normed, Weight
from translator.weights.tree import Node


def shared(torch_kind: str, keras_kind: str) -> list[Record]:
    """The records that have both layers, with weights or without."""
    known = {id(record) for record, _ in index("tensorflow").get(keras_kind, ())}
    return [record for record, _ in index("torch").get(torch_kind, ()) if id(record) in known]


@functools.cache
def joining(torch_kind: str, keras_kind: str) -> Layer | None:
    """The record that joins two layers, None without one; of several the one that knows of the most arrays.

    Layers with and without a bias may be records of their own: a rule for what is missing on both sides says nothing.
    """
    layers = [record for record in shared(torch_kind, keras_kind) if isinstance(record, Layer)]
    return max(layers, key=lambda record: len(record.weights), default=None)


@functools.cache
def weightless(side: Side, kind: str) -> bool:
    """True if the records know this layer and say that it has no weights."""
    return bool(layer_records(side, kind)) and not weighty(side, kind)


@functools.cache
def weighty(side: Side, kind: str) -> bool:
    """True if the records know this layer and say that it has weights."""
    return any(record.weights for record in layer_records(side, kind))


def layer_records(side: Side, kind: str) -> list[Layer]:
    """What the records know of a framework's layer."""
    return [record for record, _ in index(side).get(kind, ()) if isinstance(record, Layer)]


def holders(node: Node, side: Side) -> list[str]:
    """The children that hold anything to carry, now or once they are built."""
    return [name for name, child in node.children.items() if _holds(child, side)]


def _holds(node: Node, side: Side) -> bool:
    if any(array.needed for _, array in node.flat()):
        return True
    return any(not weightless(side, lazy.kind) for _, lazy in node.unbuilt())


def normed(rule: Weight, torch: Container[str]) -> Weight:
    """The rule for a weight that torch keeps as magnitude and direction, where it does."""
    name = rule.torch[0]
    parts = (f"{name}_g", f"{name}_v")
    if len(rule.torch) > 1 or name in torch or not all(part in torch for part in parts):
        return rule
    return replace(rule, torch=parts, steps=(Normed(), *rule.steps))


def obstacle(torch: Node, keras: Node, record: Layer | None) -> str:
    """Why the arrays of two layers do not mean the same, whatever joins them; "" if nothing is known."""
    if keras.kind == "keras.layers.SpectralNormalization":
        return _SPECTRAL
    if any(name.endswith("_orig") or name.startswith("parametrizations.") for name in torch.arrays):
        return _PARAMETRIZED
    for condition in record.given if record is not None else ():
        if isinstance(condition, Alike):
            ours, theirs = condition.torch, condition.keras
            if (
                None not in (a := torch.options.get(ours), b := keras.options.get(theirs))
                and a != b
            ):
                return f"{ours} is {a} and {theirs} is {b}"
        else:
            options = (torch if condition.side == "torch" else keras).options
            if options.get(condition.option, condition.value) != condition.value:
                return f"{condition.option} is {options[condition.option]}: {condition.why}"
    return ""


_SPECTRAL = (
    "Keras overwrites the kernel with what spectral norm made of it at each step of training, torch keeps both: "
    "take it off on both sides first"
)
_PARAMETRIZED = (
    "its weight is computed by a parametrization (spectral norm, orthogonal), which Keras's layers have not; "
    "take it off first: torch.nn.utils.parametrize.remove_parametrizations, torch.nn.utils.remove_spectral_norm"
)
