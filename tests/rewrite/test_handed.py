"""Functions that build layers and are handed on, and those that are made by others."""

from __future__ import annotations

from .rows import rows, to_torch


@rows(
    to_torch(
        """
        import keras
        from keras import layers

        def block(width, rate=0.1, name=None):
            def apply(x):
                y = layers.Conv2D(width, 3, padding="same", name=f"{name}_conv")(x)
                return x + layers.Dropout(rate)(y)

            return apply

        image = keras.Input((16, 16, 4))
        x = block(4)(image)
        x = block(4, rate=0.2)(x)
        model = keras.Model(image, x)
        """,
        """
        from torch import nn

        class Block(nn.Module):
            def __init__(self, width, rate=0.1):
                super().__init__()
                self.conv = nn.Conv2d(4, width, 3, padding="same")
                self.dropout = nn.Dropout(rate)

            def forward(self, x):
                y = self.conv(x)
                return x + self.dropout(y)


        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.block1 = Block(4)
                self.block2 = Block(4, rate=0.2)

            def forward(self, image):
                x = self.block1(image)
                x = self.block2(x)
                return x


        model = Model()
        """,
    ),
    to_torch(
        """
        import keras
        from keras import layers

        def unit(x, width):
            return layers.Conv2D(width, 3)(x)

        def net(stack, classes):
            image = keras.Input((16, 16, 3))
            x = layers.Conv2D(8, 3)(image)
            x = stack(x)
            x = layers.GlobalAveragePooling2D()(x)
            return keras.Model(image, layers.Dense(classes)(x))

        def small(classes=4):
            def stack(x):
                return unit(x, 8)

            return net(stack, classes)

        def large(classes=4, width=16):
            def stack(x):
                x = unit(x, width)
                return unit(x, 2 * width)

            return net(stack, classes)
        """,
        """
        from torch import nn

        class Unit(nn.Module):
            def __init__(self, in_channels, width):
                super().__init__()
                self.conv = nn.Conv2d(in_channels, width, 3)

            def forward(self, x):
                return self.conv(x)


        class Net(nn.Module):
            def __init__(self, stack, classes):
                super().__init__()
                self.conv = nn.Conv2d(3, 8, 3)
                self.stack = stack(8)
                self.global_pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
                self.dense = nn.Linear(self.stack.out_channels, classes)

            def forward(self, image):
                x = self.conv(image)
                x = self.stack(x)
                x = self.global_pool(x)
                return self.dense(x)


        def net(stack, classes):
            return Net(stack, classes)

        def small(classes=4):
            class SmallStack(nn.Module):
                def __init__(self, in_channels):
                    super().__init__()
                    self.unit = Unit(in_channels, 8)
                    self.out_channels = 8

                def forward(self, x):
                    return self.unit(x)

            return net(SmallStack, classes)

        def large(classes=4, width=16):
            class LargeStack(nn.Module):
                def __init__(self, in_channels):
                    super().__init__()
                    self.unit1 = Unit(in_channels, width)
                    self.unit2 = Unit(width, 2 * width)
                    self.out_channels = 2 * width

                def forward(self, x):
                    x = self.unit1(x)
                    return self.unit2(x)

            return net(LargeStack, classes)
        """,
    ),
)
def test_handed_on(case):
    case.check()


@rows(
    to_torch(
        """
        import keras
        from keras import layers

        class Pair:
            def __init__(self, latent=16):
                self.latent = latent
                self.generator = self.build_generator()

            def build_generator(self):
                noise = keras.Input((self.latent,))
                x = layers.Dense(7 * 7 * 8)(noise)
                x = layers.Reshape((7, 7, 8))(x)
                return keras.Model(noise, layers.Conv2D(2, 3)(x))

            def build_whole(self):
                noise = keras.Input((self.latent,))
                image = self.generator(noise)
                return keras.Model(noise, layers.Flatten()(image))
        """,
        """
        from torch import nn

        class Generator(nn.Module):
            def __init__(self, latent):
                super().__init__()
                self.dense = nn.Linear(latent, 7 * 7 * 8)
                self.conv = nn.Conv2d(8, 2, 3)

            def forward(self, noise):
                x = self.dense(noise)
                x = x.reshape(-1, 7, 7, 8)
                return self.conv(x.permute(0, 3, 1, 2))


        class Whole(nn.Module):
            def __init__(self, generator, latent):
                super().__init__()
                self.generator = generator
                self.flatten = nn.Flatten()

            def forward(self, noise):
                image = self.generator(noise)
                return self.flatten(image.permute(0, 2, 3, 1))


        class Pair:
            def __init__(self, latent=16):
                self.latent = latent
                self.generator = self.build_generator()

            def build_generator(self):
                return Generator(self.latent)

            def build_whole(self):
                return Whole(self.generator, self.latent)
        """,
    ),
)
def test_models_that_are_made_in_methods(case):
    """What a model reads of `self` is a setting; the axis order of what it gives reaches those that hold it."""
    case.check()
