"""Tensors that a model makes for itself: of sizes, filled or drawn, in the type of another one; products with vectors."""

from __future__ import annotations

from translator import convert

from .rows import flagged, rows, to_tensorflow


@rows(
    # A tensor that is only made to be filled.
    to_tensorflow(
        """
        import torch
        def scales(n, m):
            a = torch.zeros(1, 1, 2 * n).fill_(1e-5)
            b = torch.empty(n, m).fill_(1 / (n - 1))
            c = torch.zeros(n, m).float().uniform_(0, 1) < 0.5
            d = torch.empty(n).normal_()
            return a, b, c, d, torch.full((2, 3), 1.0)
        """,
        """
        import tensorflow as tf
        def scales(n, m):
            a = tf.fill([1, 1, 2 * n], 1e-5)
            b = tf.fill([n, m], 1 / (n - 1))
            c = tf.random.uniform([n, m], 0, 1) < 0.5
            d = tf.random.normal([n])
            return a, b, c, d, tf.fill([2, 3], 1.0)
        """,
    ),
    # The names behind a star, and the type of a tensor in a variable.
    to_tensorflow(
        """
        import torch
        def table(x: torch.Tensor, dtype=torch.float32):
            *_, width, dtype = *x.shape, x.dtype
            return torch.arange(width).to(dtype)
        """,
        """
        import tensorflow as tf
        def table(x: tf.Tensor, dtype=tf.float32):
            *_, width, dtype = *x.shape, x.dtype
            return tf.cast(tf.range(width, dtype=tf.int64), dtype)
        """,
    ),
    to_tensorflow(
        """
        import torch
        def precise(x: torch.Tensor, deep):
            deep, dtype = not deep, x.dtype
            y = x.double()
            return y.to(dtype)
        """,
        """
        import tensorflow as tf
        def precise(x: tf.Tensor, deep):
            deep, dtype = not deep, x.dtype
            y = tf.cast(x, tf.float64)
            return tf.cast(y, dtype)
        """,
    ),
    # Whole numbers of attributes are whole as well.
    to_tensorflow(
        """
        import torch
        class Window:
            def __init__(self, size):
                self.size = size
            def index(self, grid):
                return torch.arange(9) * torch.tensor([1, self.size * 2 - 1])[:, None]
        """,
        """
        import tensorflow as tf
        class Window:
            def __init__(self, size):
                self.size = size
            def index(self, grid):
                return (
                    tf.range(9, dtype=tf.int64)
                    * tf.constant([1, self.size * 2 - 1], dtype=tf.int64)[:, None]
                )
        """,
    ),
    # What stands for a type is no device.
    flagged("def f(x: torch.Tensor, some_type):\n    return x.to(some_type)", at="some_type"),
    flagged(
        "l = nn.Softmax()\ndef f(x: torch.Tensor):\n    return l(x.view(2, 3, 4))", at="Softmax"
    ),
    flagged("def f(x: torch.Tensor):\n    return F.softmax(x)", at="softmax"),
)
def test_made(case):
    case.check()


@rows(
    to_tensorflow(
        """
        import torch
        from torch import nn
        class Net(nn.Module):
            def __init__(self, dim):
                super().__init__()
                self.fc = nn.Linear(dim, dim)
                self.v = nn.Parameter(torch.zeros(dim))
            def forward(self, x):
                return self.fc(x) @ self.v
        """,
        """
        import keras
        class Net(keras.Model):
            def __init__(self, dim):
                super().__init__()
                self.config = {"dim": dim}
                self.fc = keras.layers.Dense(dim)
                self.v = self.add_weight(shape=(dim,), initializer="zeros", name="v")
            def call(self, x):
                return keras.ops.matmul(self.fc(x), self.v)

            def get_config(self):
                return dict(self.config)
        """,
    ),
    # torch takes the last of two axes where none is stated.
    to_tensorflow(
        """
        import torch
        import torch.nn.functional as F
        from torch import nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.head = nn.Sequential(nn.Linear(8, 4), nn.Softmax())
            def forward(self, x):
                x = x.view(x.size(0), 8)
                return self.head(x), F.log_softmax(x)
        """,
        """
        import keras
        import tensorflow as tf
        class Net(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.head = keras.Sequential([keras.layers.Dense(4), keras.layers.Softmax(axis=-1)])
            def call(self, x):
                x = tf.reshape(x, [tf.shape(x)[0], 8])
                return self.head(x), tf.nn.log_softmax(x, axis=-1)
        """,
    ),
)
def test_in_models(case):
    case.check()


def test_one_of_two_modules_gives_its_result_in_the_order_of_the_other():
    source = """
import torch
from torch import nn


class Residual(nn.Module):
    def __init__(self, inner, strange):
        super().__init__()
        self.inner = inner
        self.strange = strange

    def forward(self, x):
        return self.strange(self.inner(x)) + x


def block(a, b, strange):
    net = nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.ReLU())
    if a == b:
        net = Residual(net, strange)
    return net


class Net(nn.Module):
    def __init__(self, strange):
        super().__init__()
        self.net = nn.Sequential(block(3, 8, strange), nn.Flatten(), nn.LazyLinear(2))

    def forward(self, x):
        return self.net(x)
"""
    assert not convert(source, to="tensorflow").complete


