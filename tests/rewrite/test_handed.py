"""Classes of layers that are handed on: parameters, defaults, attributes, dicts, `functools.partial`."""

from __future__ import annotations

from .rows import flagged, rows, to_tensorflow


@rows(
    to_tensorflow(
        """
        from functools import partial
        from typing import Callable, Optional

        from torch import Tensor, nn


        class Block(nn.Module):
            def __init__(
                self,
                n: int,
                norm_layer: Optional[Callable[..., nn.Module]] = None,
                act: Callable[..., nn.Module] = nn.GELU,
            ) -> None:
                super().__init__()
                if norm_layer is None:
                    norm_layer = nn.BatchNorm2d
                self.conv = nn.Conv2d(n, n, 3, padding=1)
                self.norm = norm_layer(n)
                self.act = act()

            def forward(self, x: Tensor) -> Tensor:
                return self.act(self.norm(self.conv(x)))


        class Net(nn.Module):
            def __init__(self, norm_layer=None):
                super().__init__()
                norm_layer = norm_layer or partial(nn.BatchNorm2d, eps=0.001, momentum=0.01)
                self._norm = norm_layer
                self.blocks = self.make(norm_layer)
                self.norm = self._norm(3, eps=0.1)

            def make(self, norm: Callable[..., nn.Module]) -> nn.Sequential:
                return nn.Sequential(Block(3, norm), Block(3, norm_layer=norm, act=nn.ReLU))

            def forward(self, x):
                return self.norm(self.blocks(x))
        """,
        """
        from functools import partial
        from typing import Callable, Optional

        import keras
        import tensorflow as tf


        class Block(keras.Model):
            def __init__(
                self,
                n: int,
                norm_layer: Optional[Callable[..., keras.layers.Layer]] = None,
                act: Callable[..., keras.layers.Layer] = partial(keras.layers.Activation, "gelu"),
            ) -> None:
                super().__init__()
                if norm_layer is None:
                    norm_layer = partial(keras.layers.BatchNormalization, momentum=0.9, epsilon=1e-05)
                self.conv = keras.layers.Conv2D(n, 3, padding="same")
                self.norm = norm_layer()
                self.act = act()

            def call(self, x: tf.Tensor) -> tf.Tensor:
                return self.act(self.norm(self.conv(x)))


        class Net(keras.Model):
            def __init__(self, norm_layer=None):
                super().__init__()
                norm_layer = (
                    norm_layer
                    or partial(keras.layers.BatchNormalization, momentum=0.99, epsilon=0.001)
                )
                self._norm = norm_layer
                self.blocks = self.make(norm_layer)
                self.norm = self._norm(epsilon=0.1)

            def make(self, norm: Callable[..., keras.layers.Layer]) -> keras.Sequential:
                return keras.Sequential([Block(3, norm), Block(3, norm_layer=norm, act=keras.layers.ReLU)])

            def call(self, x):
                return self.norm(self.blocks(x))
        """,
    ),
    # what a call states goes under the target's name; a setting that was given by keyword stays one
    to_tensorflow(
        """
        import torch
        from torch import nn


        class Mlp(nn.Module):
            def __init__(
                self,
                dim,
                lin=nn.Linear,
                act=nn.ReLU,
                drop=nn.Dropout,
            ):
                super().__init__()
                params = {} if dim else {"inplace": True}
                self.fc = lin(dim, 4 * dim, bias=False)
                self.act = act(**params)
                self.drop = drop(0.1)

            def forward(self, x):
                return self.drop(self.act(self.fc(x)))
        """,
        """
        import functools

        import keras


        class Mlp(keras.Model):
            def __init__(
                self,
                dim,
                lin=keras.layers.Dense,
                act=keras.layers.ReLU,
                drop=functools.partial(keras.layers.Dropout, rate=0.5),
            ):
                super().__init__()
                params = {} if dim else {"inplace": True}
                self.fc = lin(4 * dim, use_bias=False)
                self.act = act()
                self.drop = drop(rate=0.1)

            def call(self, x):
                return self.drop(self.act(self.fc(x)))
        """,
    ),
    # a class that is looked up is one of those with whose names the file compares the variable
    to_tensorflow(
        """
        from torch import nn


        class Net(nn.Module):
            def __init__(self, act, size):
                super().__init__()
                if act not in ["ReLU", "ELU"]:
                    raise ValueError(act)
                self.fc = nn.Linear(size, size)
                self.act = getattr(nn, act)()
                self.out = getattr(nn, "Sigmoid")()

            def forward(self, x):
                return self.out(self.act(self.fc(x)))
        """,
        """
        import keras


        class Net(keras.Model):
            def __init__(self, act, size):
                super().__init__()
                if act not in ["ReLU", "ELU"]:
                    raise ValueError(act)
                self.fc = keras.layers.Dense(size)
                self.act = {"ReLU": keras.layers.ReLU, "ELU": keras.layers.ELU}[act]()
                self.out = keras.layers.Activation("sigmoid")

            def call(self, x):
                return self.out(self.act(self.fc(x)))
        """,
    ),
    # classes of the file that an annotation admits are called as well, and are given what the others are given
    to_tensorflow(
        """
        from torch import nn


        class A(nn.Module):
            def __init__(self, down=None):
                super().__init__()
                self.down = down

            def forward(self, x):
                return x if self.down is None else self.down(x)


        class B(A):
            def forward(self, x):
                return self.down(x) + 1


        class Net(nn.Module):
            def __init__(self, block: type[A | B]):
                super().__init__()
                self.block = block(nn.Conv2d(3, 3, 1))

            def forward(self, x):
                return self.block(x)


        net = Net(A)
        """,
        """
        import keras


        class A(keras.Model):
            def __init__(self, down=None):
                super().__init__()
                self.down = down

            def call(self, x):
                return x if self.down is None else self.down(x)


        class B(A):
            def call(self, x):
                return self.down(x) + 1


        class Net(keras.Model):
            def __init__(self, block: type[A | B]):
                super().__init__()
                self.block = block(keras.layers.Conv2D(3, 1))

            def call(self, x):
                return self.block(x)


        net = Net(A)
        """,
    ),
)
def test_handed_on(case):
    case.check()


@rows(
    flagged(
        "from torch import nn\nfrom elsewhere import build\n\nnet = build(nn.BatchNorm2d)",
        at="build(",
    ),
    flagged(
        "def f(norm):\n    return norm(3)\n\na = f(nn.BatchNorm2d)\nb = f(nn.Linear)", at="norm(3)"
    ),
    flagged("def f(act=nn.GELU):\n    return act(approximate='none', other=3)", at="act("),
    flagged(
        "from torch import nn\nimport functools\n\nf = functools.partial(nn.LSTM, num_layers=2)",
        at="nn.LSTM",
    ),
    flagged("class L(nn.Linear):\n    def forward(self, x):\n        return x", at="nn.Linear"),
)
def test_what_is_left(case):
    case.check()
