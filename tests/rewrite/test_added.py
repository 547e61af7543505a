"""What Keras does in training by itself: `add_loss`, regularisers, constraints; and settings that calls share."""

from __future__ import annotations

from translator import Code

from .rows import flagged, rows, text, to_torch

LAYER = """
        import keras
        from keras import ops


        class Sparse(keras.layers.Layer):
            def __init__(self, units):
                super().__init__()
                self.dense = keras.layers.Dense(units)

            def call(self, x):
                y = self.dense(x)
                self.add_loss(0.1 * ops.mean(ops.abs(y)))
                return y
"""
WRITTEN = """
        class Sparse(nn.Module):
            def __init__(self, units):
                super().__init__()
                self.dense = nn.Linear(4, units)

            def forward(self, x):
                y = self.dense(x)
                self.added_loss = 0.1 * torch.mean(torch.abs(y))
                return y
"""


@rows(
    to_torch(
        LAYER + "\n\n        layer = Sparse(3)\n        y = layer(ops.ones((2, 4)))\n        loss = ops.sum(y) + sum(layer.losses)\n",
        """
        import torch
        from torch import nn


        def added_losses(model):
            \"\"\"What the modules of a model have added to the loss in their last call.\"\"\"
            return [module.added_loss for module in model.modules() if hasattr(module, "added_loss")]
"""
        + WRITTEN.replace("\n", "\n\n", 1)
        + """

        layer = Sparse(3)
        y = layer(torch.ones(2, 4))
        loss = torch.sum(y) + sum(added_losses(layer))
        """,
    ),
    # Keras's loop adds it by itself.
    flagged(text(LAYER) + "def train(model, x, y):\n    model = Sparse(3)\n    model.fit(x, y)\n", at="add_loss", to="torch"),
    # Which of them is the last one is not followed.
    flagged(text(LAYER) .replace("        return y", "        self.add_loss(ops.sum(y))\n        return y"), at="add_loss", to="torch"),
)  # fmt: skip
def test_losses_that_layers_add(case):
    case.check()


REGULAR = (
    "import keras\nlayer = keras.layers.Dense(3, kernel_regularizer=keras.regularizers.L2(1e-4), "
    "bias_constraint=keras.constraints.NonNeg())\nlayer.build((None, 4))\n"
)


@rows(
    to_torch(
        REGULAR, "from torch import nn\nlayer = nn.Linear(4, 3)\n", codes=(Code.TRAINING,)
    ),
    flagged(REGULAR + "model = keras.Sequential([layer])\nmodel.fit(x, y)\n", at="L2", to="torch"),
    flagged(REGULAR + "layer.fit(x, y)\npenalty = sum(layer.losses)\n", at="L2", to="torch"),
    # One that may see how the weight is laid out stays.
    flagged(
        "import keras\ndef own(w):\n    return w[0, 0]\nlayer = keras.layers.Dense(3, kernel_regularizer=own)\n"
        "layer.build((None, 4))\npenalty = sum(layer.losses)\n",
        at="own",
        to="torch",
    ),
    # In a container, beside an activation, it is not forgotten.
    flagged(
        "import keras\nnet = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, 'relu', activity_regularizer='l2')])\n"
        "penalty = sum(net.losses)\n",
        at="activity",
        to="torch",
    ),
    to_torch(
        """
        import keras
        from keras import ops


        class Orthogonal(keras.regularizers.Regularizer):
            def __init__(self, n):
                self.n = n

            def __call__(self, x):
                return ops.sum(ops.square(x)) / self.n


        class L(keras.layers.Layer):
            def __init__(self, regularizer=None):
                super().__init__()
                self.regularizer = keras.regularizers.get(regularizer)
                self.w = self.add_weight(shape=(3, 3), initializer="zeros", regularizer=self.regularizer)

            def call(self, x):
                return ops.matmul(x, self.w)


        a, b = L(Orthogonal(2)), L(keras.regularizers.L1L2(l1=0.1))
        """,
        """
        import torch
        from torch import nn


        class Orthogonal:
            def __init__(self, n):
                self.n = n

            def __call__(self, x):
                return torch.sum(torch.square(x)) / self.n


        class L(nn.Module):
            def __init__(self, regularizer=None):
                super().__init__()
                self.regularizer = regularizer
                self.w = nn.Parameter(torch.zeros(3, 3))

            def forward(self, x):
                return torch.matmul(x, self.w)


        a, b = L(Orthogonal(2)), L(lambda weight: 0.1 * weight.abs().sum())
        """,
        codes=(Code.TRAINING,),
    ),
)  # fmt: skip
def test_regularisers_and_constraints(case):
    case.check()


@rows(
    to_torch(
        """
        import keras


        def block(width):
            args = {"activation": "relu", "padding": "same"}
            inputs = keras.Input((8, 8, 3))
            x = keras.layers.Conv2D(width, 3, **args)(inputs)
            return keras.Model(inputs, keras.layers.Conv2D(2, 1, **args)(x))
        """,
        """
        import torch.nn.functional as F
        from torch import nn


        class Block(nn.Module):
            def __init__(self, width):
                super().__init__()
                self.conv1 = nn.Conv2d(3, width, 3, padding="same")
                self.conv2 = nn.Conv2d(width, 2, 1)

            def forward(self, inputs):
                x = F.relu(self.conv1(inputs))
                return F.relu(self.conv2(x))


        def block(width):
            return Block(width)
        """,
    ),
    # It is changed on the way.
    flagged("import keras\nargs = dict(padding='same')\nargs['use_bias'] = False\nlayer = keras.layers.Conv2D(2, 3, **args)\n",
        at="**args", to="torch"),
)  # fmt: skip
def test_settings_in_a_dict(case):
    case.check()
