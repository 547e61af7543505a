"""Learning rates: read, set, and moved by schedules."""

from __future__ import annotations

from translator import convert

from .rows import flagged, rows, to_tensorflow

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
