"""`--exact` follows the source's optimizer: twenty steps in float64, number by number."""

from __future__ import annotations

import numpy as np
import pytest

from translator import convert
from translator.knowledge.records import Layer
from translator.knowledge.registry import ENTRIES
from translator.pipeline import other
from translator.proof.wire import Message

TOLERANCE = 1e-9
TORCH = """
import torch

target = torch.tensor([3.0, -1e-3, 0.5], dtype=torch.float64)
w = torch.tensor([1.0, 1e-3, -2.0], dtype=torch.float64, requires_grad=True)
optimizer = torch.optim.{optimizer}
for step in range(20):
    loss = torch.sum((w - target) ** 2 * target ** 2)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(f"{{loss.item():.15e}}")
"""
TENSORFLOW = """
import keras
import tensorflow as tf

target = tf.constant([3.0, -1e-3, 0.5], dtype=tf.float64)
w = tf.Variable([1.0, 1e-3, -2.0], dtype=tf.float64)
optimizer = keras.optimizers.{optimizer}
for step in range(20):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum((w - target) ** 2 * target ** 2)
    gradients = tape.gradient(loss, [w])
    optimizer.apply_gradients(zip(gradients, [w]))
    print(f"{{loss.numpy():.15e}}")
"""


IN_64_BITS = {
    "torch": "import torch\ntorch.set_default_dtype(torch.{})\n",
    "tensorflow": "import keras\nkeras.config.set_floatx('{}')\n",
}
"""Both sides hold rates and some of their state in the default type."""
CASES = [
    *(
        (TORCH, text)
        for text in (
            "SGD([w], lr=0.06)",
            "SGD([w], lr=0.0625, momentum=0.9, dampening=0.5, weight_decay=0.01)",
            "SGD([w], lr=0.0625, momentum=0.9, nesterov=True)",
            "Adam([w], lr=0.125)",
            "Adam([w], 0.125, (0.5, 0.9), 1e-3, 0.01, True)",
            "AdamW([w], lr=0.125)",
            "AdamW([w], lr=0.125, betas=(0.8, 0.9), eps=1e-4, weight_decay=0.1, amsgrad=True)",
            "RMSprop([w], lr=0.125)",
            "RMSprop([w], 0.125, 0.9, 1e-3, weight_decay=0.1, momentum=0.5, centered=True)",
            "Adamax([w], lr=0.125)",
            "Adamax([w], 0.125, (0.8, 0.9), 1e-2, 0.1)",
            "NAdam([w], lr=0.125)",
            "NAdam([w], 0.125, (0.8, 0.9), 1e-3, 0.1, momentum_decay=0.1)",
            "NAdam([w], 0.125, weight_decay=0.1, decoupled_weight_decay=True)",
            "RAdam([w], lr=0.125)",
            "RAdam([w], 0.125, (0.8, 0.75), 1e-3, 0.1)",
            "RAdam([w], 0.125, (0.8, 0.9), weight_decay=0.1, decoupled_weight_decay=True)",
            "Adagrad([w], lr=0.125)",
            "Adagrad([w], 0.125, 0.1, 0.1, 0.5, 1e-3)",
            "Adadelta([w])",
            "Adadelta([w], 0.5, 0.8, 1e-3, 0.1)",
            "ASGD([w], lr=0.125, lambd=0.01, weight_decay=0.1)",
            "Rprop([w], lr=0.125)",
            "Rprop([w], 0.125, (0.3, 1.5), (1e-3, 0.5))",
            "Adafactor([w], lr=0.125)",
            "Adafactor([w], 0.125, -0.5, (1e-2, 1e-1), 1.5, 0.1)",
        )
    ),
    *(
        (TENSORFLOW, text)
        for text in (
            "SGD(0.0625)",
            "SGD(0.06, momentum=0.9, weight_decay=0.1)",
            "SGD(0.06, momentum=0.9, nesterov=True)",
            "Adam(0.1)",
            "Adam(0.125, 0.5, 0.75, epsilon=1e-3, amsgrad=True, weight_decay=0.125)",
            "AdamW(0.1)",
            "RMSprop(0.1)",
            "RMSprop(0.125, rho=0.8, momentum=0.5, epsilon=1e-3, centered=True, weight_decay=0.125)",
            "Adamax(0.1)",
            "Adamax(0.125, 0.5, 0.75, epsilon=0.0625, weight_decay=0.125)",
            "Nadam(0.1)",
            "Nadam(0.125, 0.5, 0.75, epsilon=0.0625, weight_decay=0.125)",
            "Adagrad(0.1)",
            "Adagrad(0.125, 0.5, epsilon=0.0625, weight_decay=0.125)",
            "Adadelta(1.0, rho=0.9)",
            "Adadelta(0.5, 0.75, epsilon=0.0625, weight_decay=0.125)",
            "Adafactor(0.1)",
            "Adafactor(0.125, -0.5, 0.0625, 0.125, clip_threshold=0.5, weight_decay=0.125)",
            "Lion(0.125, beta_1=0.75, beta_2=0.875, weight_decay=0.125)",
            "Lamb(0.1)",
            "Ftrl(0.125, -0.75, 0.125, 0.125, 0.25, 0.5, 0.0625)",
            "SGD(0.0625, clipvalue=0.125)",
            "SGD(0.0625, momentum=0.875, clipnorm=0.125)",
            "Adam(0.125, beta_1=0.875, beta_2=0.9375, global_clipnorm=0.125)",
        )
    ),
]


@pytest.mark.parametrize(("program", "optimizer"), CASES)
def test_the_path_is_the_same(program, optimizer, pool):
    source = program.format(optimizer=optimizer)
    side = "torch" if program is TORCH else "tensorflow"
    result = convert(source, exact=True)
    assert result.complete, result.findings
    expected, actual = losses(pool, side, source), losses(pool, other(side), result.code)
    assert len(expected) == 20
    np.testing.assert_allclose(actual, expected, rtol=TOLERANCE, atol=0)


def losses(pool, side, program):
    default = IN_64_BITS[side]
    program = default.format("float64") + program + default.format("float32")
    job = Message({"job": "script", "program": program, "seed": 0})
    return [float(line) for line in pool.ask(side, job).header["printed"].split()]


def test_every_exact_form_is_among_them():
    written = [convert(program.format(optimizer=text), exact=True).code for program, text in CASES]
    records = [entry.record for entry in ENTRIES if isinstance(entry.record, Layer)]
    optimizers = [record for record in records if record.title.startswith("torch.optim.")]
    assert optimizers
    for form in [form for record in optimizers for form in record.exact]:
        name = form.spellings(form.side)[0].partition("(")[0]
        assert any(f"class {name}(" in code for code in written)
