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


# Keras rounds rates and momenta to float32 whatever the variables are: its numbers here are exact in that.
CASES = [
    *(
        (TORCH, text)
        for text in (
            "SGD([w], lr=0.0625)",
            "SGD([w], lr=0.0625, momentum=0.9, dampening=0.5, weight_decay=0.01)",
            "SGD([w], lr=0.0625, momentum=0.9, nesterov=True)",
            "Adam([w], lr=0.125)",
            "Adam([w], 0.125, (0.5, 0.9), 1e-3, 0.01, True)",
            "AdamW([w], lr=0.125)",
            "AdamW([w], lr=0.125, betas=(0.8, 0.9), eps=1e-4, weight_decay=0.1, amsgrad=True)",
            "RMSprop([w], lr=0.125)",
            "RMSprop([w], 0.125, 0.9, 1e-3, weight_decay=0.1, momentum=0.5, centered=True)",
        )
    ),
    *(
        (TENSORFLOW, text)
        for text in (
            "SGD(0.0625)",
            "SGD(0.0625, momentum=0.875, weight_decay=0.125)",
            "SGD(0.0625, momentum=0.875, nesterov=True)",
            "Adam(0.125, beta_1=0.875, beta_2=0.9375)",
            "Adam(0.125, 0.5, 0.75, epsilon=1e-3, amsgrad=True, weight_decay=0.125)",
            "AdamW(0.125, beta_1=0.875, beta_2=0.9375, weight_decay=0.0625)",
            "RMSprop(0.125)",
            "RMSprop(0.125, rho=0.8, momentum=0.5, epsilon=1e-3, centered=True, weight_decay=0.125)",
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
