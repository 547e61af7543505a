"""Comparing two models: how they are found, what is given to them, what is no fault, and what cannot be run."""

from __future__ import annotations

import numpy as np
import pytest

from translator.errors import UsageError
from translator.proof.inputs import given_inputs
from translator.proof.models import verify
from translator.proof.pool import Pool
from translator.proof.verification import Verdict
from translator.proof.watched import Limits

TORCH_HEAD = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"
KERAS_HEAD = "import keras\nimport tensorflow as tf\n"
TORCH = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        return {}
"""
KERAS = """
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.fc = keras.layers.Dense(3)

    def call(self, x):
        return {}
"""
PLAIN = (TORCH.format("self.fc(x)"), KERAS.format("self.fc(x)"))


@pytest.fixture
def compare(tmp_path, pool):
    """Write a pair and compare it, as two workers that stay warm do."""

    def run(torch, keras, **options):
        paths = tmp_path / "net.py", tmp_path / "net_tf.py"
        paths[0].write_text(TORCH_HEAD + torch)
        paths[1].write_text(KERAS_HEAD + keras)
        return verify(*paths, pool=pool, **{"steps": 2, **options})

    return run


def test_a_bias_before_a_batch_norm_drifts_and_is_no_fault(compare):
    found = compare(
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(4, 6)
        self.bn = nn.BatchNorm1d(6)
        self.fc2 = nn.Linear(6, 1)

    def forward(self, x):
        return self.fc2(torch.relu(self.bn(self.fc1(x))))
""",
        """
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.fc1 = keras.layers.Dense(6)
        self.bn = keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5)
        self.fc2 = keras.layers.Dense(1)

    def call(self, x):
        return self.fc2(tf.nn.relu(self.bn(self.fc1(x))))
""",
        optimizer="adam",
        steps=20,
    )
    assert found.agree, found
    verdicts = {row.verdict for row in found.checks}
    assert Verdict.KNOWN in verdicts  # torch's running variance is the unbiased one
    assert len(found.curves) == 2
    assert len(found.curves[0].source) == 20
    assert {pair.target for pair in found.weights} >= {"fc1.kernel", "bn.moving_variance"}
    assert [layer.source for layer in found.layers] == ["fc1", "bn", "fc2"]


def test_layers_that_no_call_reaches_have_their_weights_carried_too(compare):
    unused = "        self.fc = {}\n        self.unused = {}"
    torch, keras = "nn.Linear(4, 3)", "keras.layers.Dense(3)"
    found = compare(
        PLAIN[0].replace(f"        self.fc = {torch}", unused.format(torch, torch)),
        PLAIN[1].replace(f"        self.fc = {keras}", unused.format(keras, keras)),
    )
    assert found.agree, found
    assert "unused.kernel" in {pair.target for pair in found.weights}


def test_a_gradient_that_is_stopped(compare):
    found = compare(
        TORCH.format("self.fc(torch.tanh(self.fc(x)))").replace("(4, 3)", "(4, 4)"),
        KERAS.format("self.fc(tf.stop_gradient(tf.tanh(self.fc(x))))").replace(
            "Dense(3)", "Dense(4)"
        ),
    )
    assert found.fault is not None
    assert (found.fault.stage, found.fault.source) == ("gradients", "fc")
    after = [row.verdict for row in found.checks if row.stage == "training"]
    assert set(after) == {Verdict.SKIPPED}


def test_a_mode_that_is_fixed(compare):
    torch = TORCH.replace("nn.Linear(4, 3)", "nn.BatchNorm1d(4)").format("self.fc(x)")
    keras = KERAS.replace("Dense(3)", "BatchNormalization(momentum=0.9, epsilon=1e-5)")
    found = compare(torch, keras.format("self.fc(x, training=False)"))
    modes = {row.mode: row.verdict for row in found.checks if row.stage == "outputs"}
    assert modes == {"evaluation": Verdict.AGREE, "training": Verdict.DIFFER}
    assert found.fault is not None
    assert found.fault.source == "fc"


def test_what_a_keras_model_adds_to_its_loss_is_told(compare):
    keras = KERAS.replace("Dense(3)", "Dense(3, kernel_regularizer='l2')").format("self.fc(x)")
    found = compare(PLAIN[0], keras)
    assert found.agree, found
    assert any("regularisers" in note for note in found.notes)


