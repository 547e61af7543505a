"""What TensorFlow writes as functions because it builds graphs: choices, loops, scopes, new axes."""

from __future__ import annotations

from translator import Code, convert

from .rows import flagged, rows, to_torch


@rows(
    to_torch(
        """
        import tensorflow as tf

        def f(x: tf.Tensor, flag):
            with tf.name_scope("choice"):
                y = tf.cond(flag, lambda: x * 2, lambda: -x)
            tf.print("y", y)
            return tf.reduce_sum(y)[tf.newaxis], tf.cond(tf.reduce_sum(x) > 0, lambda: x, other)

        def other():
            return tf.zeros([3])

        print(tf.__version__)
        """,
        """
        import torch

        def f(x: torch.Tensor, flag):
            y = x * 2 if flag else -x
            print("y", y)
            return torch.sum(y)[None], x if torch.sum(x) > 0 else other()

        def other():
            return torch.zeros(3)

        print(torch.__version__)
        """,
    ),
    to_torch(
        """
        import tensorflow as tf

        def f(x: tf.Tensor):
            return tf.map_fn(lambda row: row * 2, x), tf.vectorized_map(lambda row: row + 1, x)
        """,
        """
        import torch

        def f(x: torch.Tensor):
            return torch.stack(list(map(lambda row: row * 2, x))), torch.vmap(lambda row: row + 1)(x)
        """,
    ),
    flagged("def f(x):\n    return tf.map_fn(lambda t: t[0], (x, x))", at="map_fn", to="torch"),
    flagged(
        "rows = tf.TensorArray(tf.float32, 3)\nrows.scatter([0], tf.ones([1, 2]))",
        at="scatter",
        to="torch",
    ),
    flagged("rows = tf.TensorArray(tf.float32, 3, handle=1)", at="TensorArray", to="torch"),
    flagged(
        "@tf.recompute_grad\ndef f(x):\n    return x",
        codes=(Code.REFUSED,),
        to="torch",
    ),
    flagged("with tf.name_scope('a') as scope:\n    print(scope)", to="torch"),
)
def test_graph_functions(case):
    case.check()


def test_arrays_of_tensors():
    """Methods and numbers stay; the class is written, and tensors go into it in the order of the source."""
    source = """
import keras
import tensorflow as tf

class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.conv = keras.layers.Conv2D(4, 3, padding="same")

    def call(self, x):
        rows = tf.TensorArray(tf.float32, size=0, dynamic_size=True)
        for step in tf.range(3):
            x = self.conv(x)
            rows = rows.write(step, x)
        return rows.stack(), tf.TensorArray(tf.float32, 2).unstack(x[:, 0]).read(0)

y = Net()(tf.ones([1, 8, 8, 4]))
"""
    result = convert(source, to="torch")
    assert result.complete
    for line in (
        "        rows = TensorArray()\n",
        "            rows = rows.write(step, x.permute(0, 2, 3, 1))\n",
        "return rows.stack(), TensorArray(2).unstack(",
    ):
        assert line in result.code
