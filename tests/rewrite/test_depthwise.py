"""Convolutions of each channel for itself."""

from __future__ import annotations

from .rows import flagged, rows, to_tensorflow, to_torch


@rows(
    to_torch(
        """
        import keras
        m = keras.Sequential([
            keras.Input((32, 32, 3)),
            keras.layers.DepthwiseConv2D(3, padding="same", use_bias=False),
            keras.layers.DepthwiseConv2D(3, 2, depth_multiplier=2, activation="relu"),
        ])
        """,
        """
        from torch import nn
        m = nn.Sequential(
            nn.Conv2d(3, 3, 3, padding="same", groups=3, bias=False),
            nn.Conv2d(3, 6, 3, 2, groups=3),
            nn.ReLU(),
        )
        """,
    ),
    to_torch(
        """
        import keras
        class N(keras.Model):
            def __init__(self):
                super().__init__()
                self.c = keras.layers.Conv2D(8, 3, input_shape=(32, 32, 3))
                self.s = keras.layers.SeparableConv2D(16, 3, padding="same", use_bias=False)
            def call(self, x):
                return self.s(self.c(x))
        """,
        """
        from torch import nn
        class N(nn.Module):
            def __init__(self):
                super().__init__()
                self.c = nn.Conv2d(3, 8, 3)
                self.s = nn.Sequential(
                    nn.Conv2d(8, 8, 3, padding="same", groups=8, bias=False),
                    nn.Conv2d(8, 16, 1, bias=False),
                )
            def forward(self, x):
                return self.s(self.c(x))
        """,
    ),
    flagged("d = keras.layers.SeparableConv2D(3, 3)", at="SeparableConv2D(3", to="torch"),
)
def test_depthwise(case):
    case.check()


@rows(
    to_torch(
        """
        import keras
        m = keras.Sequential([
            keras.Input((32, 32, 3)),
            keras.layers.PReLU(shared_axes=[1, 2]),
            keras.layers.PReLU(keras.initializers.Constant(0.25), shared_axes=[1, 2, 3]),
        ])
        """,
        """
        from torch import nn
        m = nn.Sequential(nn.PReLU(3, init=0.0), nn.PReLU(init=0.25))
        """,
    ),
    flagged(
        "m = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.PReLU()])",
        at="PReLU()",
        to="torch",
    ),
    flagged("m = keras.layers.PReLU('he_normal')", at="he_normal", to="torch"),
    flagged("def f(x):\n    return nn.PReLU()(x)", at="nn.PReLU()"),
)
def test_learned_slopes(case):
    case.check()


@rows(
    to_tensorflow(
        """
        from torch import nn
        class N(nn.Module):
            def __init__(self, n, stride):
                super().__init__()
                self.a = nn.Conv2d(n, n, 3, stride=stride, padding=1, groups=n, bias=False)
                self.b = nn.Conv2d(n, n * 2, 3, groups=n)
                self.c = nn.Conv2d(8, 8, 3, (1, 2), groups=8)
                self.d = nn.Conv2d(8, 8, 3, groups=4)
            def forward(self, x):
                return self.d(self.c(self.b(self.a(x))))
            def asks(self, m):
                return isinstance(m, nn.Conv2d)
        """,
        """
        import keras
        class N(keras.Model):
            def __init__(self, n, stride):
                super().__init__()
                self.config = {"n": n, "stride": stride}
                self.a_pad = keras.layers.ZeroPadding2D(1)
                self.a = keras.layers.DepthwiseConv2D(3, strides=stride, use_bias=False)
                self.b = keras.layers.DepthwiseConv2D(3, depth_multiplier=2)
                self.c = keras.layers.Conv2D(8, 3, (1, 2), groups=8)
                self.d = keras.layers.Conv2D(8, 3, groups=4)
            def call(self, x):
                return self.d(self.c(self.b(self.a(self.a_pad(x)))))
            def asks(self, m):
                return isinstance(m, (keras.layers.Conv2D, keras.layers.DepthwiseConv2D))

            def get_config(self):
                return dict(self.config)
        """,
    ),
)
def test_a_group_for_each_channel(case):
    case.check()


@rows(
    to_tensorflow(
        """
        from torch import nn
        def block(width, wide, stride=1, groups=1):
            return nn.Sequential(nn.Conv2d(width, wide, 3, stride, groups=groups, bias=False), nn.ReLU())
        mixed, single = block(3, 8), block(8, 16, groups=8)
        """,
        """
        import keras
        def block(width, wide, stride=1, groups=1):
            return keras.Sequential([
                keras.layers.DepthwiseConv2D(3, stride, depth_multiplier=wide // width, use_bias=False)
                if groups == width
                else keras.layers.Conv2D(wide, 3, stride, groups=groups, use_bias=False),
                keras.layers.ReLU(),
            ])
        mixed, single = block(3, 8), block(8, 16, groups=8)
        """,
    ),
    to_tensorflow(
        """
        from torch import nn
        class Block(nn.Module):
            def __init__(self, n, groups):
                super().__init__()
                self.conv = nn.Conv2d(n, n, 3, groups=groups)
            def forward(self, x):
                return self.conv(x)
        m = Block(n=8, groups=8)
        """,
        """
        import keras
        class Block(keras.Model):
            def __init__(self, n, groups):
                super().__init__()
                self.config = {"n": n, "groups": groups}
                self.conv = (
                    keras.layers.DepthwiseConv2D(3)
                    if groups == n
                    else keras.layers.Conv2D(n, 3, groups=groups)
                )
            def call(self, x):
                return self.conv(x)

            def get_config(self):
                return dict(self.config)
        m = Block(n=8, groups=8)
        """,
    ),
    # No call asks for a group for each channel.
    to_tensorflow(
        """
        from torch import nn
        def block(width, wide, groups=1):
            return nn.Sequential(nn.Conv2d(width, wide, 3, groups=groups))
        mixed, several, single = block(3, 8), block(8, 16, groups=4), block(1, 1, groups=1)
        """,
        """
        import keras
        def block(width, wide, groups=1):
            return keras.Sequential([keras.layers.Conv2D(wide, 3, groups=groups)])
        mixed, several, single = block(3, 8), block(8, 16, groups=4), block(1, 1, groups=1)
        """,
    ),
    # The number of groups is not the one that was passed.
    to_tensorflow(
        """
        from torch import nn
        def block(width, wide, groups=1):
            groups = max(groups // 2, 1)
            return nn.Sequential(nn.Conv2d(width, wide, 3, groups=groups))
        m = block(8, 8, groups=8)
        """,
        """
        import keras
        def block(width, wide, groups=1):
            groups = max(groups // 2, 1)
            return keras.Sequential([keras.layers.Conv2D(wide, 3, groups=groups)])
        m = block(8, 8, groups=8)
        """,
    ),
)
def test_groups_that_are_an_argument(case):
    case.check()
