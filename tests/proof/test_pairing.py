"""Which layer of one model is which of the other."""

from __future__ import annotations

import numpy as np

from translator.proof.pairing import pair_layers
from translator.weights.match import match
from translator.weights.tree import Node, State, stored


def torch_model(*kinds):
    return State("torch", Node("torch.nn.Sequential", children=_numbered("torch.nn.", kinds)))


def keras_model(*kinds):
    return State("tensorflow", Node("keras.Sequential", children=_numbered("keras.layers.", kinds)))


def _numbered(prefix, kinds):
    return {str(i): _layer(prefix + kind) for i, kind in enumerate(kinds)}


def _layer(kind):
    arrays = {"torch.nn.Linear": "weight", "keras.layers.Dense": "kernel"}
    name = arrays.get(kind)
    return Node(kind, {name: stored(np.zeros((3, 3)))} if name else {})


def pairs(source, target):
    found = pair_layers(source, target, match(source, target).links)
    return {a: b for a, b in found.items() if a}


def test_a_layer_of_the_target_alone_moves_the_places_behind_it():
    source = torch_model("Linear", "ReLU", "MaxPool2d", "Linear")
    target = keras_model("Dense", "ReLU", "ZeroPadding2D", "MaxPooling2D", "Dense")
    assert pairs(source, target) == {"0": "0", "1": "1", "2": "3", "3": "4"}


def test_what_one_side_lacks_is_not_looked_for_behind_the_next_layer_with_weights():
    source = torch_model("Linear", "ReLU", "Linear", "ReLU")
    target = keras_model("Dense", "Dense", "ReLU")
    assert pairs(source, target) == {"0": "0", "2": "1", "3": "2"}


def test_layers_that_no_record_joins_are_not_paired():
    assert pairs(torch_model("Linear", "ReLU"), keras_model("Dense", "MaxPooling2D")) == {"0": "0"}
