"""Vectors without a batch axis: torch's linear layers take them, Keras's take batches alone."""

from __future__ import annotations

from .rows import TENSORFLOW, TORCH, Row, rows, to_tensorflow, to_torch

_HEADS = """
class Heads(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(4, 8)
        self.policy = nn.Linear(8, 2)
        self.value = nn.Linear(8, 1)

    def forward(self, state):
        \"\"\"Both of them.\"\"\"
        h = torch.tanh(self.hidden(state))
        return F.softmax(self.policy(h), dim={dim}), self.value(h)
"""
_KERAS_HEADS = """
class Heads(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.hidden = keras.layers.Dense(8)
        self.policy = keras.layers.Dense(2)
        self.value = keras.layers.Dense(1)

    def call(self, state):
        \"\"\"Both of them.\"\"\"
{guard}        h = tf.tanh(self.hidden(state))
        return tf.nn.softmax(self.policy(h), axis={dim}), self.value(h)
"""
_GUARD = """\
        if len(state.shape) == 1:  # a single vector
            return tuple(y[0] for y in self.call(state[tf.newaxis]))
"""


def heads(dim: int, guard: str, more: str = "", more_there: str = "") -> list[Row]:
    """A model of linear layers, as torch and as Keras have it."""
    source = TORCH + _HEADS.format(dim=dim) + more
    return [
        Row(
            source,
            "tensorflow",
            TENSORFLOW + _KERAS_HEADS.format(dim=dim, guard=guard) + more_there,
        )
    ]


@rows(
    # What names its last axis by -1 may be given one vector: nothing says that there is a batch.
    heads(-1, _GUARD),
    # An axis by its number from the front says how many there are at least.
    heads(1, ""),
    # So do calls, where all of them are seen.
    heads(
        -1,
        "",
        "\n\nheads = Heads()\nheads(torch.ones(5, 4))\n",
        "\n\nheads = Heads()\nheads(tf.ones([5, 4]))\n",
    ),
    heads(
        -1,
        _GUARD,
        "\n\nheads = Heads()\nheads(torch.ones(5, 4))\nheads(torch.ones(4))\n",
        "\n\nheads = Heads()\nheads(tf.ones([5, 4]))\nheads(tf.ones([4]))\n",
    ),
    # Where the layer itself is given a vector, it gets a batch of one.
    to_tensorflow(
        """
        import torch
        from torch import nn
        net = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
        last = nn.Linear(8, 2)
        y = last(net(torch.ones(4)))
        """,
        """
        import keras
        import tensorflow as tf
        net = keras.Sequential([keras.layers.Dense(8), keras.layers.ReLU()])
        last = keras.layers.Dense(2)
        y = last(net(tf.ones([4])[tf.newaxis])[0][tf.newaxis])[0]
        """,
    ),
    # A convolution, and what looks at axes by their place, ask for a batch anyway.
    to_tensorflow(
        """
        import torch
        from torch import nn
        class Joined(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 2)
            def forward(self, x):
                return torch.softmax(self.fc(x.view(-1, 4)), dim=-1)
        """,
        """
        import keras
        import tensorflow as tf
        class Joined(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.fc = keras.layers.Dense(2)
            def call(self, x):
                return tf.nn.softmax(self.fc(tf.reshape(x, [-1, 4])), axis=-1)
        """,
    ),
    # The mode is handed on, and belongs to the module again on the way back.
    to_tensorflow(
        """
        import torch
        import torch.nn.functional as F
        from torch import nn
        class Q(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 2)
            def forward(self, x):
                x = F.dropout(self.fc(x), training=self.training)
                return F.log_softmax(x, dim=-1)
        """,
        """
        import keras
        import tensorflow as tf
        class Q(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.fc = keras.layers.Dense(2)
            def call(self, x, training=False):
                if len(x.shape) == 1:  # a single vector
                    return self.call(x[tf.newaxis], training=training)[0]
                value = self.fc(x)
                x = tf.nn.dropout(value, 0.5) if training else value
                return tf.nn.log_softmax(x, axis=-1)
        """,
    ),
    to_torch(
        """
        import keras
        import tensorflow as tf
        class Q(keras.Model):
            def __init__(self):
                super().__init__()
                self.drop = keras.layers.Dropout(0.5)
            def call(self, x, training=False):
                if len(x.shape) == 1:
                    return self.call(x[tf.newaxis], training=training)[0]
                return self.drop(x, training=training)
        """,
        """
        from torch import nn
        class Q(nn.Module):
            def __init__(self):
                super().__init__()
                self.drop = nn.Dropout(0.5)
            def forward(self, x):
                if len(x.shape) == 1:
                    return self(x[None])[0]
                return self.drop(x)
        """,
    ),
)
def test_unbatched(case: Row) -> None:
    case.check()
