"""Functions and modules that work elementwise: what they give has the axis order of what they are given."""

from __future__ import annotations

import pytest

from translator import convert

from .rows import SHAPE_LIST, rows, to_tensorflow, to_torch

HEAD = "import torch\nfrom torch import nn\n"
KERAS = "import keras\nimport tensorflow as tf\n"


@rows(
    # between convolutions, in a container and alone
    to_tensorflow(
        HEAD
        + """
def swish(x):
    return x * x.sigmoid()

class Act(nn.Module):
    def forward(self, x):
        y = swish(x) / 2
        y += x
        return y

class Join(nn.Module):
    def forward(self, x, y):
        return torch.relu(x + y)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)
        self.seq = nn.Sequential(nn.Conv2d(8, 8, 1), Act(), nn.ReLU(), nn.Conv2d(8, 8, 1))
        self.act = nn.Sequential(nn.ReLU(), nn.Dropout(0.1))
        self.join = Join()
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        x = swish(self.c(x))
        x = self.join(x, self.seq(x))
        x = self.act(x)
        x = x.mean((2, 3))
        return self.fc(swish(x))
""",
        KERAS
        + """
def swish(x):
    return x * tf.sigmoid(x)

class Act(keras.Model):
    def call(self, x):
        y = swish(x) / 2
        y += x
        return y

class Join(keras.Model):
    def call(self, x, y):
        return tf.nn.relu(x + y)

class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.c = keras.layers.Conv2D(8, 3)
        self.seq = keras.Sequential([
            keras.layers.Conv2D(8, 1),
            Act(),
            keras.layers.ReLU(),
            keras.layers.Conv2D(8, 1),
        ])
        self.act = keras.Sequential([keras.layers.ReLU(), keras.layers.Dropout(0.1)])
        self.join = Join()
        self.fc = keras.layers.Dense(3)

    def call(self, x):
        x = swish(self.c(x))
        x = self.join(x, self.seq(x))
        x = self.act(x)
        x = tf.reduce_mean(x, (1, 2))
        return self.fc(swish(x))
""",
    ),
    # a weight, a tensor from outside and a new tensor have an order of their own
    to_tensorflow(
        HEAD
        + """
class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(1, 8, 1, 1))

    def forward(self, x):
        return x * self.gamma

def fresh(x):
    return torch.zeros(2, 3, 4, 5)

def outer(x):
    def inner(t):
        return t * x
    return inner(torch.relu(x))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)
        self.seq = nn.Sequential(nn.Conv2d(8, 8, 1), Scale())

    def forward(self, x):
        y = outer(self.c(x))
        return self.seq(x) + fresh(x) + y
""",
        KERAS
        + """
class Scale(keras.Model):
    def __init__(self):
        super().__init__()
        self.gamma = self.add_weight(shape=(1, 8, 1, 1), initializer="ones", name="gamma")

    def call(self, x):
        return x * tf.transpose(self.gamma, [0, 2, 3, 1])

def fresh(x):
    return tf.zeros([2, 3, 4, 5])

def outer(x):
    def inner(t):
        return t * x
    return inner(tf.nn.relu(x))

class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.c = keras.layers.Conv2D(8, 3)
        self.seq = keras.Sequential([keras.layers.Conv2D(8, 1), Scale()])

    def call(self, x):
        y = outer(self.c(x))
        return self.seq(x) + tf.transpose(fresh(x), [0, 2, 3, 1]) + y
""",
    ),
)
def test_any_order(case):
    case.check()


