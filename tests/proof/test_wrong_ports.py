"""Wrong ports of ten kinds, both ways: each is caught, and the layer at fault is named."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from translator.proof.models import verify
from translator.proof.verification import Verdict

TORCH = """
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

DRAWN = np.random.default_rng(0).standard_normal((3, 4, 4))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
{layers}

    def forward(self, x):
{body}
"""
KERAS = """
import keras
import numpy as np
import tensorflow as tf

DRAWN = np.random.default_rng(0).standard_normal((3, 4, 4))

class Net(keras.Model):
    def __init__(self):
        super().__init__()
{layers}

    def call(self, x):
{body}
"""
IMAGES = (
    "self.conv1 = nn.Conv2d(3, 4, 3, padding=1)",
    "self.bn1 = nn.BatchNorm2d(4)",
    "self.conv2 = nn.Conv2d(4, 6, 3, stride=2, padding=1)",
    "self.bn2 = nn.BatchNorm2d(6)",
    "self.fc = nn.Linear(96, 5)",
)
IMAGES_CALLED = (
    "x = F.relu(self.bn1(self.conv1(x)))",
    "x = F.relu(self.bn2(self.conv2(x)))",
    "return self.fc(x.flatten(1))",
)
KERAS_IMAGES = {
    "conv1": "self.conv1 = keras.layers.Conv2D(4, 3, padding='same')",
    "bn1": "self.bn1 = keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5)",
    "pad": "self.pad = keras.layers.ZeroPadding2D(1)",
    "conv2": "self.conv2 = keras.layers.Conv2D(6, 3, strides=2)",
    "bn2": "self.bn2 = keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5)",
    "fc": "self.fc = keras.layers.Dense(5)",
}
KERAS_IMAGES_CALLED = (
    "x = tf.nn.relu(self.bn1(self.conv1(x)))",
    "x = tf.nn.relu(self.bn2(self.conv2(self.pad(x))))",
    "x = tf.transpose(x, [0, 3, 1, 2])",
    "return self.fc(tf.reshape(x, [tf.shape(x)[0], -1]))",
)
DENSE = ("self.fc1 = nn.Linear(4, 6)", "self.fc2 = nn.Linear(6, 5)", "self.fc3 = nn.Linear(5, 3)")
DENSE_CALLED = (
    "x = torch.tanh(self.fc1(x))",
    "x = F.gelu(self.fc2(x))",
    "return self.fc3(x)",
)
KERAS_DENSE = (
    "self.fc1 = keras.layers.Dense(6, activation='tanh')",
    "self.fc2 = keras.layers.Dense(5)",
    "self.fc3 = keras.layers.Dense(3)",
)
KERAS_DENSE_CALLED = (
    "x = self.fc1(x)",
    "x = keras.activations.gelu(self.fc2(x), approximate=False)",
    "return self.fc3(x)",
)
SQUARE = (
    "self.fc = nn.Linear(4, 4)",
    "self.fc.weight.data = torch.tensor(DRAWN[0], dtype=self.fc.weight.dtype)",
)
GATES = (
    *(f"self.{gate}{way} = nn.Linear(4, 4)" for gate in "rzn" for way in "xh"),
    "self.out = nn.Linear(4, 2)",
)
KERAS_GATES = (
    *(f"self.{gate}{way} = keras.layers.Dense(4)" for gate in "rzn" for way in "xh"),
    "self.out = keras.layers.Dense(2)",
)


def _recurrent(sigmoid, tanh, zeros, keep, new):
    return (
        f"h = {zeros}(x[:, 0])",
        "for step in range(3):",
        "    now = x[:, step]",
        f"    r = {sigmoid}(self.rx(now) + self.rh(h))",
        f"    z = {sigmoid}(self.zx(now) + self.zh(h))",
        f"    n = {tanh}(self.nx(now) + r * self.nh(h))",
        f"    h = {keep} * h + {new} * n",
        "return self.out(h)",
    )


@dataclass(frozen=True)
class Wrong:
    """A pair of which the Keras side is wrong; `layers` are those of which one has to be named, `word` the reason."""

    name: str
    torch: tuple[str, ...]
    torch_called: tuple[str, ...]
    keras: tuple[str, ...]
    keras_called: tuple[str, ...]
    stage: str
    layer: str
    word: str = ""
    after: str | None = None
    options: tuple[tuple[str, object], ...] = ()


def _images(**changed):
    return tuple({**KERAS_IMAGES, **changed}.values())


WRONG = (
    Wrong(
        "transposed kernel",
        SQUARE,
        ("return self.fc(x)",),
        (
            "self.fc = keras.layers.Dense(4)",
            "self.fc.build((None, 4))",
            "self.fc.kernel.assign(DRAWN[0])",
        ),
        ("return self.fc(x)",),
        "weights",
        "fc",
        "copied as it is",
        options=(("keep_weights", True),),
    ),
    Wrong(
        "swapped gates",
        GATES,
        _recurrent("torch.sigmoid", "torch.tanh", "torch.zeros_like", "z", "(1 - z)"),
        KERAS_GATES,
        _recurrent("tf.sigmoid", "tf.tanh", "tf.zeros_like", "(1 - z)", "z"),
        "outputs",
        "rh",
        after="rx",
        options=(("inputs", "4x3x4"),),
    ),
    Wrong(
        "swapped gates of a layer",
        (
            "self.gru = nn.GRU(4, 4, batch_first=True)",
            "for name, values in self.gru.named_parameters():",
            "    drawn = torch.tensor(DRAWN.reshape(12, 4)).to(values.dtype)",
            "    values.data = drawn if name.startswith('weight') else torch.zeros_like(values)",
        ),
        ("return self.gru(x)[0]",),
        (
            "self.gru = keras.layers.GRU(4, return_sequences=True)",
            "self.gru.build((None, 3, 4))",
            "self.gru.cell.kernel.assign(DRAWN.reshape(12, 4).T)",
            "self.gru.cell.recurrent_kernel.assign(DRAWN.reshape(12, 4).T)",
        ),
        ("return self.gru(x)",),
        "weights",
        "gru",
        "gates",
        options=(("keep_weights", True), ("inputs", "4x3x4")),
    ),
    Wrong(
        "eps",
        IMAGES,
        IMAGES_CALLED,
        _images(bn2="self.bn2 = keras.layers.BatchNormalization(momentum=0.9)"),
        KERAS_IMAGES_CALLED,
        "outputs",
        "bn2",
        "eps",
    ),
    Wrong(
        "momentum",
        IMAGES,
        IMAGES_CALLED,
        _images(bn1="self.bn1 = keras.layers.BatchNormalization(epsilon=1e-5)"),
        KERAS_IMAGES_CALLED,
        "statistics",
        "bn1",
        "momentum",
    ),
    Wrong(
        "padding",
        IMAGES,
        IMAGES_CALLED,
        _images(
            pad="self.pad = keras.layers.Identity()",
            conv2="self.conv2 = keras.layers.Conv2D(6, 3, strides=2, padding='same')",
        ),
        KERAS_IMAGES_CALLED,
        "outputs",
        "conv2",
        "pad",
    ),
    Wrong(
        "flatten order",
        IMAGES,
        IMAGES_CALLED,
        _images(),
        (*KERAS_IMAGES_CALLED[:2], *KERAS_IMAGES_CALLED[3:]),
        "outputs",
        "fc",
        "another order",
        after="bn2",
    ),
    Wrong(
        "softmax axis",
        ("self.fc1 = nn.Linear(4, 6)", "self.fc2 = nn.Linear(6, 5)"),
        ("return self.fc2(F.softmax(self.fc1(x), dim=1))",),
        ("self.fc1 = keras.layers.Dense(6)", "self.fc2 = keras.layers.Dense(5)"),
        ("return self.fc2(tf.nn.softmax(self.fc1(x)))",),
        "outputs",
        "fc2",
        "softmax over axis 1",
        after="fc1",
        options=(("inputs", "4x3x4"),),
    ),
    Wrong(
        "missing bias",
        DENSE,
        DENSE_CALLED,
        (KERAS_DENSE[0], "self.fc2 = keras.layers.Dense(5, use_bias=False)", KERAS_DENSE[2]),
        KERAS_DENSE_CALLED,
        "weights",
        "fc2",
        "bias",
    ),
    Wrong(
        "wrong activation",
        DENSE,
        DENSE_CALLED,
        KERAS_DENSE,
        ("x = self.fc1(x)", "x = keras.activations.relu(self.fc2(x))", "return self.fc3(x)"),
        "outputs",
        "fc3",
        "relu",
        after="fc2",
    ),
    Wrong(
        "wrong activation in a layer",
        DENSE,
        DENSE_CALLED,
        ("self.fc1 = keras.layers.Dense(6, activation='sigmoid')", *KERAS_DENSE[1:]),
        KERAS_DENSE_CALLED,
        "outputs",
        "fc2",
        "sigmoid",
        after="fc1",
    ),
    Wrong(
        "frozen layer",
        DENSE,
        DENSE_CALLED,
        (*KERAS_DENSE, "self.fc2.trainable = False"),
        KERAS_DENSE_CALLED,
        "gradients",
        "fc2",
        "trained on one side only",
    ),
)


def write(folder, wrong):
    paths = []
    for name, form, layers, body in (
        ("net.py", TORCH, wrong.torch, wrong.torch_called),
        ("net_tf.py", KERAS, wrong.keras, wrong.keras_called),
    ):
        lines = ["\n".join(f"        {line}" for line in part) for part in (layers, body)]
        paths.append(folder / name)
        paths[-1].write_text(form.format(layers=lines[0], body=lines[1]))
    return paths


@pytest.mark.parametrize("back", (False, True), ids=("to keras", "to torch"))
@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.name)
def test_a_wrong_port_is_caught_and_its_layer_named(wrong, back, tmp_path, pool):
    paths = write(tmp_path, wrong)
    found = verify(*(paths[::-1] if back else paths), pool=pool, steps=2, **dict(wrong.options))
    assert found.failure is None
    assert not found.agree
    fault = found.fault
    assert fault is not None
    assert (fault.stage, fault.source) == (wrong.stage, wrong.layer), fault
    assert wrong.after == (fault.after[0] if fault.after else None), fault
    assert wrong.word in " ".join((fault.summary, *fault.reasons)), fault
    assert wrong.stage == "weights" or any(row.verdict is Verdict.DIFFER for row in found.checks)


@pytest.mark.parametrize("back", (False, True), ids=("to keras", "to torch"))
def test_the_right_ports_of_the_same_agree(back, tmp_path, pool):
    for part, torch, called, keras, keras_called in (
        ("images", IMAGES, IMAGES_CALLED, _images(), KERAS_IMAGES_CALLED),
        ("dense", DENSE, DENSE_CALLED, KERAS_DENSE, KERAS_DENSE_CALLED),
    ):
        folder = tmp_path / part
        folder.mkdir()
        paths = write(folder, Wrong(part, torch, called, keras, keras_called, "", ""))
        found = verify(*(paths[::-1] if back else paths), pool=pool, steps=3, optimizer="adam")
        assert found.agree, found
