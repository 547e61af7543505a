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


def test_an_unbuilt_model_is_built_from_the_shapes_of_the_source():
    source, target = TorchNet(), KerasNet()
    port_weights(source, target)
    np.testing.assert_allclose(*outputs(source, target), atol=1e-6)


def kseq(*layers):
    return keras.Sequential(list(layers))


def images(*layers):
    return kseq(*layers, L.Flatten())


@pytest.mark.parametrize(
    ("torch_model", "keras_model", "shape"),
    [
        (
            nn.Sequential(nn.Conv2d(3, 4, 2), nn.BatchNorm2d(4)),
            lambda: images(L.Conv2D(4, 2), L.BatchNormalization(epsilon=1e-5)),
            (3, 5, 5),
        ),
        (
            nn.Sequential(nn.Embedding(9, 4), nn.LayerNorm(4)),
            lambda: kseq(L.Embedding(9, 4), L.LayerNormalization(epsilon=1e-5)),
            None,
        ),
        (
            nn.Sequential(nn.Conv1d(4, 6, 3, groups=2), nn.Conv1d(6, 2, 1)),
            lambda: images(L.Conv1D(6, 3, groups=2), L.Conv1D(2, 1)),
            (4, 8),
        ),
        (
            nn.GRU(3, 4, 2, batch_first=True, bidirectional=True),
            lambda: kseq(*[L.Bidirectional(L.GRU(4, return_sequences=True)) for _ in range(2)]),
            (5, 3),
        ),
        (
            nn.LSTM(3, 4, 2, batch_first=True),
            lambda: L.RNN([L.LSTMCell(4), L.LSTMCell(4)], return_sequences=True),
            (5, 3),
        ),
        (nn.Linear(3, 4), lambda: L.TimeDistributed(L.Dense(4)), (5, 3)),
        (
            nn.Sequential(nn.Conv2d(4, 4, 3, groups=4, bias=False), nn.Conv2d(4, 5, 1)),
            lambda: images(L.SeparableConv2D(5, 3)),
            (4, 6, 6),
        ),
    ],
)
def test_layers_are_built_for_what_they_will_be_given(torch_model, keras_model, shape):
    model = keras_model()
    port_weights(torch_model, model)
    x = np.ones((2, 7), int) if shape is None else np.random.default_rng(0).random((2, *shape))
    wants_channels = shape is not None and shape[0] != 5
    with torch.no_grad():
        given = torch.tensor(x) if shape is None else torch.tensor(x, dtype=torch.float32)
        expected = torch_model.eval()(given)
        expected = (expected[0] if isinstance(expected, tuple) else expected).numpy()
    if wants_channels:
        x, expected = np.moveaxis(x, 1, -1), np.moveaxis(expected, 1, -1).reshape(2, -1)
    np.testing.assert_allclose(np.asarray(model(x)), expected, atol=1e-5)


def test_a_model_that_cannot_be_built_says_what_to_do():
    class Own(L.Layer):
        def build(self, shape):
            self.w = self.add_weight(shape=(shape[-1],))

        def call(self, x):
            return x * self.w

    source, target = nn.Module(), keras.Model()
    source.a, source.own = nn.Linear(3, 3), nn.Module()
    source.own.w = nn.Parameter(torch.ones(3))
    target.a, target.own = L.Dense(3), Own()
    with pytest.raises(
        WeightsError, match=r"The target has no weights yet at own\..*call the model once"
    ):
        port_weights(source, target)
    target.own(target.a(BATCH))
    port_weights(source, target)

    norms = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
    model = keras.Sequential([L.Dense(4), L.BatchNormalization()])
    with pytest.raises(WeightsError, match=r"no weights yet at 1 \(input sizes \[4\]\)\."):
        port_weights(norms, model)
    model(BATCH)
    port_weights(norms, model)


def test_two_models_without_weights_are_no_success():
    for pair in ((nn.LazyLinear(3), L.Dense(3)), (L.Dense(3), nn.LazyLinear(3))):
        with pytest.raises(WeightsError, match="the model of the source has no weights yet"):
            port_weights(*pair)


class LazyGRU(nn.modules.lazy.LazyModuleMixin, nn.GRU):
    """What `convert` writes for a recurrent layer whose input size no file shows."""

    cls_to_become = nn.GRU

    def __init__(self, hidden_size, **options):
        super().__init__(1, hidden_size, **options)
        for name in self.lazy_names():
            setattr(self, name, nn.UninitializedParameter())

    def lazy_names(self):
        return ["weight_ih_l0"] + ["weight_ih_l0_reverse"] * self.bidirectional

    def initialize_parameters(self, inputs):
        self.input_size = inputs.shape[-1]
        for name in self.lazy_names():
            getattr(self, name).materialize((len(self.weight_hh_l0), inputs.shape[-1]))


