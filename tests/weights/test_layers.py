"""Every kind of layer carried both ways: outputs and gradients, evaluation and training, there and back."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")
keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")

from tests.weights.pairs import CHANNELS, PLAIN, STEPS, First, Inner, attention, kattention  # noqa: E402
from translator import port_weights  # noqa: E402
from translator.errors import WeightsError  # noqa: E402
from translator.proof import keras_runner, torch_runner  # noqa: E402
from translator.proof.gradients import parameter_gradients  # noqa: E402
from translator.proof.outcome import push  # noqa: E402
from translator.weights.match import match  # noqa: E402
from translator.weights.port import read_state  # noqa: E402


@pytest.fixture(autouse=True)
def precise():
    torch_runner.reset("float64", 3)
    keras_runner.reset("float64", 3)
    yield
    torch_runner.reset("float32", 3)
    keras_runner.reset("float32", 3)


class Both:
    """A pair of models on one input, each with weights of its own to start with."""

    def __init__(self, torch_model, keras_model, x, moved):
        self.torch, self.keras, self.x, self.moved = torch_model(), keras_model(), x, moved
        self.keras(tf.constant(self.to_keras(x)))
        push(read_state(self.torch), 1)
        push(read_state(self.keras), 2)

    def to_keras(self, array):
        return np.moveaxis(array, 1, -1) if self.moved else array

    def agree(self):
        """Outputs, and the gradients of the input and of every parameter."""
        drawn = {}

        def draw(place, shape):
            drawn[place] = np.random.default_rng(place).standard_normal(shape)
            return drawn[place]

        ours = torch_runner.differentiate(self.torch, {"x": self.x}, draw)
        theirs = keras_runner.differentiate(
            self.keras, {"x": self.to_keras(self.x)}, lambda place, _: self.to_keras(drawn[place])
        )
        near(self.to_keras(ours.results[0]), theirs.results[0])
        for name, gradient in ours.inputs.items():
            near(self.to_keras(gradient), theirs.inputs[name])
        source, target = read_state(self.torch), read_state(self.keras)
        links = match(source, target).links
        rows = list(parameter_gradients(source, target, links, ours.parameters, theirs.parameters))
        assert {row[0] for row in rows} == {n for n, a in source.arrays().items() if a.trainable}
        for _, one, other in rows:
            near(one, other)

    def learn(self):
        """A forward pass in training mode: the outputs agree, and the statistics move to the same places."""
        before = self.values()
        with torch.no_grad():
            ours = self.torch.train()(torch.tensor(self.x)).numpy()
        near(self.to_keras(ours), self.keras(tf.constant(self.to_keras(self.x)), training=True))
        after = self.values()
        assert (np.any(before["mean"] != after["mean"])) == (before["mean"].size > 0)
        size = self.x.size / self.x.shape[1]
        # torch keeps the unbiased variance of a batch, Keras the biased one.
        change = {side: after[side] - 0.9 * before[side] for side in ("torch", "keras")}
        near(change["torch"] * (size - 1) / size, change["keras"])

    def values(self):
        arrays = {**read_state(self.torch).values(), **read_state(self.keras).values()}
        names = {"torch": "running_var", "keras": "moving_variance", "mean": "running_mean"}
        return {key: arrays.get(name, np.zeros(0)) for key, name in names.items()}


def near(a, b):
    np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9)


def values(model):
    return read_state(model).values()


def carried_both_ways(both, exact):
    before = values(both.torch)
    port_weights(both.torch, both.keras)
    both.agree()
    port_weights(both.keras, both.torch)
    both.agree()
    if exact:
        np.testing.assert_equal(values(both.torch), before)
    push(read_state(both.keras), 4)
    before = values(both.keras)
    port_weights(both.keras, both.torch)
    both.agree()
    port_weights(both.torch, both.keras)
    np.testing.assert_equal(values(both.keras), before)
    both.learn()


@pytest.mark.parametrize(("torch_model", "keras_model", "x", "exact"), CHANNELS)
def test_layers_with_channels(torch_model, keras_model, x, exact):
    carried_both_ways(Both(torch_model, keras_model, x, True), exact)


@pytest.mark.parametrize(("torch_model", "keras_model", "x", "exact"), PLAIN)
def test_other_layers(torch_model, keras_model, x, exact):
    carried_both_ways(Both(torch_model, keras_model, x, False), exact)


@pytest.mark.parametrize("bias", [True, False])
def test_another_gru_is_refused(bias):
    keras_model = keras.layers.GRU(3, reset_after=False, use_bias=bias)
    keras_model(STEPS)
    torch_model = torch.nn.GRU(4, 3, bias=bias)
    for pair in ((torch_model, keras_model), (keras_model, torch_model)):
        with pytest.raises(WeightsError, match=r"\(1\):\n.*reset_after is False: the reset gate"):
            port_weights(*pair)


def test_other_heads_are_refused():
    torch_model, keras_model = (
        torch.nn.MultiheadAttention(4, 2),
        keras.layers.MultiHeadAttention(1, 4),
    )
    with pytest.raises(WeightsError, match=r"(?s)\(1\):.*num_heads is 2 and num_heads is 1"):
        port_weights(torch_model, keras_model)


@pytest.mark.parametrize("sizes", [(8, 8, 8), (8, 3, 5)])
def test_attention_is_built_for_its_inputs(sizes):
    source, target = attention(sizes)(), kattention(sizes)()
    port_weights(source, target)
    x = np.random.default_rng(0).standard_normal((2, 5, sum(sizes)))
    with torch.no_grad():
        near(source(torch.tensor(x)).numpy(), target(tf.constant(x)))


def test_dropout_between_layers_is_no_weight():
    source = First(torch.nn.LSTM(4, 3, 2, batch_first=True, dropout=0.5))
    layers = [keras.layers.LSTM(3, return_sequences=True) for _ in range(2)]
    target = Inner(keras.Sequential([layers[0], keras.layers.Dropout(0.5), layers[1]]))
    port_weights(source, target)
    with torch.no_grad():
        expected = source.eval()(torch.tensor(STEPS)).numpy()
    near(expected, target(tf.constant(STEPS), training=False))
