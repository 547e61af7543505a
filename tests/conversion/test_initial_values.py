"""What Keras draws for converted `nn.init` calls is distributed as what torch draws; constants are equal."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest

from translator import convert

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

LAYERS = {
    "nn.Linear(300, 200)": (4, 300),
    "nn.Conv2d(64, 96, 3)": (1, 5, 5, 64),
    "nn.Embedding(500, 300)": (4,),
}
INITS = [
    "zeros_({})",
    "constant_({}, 0.25)",
    "uniform_({}, -0.2, 0.4)",
    "normal_({}, 0.5, 0.02)",
    "trunc_normal_({}, std=0.02)",
    "trunc_normal_({}, std=1.0)",
    "xavier_uniform_({}, gain=2.0)",
    "xavier_normal_({})",
    "kaiming_uniform_({}, a=math.sqrt(5))",
    "kaiming_uniform_({}, nonlinearity='relu')",
    "kaiming_normal_({}, mode='fan_out', nonlinearity='tanh')",
    "kaiming_normal_({}, 0.2)",
    "orthogonal_({}, gain=nn.init.calculate_gain('relu'))",
]
PROGRAM = """
import math
import torch
from torch import nn

torch.manual_seed(1)
layer = {layer}
nn.init.{init}
"""


@pytest.mark.parametrize("init", INITS)
@pytest.mark.parametrize("layer", LAYERS)
def test_distribution(layer, init):
    program = PROGRAM.format(layer=layer, init=init.format("layer.weight"))
    conversion = convert(program, to="tensorflow")
    assert conversion.complete, conversion.findings
    theirs, ours = run(program)["layer"], run(conversion.code)["layer"]
    wanted = theirs.weight.detach().numpy().ravel()
    ours(np.zeros(LAYERS[layer], "float32"))
    found = np.asarray(ours.weights[0]).ravel()
    width = max(float(wanted.std()), 1e-9)
    assert found.shape == wanted.shape
    assert abs(found.mean() - wanted.mean()) < 0.03 * width
    assert abs(found.std() - wanted.std()) < 0.02 * width
    quantiles = np.linspace(0.02, 0.98, 13)
    apart = np.abs(np.quantile(found, quantiles) - np.quantile(wanted, quantiles))
    assert apart.max() < 0.05 * width


def run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(code, "program", "exec"), names)
    return names


def test_keras_has_the_attributes():
    """Every weight that a rule names plainly has an initialiser that can be set under its name."""
    import keras

    from translator.knowledge.records import Layer
    from translator.knowledge.registry import ENTRIES
    from translator.knowledge.signature import parse
    from translator.rewrite.draws import setting

    for entry in ENTRIES:
        record = entry.record
        if not isinstance(record, Layer):
            continue
        signature = parse(record.spellings("tensorflow")[0])
        if not signature.name.startswith("keras.layers."):
            continue
        known = keras.layers
        made = getattr(known, signature.name.rpartition(".")[2]).__init__.__code__.co_varnames
        for rule in record.weights:
            if rule.plain and rule.trainable and "." not in rule.keras[0]:
                assert setting(rule.keras[0]) in ("", *made), signature.name


WINDOWS = """
import math
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, again=True):
        super().__init__()
        self.w = nn.Parameter(torch.empty(40, 60, 5))
        if again:
            nn.init.{init}

    def forward(self, x):
        return x


