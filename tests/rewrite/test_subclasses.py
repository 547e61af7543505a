"""Classes that are containers: `class Block(nn.Sequential)`."""

from __future__ import annotations

from .rows import flagged, rows, to_tensorflow, to_torch


@rows(
    to_tensorflow(
        """
        from torch import nn


        class ConvBNReLU(nn.Sequential):
            def __init__(self, i, o, k=3, s=1, norm=True):
                layers = [nn.Conv2d(i, o, k, s, bias=False)]
                if norm:
                    layers.append(nn.BatchNorm2d(o))
                super().__init__(*layers, nn.ReLU())
                self.out_channels = o


        class Head(nn.Sequential):
            def __init__(self, n):
                super(Head, self).__init__(nn.Conv2d(n, n, 1), nn.Flatten(), nn.Linear(n, 10))


        class Point(ConvBNReLU):
            def __init__(self, i, o):
                super().__init__(i, o, k=1)


        class Residual(nn.Module):
            def __init__(self, n, s):
                super().__init__()
                self.use = s == 1
                self.conv = nn.Sequential(ConvBNReLU(n, n, s=s), nn.Conv2d(n, n, 1))

            def forward(self, x):
                if self.use:
                    return x + self.conv(x)
                else:
                    return self.conv(x)


        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                features = [ConvBNReLU(3, 8, s=2)]
                for i in range(3):
                    features.append(Residual(8, 1))
                features.append(Point(8, 16))
                self.features = nn.Sequential(*features)
                self.head = Head(16)

            def forward(self, x):
                return self.head(self.features(x))
        """,
        """
        import keras


        class ConvBNReLU(keras.Sequential):
            def __init__(self, i, o, k=3, s=1, norm=True):
                layers = [keras.layers.Conv2D(o, k, s, use_bias=False)]
                if norm:
                    layers.append(keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-05))
                super().__init__([*layers, keras.layers.ReLU()])
                self.out_channels = o


        class Head(keras.Sequential):
            def __init__(self, n):
                super(Head, self).__init__([
                    keras.layers.Conv2D(n, 1),
                    keras.layers.Permute((3, 1, 2)),
                    keras.layers.Flatten(),
                    keras.layers.Dense(10),
                ])


        class Point(ConvBNReLU):
            def __init__(self, i, o):
                super().__init__(i, o, k=1)


        class Residual(keras.Model):
            def __init__(self, n, s):
                super().__init__()
                self.use = s == 1
                self.conv = keras.Sequential([ConvBNReLU(n, n, s=s), keras.layers.Conv2D(n, 1)])

            def call(self, x):
                if self.use:
                    return x + self.conv(x)
                else:
                    return self.conv(x)


        class Net(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                features = [ConvBNReLU(3, 8, s=2)]
                for i in range(3):
                    features.append(Residual(8, 1))
                features.append(Point(8, 16))
                self.features = keras.Sequential(features)
                self.head = Head(16)

            def call(self, x):
                return self.head(self.features(x))
        """,
    ),
    to_tensorflow(
        """
        from torch import nn


        class Block(nn.Sequential):
            pass


        net = Block(nn.Linear(3, 4), nn.ReLU())
        """,
        """
        import keras


        class Block(keras.Sequential):
            pass


        net = Block([keras.layers.Dense(4), keras.layers.ReLU()])
        """,
    ),
)
def test_containers(case):
    case.check()


@rows(
    flagged(
        "class Twice(nn.Sequential):\n    def forward(self, x):\n        return super().forward(x) * 2",
        at="class Twice",
    ),
    flagged(
        """
        from torch import nn


        class Nested(nn.Sequential):
            def __init__(self, n):
                super().__init__(nn.Linear(3, 3), Nested(n - 1) if n else nn.ReLU())


        net = Nested(3)
        """,
        at="super().__init__",
    ),
    flagged("class L(nn.ModuleList):\n    pass", at="ModuleList"),
)
def test_what_is_left(case):
    case.check()


@rows(
    to_torch(
        """
        import keras

        def made(n: int) -> keras.layers.Conv2D:
            return keras.layers.Conv2D(n, 3)

        def held(layer: keras.layers.BatchNormalization = None) -> keras.layers.SeparableConv2D:
            return layer

        made(3)(keras.ops.zeros([1, 8, 8, 3]))
        """,
        """
        import torch
        from torch import nn

        def made(n: int) -> nn.Conv2d:
            return nn.Conv2d(3, n, 3)

        def held(layer: nn.BatchNorm2d = None) -> nn.Module:
            return layer

        made(3)(torch.zeros(1, 8, 8, 3).permute(0, 3, 1, 2))
        """,
    ),
)
def test_annotations(case):
    case.check()
