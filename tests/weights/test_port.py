"""Carrying weights between live models of both frameworks."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")
keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")

from translator import port_weights  # noqa: E402
from translator.errors import UsageError, WeightsError  # noqa: E402
from translator.weights.port import read_state  # noqa: E402

nn = torch.nn
L = keras.layers
BATCH = np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32)


class TorchNet(nn.Module):
    """Every way to hold weights that has a name here."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 3))
        self.scale = nn.Parameter(torch.rand(3))
        self.register_buffer("shift", torch.rand(3))
        self.register_buffer("derived", torch.zeros(1), persistent=False)
        self.inner = TorchInner()
        self.heads = nn.ModuleList([nn.Linear(3, 3), nn.Linear(3, 3, bias=False)])
        self.named = nn.ModuleDict({"a": nn.Linear(3, 3)})

    def forward(self, x):
        x = self.inner(self.layers(x)) * self.scale + self.shift
        for head in self.heads:
            x = head(x)
        return self.named["a"](x)


class TorchInner(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Sequential(nn.Linear(3, 3), nn.Tanh())

    def forward(self, x):
        return self.fc(x)


class KerasNet(keras.Model):
    def __init__(self):
        super().__init__()
        self.layers_ = keras.Sequential([L.Dense(4, activation="relu"), L.Dropout(0.5), L.Dense(3)])
        self.scale = self.add_weight(shape=(3,), name="another_name")
        self.shift = self.add_weight(shape=(3,), trainable=False)
        self.inner = KerasInner()
        self.heads = [L.Dense(3), L.Dense(3, use_bias=False)]
        self.named = {"a": L.Dense(3)}

    def call(self, x):
        x = self.inner(self.layers_(x)) * self.scale + self.shift
        for head in self.heads:
            x = head(x)
        return self.named["a"](x)


class KerasInner(L.Layer):
    def __init__(self):
        super().__init__()
        self.fc = L.Dense(3, activation="tanh")

    def call(self, x):
        return self.fc(x)


def outputs(torch_model, keras_model):
    with torch.no_grad():
        expected = torch_model.eval()(torch.tensor(BATCH)).numpy()
    return expected, np.asarray(keras_model(BATCH))


@pytest.fixture
def keras_net():
    model = KerasNet()
    model(BATCH)
    return model


def test_torch_to_keras(keras_net):
    source = TorchNet()
    report = port_weights(source, keras_net)
    np.testing.assert_allclose(*outputs(source, keras_net), atol=1e-6)
    assert len(report) == 13
    assert "layers.0.weight -> layers_.0.kernel  (4, 3), axes (1, 0)" in map(str, report)
    assert "scale -> scale  (3,), as it is" in str(report)


def test_keras_to_torch(keras_net):
    target = TorchNet()
    port_weights(keras_net, target)
    np.testing.assert_allclose(*outputs(target, keras_net), atol=1e-6)


def test_there_and_back_is_equal_bit_for_bit(keras_net):
    source, target = TorchNet(), TorchNet()
    port_weights(source, keras_net)
    port_weights(keras_net, target)
    for name, value in source.state_dict().items():
        assert torch.equal(value, target.state_dict()[name])


def test_parameters_stay_the_same_objects(keras_net):
    target = TorchNet()
    before = [id(parameter) for parameter in target.parameters()]
    port_weights(keras_net, target)
    assert [id(parameter) for parameter in target.parameters()] == before
    assert all(parameter.requires_grad for parameter in target.parameters())


def test_dtype_is_the_targets(keras_net):
    port_weights(TorchNet().double(), keras_net)
    assert keras_net.scale.dtype == "float32"
    target = TorchNet().to(torch.bfloat16)
    port_weights(keras_net, target)
    assert target.scale.dtype == torch.bfloat16
    port_weights(target, keras_net)
    np.testing.assert_array_equal(target.scale.detach().float().numpy(), keras_net.scale.numpy())


def test_an_unbuilt_model_says_what_to_do():
    with pytest.raises(WeightsError, match=r"The target has no weights yet\..*call the model once"):
        port_weights(TorchNet(), KerasNet())


def test_a_lazy_module_says_what_to_do():
    lazy = nn.Sequential(nn.LazyLinear(2))
    model = keras.Sequential([keras.Input((3,)), L.Dense(2)])
    with pytest.raises(WeightsError, match=r"The target has no weights yet at 0\. .*call"):
        port_weights(model, lazy)
    lazy(torch.tensor(BATCH))
    port_weights(model, lazy)
    np.testing.assert_allclose(*outputs(lazy, model), atol=1e-6)


def test_nothing_is_written_when_something_is_left_over():
    source = nn.ModuleDict({"a": nn.Linear(3, 4), "b": nn.Linear(3, 4)})
    target = {"a": L.Dense(4), "c": L.Dense(4)}
    model = Holder(target)
    before = model.parts["a"].kernel.numpy()
    with pytest.raises(WeightsError) as caught:
        port_weights(Parts(source), model)
    np.testing.assert_array_equal(model.parts["a"].kernel.numpy(), before)
    for path in ("parts.b.weight", "parts.b.bias", "parts.c.kernel", "parts.c.bias"):
        assert path in str(caught.value)

    report = port_weights(Parts(source), model, strict=False)
    np.testing.assert_array_equal(
        model.parts["a"].kernel.numpy(), source["a"].weight.detach().numpy().T
    )
    assert len(report) == 2
    assert len(report.problems) == 4


class Parts(nn.Module):
    def __init__(self, parts):
        super().__init__()
        self.parts = parts


class Holder(keras.Model):
    def __init__(self, parts):
        super().__init__()
        self.parts = parts
        for part in parts.values():
            part.build((None, 3))


def test_a_functional_model_is_read_by_the_names_of_its_layers():
    inputs = keras.Input((3,))
    hidden = L.Dense(4, activation="relu", name="hidden")(inputs)
    functional = keras.Model(inputs, L.Dense(2, name="out")(hidden))
    source = nn.Module()
    source.hidden, source.out = nn.Linear(3, 4), nn.Linear(4, 2)
    port_weights(source, functional)
    with torch.no_grad():
        expected = source.out(torch.relu(source.hidden(torch.tensor(BATCH)))).numpy()
    np.testing.assert_allclose(np.asarray(functional(BATCH)), expected, atol=1e-6)


def test_a_functional_subclass_is_read_by_its_attributes():
    class Functional(keras.Model):
        def __init__(self):
            inputs = keras.Input((3,))
            fc = L.Dense(2, name="other")
            super().__init__(inputs, fc(inputs))
            self.fc = fc

    source = nn.Module()
    source.fc = nn.Linear(3, 2)
    assert [row.targets for row in port_weights(source, Functional())] == [
        ("fc.kernel",),
        ("fc.bias",),
    ]


def test_a_plain_tf_module():
    class Plain(tf.Module):
        def __init__(self):
            super().__init__()
            self._hidden = tf.Variable([1.0, 2.0])
            self.table = [tf.Variable([[3.0]])]

    source = nn.Module()
    source._hidden = nn.Parameter(torch.zeros(2))
    source.table = nn.ParameterList([torch.zeros(1, 1)])
    port_weights(Plain(), source)
    assert source._hidden.tolist() == [1.0, 2.0]
    assert source.table[0].item() == 3.0


def test_subclasses_of_layers_are_what_they_extend():
    class Mine(nn.Linear):
        pass

    class Ours(L.Dense):
        pass

    layer = Ours(4)
    layer(BATCH)
    port_weights(Mine(3, 4), layer)
    assert read_state(layer).root.kind == "keras.layers.Dense"


def test_tied_weights_are_carried_once_or_twice_but_never_missed():
    source = nn.Module()
    source.a = nn.Linear(3, 3, bias=False)
    source.weight = source.a.weight
    dense = L.Dense(3, use_bias=False)
    dense.build((None, 3))
    target = keras.Model()
    target.a = dense
    port_weights(source, target)
    np.testing.assert_array_equal(dense.kernel.numpy(), source.a.weight.detach().numpy().T)


def test_two_models_of_one_framework():
    source, target = TorchNet(), TorchNet()
    port_weights(source, target)
    assert torch.equal(source.layers[0].weight, target.layers[0].weight)


def test_what_is_no_model():
    with pytest.raises(UsageError, match="not 'dict'"):
        port_weights({}, nn.Linear(1, 1))
