"""What TensorFlow writes as functions because it builds graphs: choices, loops, scopes, new axes."""

from __future__ import annotations

from translator import Code

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
    flagged("rows = tf.TensorArray(tf.float32, 3)", codes=(Code.REFUSED,), to="torch"),
    flagged(
        "@tf.recompute_grad\ndef f(x):\n    return x",
        codes=(Code.REFUSED,),
        to="torch",
    ),
    flagged("with tf.name_scope('a') as scope:\n    print(scope)", to="torch"),
)
def test_graph_functions(case):
    case.check()