def test_what_draws_is_not_compared(compare):
    found = compare(
        TORCH.format("self.fc(x) + (torch.rand_like(x[:, :1]) if self.training else 0)"),
        KERAS.format("self.fc(x)"),
    )
    assert found.fault is None
    verdicts = {row.mode: row.verdict for row in found.checks if row.precision == "float64"}
    assert verdicts == {"evaluation": Verdict.AGREE, "training": Verdict.SKIPPED}
    assert any("the source draws random numbers" in note for note in found.notes)


def test_dropout_is_off(compare):
    found = compare(
        TORCH.format("F.dropout(self.fc(x), 0.5, self.training)"),
        KERAS.format("tf.nn.dropout(self.fc(x), 0.5)"),
    )
    assert found.agree, found


def test_rates_of_dropout_that_differ_are_told(compare):
    keras = KERAS.replace("Dense(3)", "Dense(3)\n        self.drop = keras.layers.Dropout(0.1)")
    torch = TORCH.replace("Linear(4, 3)", "Linear(4, 3)\n        self.drop = nn.Dropout(0.5)")
    found = compare(torch.format("self.drop(self.fc(x))"), keras.format("self.drop(self.fc(x))"))
    assert found.agree, found
    assert any("drop: rate is 0.1; the source has p=0.5" in note for note in found.notes)


def test_a_file_that_insists_on_float32(compare):
    found = compare(
        TORCH.format("self.fc(x)"), KERAS.format("tf.matmul(x, tf.ones((4, 3))) * 0 + self.fc(x)")
    )
    assert found.agree, found
    assert {row.precision for row in found.checks} == {"float32"}
    assert any("float64 cannot run in the target" in note for note in found.notes)


def test_objects_embeddings_and_functional_models(compare):
    found = compare(
        """
model = nn.Sequential(nn.Embedding(9, 4), nn.Flatten(), nn.Linear(28, 2))
""",
        """
inputs = keras.Input((7,), dtype="int64")
hidden = keras.layers.Flatten()(keras.layers.Embedding(9, 4)(inputs))
built = keras.Model(inputs, keras.layers.Dense(2)(hidden))
model = keras.Sequential(
    [keras.layers.Embedding(9, 4), keras.layers.Flatten(), keras.layers.Dense(2)]
)
""",
        model=(None, "model"),
    )
    assert found.agree, found
    assert (found.inputs[0].shape, found.inputs[0].below) == ((4, 7), 9)


def test_whole_numbers_stay_below_what_the_embedding_has(compare):
    found = compare(
        PLAIN[0].replace("Linear(4, 3)", "Embedding(6, 3)"),
        PLAIN[1].replace("Dense(3)", "Embedding(6, 3)"),
        inputs="5x7:int64",
    )
    assert found.agree, found
    assert (found.inputs[0].shape, found.inputs[0].below) == ((5, 7), 6)


def test_arrays_from_a_file(compare, tmp_path):
    np.savez(tmp_path / "x.npz", x=np.random.default_rng(0).standard_normal((3, 4)))
    found = compare(*PLAIN, inputs=tmp_path / "x.npz", loss="cross entropy", optimizer="adamw")
    assert found.agree, found
    assert {row.batch for row in found.checks} == {2, 3}


@pytest.mark.parametrize(
    ("torch", "keras", "options", "message"),
    [
        (PLAIN[0] + PLAIN[0].replace("Net", "Other"), PLAIN[1], {}, None),
        (
            PLAIN[0] + PLAIN[0].replace("Net", "Other"),
            PLAIN[1].replace("Net", "Third"),
            {},
            "The source has several models: Net, Other",
        ),
        (
            "class Net(nn.Module):\n    def __init__(self, width):\n        super().__init__()\n"
            "def make():\n    return Net(2)\n",
            PLAIN[1],
            {},
            "built without arguments. Say how with --model, for example Net(...) or make()",
        ),
        (
            TORCH.replace("(self, x)", "(self, x, y)").format("self.fc(x) + y"),
            PLAIN[1],
            {},
            "4x3x32x32:float32.*It takes x, y",
        ),
        (*PLAIN, {"optimizer": "lion"}, "no optimizer 'lion'"),
        (*PLAIN, {"loss": "hinge"}, "no loss 'hinge'"),
        (*PLAIN, {"inputs": "4xfour"}, "is no shape"),
        (*PLAIN, {"inputs": "missing.npz"}, "cannot be read"),
    ],
)
def test_what_has_to_be_said(compare, torch, keras, options, message):
    if message is None:
        assert compare(torch, keras, **options).agree
        return
    with pytest.raises(
        UsageError, match=message.replace("(...)", r"\(...\)").replace("()", r"\(\)")
    ):
        compare(torch, keras, **options)


