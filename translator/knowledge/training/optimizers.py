"""Optimizers."""

from __future__ import annotations

from translator.knowledge.cases import script
from translator.knowledge.lenses import fixed, only, same
from translator.knowledge.records import Layer, Record
from translator.knowledge.training import exact

SGD = Layer(
    torch=exact.SGD,
    tf=(
        exact.KERAS_SGD,
        "'sgd'",
        "'SGD'",
    ),
    args=(
        only("torch", "params", "given to apply_gradients"),
        same("lr", "learning_rate"),
        same("momentum"),
        same("nesterov"),
        fixed("torch", "dampening", "0.0"),
        fixed("torch", "weight_decay", "0.0"),
        fixed("tensorflow", "weight_decay", "None"),
        *exact.COMMON,
    ),
    differs="The default rates differ (0.001 and 0.01). torch's optimizer knows its parameters from the start, Keras's "
    "is handed them with their gradients. With momentum both follow the same path as long as the rate is constant.",
    naive="SGD(momentum=0.9) under a schedule",
    error="5e-01 after the rate drops",
    words="stochastic gradient descent optimizer sgd weight decay dampening",
    exact=exact.SGD_FORMS,
    steady=("momentum",),
    cases=(
        script(
            """
import torch

w = torch.tensor([1.0, -2.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9)
for step in range(20):
    loss = ((w - 3.0) ** 2).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(f"{loss.item():.6f}")
"""
        ),
        script(
            """
import keras
import tensorflow as tf

w = tf.Variable([1.0, -2.0])
optimizer = keras.optimizers.SGD(learning_rate=0.1, momentum=0.9)
for step in range(20):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum((w - 3.0) ** 2)
    gradients = tape.gradient(loss, [w])
    optimizer.apply_gradients(zip(gradients, [w]))
    print(f"{loss.numpy():.6f}")
""",
            side="tensorflow",
        ),
    ),
)

RECORDS: tuple[Record, ...] = (SGD,)