@rows(
    # Layers that are made in a loop keep the values of its names.
    to_tensorflow(
        """
        from torch import nn
        def made(sizes):
            return [nn.Threshold(size, 0.0) for size in sizes]
        """,
        """
        import keras
        import tensorflow as tf
        def made(sizes):
            return [keras.layers.Lambda(lambda x, size=size: tf.where(x > size, x, 0.0)) for size in sizes]
        """,
    ),
    flagged("l = nn.ZeroPad2d((-1, 0, -1, 0))", at="ZeroPad2d"),
    # A module of the file may change the number of axes: what stands behind it says nothing of what comes in.
    to_tensorflow(
        """
        import torch
        from torch import nn
        class Reshape(nn.Module):
            def __init__(self, sizes):
                super().__init__()
                self.sizes = sizes
            def forward(self, x):
                return x.view(x.size(0), *self.sizes)
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.net = nn.Sequential(
                    nn.Linear(4, 18),
                    nn.BatchNorm1d(18),
                    Reshape((2, 3, 3)),
                    nn.Conv2d(2, 1, 3),
                )
            def forward(self, a, b):
                return self.net(torch.cat((a, b), 1))
        """,
        """
        import keras
        import tensorflow as tf
        class Reshape(keras.Model):
            def __init__(self, sizes):
                super().__init__()
                self.sizes = sizes
            def call(self, x):
                return tf.reshape(x, [tf.shape(x)[0], *self.sizes])
        class Net(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.net = keras.Sequential([
                    keras.layers.Dense(18),
                    keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-05),
                    Reshape((2, 3, 3)),
                    keras.layers.Permute((2, 3, 1)),
                    keras.layers.Conv2D(1, 3),
                ])
            def call(self, a, b):
                return self.net(tf.concat((a, b), 1))
        """,
    ),
)
def test_in_lists(case):
    case.check()


@rows(
    # What says that precision is not mixed says what holds anyway.
    to_tensorflow(
        """
        import torch
        from torch.amp import autocast
        @autocast("cuda", enabled=False)
        def exact(x: torch.Tensor):
            with torch.autocast("cuda", enabled=False):
                return x * 2
        """,
        """
        import tensorflow as tf
        def exact(x: tf.Tensor):
            return x * 2
        """,
    ),
    flagged(
        "@torch.autocast('cuda')\ndef mixed(x: torch.Tensor):\n    return x * 2", at="autocast"
    ),
    # einops takes the lengths of axes in a dict on either side.
    to_tensorflow(
        """
        import torch
        from einops import rearrange
        def split(x: torch.Tensor, sizes):
            return rearrange(x, "b (h w) c -> b h w c", **sizes)
        """,
        """
        import tensorflow as tf
        from einops import rearrange
        def split(x: tf.Tensor, sizes):
            return rearrange(x, "b (h w) c -> b h w c", **sizes)
        """,
    ),
    # Vectors have no order of axes to disagree about.
    to_tensorflow(
        """
        from torch import nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                def block(a, b):
                    return [nn.Linear(a, b), nn.BatchNorm1d(b), nn.ReLU()]
                self.net = nn.Sequential(*block(4, 8), *block(8, 16), nn.Linear(16, 2))
            def forward(self, x):
                return self.net(x)
        """,
        """
        import keras
        class Net(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                def block(a, b):
                    return [
                        keras.layers.Dense(b),
                        keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-05),
                        keras.layers.ReLU(),
                    ]
                self.net = keras.Sequential([*block(4, 8), *block(8, 16), keras.layers.Dense(2)])
            def call(self, x):
                return self.net(x)
        """,
    ),
    to_tensorflow(
        """
        import torch
        from torch import nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 2)
            def slim(self):
                self.fc = torch.utils.checkpoint(self.fc)
            def forward(self, x):
                return self.fc(x)
        """,
        """
        import keras
        class Net(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.fc = keras.layers.Dense(2)
            def slim(self):
                self.fc = keras.remat(self.fc)
            def call(self, x):
                return self.fc(x)
        """,
    ),
)
def test_what_says_nothing(case):
    case.check()


def test_first_values_of_a_table_that_the_model_reads_itself():
    source = """
import torch
from torch import nn


class Codes(nn.Module):
    def __init__(self, count, width):
        super().__init__()
        self.table = nn.Embedding(count, width)
        self.table.weight.data.uniform_(-1 / count, 1 / count)

    def forward(self, x):
        return x @ self.table.weight.t()
"""
    code = convert(source, to="tensorflow").code
    assert -1 < code.find("keras.initializers.RandomUniform(") < code.index("self.table.build()"), (
        code
    )


def test_first_values_of_weights_that_two_layers_share():
    source = """
import torch.nn as nn


class Words(nn.Module):
    def __init__(self, count, width):
        super().__init__()
        self.encoder = nn.Embedding(count, width)
        self.decoder = nn.Linear(width, count)
        self.decoder.weight = self.encoder.weight
        self.init_weights()

    def init_weights(self):
        nn.init.uniform_(self.encoder.weight, -0.1, 0.1)

    def forward(self, x):
        return self.decoder(self.encoder(x))
"""
    assert "embeddings.assign" not in convert(source, to="tensorflow").code
