"""Tensors that are split into pieces of one size."""

from __future__ import annotations

from translator import convert

from .rows import flagged, rows, to_tensorflow


@rows(
    to_tensorflow(
        """
        import torch
        from torch import nn


        class Net(nn.Module):
            def __init__(self, n):
                super().__init__()
                self.n = n
                self.qkv = nn.Linear(n, 3 * n)
                self.two = nn.Linear(n, 6)

            def forward(self, x):
                q, k, v = self.qkv(x).split(self.n, dim=2)
                a, b = self.two(x).split(3, -1)
                c, d = torch.split(self.two(x), 4, dim=-1)
                e, f = x.split([1, 2], 1)
                steps = [step for step in x.split(1, dim=1)]
                parts = torch.split(x, self.n, dim=1)
                return q * k + v, a + b, c, d, e, f, steps, parts
        """,
        """
        import keras
        import tensorflow as tf


        class Net(keras.Model):
            def __init__(self, n):
                super().__init__()
                self.config = {"n": n}
                self.n = n
                self.qkv = keras.layers.Dense(3 * n)
                self.two = keras.layers.Dense(6)

            def call(self, x):
                q, k, v = tf.split(self.qkv(x), [self.n, self.n, -1], axis=2)
                a, b = tf.split(self.two(x), 2, axis=-1)
                c, d = tf.split(self.two(x), [4, -1], axis=-1)
                e, f = tf.split(x, [1, 2], 1)
                steps = [step for step in tf.split(x, x.shape[1], axis=1)]
                parts = [x[:, i:i + self.n] for i in range(0, x.shape[1], self.n)]
                return q * k + v, a + b, c, d, e, f, steps, parts

            def get_config(self):
                return dict(self.config)
        """,
    ),
    flagged("def f(x: torch.Tensor, sizes):\n    return x.split(sizes, 1)", at="split"),
)
def test_pieces(case):
    case.check()


def test_pieces_that_are_changed_are_a_list():
    result = convert(
        """
import tensorflow as tf

class Shift(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.parts = list()
        for _ in range(2):
            self.parts.append(tf.keras.layers.Dense(4))

    def call(self, x):
        pieces = tf.split(x, num_or_size_splits=2, axis=-1)
        kept = tf.split(x, num_or_size_splits=2, axis=-1)
        pieces[0] = pieces[0] * 2
        return tf.concat(pieces, axis=-1) + self.parts[0](kept[0])
""",
        to="torch",
    )
    assert result.complete, result.findings
    assert "pieces = list(torch.chunk(x" in result.code
    assert "kept = torch.chunk(x" in result.code
    assert "self.parts = nn.ModuleList()" in result.code