net = Net()
"""


@pytest.mark.parametrize(
    "init",
    [
        "xavier_normal_({})",
        "xavier_uniform_({}, gain=2)",
        "kaiming_normal_({}, mode='fan_out')",
        "kaiming_uniform_({}, a=math.sqrt(5))",
    ],
)
def test_parameters_of_three_axes(init):
    """torch counts inputs and outputs by the first two axes, Keras by the last two."""
    program = WINDOWS.format(init=init.format("self.w"))
    conversion = convert(program, to="tensorflow")
    assert conversion.complete, conversion.findings
    wanted = run(program)["net"].w.detach().numpy()
    found = np.asarray(run(conversion.code)["net"].w)
    assert abs(found.std() - wanted.std()) < 0.02 * wanted.std()
    assert abs(np.abs(found).max() / np.abs(wanted).max() - 1) < 0.3


KERAS_LAYERS = {
    "Dense(200": ("kernel", (300,)),
    "Conv2D(96, 3": ("kernel", (5, 5, 64)),
    "Conv2DTranspose(48, 3": ("kernel", (5, 5, 64)),
    "DepthwiseConv2D(5": ("depthwise", (7, 7, 900)),
    "Embedding(500, 300": ("embeddings", (4,)),
}
KERAS_INITIALISERS = {
    "RandomUniform(-0.2, 0.4)": True,
    "RandomNormal(0.5, 0.02)": True,
    "TruncatedNormal(stddev=0.3)": True,
    "GlorotUniform()": True,
    "GlorotNormal()": False,
    "HeUniform()": True,
    "HeNormal()": False,
    "LecunUniform()": True,
    "VarianceScaling(0.5, 'fan_out', 'uniform')": True,
    "VarianceScaling(2.0, 'fan_in', 'untruncated_normal')": True,
}
"""Initialisers of Keras, and whether torch has one that draws the same; else it draws of the same width."""


@pytest.mark.parametrize("initialiser", KERAS_INITIALISERS)
@pytest.mark.parametrize("layer", KERAS_LAYERS)
def test_distribution_of_keras(layer, initialiser):
    weight, shape = KERAS_LAYERS[layer]
    program = (
        "import keras\nkeras.utils.set_random_seed(1)\nmodel = keras.Sequential()\n"
        f"model.add(keras.Input({shape}))\n"
        f"layer = keras.layers.{layer}, {weight}_initializer=keras.initializers.{initialiser})\nmodel.add(layer)\n"
    )
    conversion = convert(program, to="torch")
    assert conversion.complete, conversion.findings
    theirs, ours = run(program)["layer"], run(conversion.code)["layer"]
    wanted, found = np.asarray(theirs.weights[0]).ravel(), ours.weight.detach().numpy().ravel()
    assert found.shape == wanted.shape
    width = float(wanted.std())
    assert abs(found.mean() - wanted.mean()) < 0.03 * width
    assert abs(found.std() - wanted.std()) < 0.02 * width
    if KERAS_INITIALISERS[initialiser]:
        quantiles = np.linspace(0.02, 0.98, 13)
        apart = np.abs(np.quantile(found, quantiles) - np.quantile(wanted, quantiles))
        assert apart.max() < 0.05 * width


RECURRENT = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.{kind}(40, 60, num_layers=2, batch_first=True, bidirectional=True)
        for name, param in self.rnn.named_parameters():
            if "weight_ih" in name:
                nn.init.xavier_uniform_(param.data)
            elif "weight_hh" in name:
                nn.init.orthogonal_(param.data)
            elif "bias" in name:
                param.data.fill_(0.25)

    def forward(self, x):
        return self.rnn(x)[0]
"""


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_recurrent_layers_by_the_names_of_their_parameters(kind):
    conversion = convert(RECURRENT.format(kind=kind), to="tensorflow")
    assert conversion.complete, conversion.findings
    model = run(conversion.code)["Net"]()
    model(np.zeros((2, 3, 40), "float32"))
    gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[kind]
    seen = set()
    for weight in model.weights:
        values = np.asarray(weight)
        seen.add(weight.name)
        if "bias" in weight.name:
            assert (values == 0.25).all()
        elif "recurrent" in weight.name:
            assert np.abs(values @ values.T - np.eye(60)).max() < 1e-4
        else:
            assert np.abs(values).max() <= (6 / (len(values) + gates * 60)) ** 0.5
            assert np.abs(values).max() > 0.9 * (6 / (len(values) + gates * 60)) ** 0.5
    assert len(seen) >= 3
