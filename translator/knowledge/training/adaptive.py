"""Optimizers with a rate for each parameter: Adam and its kin, Adagrad, Adadelta, RMSprop."""

from __future__ import annotations

from translator.knowledge.cases import Case, script
from translator.knowledge.lenses import (
    Lens,
    elements,
    fixed,
    only,
    same,
    squared,
)
from translator.knowledge.records import Layer, Record
from translator.knowledge.training import exact

_ADAM_EPSILON = (
    "Keras adds epsilon before the bias correction and torch after it. With gradients near 1 the weights part by 5e-06 "
    "in 20 steps, with gradients near 1e-06 by 2e-02."
)


_ROOT = (
    "torch divides by sqrt(v) + eps and Keras by sqrt(v + epsilon), for which eps squared is the nearest epsilon. They "
    "part where gradients are about as small as eps: with Keras's own 1e-07, losses near 10 by 2e-05 in 20 steps."
)


def common(*decay: Lens) -> tuple[Lens, ...]:
    """What all of them take; torch adds its weight decay to the gradients, Keras takes it off the weights."""
    decays = decay or (
        fixed("torch", "weight_decay", "0.0"),
        fixed("tensorflow", "weight_decay", "None"),
    )
    return (
        only("torch", "params", "given to apply_gradients"),
        same("lr", "learning_rate"),
        *decays,
        *exact.COMMON,
    )


AROUND = (fixed("torch", "weight_decay", "0.0"), exact.DECAY)
"""For an optimizer around which Keras's weight decay is put."""


def cases(torch: str, keras: str) -> tuple[Case, ...]:
    """Twenty printed losses of a least squares problem, from either side."""
    return (
        script(
            f"""
import torch

w = torch.tensor([1.0, -2.0], requires_grad=True)
optimizer = torch.optim.{torch}
for step in range(20):
    loss = ((w - 3.0) ** 2).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(f"{{loss.item():.4f}}")
"""
        ),
        script(
            f"""
import keras
import tensorflow as tf

w = tf.Variable([1.0, -2.0])
optimizer = keras.optimizers.{keras}
for step in range(20):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum((w - 3.0) ** 2)
    gradients = tape.gradient(loss, [w])
    optimizer.apply_gradients(zip(gradients, [w]))
    print(f"{{loss.numpy():.4f}}")
""",
            side="tensorflow",
        ),
    )


ADAM = Layer(
    torch=exact.ADAM,
    tf=(
        exact.KERAS_ADAM,
        "'adam'",
        "'Adam'",
    ),
    args=(
        *common(),
        *elements("betas", "beta_1", "beta_2"),
        same("eps", "epsilon"),
        same("amsgrad"),
    ),
    differs=f"{_ADAM_EPSILON} torch's weight_decay is added to the gradients, Keras's shrinks the weights as in AdamW.",
    training=_ADAM_EPSILON,
    naive="Adam(1e-2, weight_decay=0.1) for the same call of torch",
    error="9e-02 after 20 steps; with small gradients and Keras's own epsilon 6e-02",
    words="adam optimizer betas epsilon weight decay",
    exact=exact.ADAM_FORMS,
    cases=cases("Adam([w], lr=0.1, betas=(0.8, 0.99))", "Adam(learning_rate=0.1, beta_1=0.85)"),
)

ADAMW = Layer(
    torch=exact.ADAMW,
    tf=exact.KERAS_ADAMW,
    args=(
        *common(same("weight_decay")),
        *elements("betas", "beta_1", "beta_2"),
        same("eps", "epsilon"),
        same("amsgrad"),
    ),
    differs=f"{_ADAM_EPSILON} The default decay differs (0.01 and 0.004).",
    training=_ADAM_EPSILON,
    naive="AdamW(1e-2)",
    error="3e-02 after 20 steps",
    words="adamw decoupled weight decay optimizer",
    exact=exact.ADAMW_FORMS,
    cases=cases("AdamW([w], lr=0.1)", "AdamW(learning_rate=0.1, beta_2=0.99)"),
)

