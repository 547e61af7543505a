"""Pairs of layers written by hand, one for every kind of weight rule: what is carried both ways in `test_layers`."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from torch import nn

L = keras.layers


def draws(*shape):
    return np.random.default_rng(7).standard_normal(shape)


def pair(name, torch_model, keras_model, x, *, exact=True):
    """`exact`: nothing is lost on the way to Keras, so that torch gets its own values back bit for bit.

    It is not where Keras has the sum of two biases, or the product of a magnitude and a direction.
    """
    return pytest.param(torch_model, keras_model, x, exact, id=name)


class First(nn.Module):
    """The outputs of a recurrent module without its states."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return self.inner(x)[0]


class Inner(keras.Model):
    """What corresponds to it: a model with the layer as an attribute of that name."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def call(self, x):
        return self.inner(x)


class Attention(nn.Module):
    """Attends to parts of one input: query, key and value of these sizes."""

    def __init__(self, inner, sizes):
        super().__init__()
        self.inner, self.sizes = inner, sizes

    def forward(self, x):
        return self.inner(*x.split(self.sizes, -1))[0]


class KerasAttention(keras.Model):
    def __init__(self, inner, sizes):
        super().__init__()
        self.inner, self.sizes = inner, sizes

    def call(self, x):
        query, key, value = keras.ops.split(x, np.cumsum(self.sizes)[:-1].tolist(), -1)
        return self.inner(query, value, key)


class Cell(nn.Module):
    """One step from a state of zeros."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        state = self.inner(x)
        return state[0] if isinstance(state, tuple) else state


class KerasCell(keras.Model):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def call(self, x):
        return self.inner(x, self.inner.get_initial_state(2))[0]


def rnn(kind, layers=1, **options):
    return lambda: First(kind(4, 3, layers, batch_first=True, **options))


def krnn(kind, **options):
    return lambda: Inner(kind(3, return_sequences=True, **options))


def stack(*layers):
    return lambda: Inner(keras.Sequential([layer() for layer in layers]))


def both(kind):
    return lambda: L.Bidirectional(kind(3, return_sequences=True))


def around(cell, count=1):
    def layer():
        cells = [cell(3) for _ in range(count)]
        return Inner(L.RNN(cells if count > 1 else cells[0], return_sequences=True))

    return layer


def attention(sizes=(8, 8, 8), **options):
    """Two heads of four: Keras holds the root of that in 32 bits, which is exact for four alone."""
    inner = {"kdim": sizes[1], "vdim": sizes[2], "batch_first": True, **options}
    return lambda: Attention(nn.MultiheadAttention(8, 2, **inner), sizes)


def kattention(sizes=(8, 8, 8), **options):
    return lambda: KerasAttention(L.MultiHeadAttention(2, 4, **options), sizes)


IMAGE, SERIES, ROWS, STEPS = draws(2, 4, 6, 7), draws(2, 4, 9), draws(5, 4), draws(2, 5, 4)
VOLUME = draws(2, 4, 3, 4, 5)
WORDS = np.random.default_rng(1).integers(0, 10, (2, 5))
EPS = {"epsilon": 1e-5}

CHANNELS = [
    pair("conv1d", lambda: nn.Conv1d(4, 6, 3), lambda: L.Conv1D(6, 3), SERIES),
    pair("conv2d", lambda: nn.Conv2d(4, 6, (3, 2)), lambda: L.Conv2D(6, (3, 2)), IMAGE),
    pair("conv3d", lambda: nn.Conv3d(4, 6, 2), lambda: L.Conv3D(6, 2), VOLUME),
    pair("grouped", lambda: nn.Conv2d(4, 6, 3, groups=2), lambda: L.Conv2D(6, 3, groups=2), IMAGE),
    pair("depthwise 1d", lambda: nn.Conv1d(4, 4, 3, groups=4), lambda: L.DepthwiseConv1D(3), SERIES),
    pair("depthwise", lambda: nn.Conv2d(4, 8, 3, groups=4), lambda: L.DepthwiseConv2D(3, depth_multiplier=2), IMAGE),
    pair(
        "separable",
        lambda: nn.Sequential(nn.Conv2d(4, 8, 3, groups=4, bias=False), nn.Conv2d(8, 5, 1)),
        lambda: L.SeparableConv2D(5, 3, depth_multiplier=2),
        IMAGE,
    ),
    pair(
        "separable 1d, among others",
        lambda: nn.Sequential(
            nn.Conv1d(4, 4, 3, groups=4, bias=False), nn.Conv1d(4, 5, 1, bias=False), nn.ReLU(), nn.Conv1d(5, 2, 1)
        ),
        lambda: keras.Sequential([L.SeparableConv1D(5, 3, use_bias=False, activation="relu"), L.Conv1D(2, 1)]),
        SERIES,
    ),
    pair("transposed 1d", lambda: nn.ConvTranspose1d(4, 6, 3, 2), lambda: L.Conv1DTranspose(6, 3, 2), SERIES),
    pair("transposed 2d", lambda: nn.ConvTranspose2d(4, 6, (3, 2), 2), lambda: L.Conv2DTranspose(6, (3, 2), 2), IMAGE),
    pair("transposed 3d", lambda: nn.ConvTranspose3d(4, 6, 2), lambda: L.Conv3DTranspose(6, 2), VOLUME),
    pair("batch norm", lambda: nn.BatchNorm2d(4), lambda: L.BatchNormalization(momentum=0.9, **EPS), IMAGE),
    pair("group norm", lambda: nn.GroupNorm(2, 4), lambda: L.GroupNormalization(2, **EPS), IMAGE),
    pair("instance norm", lambda: nn.InstanceNorm2d(4, affine=True), lambda: L.GroupNormalization(-1, **EPS), IMAGE),
    pair("prelu", lambda: nn.PReLU(4), lambda: L.PReLU(shared_axes=[1, 2]), IMAGE),
    pair(
        "weight norm of all",
        lambda: nn.utils.parametrizations.weight_norm(nn.Conv1d(4, 3, 2), dim=None),
        lambda: L.Conv1D(3, 2),
        SERIES,
        exact=False,
    ),
]  # fmt: skip
"""Keras has the channels last."""

