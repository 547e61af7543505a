"""Layers of Keras that are no layers in torch: merges, activations by name, inputs of functional models."""

from __future__ import annotations

from translator.knowledge.cases import script
from translator.knowledge.records import Construct, Record

_TORCH = """
import torch

a, b = torch.ones(2, 3), torch.full((2, 3), 4.0)
print((a + b).sum().item(), (a * b).sum().item(), torch.maximum(a, b).sum().item())
print(torch.cat([a, b], dim=-1).sum().item())
"""

_KERAS = """
import keras
import tensorflow as tf

a, b = tf.ones([2, 3]), tf.fill([2, 3], 4.0)
total, products = keras.layers.Add()([a, b]), keras.layers.Multiply()([a, b])
largest = keras.layers.maximum([a, b])
print(float(tf.reduce_sum(total)), float(tf.reduce_sum(products)), float(tf.reduce_sum(largest)))
print(float(tf.reduce_sum(keras.layers.Concatenate()([a, b]))))
"""

_NAMES = "Add Subtract Multiply Average Maximum Minimum Concatenate"
_LOWER = "add subtract multiply average maximum minimum concatenate"
MERGE = Construct(
    name="merge",
    torch=_TORCH,
    tf=_KERAS,
    about=tuple(f"keras.layers.{name}" for name in f"{_NAMES} {_LOWER} Dot dot".split()),
    differs="Keras has layers for what torch writes with operators; of Dot, only the product of matrices, axes=(2, 1), "
    "is written.",
    words="add concatenate multiply average maximum subtract dot layer merge",
    cases=(script(_TORCH), script(_KERAS, side="tensorflow")),
)

_INPUT_TORCH = """
import torch
from torch import nn

net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Identity())
print(tuple(net(torch.ones(2, 3)).shape))
"""

_INPUT_KERAS = """
import keras
import tensorflow as tf

net = keras.Sequential(
    [keras.Input((3,)), keras.layers.Dense(4), keras.layers.Activation("relu"), keras.layers.Activation("linear")]
)
print(tuple(net(tf.ones([2, 3])).shape))
"""

INPUT = Construct(
    name="input",
    torch=_INPUT_TORCH,
    tf=_INPUT_KERAS,
    about=(
        "keras.Input",
        "keras.layers.Input",
        "keras.layers.InputLayer",
        "keras.layers.Activation",
        "keras.activations.linear",
    ),
    differs="What goes in is a parameter of forward in torch, and its sizes go to the first layers; an activation that "
    "Keras names by a string is a module or a function of its own.",
    words="input shape functional sequential activation",
    cases=(script(_INPUT_TORCH), script(_INPUT_KERAS, side="tensorflow")),
)

RECORDS: tuple[Record, ...] = (MERGE, INPUT)