@pytest.mark.parametrize(
    ("layers", "options"),
    [
        (lambda: [L.GRU(2)], {}),
        (lambda: [L.Bidirectional(L.GRU(2))], {"bidirectional": True}),
        (lambda: [L.GRU(2, return_sequences=True), L.GRU(2)], {"num_layers": 2}),
    ],
)
def test_a_lazy_recurrent_module_is_built(layers, options):
    source = keras.Sequential([keras.Input((5, 3)), *layers()])
    target = LazyGRU(2, batch_first=True, **options)
    port_weights(source, target)
    x = np.random.default_rng(0).random((4, 5, 3)).astype(np.float32)
    with torch.no_grad():
        states = target(torch.tensor(x))[1]
    last = states[-2:] if "bidirectional" in options else states[-1:]
    np.testing.assert_allclose(np.concatenate(list(last), -1), np.asarray(source(x)), atol=1e-6)


def test_a_lazy_module_is_built_from_its_own_kind():
    source, target = nn.Linear(3, 2), nn.LazyLinear(2)
    port_weights(source, target)
    assert torch.equal(source.weight, target.weight)


def test_spectral_norm_of_keras_says_why_not():
    target = L.SpectralNormalization(built(L.Dense(2), 3))
    target(BATCH)
    for source in (nn.Linear(3, 2), nn.utils.parametrizations.spectral_norm(nn.Linear(3, 2))):
        with pytest.raises(WeightsError, match=r"\(1\):\n.*overwrites the kernel.*take it off"):
            port_weights(source, target)


def test_both_directions_are_not_one():
    target = built(L.LSTM(2), None, 3)
    with pytest.raises(
        WeightsError, match=r"torch\.nn\.LSTM.* keras\.layers\.LSTM: one is several"
    ):
        port_weights(nn.LSTM(3, 2, bidirectional=True), target)


def test_a_module_on_no_device_has_no_weights():
    with pytest.raises(WeightsError, match="The source has no weights yet"):
        port_weights(nn.Linear(3, 2, device="meta"), built(L.Dense(2), 3))


def test_a_subclass_with_arguments_of_its_own_is_read():
    class Own(L.Dense):
        def __init__(self, size, *, depth):
            super().__init__(size)
            self.depth = depth

        def get_config(self):
            raise ValueError("not for saving")

    port_weights(nn.Linear(3, 2), built(Own(2, depth=1), 3))


def test_a_place_is_named_as_the_model_has_it():
    source = nn.Module()
    source.rnn = nn.LSTM(3, 2, 2)
    target = Holder({})
    target.rnn = [built(L.LSTM(2), None, 3), built(L.GRU(2), None, 2)]
    with pytest.raises(WeightsError, match=r"rnn is torch.nn.LSTM, rnn\.1 is keras.layers.GRU: no"):
        port_weights(source, target)


def test_a_source_without_weights_is_not_built():
    with pytest.raises(WeightsError, match="The source has no weights yet"):
        port_weights(keras.Sequential([L.Dense(3)]), nn.Linear(3, 3))


@pytest.mark.parametrize(
    ("lazy", "layers", "shape"),
    [
        (lambda: [nn.LazyLinear(2), nn.LazyLinear(4)], lambda: [L.Dense(2), L.Dense(4)], (3,)),
        (
            lambda: [nn.LazyConv2d(4, 2), nn.LazyBatchNorm2d()],
            lambda: [L.Conv2D(4, 2), L.BatchNormalization()],
            (5, 5, 3),
        ),
    ],
)
def test_lazy_modules_are_built(lazy, layers, shape):
    target, source = nn.Sequential(*lazy()), keras.Sequential([keras.Input(shape), *layers()])
    assert len(port_weights(source, target)) == len(source.weights)
    x = np.ones((2, *shape), np.float32)
    with torch.no_grad():
        result = target.eval()(torch.tensor(np.moveaxis(x, -1, 1))).numpy()
    np.testing.assert_allclose(np.moveaxis(result, 1, -1), np.asarray(source(x)), atol=1e-2)


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


class Tied(nn.Module):
    def __init__(self, tied):
        super().__init__()
        self.first, self.second = nn.Linear(3, 3, bias=False), nn.Linear(3, 3, bias=False)
        if tied:
            self.second.weight = self.first.weight


