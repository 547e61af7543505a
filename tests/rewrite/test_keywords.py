"""`**kwargs` that go down to a layer, classes that are called by default, the mode in methods that a forward pass calls."""

from __future__ import annotations

from .rows import flagged, rows, to_tensorflow


@rows(
    to_tensorflow(
        """
        from torch import nn
        class Conv(nn.Module):
            def __init__(self, i, o, **kwargs):
                super().__init__()
                self.conv = nn.Conv2d(i, o, bias=False, **kwargs)
            def forward(self, x):
                return self.conv(x)
        class Net(nn.Module):
            def __init__(self, block=None):
                super().__init__()
                if block is None:
                    block = Conv
                self.a = block(3, 8, kernel_size=3, stride=2)
                self.b = block(8, 8, kernel_size=1, **{"stride": 3})
            def forward(self, x):
                return self.b(self.a(x))
        """,
        """
        import keras
        class Conv(keras.Model):
            def __init__(self, i, o, kernel_size, stride=1):
                super().__init__()
                self.conv = keras.layers.Conv2D(o, kernel_size=kernel_size, strides=stride, use_bias=False)
            def call(self, x):
                return self.conv(x)
        class Net(keras.Model):
            def __init__(self, block=None):
                super().__init__()
                if block is None:
                    block = Conv
                self.a = block(3, 8, kernel_size=3, stride=2)
                self.b = block(8, 8, kernel_size=1, **{"stride": 3})
            def call(self, x):
                return self.b(self.a(x))
        """,
    ),
    to_tensorflow(
        """
        from torch import nn
        def norm(n, kind=None, **more):
            return nn.LayerNorm(n, **more)
        a = norm(3, eps=1e-6)(x)
        """,
        """
        import keras
        def norm(n, kind=None, eps=1e-05):
            return keras.layers.LayerNormalization(epsilon=eps)
        a = norm(3, eps=1e-6)(x)
        """,
    ),
    flagged(
        """
        from torch import nn
        def conv(i, o, **kwargs):
            print(kwargs)
            return nn.Conv2d(i, o, **kwargs)
        c = conv(3, 4, kernel_size=3)
        """,
        at="nn.Conv2d",
    ),
    flagged(
        """
        from torch import nn
        def conv(i, o, **kwargs):
            return nn.Conv2d(i, o, **kwargs)
        c = conv(3, 4, **settings)
        """,
        at="nn.Conv2d",
    ),
)  # fmt: skip
def test_keywords_of_layers(case):
    case.check()


@rows(
    to_tensorflow(
        """
        from torch import nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Linear(3, 4)
            def both(self, x, y):
                return (x, y) if self.training else x
            def outer(self, x):
                return self.both(x, self.a(x))
            def forward(self, x):
                return self.outer(x)
        """,
        """
        import keras
        class Net(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.a = keras.layers.Dense(4)
            def both(self, x, y, training=False):
                return (x, y) if training else x
            def outer(self, x, training=False):
                return self.both(x, self.a(x), training=training)
            def call(self, x, training=False):
                return self.outer(x, training=training)
        """,
    ),
    to_tensorflow(
        """
        from torch import nn
        class Net(nn.Module):
            def both(self, x):
                return (x, x) if self.training else x
            def forward(self, x):
                return x
        """,
        """
        import keras
        class Net(keras.Model):
            def both(self, x, training=True):
                return (x, x) if training else x
            def call(self, x):
                return x
        """,
    ),
)  # fmt: skip
def test_the_mode_in_other_methods(case):
    case.check()


@rows(
    to_tensorflow(
        """
        from functools import partial
        from torch import nn
        class Gate(nn.Module):
            def __init__(self, n, act=nn.ReLU, scale=nn.Sigmoid):
                super().__init__()
                self.c = nn.Conv2d(n, n, 1)
                self.act = act()
                self.scale = scale()
            def forward(self, x):
                return x * self.scale(self.act(self.c(x)))
        class Net(nn.Module):
            def __init__(self, gate=partial(Gate, scale=nn.Hardsigmoid)):
                super().__init__()
                self.a = nn.Conv2d(3, 8, 1)
                self.g = gate(8)
            def forward(self, x):
                return self.g(self.a(x))
        """,
        """
        from functools import partial
        import keras
        class Gate(keras.Model):
            def __init__(self, n, act=keras.layers.ReLU, scale=partial(keras.layers.Activation, "sigmoid")):
                super().__init__()
                self.c = keras.layers.Conv2D(n, 1)
                self.act = act()
                self.scale = scale()
            def call(self, x):
                return x * self.scale(self.act(self.c(x)))
        class Net(keras.Model):
            def __init__(self, gate=partial(Gate, scale=partial(keras.layers.Activation, "hard_sigmoid"))):
                super().__init__()
                self.a = keras.layers.Conv2D(8, 1)
                self.g = gate(8)
            def call(self, x):
                return self.g(self.a(x))
        """,
    ),
)
def test_classes_with_some_of_their_arguments(case):
    case.check()
