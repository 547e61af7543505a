"""Buffers, whole shapes, and layers that are attributes of a dict of layers."""

from __future__ import annotations

from translator import convert

from .rows import SHAPE_LIST, flagged, rows, to_tensorflow

TORCH = "import torch\nfrom torch import nn\n\n\n"
KERAS = "import keras\nimport tensorflow as tf\n"


@rows(
    to_tensorflow(
        TORCH
        + """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mask", torch.ones(4, 4).tril())
        self.register_buffer("places", torch.arange(4), persistent=False)
        self.register_buffer("cache", None)
        self.table = nn.Parameter(torch.zeros(9, 2))

    def forward(self, x):
        x = x.masked_fill(self.mask[:2, :2] == 0, 0.0)
        return x + self.table[self.places]

    def forget(self, x: torch.Tensor):
        self.mask = x
""",
        KERAS
        + """

class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.mask = keras.Variable(keras.ops.tril(tf.ones([4, 4])), trainable=False, name="mask")
        self.places = tf.range(4, dtype=tf.int64)
        self.cache = None
        self.table = self.add_weight(shape=(9, 2), initializer="zeros", name="table")

    def call(self, x):
        x = tf.where(self.mask[:2, :2] == 0, 0.0, x)
        return x + tf.gather(self.table, self.places)

    def forget(self, x: tf.Tensor):
        self.mask.assign(x)
""",
    ),
    to_tensorflow(
        TORCH
        + """class Net(nn.Module):
    def __init__(self, h):
        super().__init__()
        self.h = h
        self.parts = nn.ModuleDict(dict(first=nn.Linear(8, 8), last=nn.Dropout(0.1)))

    def forward(self, x):
        n, t, c = x.shape
        _, _, h = *x.shape[1:], self.h
        y = self.parts.first(x).view(n, t, h, c // h)
        return self.parts.last(y)[:, [-1]].reshape(x.shape) * len(x)
""",
        KERAS
        + SHAPE_LIST
        + """
class Net(keras.Model):
    def __init__(self, h):
        super().__init__()
        self.h = h
        self.parts = dict(first=keras.layers.Dense(8), last=keras.layers.Dropout(0.1))

    def call(self, x):
        n, t, c = shape_list(x)
        _, _, h = *x.shape[1:], self.h
        y = tf.reshape(self.parts["first"](x), [n, t, h, c // h])
        return tf.reshape(self.parts["last"](y)[:, -1:], tf.shape(x)) * tf.shape(x)[0]
""",
    ),
    flagged(
        "class Net(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n"
        "        for i in range(n):\n            self.register_buffer(f'b{i}', torch.zeros(i))\n",
        at="register_buffer",
    ),
)
def test_buffers(case):
    case.check()


def test_shapes_outside_of_models_are_known():
    source = "import torch\n\nx = torch.zeros(2, 3)\nn, m = x.shape\nprint(n * m)\n"
    assert "n, m = x.shape" in convert(source, to="tensorflow").code
