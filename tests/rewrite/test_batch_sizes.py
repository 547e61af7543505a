"""The size of a batch, which a graph knows when it runs, among real numbers."""

from __future__ import annotations

from .rows import rows, to_tensorflow

TORCH = """
    import torch
    from torch import nn


    class Net(nn.Module):
        def forward(self, x):
            {body}
"""
KERAS = """
    import keras
    import tensorflow as tf


    class Net(keras.Model):
        def call(self, x):
            {body}
"""


def net(torch: str, keras: str) -> list[object]:
    lines = "\n            "
    source = TORCH.format(body=torch.replace("\n", lines))
    return [*to_tensorflow(source, KERAS.format(body=keras.replace("\n", lines)))]


@rows(
    net(
        "n = x.shape[0]\ny = x.sum()\nreturn y / n",
        "n = tf.shape(x)[0]\ny = tf.reduce_sum(x)\nreturn y / tf.cast(n, y.dtype)",
    ),
    net(
        "return x.sum() / x.size(0)",
        "return tf.reduce_sum(x) / tf.cast(tf.shape(x)[0], keras.config.floatx())",
    ),
    net(
        "n = int(x.shape[0] / (8 * 8 / 4))\nreturn x.view(n, -1)",
        "n = tf.cast(tf.cast(tf.shape(x)[0], keras.config.floatx()) / (8 * 8 / 4), tf.int32)\n"
        "return tf.reshape(x, [n, -1])",
    ),
    net(
        "return x.view(x.shape[0] // 2, 2 * x.shape[1])",
        "return tf.reshape(x, [tf.shape(x)[0] // 2, 2 * x.shape[1]])",
    ),
)
def test_batch_sizes(case):
    case.check()