@pytest.mark.parametrize(
    ("torch", "keras", "side", "doing", "message"),
    [
        ("raise ValueError('at once')", PLAIN[1], "source", "file was run", "at once"),
        (PLAIN[0], "input('name? ')", "target", "file was run", "EOF"),
        (PLAIN[0], "raise SystemExit(3)", "target", "file was run", "SystemExit"),
        ("import os\nos._exit(3)", PLAIN[1], "source", "file was run", "died"),
        (PLAIN[0], KERAS.format("self.fc(x).missing"), "target", "forward", "missing"),
        (TORCH.format("self.fc(x).missing"), PLAIN[1], "source", "forward", "missing"),
    ],
)
def test_what_cannot_be_run(compare, torch, keras, side, doing, message):
    found = compare(torch, keras, inputs="4x4")
    assert found.failure is not None
    assert not found.agree
    assert found.failure.side == side
    assert doing in found.failure.doing
    assert message in found.failure.message


def test_models_with_nothing_in_common(compare):
    found = compare(PLAIN[0], PLAIN[1].replace("fc", "head"))
    assert found.fault is not None
    assert found.fault.stage == "weights"
    assert "no counterpart" in found.fault.reasons[0]
    assert {(pair.source, pair.target) for pair in found.weights} >= {("fc.weight", "")}


def test_another_number_of_results(compare):
    found = compare(TORCH.format("(self.fc(x), x)"), PLAIN[1])
    assert found.fault is not None
    assert "2 results and the target 1" in " ".join(found.fault.reasons)


def test_the_order_of_results(compare):
    """Images may come channels last; a sequence whose axes are swapped is another result."""
    found = compare(PLAIN[0], KERAS.format("tf.transpose(self.fc(x), [0, 2, 1])"), inputs="4x3x4")
    assert found.fault is not None
    assert "order (0, 2, 1)" in " ".join(found.fault.reasons)
    conv = "nn.Linear(4, 3)", "nn.Conv2d(1, 3, 3)", "Dense(3)", "Conv2D(3, 3)"
    found = compare(PLAIN[0].replace(*conv[:2]), PLAIN[1].replace(*conv[2:]))
    assert found.agree, found
    assert any("output 0 with its axes in the order (0, 2, 3, 1)" in note for note in found.notes)


def test_another_shape(compare):
    found = compare(PLAIN[0], KERAS.format("self.fc(x)[:, :2]"))
    assert found.fault is not None
    assert found.fault.after == ("fc", "fc")
    assert "shape" in " ".join(found.fault.reasons)


@pytest.mark.parametrize(
    ("text", "limits", "message"),
    [
        ("while True:\n    print('x' * 100000)", Limits(seconds=60.0, output=1_000_000), "printed"),
        (
            "held = []\nwhile True:\n    held.append(bytearray(50_000_000))",
            Limits(memory=10**9),
            "GB",
        ),
        ("while True:\n    pass", Limits(), "did not end within 20 s"),
    ],
    ids=("output", "memory", "time"),
)
def test_what_goes_too_far(text, limits, message, tmp_path):
    paths = tmp_path / "net.py", tmp_path / "net_tf.py"
    paths[0].write_text("from __future__ import annotations\nimport torch\n" + text)
    paths[1].write_text(KERAS_HEAD + PLAIN[1])
    with Pool(limits=limits) as pool:
        found = verify(*paths, pool=pool, timeout=20.0)
        numbers = pool.processes()
    assert found.failure is not None
    assert found.failure.side == "source"
    assert message in found.failure.message
    assert "torch" not in numbers


def test_given_inputs():
    first, second = given_inputs("4x3x32x32,4x7:int64<5")
    assert (first.shape, first.dtype) == ((4, 3, 32, 32), "float32")
    assert (second.dtype, second.below) == ("int64", 5)
    assert second.draw(0).max() < 5
    assert first.draw(0, other_batch=True).shape == (5, 3, 32, 32)
