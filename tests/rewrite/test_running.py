"""Gradients that add up over several backward passes before one step: sums of what tapes return, or a finding."""

from __future__ import annotations

from translator import convert

from .rows import TORCH, flagged, rows, text, to_tensorflow

ONE = "model = nn.Linear(3, 1)\nopt = optim.SGD(model.parameters(), lr=0.1)\nx, y = torch.ones(2, 3), torch.ones(2, 1)\n"
BEFORE = '''
import keras
import tensorflow as tf


def added(total, gradients):
    """The sum of gradients, where `total` is None before the first of them."""
    if total is None:
        return gradients
    return [new if old is None else old if new is None else tf.add(old, new) for old, new in zip(total, gradients)]


model = keras.layers.Dense(1)
opt = keras.optimizers.SGD(learning_rate=0.1)
x, y = tf.ones([2, 3]), tf.ones([2, 1])
'''


def sums(body: str, expected: str) -> list:
    """A program around one model and optimizer."""
    return to_tensorflow(TORCH + ONE + text(body), BEFORE + text(expected))


@rows(
    sums("""
        for i in range(3):
            loss = model(x).sum()
            loss.backward()
            opt.step()
        """, """
        accumulated = None
        for i in range(3):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(model(x))
            accumulated = added(accumulated, tape.gradient(loss, model.trainable_variables))
            opt.apply_gradients(zip(accumulated, model.trainable_variables))
        """),
    sums("""
        for i in range(30):
            loss = model(x).sum() / 4
            loss.backward()
            if i % 4 == 3:
                opt.step()
                opt.zero_grad()
        """, """
        accumulated = None
        for i in range(30):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(model(x)) / 4
            accumulated = added(accumulated, tape.gradient(loss, model.trainable_variables))
            if i % 4 == 3:
                opt.apply_gradients(zip(accumulated, model.trainable_variables))
                accumulated = None
        """),
    sums("""
        for i in range(30):
            if i % 4 == 0:
                opt.zero_grad()
            loss = model(x).sum() / 4
            loss.backward()
            opt.step()
        """, """
        accumulated = None
        for i in range(30):
            if i % 4 == 0:
                accumulated = None
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(model(x)) / 4
            accumulated = added(accumulated, tape.gradient(loss, model.trainable_variables))
            opt.apply_gradients(zip(accumulated, model.trainable_variables))
        """),
    sums("""
        for epoch in range(3):
            opt.zero_grad()
            for i in range(4):
                loss = model(x).sum() / 4
                loss.backward()
            opt.step()
        """, """
        for epoch in range(3):
            accumulated = None
            for i in range(4):
                with tf.GradientTape() as tape:
                    loss = tf.reduce_sum(model(x)) / 4
                accumulated = added(accumulated, tape.gradient(loss, model.trainable_variables))
            opt.apply_gradients(zip(accumulated, model.trainable_variables))
        """),
    sums("""
        loss = model(x).sum()
        loss.backward()
        loss = model(x).mean()
        loss.backward()
        opt.step()
        """, """
        accumulated = None
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(model(x))
        accumulated = added(accumulated, tape.gradient(loss, model.trainable_variables))
        with tf.GradientTape() as tape_2:
            loss = tf.reduce_mean(model(x))
        accumulated = added(accumulated, tape_2.gradient(loss, model.trainable_variables))
        opt.apply_gradients(zip(accumulated, model.trainable_variables))
        """),
    sums("""
        for i in range(3):
            opt.zero_grad()
            loss = model(x).sum()
            loss.backward()
            loss = model(x * 2).mean()
            loss.backward()
            opt.step()
        """, """
        for i in range(3):
            accumulated = None
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(model(x))
            accumulated = added(accumulated, tape.gradient(loss, model.trainable_variables))
            with tf.GradientTape() as tape_2:
                loss = tf.reduce_mean(model(x * 2))
            accumulated = added(accumulated, tape_2.gradient(loss, model.trainable_variables))
            opt.apply_gradients(zip(accumulated, model.trainable_variables))
        """),
    sums("""
        for i in range(3):
            opt.zero_grad()
            try:
                loss = model(x).sum()
                loss.backward()
            except RuntimeError:
                continue
            opt.step()
        """, """
        for i in range(3):
            accumulated = None
            try:
                with tf.GradientTape() as tape:
                    loss = tf.reduce_sum(model(x))
                accumulated = added(accumulated, tape.gradient(loss, model.trainable_variables))
            except RuntimeError:
                continue
            opt.apply_gradients(zip(accumulated, model.trainable_variables))
        """),
    sums("""
        def train(batches):
            opt.zero_grad()
            for batch in batches:
                loss = model(batch).sum() / 4
                loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
        """, """
        def train(batches):
            accumulated = None
            for batch in batches:
                with tf.GradientTape() as tape:
                    loss = tf.reduce_sum(model(batch)) / 4
                accumulated = added(accumulated, tape.gradient(loss, model.trainable_variables))
            accumulated, _ = tf.clip_by_global_norm(accumulated, 1.0)
            opt.apply_gradients(zip(accumulated, model.trainable_variables))
        """),
    sums("""
        def train(batches):
            opt.zero_grad()
            for i, batch in enumerate(batches):
                loss = model(batch).sum() / 4
                loss.backward()
                if (i + 1) % 4 == 0:
                    nn.utils.clip_grad_value_(model.parameters(), 1.0)
                    opt.step()
                    model.zero_grad()
        """, """
        def train(batches):
            accumulated = None
            for i, batch in enumerate(batches):
                with tf.GradientTape() as tape:
                    loss = tf.reduce_sum(model(batch)) / 4
                accumulated = added(accumulated, tape.gradient(loss, model.trainable_variables))
                if (i + 1) % 4 == 0:
                    accumulated = [tf.clip_by_value(g, -1.0, 1.0) for g in accumulated]
                    opt.apply_gradients(zip(accumulated, model.trainable_variables))
                    accumulated = None
        """),
    # What one call leaves is there in the next.
    flagged(ONE + text("""
        def train(batches):
            for i, batch in enumerate(batches):
                loss = model(batch).sum() / 4
                loss.backward()
                if (i + 1) % 4 == 0:
                    opt.step()
                    opt.zero_grad()
        """), at="backward"),
    flagged(ONE + text("""
        def train(batches):
            if len(batches) > 1:
                opt.zero_grad()
            for batch in batches:
                loss = model(batch).sum() / 4
                loss.backward()
            opt.step()
        """), at="backward"),
    # What is zeroed is not all that steps.
    flagged(ONE + text("""
        for epoch in range(3):
            model.weight.grad = None
            for i in range(4):
                loss = model(x).sum() / 4
                loss.backward()
            opt.step()
        """), at="backward"),
)  # fmt: skip
def test_running_sums(case):
    case.check()


CLIPPED = text("""
    model = nn.Sequential(nn.Embedding(5, 3), nn.Linear(3, 1))
    opt = optim.SGD(model.parameters(), lr=0.1)
    opt.zero_grad()
    loss = model(torch.tensor([1, 1, 2])).sum()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 0.5)
    opt.step()
    """)


def test_rows_that_are_looked_up_twice_are_added_up():
    code = convert(TORCH + CLIPPED).code
    assert "gradients = dense(tape.gradient(loss, model.trainable_variables))" in code
    assert "gradients, _ = tf.clip_by_global_norm(gradients, 0.5)" in code


def test_clipping_is_followed_exactly():
    result = convert(TORCH + CLIPPED, exact=True)
    assert result.complete
    assert "gradients, _ = clip_grad_norm(gradients, 0.5)" in result.code
    assert "max_norm / (norm + 1e-6)" in result.code
