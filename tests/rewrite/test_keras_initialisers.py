"""Keras's initialisers in torch: calls of `nn.init`, or functions of one tensor where they are kept in variables."""

from __future__ import annotations

from translator import Code, convert

from .rows import TENSORFLOW, flagged, rows, to_torch

KEPT = """
        import keras
        from keras import ops


        class Bilinear(keras.layers.Layer):
            def __init__(self, width, units, initializer={given}):
                super().__init__()
                self.initializer = keras.initializers.get(initializer)
                self.w = self.add_weight(shape=(width, units), initializer=self.initializer)
                self.b = self.add_weight(shape=[units], initializer=initializer)

            def call(self, x):
                return ops.matmul(x, self.w) + self.b
"""


@rows(
    to_torch(
        KEPT.format(given="keras.initializers.RandomNormal(stddev=0.02)"),
        """
        import functools

        import torch
        from torch import nn


        class Bilinear(nn.Module):
            def __init__(self, width, units, initializer=functools.partial(nn.init.normal_, std=0.02)):
                super().__init__()
                self.initializer = initializer
                self.w = nn.Parameter(self.initializer(torch.empty((width, units))))
                self.b = nn.Parameter(initializer(torch.empty([units])))

            def forward(self, x):
                return torch.matmul(x, self.w) + self.b
        """,
    ),
    # A call of what a variable holds.
    to_torch(
        """
        import tensorflow as tf


        draw = tf.random_uniform_initializer(-1.0, 1.0)
        w = tf.Variable(draw(shape=(3, 4), dtype="float32"))
        """,
        """
        import functools

        import torch
        from torch import nn


        draw = functools.partial(nn.init.uniform_, a=-1.0, b=1.0)
        w = nn.Parameter(draw(torch.empty((3, 4))))
        """,
    ),
)
def test_an_initialiser_in_a_variable(case):
    case.check()


def _weight(initializer: str, torch: str, shape: str = "(3, 4)") -> list:
    head = "class L(keras.layers.Layer):\n    def __init__(self):\n        super().__init__()\n"
    call = "    def call(self, x):\n        return tf.matmul(x, self.w)\n"
    made = f"        self.w = self.add_weight(shape={shape}, initializer={initializer})\n"
    there = (
        "import torch\nfrom torch import nn\n\nclass L(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        f"        self.w = nn.Parameter({torch})\n    def forward(self, x):\n        return torch.matmul(x, self.w)\n"
    )
    return to_torch(TENSORFLOW + head + made + call, there)


@rows(
    # A parameter has its inputs first, where torch's layers have their outputs.
    _weight('"he_normal"', '\n            nn.init.kaiming_normal_(torch.empty((3, 4)), nonlinearity="relu", mode="fan_out"),\n        '),
    _weight("keras.initializers.Orthogonal()", "nn.init.orthogonal_(torch.empty((3, 4)), 1.0)"),
    _weight("keras.initializers.TruncatedNormal(stddev=0.02)", "nn.init.trunc_normal_(torch.empty((3, 4)), 0.0, 0.02, -0.04, 0.04)"),
    _weight("keras.initializers.zeros()", "torch.zeros(3, 4)"),
    # Of a vector torch knows no inputs and outputs.
    _weight('"glorot_uniform"', "\n            nn.init.uniform_(torch.empty((3,)), -((3 / 3) ** 0.5), (3 / 3) ** 0.5),\n        ", "(3,)"),
    # And counts those of three axes in another way.
    _weight('"he_uniform"', "\n            nn.init.uniform_(torch.empty((3, 5, 4)), -((6 / (3 * 5)) ** 0.5), (6 / (3 * 5)) ** 0.5),\n        ", "(3, 5, 4)"),
)  # fmt: skip
def test_a_weight(case):
    case.check()


@rows(
    to_torch(
        "import keras\nimport numpy as np\n\n"
        "layer = keras.layers.Dense(4, bias_initializer=keras.initializers.Constant(np.eye(2).flatten()))\n"
        "y = layer(np.ones((2, 3)))\n",
        "import numpy as np\nimport torch\nfrom torch import nn\n\n"
        "layer = nn.Linear(3, 4)\nlayer.bias.data.copy_(torch.as_tensor(np.eye(2).flatten()))\n"
        "y = layer(torch.as_tensor(np.ones((2, 3)), dtype=torch.float32))\n",
    ),
    to_torch(
        "import keras\n\nlayer = keras.layers.Dense(4, kernel_initializer='zeros')\n",
        "from torch import nn\n\nlayer = nn.LazyLinear(4)\n",
        codes=(Code.INITIALIZER, Code.LAZY_SIZE),
    ),
    flagged("import keras\nmystery = keras.initializers.Mystery()\n", at="Mystery", to="torch"),
    flagged(
        "import keras\nlayer = keras.layers.Dense(4, kernel_initializer=keras.initializers.Zeros(mystery=3))\n"
        "layer.build((None, 3))\n",
        at="Dense",
        to="torch",
    ),
)  # fmt: skip
def test_the_weights_of_a_layer(case):
    case.check()


def test_a_name_in_a_variable_is_looked_up():
    """The helper has the import that it needs."""
    source = (
        "import keras\nclass L(keras.layers.Layer):\n    def __init__(self, how):\n        super().__init__()\n"
        "        self.w = self.add_weight(shape=(3, 4), initializer=how)\n    def call(self, x):\n        return x @ self.w\n"
    )
    result = convert(source, to="torch")
    assert "import functools" in result.code
    assert "nn.Parameter(get_initializer(how)(torch.empty((3, 4))))" in result.code


def _layer(initializer: str, call: str, **more: object) -> list:
    """What a kernel of Keras starts from, and the call of `nn.init` that it becomes."""
    made = f"l = keras.layers.Dense(4, input_shape=(3,), use_bias=False, kernel_initializer={initializer})"
    head = "import math\n\n" if "math" in call else ""
    there = f"{head}from torch import nn\n\nl = nn.Linear(3, 4, bias=False)\nnn.init.{call}\n"
    return to_torch(f"import keras\n\n{made}\n", there, **more)


@rows(
    _layer('"he_normal"', 'kaiming_normal_(l.weight, nonlinearity="relu")', codes=(Code.INITIALIZER,)),
    _layer("keras.initializers.lecun_uniform()", 'kaiming_uniform_(l.weight, nonlinearity="linear")'),
    _layer("keras.initializers.Identity()", "eye_(l.weight)"),
    _layer(
        'keras.initializers.VarianceScaling(2.0, "fan_out", "untruncated_normal")',
        'kaiming_normal_(l.weight, nonlinearity="relu", mode="fan_out")',
    ),
    _layer(
        'keras.initializers.VarianceScaling(0.5, distribution="uniform", mode="fan_avg")',
        "xavier_uniform_(l.weight, gain=0.707106781187)",
    ),
    _layer('keras.initializers.VarianceScaling(1 / 3, "fan_in", "uniform")', "kaiming_uniform_(l.weight, a=math.sqrt(5))"),
    flagged(
        "l = keras.layers.Dense(4, input_shape=(3,), kernel_initializer=keras.initializers.VarianceScaling(3.0))",
        to="torch",
    ),
    flagged(
        'net = keras.Sequential([keras.Input((5, 5, 3)), keras.layers.DepthwiseConv2D(3, depth_multiplier=2, '
        'depthwise_initializer="he_normal")])',
        to="torch",
    ),
)  # fmt: skip
def test_draws_whose_width_follows_from_the_weight(case):
    case.check()