@rows(
    # Only the order of the numbers counts: images of one pixel are flattened as they are, and made in place.
    to_tensorflow(
        HEAD
        + """
class Net(nn.Module):
    def __init__(self, c=8):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(c, c)
        self.conv = nn.Conv2d(c, c, 1)
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.Linear(c, 2))

    def forward(self, x):
        n, c, h, w = x.size()
        y = self.pool(x).view(n, c)
        y = self.fc(y).view(n, c, 1, 1).sigmoid()
        x = self.conv(x) * y.expand_as(x) / (h * w)
        return self.head(x), self.conv(x).view(n, -1)
""",
        KERAS
        + SHAPE_LIST
        + """
class Net(keras.Model):
    def __init__(self, c=8):
        super().__init__()
        self.config = {"c": c}
        self.pool = keras.layers.GlobalAveragePooling2D(keepdims=True)
        self.fc = keras.layers.Dense(c)
        self.conv = keras.layers.Conv2D(c, 1)
        self.head = keras.Sequential([
            keras.layers.GlobalAveragePooling2D(keepdims=True),
            keras.layers.Flatten(),
            keras.layers.Dense(2),
        ])

    def call(self, x):
        n, h, w, c = shape_list(x)
        y = tf.reshape(self.pool(x), [n, c])
        y = tf.sigmoid(tf.reshape(self.fc(y), [n, 1, 1, c]))
        x = self.conv(x) * tf.broadcast_to(y, tf.shape(x)) / (h * w)
        return self.head(x), tf.reshape(tf.transpose(self.conv(x), [0, 3, 1, 2]), [n, -1])

    def get_config(self):
        return dict(self.config)
""",
    ),
    # what asks for the source's order gets it
    to_tensorflow(
        HEAD
        + """
def bias(scores: torch.Tensor, slopes):
    return scores.view(2, 4, 3, 3) + slopes.view(1, 4, 1, 1)
""",
        """
import tensorflow as tf

def bias(scores: tf.Tensor, slopes):
    return tf.reshape(scores, [2, 4, 3, 3]) + tf.reshape(slopes, [1, 4, 1, 1])
""",
    ),
)
def test_numbers_in_the_same_order(case):
    case.check()


LISTS = """
class Root(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(8, 4, 1)

    def forward(self, xs):
        return self.c(torch.cat(xs, 1))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(4, 4, 1)
        self.b = nn.Conv2d(4, 4, 3, padding=1)
        self.root = Root()

    def branches(self, x):
        outs = [self.a(x), self.b(x)] if self.training else [self.b(x), x]
        return outs

    def forward(self, x):
        features = [x]
        for layer in (self.a, self.a):
            features.append(layer(features[-1]))
        features = torch.cat(features, 1)
        both = self.branches(x)
        return self.root(both), features
"""


def test_lists_that_are_put_together_hold_the_targets_order():
    result = convert(HEAD + LISTS, to="tensorflow")
    assert result.complete, result.findings
    lines = [line.strip() for line in result.code.splitlines()]
    assert "return self.c(tf.concat(xs, 3))" in lines
    assert "features = [x]" in lines
    assert "features = tf.concat(features, 3)" in lines
    assert "transpose" not in result.code
    told = [f.message for f in result.findings if f.code.name == "AXIS_ORDER"]
    assert "Root.call: all in xs, its result are channels last" in told


@pytest.mark.parametrize(
    "use",
    [
        "print(features)",
        "self.kept = features",
        "features = features + [x]",
        "show = lambda: features[0].shape",
        "features.append(None)",
        "features.append(x.flatten(1))",
        "other = features[1:]",
        "self.log(features)",
    ],
)
def test_a_list_that_anything_else_reads_holds_the_sources_order(use):
    source = HEAD + LISTS.replace(
        "        features = torch", f"        {use}\n        features = torch"
    )
    code = convert(source, to="tensorflow").code
    assert "features = [x]" not in code
    assert "features = tf.concat(features, 1)" in code


@rows(
    # a function that is looked at before anything calls it says nothing of what it gives to others
    to_torch(
        """
        import tensorflow as tf
        from tensorflow.keras import layers


        def gate(x):
            return tf.nn.relu6(x + 3) / 6


        def swish(x):
            return x * gate(x)


        class Net(tf.keras.Model):
            def __init__(self):
                super().__init__()
                self.conv1 = layers.Conv2D(4, 3)
                self.conv2 = layers.Conv2D(8, 3)
                self.pool = layers.GlobalAveragePooling2D()
                self.head = layers.Dense(8)

            def call(self, x):
                x = swish(self.conv1(x))
                x = swish(self.conv2(x))
                return gate(self.head(self.pool(x)))
        """,
        """
        import torch.nn.functional as F
        from torch import nn


        def gate(x):
            return F.relu6(x + 3) / 6


        def swish(x):
            return x * gate(x)


        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv1 = nn.LazyConv2d(4, 3)
                self.conv2 = nn.Conv2d(4, 8, 3)
                self.pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
                self.head = nn.Linear(8, 8)

            def forward(self, x):
                x = swish(self.conv1(x))
                x = swish(self.conv2(x))
                return gate(self.head(self.pool(x)))
        """,
    ),
)
def test_functions_that_call_each_other(case):
    case.check()
