"""Learning rates: read, set, and moved by schedules."""

from __future__ import annotations

import pytest

from translator import convert
from translator.rewrite.constructs import optimizers

from .rows import flagged, rows, to_tensorflow, to_torch

TORCH = """
import torch
from torch import nn

model = nn.Linear(3, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
"""
KERAS = """
import keras

model = keras.layers.Dense(1)
optimizer = keras.optimizers.SGD(learning_rate=0.1)
"""
MODEL = "import keras\nmodel = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\n"
FIT = "model.fit([[1.0, 2.0, 3.0]], [[1.0]])\n"
CLIPPED = f"import torch\nfrom torch import nn\n\n{optimizers._CLIPPED}\n\n"


def rated(torch: str, keras: str) -> list:
    """Lines below a model and its optimizer."""
    return to_tensorflow(TORCH.lstrip() + torch + "\n", KERAS.lstrip() + keras + "\n")


@rows(
    rated('print(optimizer.param_groups[0]["lr"])', "print(float(optimizer.learning_rate))"),
    rated('optimizer.param_groups[0]["lr"] = 0.5', "optimizer.learning_rate = 0.5"),
    rated("optimizer.param_groups[-1]['lr'] /= 2  # less", "optimizer.learning_rate /= 2  # less"),
    rated(
        'for group in optimizer.param_groups:\n    # half\n    group["lr"] = max(group["lr"] * 0.5, 1e-3)',
        "# half\noptimizer.learning_rate = max(float(optimizer.learning_rate) * 0.5, 1e-3)",
    ),
    rated(
        'print([g["lr"] for g in optimizer.param_groups])',
        "print([float(optimizer.learning_rate)])",
    ),
    to_tensorflow(
        "import torch\n\n\ndef f(optimizer, epoch):\n    for g in optimizer.param_groups:\n"
        '        g["lr"] = 0.1 * 0.5 ** (epoch // 30)\n    print(torch.ones(2))\n',
        "import tensorflow as tf\n\n\ndef f(optimizer, epoch):\n"
        "    optimizer.learning_rate = 0.1 * 0.5 ** (epoch // 30)\n    print(tf.ones([2]))\n",
    ),
    flagged(TORCH + 'optimizer.param_groups[1]["lr"] = 0.5', at="param_groups"),
    flagged(TORCH + 'optimizer.param_groups[0]["momentum"] = 0.5', at="param_groups"),
    flagged(
        TORCH + 'for g in optimizer.param_groups:\n    g["lr"] = 0.1\n    g["weight_decay"] = 0.0',
        at="param_groups",
    ),
    flagged(
        TORCH + 'for g in optimizer.param_groups:\n    g["lr"] = 0.1\n    break', at="param_groups"
    ),
)
def test_the_rate_is_an_attribute(case):
    case.check()


def test_momentum_under_a_schedule_is_followed_exactly():
    plain = TORCH.replace("lr=0.1", "lr=0.1, momentum=0.9")
    moved = plain + "scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 3)\n"
    assert "optimizer = keras.optimizers.SGD(" in convert(plain).code
    result = convert(moved)
    assert result.complete
    assert "optimizer = TorchSGD(" in result.code
    assert "class LRScheduler:" in result.code
    assert result.code.index("class LRScheduler") < result.code.index("class StepLR(LRScheduler)")


def test_momentum_under_a_rate_that_is_set_is_followed_exactly():
    source = """
import keras
import tensorflow as tf

w = tf.Variable([1.0, 2.0])
optimizer = keras.optimizers.SGD(0.1, momentum=0.9)
with tf.GradientTape() as tape:
    loss = tf.reduce_sum(w**2)
gradients = tape.gradient(loss, [w])
optimizer.apply_gradients(zip(gradients, [w]))
optimizer.learning_rate = 0.05
"""
    result = convert(source)
    assert result.complete, result.findings
    assert "optimizer = KerasSGD([w], 0.1, momentum=0.9)" in result.code
    assert 'optimizer.param_groups[0]["lr"] = 0.05' in result.code


SCHEDULE = """
import keras


class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, steps):
        super().__init__()
        self.steps = steps

    def __call__(self, step):
        return 0.1 * (step + 1) / self.steps

    def get_config(self):
        return {"steps": self.steps}


model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(WarmUp(4)), loss="mse")
"""


def test_a_schedule_of_keras_is_asked_before_each_step():
    result = convert(SCHEDULE)
    assert result.complete, result.findings
    assert "class WarmUp:\n    def __init__(self, steps):" in result.code
    assert "get_config" not in result.code
    line = "optimizer = scheduled(torch.optim.Adam(model.parameters(), eps=1e-07), WarmUp(4))"
    assert line in result.code