ADAMAX = Layer(
    torch=exact.ADAMAX,
    tf=(exact.KERAS_ADAMAX, "'adamax'", "'Adamax'"),
    args=(*common(*AROUND), *elements("betas", "beta_1", "beta_2"), same("eps", "epsilon")),
    differs="The default rates differ (0.002 and 0.001). torch adds epsilon to the size of the gradient before the "
    "largest is kept, Keras to that.",
    training="torch adds epsilon to the size of the gradient before the largest is kept, Keras to that: losses part by "
    "1e-07 of their size in 20 steps.",
    naive="Adamax()",
    error="5e-03 after 20 steps",
    words="adamax optimizer infinity norm",
    exact=exact.ADAMAX_FORMS,
    cases=cases("Adamax([w])", "Adamax(learning_rate=0.1, beta_1=0.8)"),
)

NADAM = Layer(
    torch=exact.NADAM,
    tf=(exact.KERAS_NADAM, "'nadam'", "'Nadam'"),
    args=(
        *common(*AROUND),
        *elements("betas", "beta_1", "beta_2"),
        same("eps", "epsilon"),
        fixed("torch", "momentum_decay", "1.0", "1"),
        fixed("torch", "decoupled_weight_decay", "False"),
    ),
    differs="Keras lets the momentum grow as torch does with momentum_decay=1.0, and torch by default 250 times more "
    "slowly: for anything but 1.0 a class that follows torch is written.",
    naive="Nadam(2e-3)",
    error="2e-02 after 20 steps",
    words="nadam nesterov adam optimizer",
    exact=exact.NADAM_FORMS,
    cases=cases("NAdam([w], lr=0.1, momentum_decay=1.0)", "Nadam(learning_rate=0.1, beta_1=0.8)"),
)

RMSPROP = Layer(
    torch=exact.RMSPROP,
    tf=(
        exact.KERAS_RMSPROP,
        "'rmsprop'",
        "'RMSprop'",
    ),
    args=(
        *common(),
        same("alpha", "rho"),
        squared("eps", "epsilon"),
        same("momentum"),
        same("centered"),
    ),
    differs="torch divides by sqrt(v) + eps, Keras by sqrt(v + epsilon): the nearest epsilon is torch's squared. The "
    "defaults of rate, decay and epsilon differ.",
    training=_ROOT,
    naive="RMSprop()",
    error="4e-01 after 20 steps",
    words="rmsprop optimizer alpha rho",
    exact=exact.RMSPROP_FORMS,
    steady=("momentum",),
    cases=cases("RMSprop([w], momentum=0.9)", "RMSprop(learning_rate=0.1, epsilon=1e-14)"),
)

ADAGRAD = Layer(
    torch=exact.ADAGRAD,
    tf=(exact.KERAS_ADAGRAD, "'adagrad'", "'Adagrad'"),
    args=(
        *common(*AROUND),
        fixed("torch", "lr_decay", "0.0", "0"),
        same("initial_accumulator_value"),
        squared("eps", "epsilon"),
    ),
    differs="torch divides by sqrt(sum) + eps, Keras by sqrt(sum + epsilon); the sums start at 0 and at 0.1.",
    training=_ROOT,
    naive="Adagrad(1e-2)",
    error="2e-02 after 20 steps",
    words="adagrad optimizer accumulator",
    exact=exact.ADAGRAD_FORMS,
    cases=cases("Adagrad([w], lr=0.5)", "Adagrad(learning_rate=0.5, epsilon=1e-14)"),
)

ADADELTA = Layer(
    torch=exact.ADADELTA,
    tf=(exact.KERAS_ADADELTA, "'adadelta'", "'Adadelta'"),
    args=(*common(*AROUND), same("rho"), same("eps", "epsilon")),
    differs="The formula is one; the defaults of rate, decay and epsilon differ.",
    naive="Adadelta()",
    error="7e-02 after 20 steps",
    words="adadelta optimizer rho",
    exact=exact.ADADELTA_FORMS,
    cases=cases("Adadelta([w])", "Adadelta(learning_rate=1.0)"),
)

RECORDS: tuple[Record, ...] = (ADAM, ADAMW, ADAMAX, NADAM, RMSPROP, ADAGRAD, ADADELTA)
