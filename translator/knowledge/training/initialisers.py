"""How weights start: classes and strings of Keras, functions of `torch.nn.init`."""

from __future__ import annotations

from translator.knowledge.cases import script
from translator.knowledge.records import Construct, Record, Refusal

_CLASSES = {
    "Zeros": "zeros",
    "Ones": "ones",
    "Constant": "constant",
    "RandomNormal": "random_normal",
    "RandomUniform": "random_uniform",
    "TruncatedNormal": "truncated_normal",
    "GlorotUniform": "glorot_uniform",
    "GlorotNormal": "glorot_normal",
    "HeUniform": "he_uniform",
    "HeNormal": "he_normal",
    "LecunUniform": "lecun_uniform",
    "LecunNormal": "lecun_normal",
    "VarianceScaling": "variance_scaling",
    "Orthogonal": "orthogonal",
    "OrthogonalInitializer": "orthogonal",
    "Identity": "identity",
    "IdentityInitializer": "identity",
}
_KERAS_NAMES = (
    "keras.initializers.get",
    *(f"keras.initializers.{name}" for name in dict.fromkeys((*_CLASSES, *_CLASSES.values()))),
    *(
        f"tf.{name}_initializer"
        for name in "zeros ones constant random_normal random_uniform".split()
    ),
)
_TORCH_NAMES = (
    "zeros_ ones_ constant_ normal_ uniform_ trunc_normal_ xavier_uniform_ xavier_normal_ kaiming_uniform_ "
    "kaiming_normal_ orthogonal_ eye_ calculate_gain"
)

_TORCH = """
import torch
from torch import nn

layer = nn.Linear(3, 4)
nn.init.ones_(layer.weight)
nn.init.constant_(layer.bias, 0.5)
print(layer(torch.ones(2, 3)).sum().item())
"""
_KERAS = """
import keras
import tensorflow as tf

first = keras.initializers.Constant(0.5)
layer = keras.layers.Dense(4, kernel_initializer="ones", bias_initializer=first)
print(float(tf.reduce_sum(layer(tf.ones([2, 3])))))
"""
_NAMED = "an initialiser with a name of its own is a function there"

INITIALISER = Construct(
    name="initialiser",
    torch=_TORCH,
    tf=_KERAS,
    about=(*_KERAS_NAMES, *(f"torch.nn.init.{name}" for name in _TORCH_NAMES.split())),
    differs="torch changes a weight that is there, Keras tells the layer how to draw it. GlorotUniform is "
    "xavier_uniform_, HeUniform kaiming_uniform_, LecunUniform kaiming_uniform_(nonlinearity='linear'). Keras's normal "
    "ones and TruncatedNormal draw nothing beyond two deviations, which only trunc_normal_ does in torch. "
    "VarianceScaling(1 / 3, 'fan_in', 'uniform') is what torch's layers start from. Without any, Keras's kernels "
    "start from Glorot's numbers and its biases from zero.",
    naive="nn.init.trunc_normal_(w, std=0.02) for TruncatedNormal(stddev=0.02)",
    error="5e-02: torch cuts at 2, not at two deviations",
    words="initializer weights glorot xavier he kaiming lecun truncated normal orthogonal variance scaling",
    cases=(script(_TORCH), script(_KERAS, side="tensorflow", one_way=_NAMED)),
)
_OWN = Refusal(
    torch=(),
    tf="keras.initializers.Initializer",
    differs="Keras makes objects of initialisers, torch has functions that change a weight",
    instead="a function that takes the weight, under torch.no_grad(); a dict of such functions in place of names",
    words="custom initializer",
)

RECORDS: tuple[Record, ...] = (INITIALISER, _OWN)