def test_quotes_inside_of_a_formatted_string_do_not_end_it():
    source = """
import keras
import tensorflow as tf

w = tf.Variable([1.0, 2.0])
optimizer = keras.optimizers.SGD(0.1)
with tf.GradientTape() as tape:
    loss = tf.reduce_sum(w**2)
optimizer.apply_gradients(zip(tape.gradient(loss, [w]), [w]))
print(f"rate {float(optimizer.learning_rate):.3f}")
"""
    result = convert(source)
    assert result.complete, result.findings
    assert """f"rate {float(optimizer.param_groups[0]['lr']):.3f}\"""" in result.code


@rows(
    to_torch(
        "import keras\n\nmodel = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\n"
        'model.compile(keras.optimizers.Adam(clipnorm=1.0), "mse")\n',
        CLIPPED
        + "model = nn.Sequential(nn.Linear(3, 1))\n"
        + "optimizer = clipped(torch.optim.Adam(model.parameters(), eps=1e-07), clipnorm=1.0)\n"
        + "criterion = nn.MSELoss()\n",
    ),
    flagged(
        "model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\n"
        'model.compile(keras.optimizers.Adam(use_ema=True), "mse")\n',
        at="use_ema",
        to="torch",
    ),
    flagged(TORCH + "torch.optim.Adam(model.parameters(), maximize=True)", at="maximize"),
    flagged(TORCH + "torch.optim.LBFGS(model.parameters())", at="LBFGS"),
)
def test_what_stands_around_an_optimizer(case):
    case.check()


CHOSEN = """
import torch
from torch import nn

model = nn.Linear(3, 1)


def build(net, name):
    if name == "adam":
        return torch.optim.SGD(net.parameters(), lr=0.1)
    return torch.optim.SGD(net.parameters(), lr=0.2)


{chosen}
for x, y in [(torch.ones(2, 3), torch.ones(2, 1))]:
    loss = ((model(x) - y) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
BRANCHES = """if input() == "a":
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
else:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
"""
OTHERS = BRANCHES.replace("model.parameters(), lr=0.2", "[model.weight], lr=0.2")


@pytest.mark.parametrize("chosen", ['optimizer = build(model, "adam")', BRANCHES])
def test_one_of_several_optimizers_takes_the_step(chosen):
    result = convert(CHOSEN.format(chosen=chosen))
    assert result.complete, result.findings
    assert "optimizer.apply_gradients(zip(gradients, model.trainable_variables))" in result.code


def test_optimizers_of_other_parameters_are_not_one():
    assert not convert(CHOSEN.format(chosen=OTHERS)).complete


def test_a_function_that_builds_an_optimizer_is_handed_what_it_trains():
    body = CHOSEN.partition("{chosen}")[2].replace("\n", "\n    ").replace("model(x)", "own(x)")
    head = 'def main():\n    own = nn.Linear(3, 1)\n    optimizer = build(own, "b")'
    result = convert(CHOSEN.partition("{chosen}")[0] + head + body.rstrip() + "\n")
    assert result.complete, result.findings
    assert "optimizer.apply_gradients(zip(gradients, own.trainable_variables))" in result.code


def test_one_of_several_optimizers_of_keras_is_built_with_what_it_trains():
    source = """
import keras
import tensorflow as tf

w = tf.Variable([1.0, 2.0])
if input() == "a":
    optimizer = keras.optimizers.SGD(0.1)
else:
    optimizer = keras.optimizers.Adadelta(0.1)
with tf.GradientTape() as tape:
    loss = tf.reduce_sum(w**2)
gradients = tape.gradient(loss, [w])
optimizer.apply_gradients(zip(gradients, [w]))
"""
    result = convert(source)
    assert result.complete, result.findings
    assert "    optimizer = torch.optim.SGD([w], 0.1)\n" in result.code
    assert "    optimizer = torch.optim.Adadelta([w], 0.1, rho=0.95, eps=1e-07)\n" in result.code


def test_names_of_older_versions():
    made = "keras.optimizers.SGD(lr=0.1)"
    source = f"{MODEL}optimizer = {made}\nmodel.compile(optimizer, 'mse')\n{FIT}"
    assert "torch.optim.SGD(model.parameters(), lr=0.1)" in convert(source).code
    source = f"{TORCH}s = torch.optim.lr_scheduler.StepLR(optimizer, 3, verbose=True)\n"
    assert "s = StepLR(optimizer, 3)\n" in convert(source).code


def test_an_optimizer_by_its_name():
    source = (
        f"{MODEL}optimizer = keras.optimizers.get('adam')\nmodel.compile(optimizer, 'mse')\n{FIT}"
    )
    assert "optimizer = torch.optim.Adam(model.parameters(), eps=1e-07)" in convert(source).code