class KerasTied(keras.Model):
    def __init__(self, tied):
        super().__init__()
        self.first = L.Dense(3, use_bias=False)
        self.second = self.first if tied else L.Dense(3, use_bias=False)
        self.first.build((None, 3))
        self.second.built or self.second.build((None, 3))


@pytest.mark.parametrize("tied", [(True, True), (True, False), (False, True)])
def test_tied_weights_become_tied_or_equal(tied):
    source, target = Tied(tied[0]), KerasTied(tied[1])
    with torch.no_grad():
        source.second.weight.copy_(source.first.weight)
    assert len(port_weights(source, target)) == 2 - tied[1]
    for dense in (target.first, target.second):
        np.testing.assert_array_equal(dense.kernel.numpy(), source.first.weight.detach().numpy().T)
    back = Tied(tied[0])
    assert len(port_weights(target, back)) == 2 - tied[0]
    assert torch.equal(back.second.weight, source.second.weight)


def test_what_differs_cannot_be_tied():
    message = "first.weight, second.weight differ, and are one in the target: first.kernel, second"
    with pytest.raises(WeightsError, match=message):
        port_weights(Tied(False), KerasTied(True))
    source = KerasTied(False)
    with pytest.raises(WeightsError, match=r"first\.kernel, second\.kernel differ"):
        port_weights(source, target := Tied(True))
    report = port_weights(source, target, strict=False)
    assert len(report) == len(report.problems) == 1
    np.testing.assert_array_equal(
        target.second.weight.detach().numpy(), source.first.kernel.numpy().T
    )


def test_a_tied_parameter_beside_its_layer():
    source = nn.Module()
    source.a = nn.Linear(3, 3, bias=False)
    source.weight = source.a.weight
    target = keras.Model()
    target.a = L.Dense(3, use_bias=False)
    target.a.build((None, 3))
    port_weights(source, target)
    np.testing.assert_array_equal(target.a.kernel.numpy(), source.a.weight.detach().numpy().T)


def test_two_models_of_one_framework():
    source, target = TorchNet(), TorchNet()
    port_weights(source, target)
    assert torch.equal(source.layers[0].weight, target.layers[0].weight)


@pytest.mark.parametrize(
    "thing", [{}, None, nn.Linear, nn.Linear(1, 1).weight, keras.optimizers.SGD(), tf.Variable(1.0)]
)
def test_what_is_no_model(thing):
    with pytest.raises(UsageError, match=f"not {type(thing).__name__!r}"):
        port_weights(thing, nn.Linear(1, 1))
    with pytest.raises(UsageError, match=f"not {type(thing).__name__!r}"):
        port_weights(nn.Linear(1, 1), thing)


def built(layer, *shape):
    layer.build((None, *shape))
    return layer


def test_what_a_dtype_cannot_hold_is_noted():
    exact = [[0.5, 0.25, -1.0]]
    source, target = nn.Linear(3, 1, bias=False).double(), built(L.Dense(1, use_bias=False), 3)
    with torch.no_grad():
        source.weight.copy_(torch.tensor(exact))
    (row,) = port_weights(source, target)
    assert row.note == ""
    with torch.no_grad():
        source.weight.add_(1e-12)
    (row,) = port_weights(source, target)
    assert str(row).endswith("axes (1, 0); rounded from float64 to float32")
    for dtype in (torch.float16, torch.bfloat16):
        source = nn.Linear(3, 1, bias=False).to(dtype)
        (row,) = port_weights(source, target)
        assert row.note == ""
        target.kernel.assign(target.kernel + 1e-4)
        (row,) = port_weights(target, source)
        assert row.note == f"rounded from float32 to {str(dtype).removeprefix('torch.')}"


@pytest.mark.parametrize(("value", "said"), [("nan", "holds NaN"), ("-inf", "holds infinities")])
def test_what_is_no_number_is_carried_and_noted(value, said):
    source, target = nn.Linear(3, 1), built(L.Dense(1), 3)
    with torch.no_grad():
        source.weight[0, 1] = float(value)
    weight, bias = port_weights(source, target)
    assert (weight.note, bias.note) == (said, "")
    np.testing.assert_array_equal(target.kernel.numpy()[1, 0], float(value))


