"""Pairing a functional Keras model with a module that has its layers as attributes.

A functional model is a flat list of layers under names that Keras made up. The module has the same layers, in classes
of its own where functions made them. What both share is the order in which the layers are first called: the module
holds them in that order, and Keras numbers what its layers return. So both are walked side by side in that order. A
layer goes with a layer that a record joins to it, a layer of the user's own with the class of that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from translator.knowledge.lenses import Side
from translator.weights.rules import holders, joining
from translator.weights.tree import Node
from translator.weights.views import view

Place = tuple[Node, str]
"""A node and its path, which ends in a dot."""


class UnevenError(Exception):
    """The two do not have the same layers in the same order; says where they part."""


def is_functional(keras: Node, module: Node) -> bool:
    """True where the layers of a functional model are not all attributes of the module under their names."""
    if keras.kind != "keras.Model" or module.kind not in ("", "torch.nn.Sequential"):
        return False
    return any(name not in module.children for name in holders(keras, "tensorflow"))


def pairs(keras: Place, module: Place, side: Side = "torch") -> Iterator[tuple[Place, Place]]:
    """The layers of a functional model, each with its counterpart in the module.

    Raises:
        UnevenError: they do not have the same layers, or their names say that the order is another one.
    """
    node, at = keras
    waiting = [(node.children[name], f"{at}{name}.") for name in holders(node, "tensorflow")]
    found = list(_walk(waiting, *module, side))
    if waiting:
        raise UnevenError(f"{_said(waiting[0])} has no counterpart")
    _agree(found)
    yield from found


def _agree(found: list[tuple[Place, Place]]) -> None:
    """Where a layer was given the name of a module, the two have to be a pair: an order alone would mix them up."""
    modules = {_name(theirs) for _, theirs in found}
    for layer, module in found:
        ours, theirs = _name(layer), _name(module)
        if ours in modules and ours != theirs and not _made_up(layer[0], ours):
            raise UnevenError(f"{ours} would go with {theirs}, though there is a module {ours}")


def _made_up(layer: Node, name: str) -> bool:
    """True for a name that Keras gives by itself: that of the class, and a number."""
    made = (layer.kind or layer.title).rpartition(".")[2]
    for words in (r"(.)([A-Z][a-z]+)", r"([a-z])([A-Z])"):
        made = re.sub(words, r"\1_\2", made)
    return re.fullmatch(rf"{made.lower()}(_\d+)?", name) is not None


def _name(place: Place) -> str:
    return place[1].rstrip(".").rpartition(".")[2]


def _walk(waiting: list[Place], node: Node, at: str, side: Side) -> Iterator[tuple[Place, Place]]:
    for name in holders(node, side):
        child, path = node.children[name], f"{at}{name}."
        if not waiting:
            raise UnevenError(f"{path.rstrip('.')} has no counterpart")
        if _corresponds(waiting[0][0], child):
            yield waiting.pop(0), (child, path)
        elif child.is_layer:
            raise UnevenError(f"{_said(waiting[0])} and {path.rstrip('.')} ({child.kind}) differ")
        else:
            yield from _walk(waiting, child, path, side)


def _corresponds(layer: Node, module: Node) -> bool:
    """True where a layer of the functional model is this module, and not something inside of it."""
    seen = view("tensorflow", layer, "").node
    if seen is not layer:
        inner = view("torch", module, "").node
        if seen.ordered:
            same = len(holders(seen, "tensorflow")) == len(holders(inner, "torch"))
            return inner.kind in ("list", "torch.nn.Sequential") and same
        return inner.kind == "dict" if seen.kind == "dict" else _corresponds(seen, module)
    if layer.is_layer and module.kind == "":  # a class that stands in the file for the layer
        return module.title.endswith(layer.kind.rpartition(".")[2])
    if layer.is_layer:
        return module.is_layer and joining(module.kind, layer.kind) is not None
    if layer.kind == "keras.Sequential":
        return module.kind == "torch.nn.Sequential"
    if layer.kind == "keras.Model":
        return module.kind == ""
    return module.kind == "" and module.title == layer.title


def _said(place: Place) -> str:
    return f"{place[1].rstrip('.')} ({place[0].kind or place[0].title})"
