"""Methods that change tensors in place, where nothing else can see that they do."""

from __future__ import annotations

from translator import convert

from .rows import flagged, rows, to_tensorflow, to_torch


@rows(
    to_tensorflow(
        """
        import torch
        from torch import nn


        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(3, 3)

            def forward(self, x, y):
                std = x.mul(0.5).exp_()
                z = torch.zeros_like(std).normal_().mul(std).add_(y)
                z.add_(y).mul_(0.5)
                return self.fc(z).relu_(), torch.exp(x).clamp_(min=0)
        """,
        """
        import keras
        import tensorflow as tf


        class Net(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.fc = keras.layers.Dense(3)

            def call(self, x, y):
                std = tf.exp(tf.multiply(x, 0.5))
                z = tf.add(tf.multiply(tf.random.normal(tf.shape(std), dtype=std.dtype), std), y)
                z = tf.multiply(tf.add(z, y), 0.5)
                return tf.nn.relu(self.fc(z)), tf.maximum(tf.exp(x), 0)
        """,
    ),
    flagged("def f(x: torch.Tensor):\n    y = x.view(3, -1).mul_(2)\n    return x, y", at="mul_"),
    flagged(
        "def f(x: torch.Tensor):\n    y = F.dropout(x, 0.5).mul_(2)\n    return x, y", at="mul_"
    ),
)
def test_new_tensors(case):
    case.check()


@rows(
    # a graph convolution as it is written since 2017
    to_tensorflow(
        """
        import math
        import torch
        from torch import nn


        class Conv(nn.Module):
            def __init__(self, n, m, bias=True):
                super().__init__()
                self.weight = nn.Parameter(torch.FloatTensor(n, m))
                if bias:
                    self.bias = nn.Parameter(torch.FloatTensor(m))
                else:
                    self.register_parameter("bias", None)
                self.reset()

            def reset(self):
                bound = 1.0 / math.sqrt(self.weight.size(1))
                self.weight.data.uniform_(-bound, bound)
                nn.init.xavier_uniform_(self.weight.data, gain=2)

            def forward(self, x, adjacency):
                return torch.spmm(adjacency, torch.mm(x, self.weight))
        """,
        """
        import math
        import keras
        import tensorflow as tf


        class Conv(keras.Model):
            def __init__(self, n, m, bias=True):
                super().__init__()
                self.weight = self.add_weight(shape=(n, m), initializer="zeros", name="weight")
                if bias:
                    self.bias = self.add_weight(shape=(m,), initializer="zeros", name="bias")
                else:
                    self.bias = None
                self.reset()

            def reset(self):
                bound = 1.0 / math.sqrt(self.weight.shape[1])
                self.weight.assign(keras.initializers.RandomUniform(-bound, bound)(self.weight.shape))
                self.weight.assign(
                    keras.initializers.VarianceScaling(4.0, "fan_avg", "uniform")(self.weight.shape),
                )

            def call(self, x, adjacency):
                return keras.ops.matmul(adjacency, tf.matmul(x, self.weight))
        """,
    ),
)
def test_parameters_that_are_filled_later(case):
    case.check()


@rows(
    # In TensorFlow `x += y` binds the name to a new tensor; in torch it would change what the caller has.
    to_torch(
        """
        import tensorflow as tf

        def f(x: tf.Tensor, y: tf.Tensor):
            x += y * 2.0
            x *= x - y  # both
            x /= 2.0 if y is None else 3.0
            n = 1
            n += 2
            total = 0.0
            total += n
            return x + n + total
        """,
        """
        import torch

        def f(x: torch.Tensor, y: torch.Tensor):
            x = x + y * 2.0
            x = x * (x - y)  # both
            x = x / (2.0 if y is None else 3.0)
            n = 1
            n += 2
            total = 0.0
            total += n
            return x + n + total
        """,
    ),
)
def test_in_place_operators(case):
    case.check()


@rows(
    # What stands first in a container changes the tensor that it is given; what reads that later sees it.
    to_tensorflow(
        """
        from torch import nn
        class Block(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Sequential(nn.ReLU(inplace=True), nn.Conv2d(3, 3, 3, padding=1))
            def forward(self, x):
                return self.conv(x) + x
        """,
        """
        import keras
        import tensorflow as tf
        class Block(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.conv = keras.Sequential([
                    keras.layers.ReLU(),
                    keras.layers.Conv2D(3, 3, padding="same"),
                ])
            def call(self, x):
                x = tf.nn.relu(x)
                return self.conv(x) + x
        """,
    ),
    to_tensorflow(
        """
        from torch import nn
        class Block(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Sequential(nn.ReLU(inplace=True), nn.Linear(3, 3))
            def forward(self, x):
                x = self.conv(x)
                return x
        """,
        """
        import keras
        class Block(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.conv = keras.Sequential([keras.layers.ReLU(), keras.layers.Dense(3)])
            def call(self, x):
                x = self.conv(x)
                return x
        """,
    ),
    flagged(
        """
        class Block(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Sequential(nn.LeakyReLU(0.2, inplace=True), nn.Linear(3, 3))
            def forward(self, x):
                return self.conv(x) + x
        """,
        at="self.conv(x)",
    ),
)
def test_containers_that_work_in_place(case):
    case.check()


def test_two_modules_in_a_row_that_return_several_tensors():
    source = """
import torch
from torch import nn


class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(2, 2, 1)
        self.b = nn.Conv2d(2, 2, 1)

    def forward(self, x):
        a, b = x
        return self.a(a), self.b(b)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(Two(), Two())

    def forward(self, a, b):
        a, b = self.layers((a, b))
        return a + b
"""
    code = convert(source, to="tensorflow").code
    assert code.count("tf.transpose(self.a(tf.transpose(a, [0, 2, 3, 1])), [0, 3, 1, 2])") == 1, (
        code
    )