def test_what_a_large_array_rounds_is_found_wherever_it_stands():
    source, target = (
        nn.Linear(2000, 600, bias=False).double(),
        built(L.Dense(600, use_bias=False), 2000),
    )
    with torch.no_grad():
        source.weight.copy_(source.weight.float())
    assert [row.note for row in port_weights(source, target)] == [""]
    with torch.no_grad():
        source.weight[-1, -1] = 1e-60
    (row,) = port_weights(source, target)
    assert row.note == "rounded from float64 to float32"


def test_a_wrapped_module_is_the_module():
    source, target = nn.DataParallel(nn.Linear(3, 2)), built(L.Dense(2), 3)
    rows = [row.sources for row in port_weights(source, target)]
    assert rows == [("module.weight",), ("module.bias",)]


class Embedded(nn.Module):
    def __init__(self, tied):
        super().__init__()
        self.embed, self.head = nn.Embedding(7, 3), nn.Linear(3, 7, bias=False)
        if tied:
            self.head.weight = self.embed.weight


def test_an_embedding_tied_to_the_last_layer():
    target = keras.Model()
    target.embed, target.head = built(L.Embedding(7, 3)), built(L.Dense(7, use_bias=False), 3)
    with pytest.raises(WeightsError, match=r"embed\.embeddings, head\.kernel differ"):
        port_weights(target, Embedded(True))
    source = Embedded(True)
    port_weights(source, target)
    np.testing.assert_array_equal(target.head.kernel.numpy().T, target.embed.embeddings.numpy())
    port_weights(target, back := Embedded(True))
    assert torch.equal(back.head.weight, source.embed.weight)


def test_named_parameters_and_modules_in_models():
    class Torch(nn.Module):
        def __init__(self):
            super().__init__()
            self.scales = nn.ParameterDict({"a": torch.rand(2), "b": torch.rand(3)})
            self.blocks = nn.ModuleDict({"x": TorchNet(), "y": nn.Sequential(nn.Linear(3, 3))})

    class Keras(keras.Model):
        def __init__(self):
            super().__init__()
            self.scales = {
                "b": self.add_weight(shape=(3,), name="b"),
                "a": self.add_weight(shape=(2,), name="a"),
            }
            inputs = keras.Input((3,))
            inner = keras.Model(inputs, L.Dense(3)(inputs))
            self.blocks = {"x": KerasNet(), "y": keras.Sequential([inner, L.ReLU()])}

    source, target = Torch(), Keras()
    report = port_weights(source, target)
    assert ("blocks.y.0.weight",) in {row.sources for row in report}
    back = Torch()
    port_weights(target, back)
    for name, value in source.state_dict().items():
        if not name.endswith("derived"):
            assert torch.equal(value, back.state_dict()[name])


def test_equal_sizes_are_not_enough_for_a_depthwise_convolution():
    target = built(L.DepthwiseConv2D(3, depth_multiplier=2), None, None, 4)
    with pytest.raises(WeightsError, match="in_channels is 8 and features is 4"):
        port_weights(nn.Conv2d(8, 8, 3, groups=8), target)
    port_weights(nn.Conv2d(4, 8, 3, groups=4), target)


def test_equal_sizes_are_not_enough_for_groups():
    target = built(L.Conv2D(8, 3, groups=4), None, None, 16)
    with pytest.raises(WeightsError, match="groups is 2 and groups is 4"):
        port_weights(nn.Conv2d(8, 8, 3, groups=2), target)


def test_another_model_altogether():
    source = nn.Sequential(*[nn.Linear(3, 3) for _ in range(60)])
    target = keras.Sequential([keras.Input((3,)), L.Dense(3), L.Dense(4)])
    with pytest.raises(WeightsError, match="and 25 more") as caught:
        port_weights(source, target)
    assert len(caught.value.problems) == 125
    assert len(str(caught.value).splitlines()) == 102


def test_frozen_layers_are_carried_and_stay_frozen():
    source, target = nn.Linear(3, 1), built(L.Dense(1), 3)
    source.weight.requires_grad_(False)
    target.trainable = False
    port_weights(source, target)
    port_weights(target, source)
    assert not source.weight.requires_grad
    assert source.bias.requires_grad
    assert not target.trainable_variables


def test_what_is_no_weight_needs_no_counterpart():
    model = keras.Sequential([keras.Input((3,)), L.Dropout(0.5), L.Dense(1), L.GaussianNoise(0.1)])
    model.compile("adam", "mse", metrics=["mae"])
    model.fit(BATCH, BATCH[:, :1], verbose=0)
    port_weights(model, nn.Linear(3, 1))
    layer = KerasNet()
    layer.seeds = keras.random.SeedGenerator(1)
    layer(BATCH)
    port_weights(layer, TorchNet())