PLAIN = [
    pair("linear", lambda: nn.Linear(4, 3), lambda: L.Dense(3), ROWS),
    pair("linear, no bias", lambda: nn.Linear(4, 3, bias=False), lambda: L.Dense(3, use_bias=False), ROWS),
    pair("embedding", lambda: nn.Embedding(10, 3), lambda: L.Embedding(10, 3), WORDS),
    pair("batch norm of rows", lambda: nn.BatchNorm1d(4), lambda: L.BatchNormalization(momentum=0.9, **EPS), ROWS),
    pair(
        "batch norm, not affine",
        lambda: nn.BatchNorm1d(4, affine=False),
        lambda: L.BatchNormalization(momentum=0.9, center=False, scale=False, **EPS),
        ROWS,
    ),
    pair("layer norm", lambda: nn.LayerNorm(4), lambda: L.LayerNormalization(**EPS), STEPS),
    pair("layer norm of two axes", lambda: nn.LayerNorm((5, 4)), lambda: L.LayerNormalization((1, 2), **EPS), STEPS),
    pair("prelu of one slope", nn.PReLU, lambda: L.PReLU(shared_axes=[1]), draws(3, 1)),
    pair("lstm", rnn(nn.LSTM), krnn(L.LSTM), STEPS, exact=False),
    pair("lstm, no bias", rnn(nn.LSTM, bias=False), krnn(L.LSTM, use_bias=False), STEPS),
    pair("gru", rnn(nn.GRU), krnn(L.GRU), STEPS),
    pair("gru, no bias", rnn(nn.GRU, bias=False), krnn(L.GRU, use_bias=False), STEPS),
    pair("rnn", rnn(nn.RNN), krnn(L.SimpleRNN), STEPS, exact=False),
    pair("both directions", rnn(nn.LSTM, bidirectional=True), lambda: Inner(both(L.LSTM)()), STEPS, exact=False),
    pair("both directions, twice", rnn(nn.GRU, 2, bidirectional=True), stack(both(L.GRU), both(L.GRU)), STEPS),
    pair(
        "stacked",
        rnn(nn.GRU, 2),
        stack(*[lambda: L.GRU(3, return_sequences=True), lambda: L.Dropout(0.0)] * 2),
        STEPS,
    ),
    pair("stacked cells", rnn(nn.GRU, 2), around(L.GRUCell, 2), STEPS),
    pair("around a cell", rnn(nn.GRU), around(L.GRUCell), STEPS),
    pair("gru cell", lambda: Cell(nn.GRUCell(4, 3)), lambda: KerasCell(L.GRUCell(3)), draws(2, 4)),
    pair("lstm cell", lambda: Cell(nn.LSTMCell(4, 3)), lambda: KerasCell(L.LSTMCell(3)), draws(2, 4), exact=False),
    pair("attention", attention(), kattention(), draws(2, 5, 24)),
    pair("attention, no bias", attention(bias=False), kattention(use_bias=False), draws(2, 5, 24)),
    pair("attention to other sizes", attention((8, 3, 5)), kattention((8, 3, 5)), draws(2, 5, 16)),
    pair("time distributed", lambda: nn.Linear(4, 3), lambda: L.TimeDistributed(L.Dense(3)), STEPS),
    pair(
        "weight norm",
        lambda: nn.utils.parametrizations.weight_norm(nn.Linear(4, 3)),
        lambda: L.Dense(3),
        ROWS,
        exact=False,
    ),
]  # fmt: skip
