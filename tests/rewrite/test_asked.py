"""Gradients that `torch.autograd.grad` returns: tapes in one another where they are differentiated again."""

from __future__ import annotations

from .rows import TORCH, flagged, rows, text, to_tensorflow

ONE = "model = nn.Linear(1, 1)\nopt = optim.SGD(model.parameters(), lr=0.1)\nx = torch.rand(8, 1)\n"
THERE = """
import keras
import tensorflow as tf

model = keras.layers.Dense(1)
opt = keras.optimizers.SGD(learning_rate=0.1)
x = tf.random.uniform([8, 1])
"""


def asked(body: str, expected: str) -> list:
    """A program around one model and optimizer."""
    return to_tensorflow(TORCH + ONE + text(body), THERE + text(expected))


@rows(
    # A gradient penalty: the tensor is watched, and the tape around records the gradient.
    asked("""
        def penalty(model, a, b):
            mixed = (0.5 * a + 0.5 * b).requires_grad_(True)
            scores = model(mixed)
            gradients = torch.autograd.grad(
                outputs=scores, inputs=mixed, grad_outputs=torch.ones_like(scores),
                create_graph=True, retain_graph=True, only_inputs=True,
            )[0]
            return ((gradients.norm(2, dim=1) - 1) ** 2).mean()
        for i in range(3):
            opt.zero_grad()
            loss = model(x).mean() + penalty(model, x, x + 1)
            loss.backward()
            opt.step()
        """, """
        def penalty(model, a, b):
            mixed = 0.5 * a + 0.5 * b
            with tf.GradientTape() as tape:
                tape.watch(mixed)
                scores = model(mixed)
            gradients = tape.gradient(scores, mixed)
            return tf.reduce_mean((tf.norm(gradients, axis=1) - 1) ** 2)
        for i in range(3):
            with tf.GradientTape() as tape_2:
                loss = tf.reduce_mean(model(x)) + penalty(model, x, x + 1)
            gradients_2 = tape_2.gradient(loss, model.trainable_variables)
            opt.apply_gradients(zip(gradients_2, model.trainable_variables))
        """),
    # Derivatives of the second order, in one block with the step.
    asked("""
        def train(points):
            points.requires_grad_(True)
            opt.zero_grad()
            u = model(points)
            du = torch.autograd.grad(u, points, torch.ones_like(u), create_graph=True)[0]
            ddu = torch.autograd.grad(du, points, torch.ones_like(du), create_graph=True)[0]
            loss = (ddu + u).pow(2).mean()
            loss.backward()
            opt.step()
        train(x)
        """, """
        def train(points):
            with tf.GradientTape() as tape:
                with tf.GradientTape() as tape_2:
                    tape_2.watch(points)
                    with tf.GradientTape() as tape_3:
                        tape_3.watch(points)
                        u = model(points)
                    du = tape_3.gradient(u, points)
                ddu = tape_2.gradient(du, points)
                loss = tf.reduce_mean(tf.pow(ddu + u, 2))
            gradients = tape.gradient(loss, model.trainable_variables)
            opt.apply_gradients(zip(gradients, model.trainable_variables))
        train(x)
        """),
    # Weights of the sum, and what is returned at once.
    asked("""
        def product(v):
            w = (v * 1).requires_grad_()
            y = w ** 2
            return torch.autograd.grad(y, w, grad_outputs=v, create_graph=True)[0]
        print(product(x))
        """, """
        def product(v):
            w = v * 1
            with tf.GradientTape() as tape:
                tape.watch(w)
                y = w ** 2
            return tape.gradient(y, w, output_gradients=v)
        print(product(x))
        """),
    # What the tape would not see.
    flagged(ONE + "def slope(u, v):\n    return torch.autograd.grad(u, v, create_graph=True)[0]\nx.requires_grad_()\nprint(slope(model(x).sum(), x))", at="autograd.grad"),
    flagged(ONE + "x.requires_grad_()\nu = model(x).sum()\nprint(torch.autograd.grad(u, x)[0])", at="autograd.grad"),
    flagged(ONE + "def f(v):\n    w = (v * 1).requires_grad_()\n    y = w ** 2\n    g = torch.autograd.grad(y.sum(), w, is_grads_batched=True)[0]\n    return g\nprint(f(x))", at="autograd.grad"),
)  # fmt: skip
def test_gradients_that_are_asked_for(case):
    case.check()