def test_a_stateful_layer_has_no_weights_in_its_state():
    model = L.LSTM(2, stateful=True)
    model(np.zeros((2, 4, 3), np.float32))
    assert [path for path, _ in read_state(model).root.flat()] == [
        "cell.kernel",
        "cell.recurrent_kernel",
        "cell.bias",
    ]


def test_statistics_of_a_normalization_layer():
    class Standard(nn.Module):
        def __init__(self):
            super().__init__()
            self.register_buffer("mean", torch.tensor([1.0, 2.0, 3.0]))
            self.register_buffer("variance", torch.tensor([4.0, 5.0, 6.0]))

        def forward(self, x):
            return (x - self.mean) / self.variance.sqrt()

    source, target = Standard(), built(L.Normalization(), 3)
    port_weights(source, target)
    np.testing.assert_allclose(*outputs(source, target), atol=1e-6)
    target.adapt(BATCH)
    port_weights(target, source)
    np.testing.assert_allclose(*outputs(source, target), atol=1e-6)


@pytest.mark.parametrize(
    "normed",
    [
        nn.utils.parametrizations.spectral_norm,
        nn.utils.parametrizations.orthogonal,
    ],
)
def test_other_parametrizations_say_why_not(normed):
    with pytest.raises(WeightsError, match=r"computed by a parametrization.*take it off"):
        port_weights(normed(nn.Linear(3, 3)), built(L.Dense(3), 3))
    with pytest.raises(WeightsError, match=r"weights do not correspond \(1\)"):
        port_weights(built(L.Dense(3), 3), normed(nn.Linear(3, 3)))


def test_weight_norm_of_the_older_kind():
    with pytest.warns(FutureWarning):
        source = nn.utils.weight_norm(nn.Linear(3, 2))
    target = built(L.Dense(2), 3)
    rows = {row.sources: row for row in port_weights(source, target)}
    assert rows["weight_g", "weight_v"].transformation == "magnitude * direction, axes (1, 0)"
    np.testing.assert_allclose(*outputs(source, target), atol=1e-6)
    before = target.kernel.numpy()
    port_weights(target, source)
    port_weights(source, target)
    np.testing.assert_array_equal(target.kernel.numpy(), before)


class Border(L.Layer):
    """Holds nothing, and is not built before its first call."""

    def call(self, x):
        return tf.pad(x, [(0, 0), (1, 1), (1, 1), (0, 0)])


def test_a_layer_without_build_of_its_own_holds_nothing_that_is_still_to_come():
    source = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, 2, 3))
    target = keras.Sequential([Border(), L.Conv2D(4, 3), L.ReLU(), L.Conv2D(2, 3)])
    assert [name for row in port_weights(source, target) for name in row.targets] == [
        "1.kernel",
        "1.bias",
        "3.kernel",
        "3.bias",
    ]


def test_names_that_speak_against_the_order_of_calls_are_an_error():
    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            self.key, self.query, self.out = nn.Linear(3, 3), nn.Linear(3, 3), nn.Linear(3, 3)

    inputs = keras.Input((3,))
    query, key = L.Dense(3, name="query")(inputs), L.Dense(3, name="key")(inputs)
    target = keras.Model(inputs, L.Dense(3)(query + key))
    with pytest.raises(WeightsError, match="though there is a module"):
        port_weights(Attention(), target)


def test_a_name_that_keras_made_up_says_nothing():
    keras.utils.clear_session()
    inputs = keras.Input((3,))
    hidden = L.Dense(3)(inputs)  # "dense"
    functional = keras.Model(inputs, L.Dense(2)(hidden))

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.hidden, self.dense = nn.Linear(3, 3), nn.Linear(3, 2)

    rows = port_weights(functional, Net())
    assert ("dense.kernel", "hidden.weight") in [(*row.sources, *row.targets) for row in rows]


def test_a_normalisation_is_read_as_what_it_computes_with():
    """Its variables may have been set since; it goes by what it derived from them."""
    layer = L.Normalization()
    layer.build((None, 3))
    layer.adapt_mean.assign([1.0, 2.0, 3.0])
    target = nn.Module()
    target.norm = nn.Module()
    target.norm.register_buffer("mean", torch.ones(3))
    target.norm.register_buffer("variance", torch.zeros(3))
    source = keras.Model()
    source.norm = layer
    port_weights(source, target)
    assert target.norm.mean.tolist() == [0.0, 0.0, 0.0]
    assert target.norm.variance.tolist() == [1.0, 1.0, 1.0]
