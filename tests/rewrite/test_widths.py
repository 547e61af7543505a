"""Widths that classes written from functions are told, and tell: what a person writes as `channels`."""

from __future__ import annotations

import textwrap

from translator import convert

from .rows import rows, to_torch


@rows(
    to_torch(
        """
        import keras
        from keras import layers

        def grow(x, rate):
            y = layers.Conv2D(rate, 3, padding="same")(x)
            return layers.Concatenate()([x, y])

        def stage(x, turns, rate):
            for i in range(turns):
                x = grow(x, rate)
            return x

        def shrink(x, share):
            x = layers.Conv2D(int(x.shape[-1] * share), 1)(x)
            return layers.AveragePooling2D(2)(x)

        def net(rate=4):
            image = keras.Input((16, 16, 3))
            x = stage(image, 2, rate)
            x = shrink(x, 0.5)
            x = stage(x, 3, rate)
            return keras.Model(image, layers.Conv2D(2, 1, name="head")(x))
        """,
        """
        import torch
        from torch import nn

        class Grow(nn.Module):
            def __init__(self, in_channels, rate):
                super().__init__()
                self.conv = nn.Conv2d(in_channels, rate, 3, padding="same")

            def forward(self, x):
                y = self.conv(x)
                return torch.cat([x, y], dim=1)


        class Stage(nn.Module):
            def __init__(self, in_channels, turns, rate):
                super().__init__()
                self.grow_layers = nn.ModuleList()
                for i in range(turns):
                    self.grow_layers.append(Grow(in_channels, rate))
                    in_channels = in_channels + rate
                self.out_channels = in_channels

            def forward(self, x):
                for grow in self.grow_layers:
                    x = grow(x)
                return x


        class Shrink(nn.Module):
            def __init__(self, in_channels, share):
                super().__init__()
                self.conv = nn.Conv2d(in_channels, int(in_channels * share), 1)
                self.pool = nn.AvgPool2d(2)
                self.out_channels = int(in_channels * share)

            def forward(self, x):
                x = self.conv(x)
                return self.pool(x)


        class Net(nn.Module):
            def __init__(self, rate):
                super().__init__()
                self.stage1 = Stage(3, 2, rate)
                self.shrink = Shrink(self.stage1.out_channels, 0.5)
                self.stage2 = Stage(self.shrink.out_channels, 3, rate)
                self.head = nn.Conv2d(self.stage2.out_channels, 2, 1)

            def forward(self, image):
                x = self.stage1(image)
                x = self.shrink(x)
                x = self.stage2(x)
                return self.head(x)


        def net(rate=4):
            return Net(rate)
        """,
    ),
    to_torch(
        """
        import keras
        from keras import layers

        def unit(x, width, widened=False):
            if widened:
                x = layers.Conv2D(2 * width, 1)(x)
            x = layers.BatchNormalization()(x)
            x = layers.DepthwiseConv2D(3)(x)
            return layers.Conv2D(width, 1)(x)

        image = keras.Input((16, 16, 3))
        x = unit(image, 4)
        x = unit(x, 8, widened=True)
        model = keras.Model(image, x)
        """,
        """
        from torch import nn

        class Unit(nn.Module):
            def __init__(self, in_channels, width, widened=False):
                super().__init__()
                self.widened = widened
                if widened:
                    self.conv1 = nn.Conv2d(in_channels, 2 * width, 1)
                    in_channels = 2 * width
                self.bn = nn.BatchNorm2d(in_channels, eps=0.001, momentum=0.01)
                self.depthwise_conv = nn.Conv2d(in_channels, in_channels, 3, groups=in_channels)
                self.conv2 = nn.Conv2d(in_channels, width, 1)

            def forward(self, x):
                if self.widened:
                    x = self.conv1(x)
                x = self.bn(x)
                x = self.depthwise_conv(x)
                return self.conv2(x)


        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.unit1 = Unit(3, 4)
                self.unit2 = Unit(4, 8, widened=True)

            def forward(self, image):
                x = self.unit1(image)
                x = self.unit2(x)
                return x


        model = Model()
        """,
    ),
    to_torch(
        """
        import keras
        from keras import layers

        def down(x, width):
            skip = layers.Conv2D(width, 3, padding="same")(x)
            return layers.MaxPooling2D(2)(skip), skip

        def up(x, skip, width):
            x = layers.UpSampling2D(2)(x)
            x = layers.concatenate([x, skip])
            return layers.Conv2D(width, 3, padding="same")(x)

        def unet(size, classes):
            image = keras.Input((size, size, 1))
            x, first = down(image, 8)
            x, second = down(x, 16)
            x = up(x, second, 16)
            x = up(x, first, 8)
            return keras.Model(image, layers.Conv2D(classes, 1)(x))
        """,
        """
        import torch
        from torch import nn

        class Down(nn.Module):
            def __init__(self, in_channels, width):
                super().__init__()
                self.skip = nn.Conv2d(in_channels, width, 3, padding="same")
                self.pool = nn.MaxPool2d(2)

            def forward(self, x):
                skip = self.skip(x)
                return self.pool(skip), skip


        class Up(nn.Module):
            def __init__(self, in_channels, skip_channels, width):
                super().__init__()
                self.upsample = nn.Upsample(scale_factor=2)
                self.conv = nn.Conv2d(in_channels + skip_channels, width, 3, padding="same")

            def forward(self, x, skip):
                x = self.upsample(x)
                x = torch.cat([x, skip], dim=1)
                return self.conv(x)


        class Unet(nn.Module):
            def __init__(self, classes):
                super().__init__()
                self.down1 = Down(1, 8)
                self.down2 = Down(8, 16)
                self.up1 = Up(16, 16, 16)
                self.up2 = Up(16, 8, 8)
                self.conv = nn.Conv2d(8, classes, 1)

            def forward(self, image):
                x, first = self.down1(image)
                x, second = self.down2(x)
                x = self.up1(x, second)
                x = self.up2(x, first)
                return self.conv(x)


        def unet(size, classes):
            return Unet(classes)
        """,
    ),
)
def test_widths(case):
    case.check()


@rows(
    to_torch(
        """
        import keras
        from keras import layers
        from keras.applications import imagenet_utils

        def unit(x, width, window, place=None):
            if place is None:
                prefix = "first"
            else:
                prefix = f"unit_{place}"
            x = layers.ZeroPadding2D(imagenet_utils.correct_pad(x, window), name=prefix + "_pad")(x)
            return layers.Conv2D(width, window, strides=2, name=f"{prefix}_conv")(x)

        image = keras.Input((16, 16, 3))
        x = unit(image, 4, 3)
        for i in range(2):
            x = unit(x, 4, 5, place=i)
        model = keras.Model(image, x)
        """,
        """
        import torch.nn.functional as F
        from torch import nn


        class SamePad(nn.Module):
            """
        + '"""'
        + """Pads images as "same" does in Keras: so that ceil(size / stride) windows fit, the odd pixel at the end."""
        + '"""'
        + """

            def __init__(self, kernel_size, stride=1, dilation=1, value=0.0):
                super().__init__()
                self.kernel_size = kernel_size
                self.stride = stride
                self.dilation = dilation
                self.value = value

            def forward(self, x):
                borders = []
                for axis in reversed(range(x.dim() - 2)):
                    window, stride, gap = (
                        value[axis] if isinstance(value, (list, tuple)) else value
                        for value in (self.kernel_size, self.stride, self.dilation)
                    )
                    size = x.shape[axis + 2]
                    total = max((-(-size // stride) - 1) * stride + gap * (window - 1) + 1 - size, 0)
                    borders += [total // 2, total - total // 2]
                return F.pad(x, borders, value=self.value)


        class Unit(nn.Module):
            def __init__(self, in_channels, width, window):
                super().__init__()
                self.pad = SamePad(window, 2)
                self.conv = nn.Conv2d(in_channels, width, window, stride=2)

            def forward(self, x):
                x = self.pad(x)
                return self.conv(x)


        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.unit = Unit(3, 4, 3)
                self.unit_layers = nn.ModuleList([Unit(4, 4, 5) for i in range(2)])

            def forward(self, image):
                x = self.unit(image)
                for unit in self.unit_layers:
                    x = unit(x)
                return x


        model = Model()
        """,
    ),
)
def test_names_of_layers_and_borders_of_applications(case):
    """What only names layers goes; the border that is computed from sizes is the one of "same" with a stride of 2."""
    case.check()


def test_lists_of_tensors():
    """The width of what a list of tensors is joined to is the sum of theirs, however the list grows."""
    result = convert(
        """
import keras
from keras import layers

def branches(x, width, deep=False):
    found = [layers.Conv2D(width, 1)(x)]
    if deep:
        found.append(layers.Conv2D(2 * width, 3, padding="same")(x))
    x = layers.Concatenate()(found)
    return layers.BatchNormalization(scale=False)(x)

image = keras.Input((16, 16, 3))
model = keras.Model(image, branches(branches(image, 4), 4, deep=True))
"""
    )
    assert result.complete
    assert "            channels = width + 2 * width\n" in result.code
    assert "self.bn = ShiftingBatchNorm2d(channels, eps=0.001, momentum=0.01)" in result.code
    assert "Branches(self.branches1.out_channels, 4, deep=True)" in result.code


def test_what_a_loop_carries_from_turn_to_turn():
    """Settings that change with each turn change where the modules are made, not inside of one."""
    result = convert(
        """
import keras
from keras import layers

def unit(x, width, stride=1):
    y = layers.Conv2D(width, 3, strides=stride, padding="same")(x)
    if stride != 1 or x.shape[-1] != width:
        x = layers.Conv2D(width, 1, strides=stride, padding="same")(x)
    return layers.Add()([x, y])

def net(depths, width=8):
    image = keras.Input((16, 16, 3))
    x = image
    for stage, depth in enumerate(depths):
        for turn in range(depth):
            x = unit(x, width)
        x = layers.BatchNormalization()(x)
        width *= 2
    return keras.Model(image, layers.Conv2D(width, 1)(x))
"""
    )
    assert result.complete
    assert result.code.endswith(
        """
class Block(nn.Module):
    def __init__(self, in_channels, depth, width):
        super().__init__()
        self.unit_layers = nn.ModuleList()
        for turn in range(depth):
            self.unit_layers.append(Unit(in_channels, width))
            in_channels = width
        self.bn = nn.BatchNorm2d(in_channels, eps=0.001, momentum=0.01)
        self.out_channels = in_channels

    def forward(self, x):
        for unit in self.unit_layers:
            x = unit(x)
        x = self.bn(x)
        return x


class Net(nn.Module):
    def __init__(self, depths, width):
        super().__init__()
        channels = 3
        self.blocks = nn.ModuleList()
        for stage, depth in enumerate(depths):
            self.blocks.append(Block(channels, depth, width))
            width *= 2
            channels = self.blocks[-1].out_channels
        self.conv = nn.Conv2d(channels, width, 1)

    def forward(self, image):
        x = image
        for block in self.blocks:
            x = block(x)
        return self.conv(x)


def net(depths, width=8):
    return Net(depths, width)
"""
    )


def test_loops_through_tensors_beside_settings():
    """The settings of `zip(widths, skips)` build the layers, the tensors go through them."""
    result = convert(
        """
import keras
from keras import layers

def net(widths=(4, 8)):
    image = keras.Input((16, 16, 3))
    x = image
    skips = []
    for width in widths:
        x = layers.Conv2D(width, 3, padding="same")(x)
        skips.append(x)
    for width, skip in zip(reversed(widths), reversed(skips)):
        x = layers.Concatenate()([x, skip])
        x = layers.Conv2D(width, 1)(x)
    return keras.Model(image, x)
"""
    )
    assert result.complete
    assert "for block, skip in zip(self.blocks, reversed(skips)):" in result.code
    assert "for width in reversed(widths)" in result.code


def test_a_mask_of_one_channel_has_the_width_of_what_it_weighs():
    result = convert(
        """
import keras
from keras import layers

def weigh(x):
    mask = layers.Conv2D(1, 1, activation="sigmoid")(x)
    return layers.Multiply()([x, mask])

image = keras.Input((16, 16, 3))
x = layers.Conv2D(8, 3)(weigh(image))
x = layers.Concatenate()([x, weigh(x)])
model = keras.Model(image, layers.Conv2D(2, 1)(x))
"""
    )
    assert "self.conv2 = nn.Conv2d(16, 2, 1)" in result.code


@rows(
    # the layers that a function makes have no width in common, and its names are those of each call
    to_torch(
        """
        import keras
        from keras import layers

        def down(filters):
            part = keras.Sequential()
            part.add(layers.Conv2D(filters, 3))
            part.add(layers.ReLU())
            return part

        class Net(keras.Model):
            def __init__(self):
                super().__init__()
                self.down1 = down(64)
                self.down2 = down(128)
                self.make = self.block(8)
                self.again = self.block(16)

            def block(self, filters):
                return layers.Conv2D(filters, 1)

            def call(self, x):
                return self.again(self.make(self.down2(self.down1(x))))
        """,
        """
        from torch import nn

        def down(filters):
            part = nn.Sequential()
            part.append(nn.LazyConv2d(filters, 3))
            part.append(nn.ReLU())
            return part

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.down1 = down(64)
                self.down2 = down(128)
                self.make = self.block(8)
                self.again = self.block(16)

            def block(self, filters):
                return nn.LazyConv2d(filters, 1)

            def forward(self, x):
                return self.again(self.make(self.down2(self.down1(x))))
        """,
    ),
)
def test_layers_that_a_function_makes(case):
    case.check()


def test_an_attribute_that_is_counted_up_is_no_number():
    """What `self.width *= 2` changes has not one value: the width of a layer is never stated by it."""
    source = textwrap.dedent(
        """
        import keras
        import tensorflow as tf

        class Block(keras.layers.Layer):
            expansion = 2

            def __init__(self, width):
                super().__init__()
                self.conv = keras.layers.Conv2D(self.expansion * width, 3)
                self.bn = keras.layers.BatchNormalization()

            def call(self, x):
                return self.bn(self.conv(x))

        class Net(keras.Model):
            def __init__(self, width):
                super().__init__()
                self.width = width
                self.a = self.make()
                self.b = self.make()

            def make(self):
                blocks = [Block(self.width)]
                self.width *= 2
                return keras.Sequential(blocks)

            def call(self, x):
                return self.b(self.a(x))

        y = Net(8)(tf.ones([2, 28, 28, 3]))
        """
    )
    assert "nn.LazyBatchNorm2d(" in convert(source, to="torch").code
    plain = source.replace("            self.width *= 2\n", "").replace(
        "        self.width *= 2\n", ""
    )
    assert "nn.BatchNorm2d(16," in convert(plain, to="torch").code


def test_a_width_that_a_loop_loses_is_told_to_no_class():
    result = convert(
        """
import keras
from keras import layers

def block(x, width):
    y = layers.Conv2D(width, 3, padding="same")(x)
    return layers.Lambda(lambda t: t * 2)(y)

image = keras.Input((32, 32, 3))
x = image
for width in (8, 16):
    x = block(x, width)
model = keras.Model(image, x)
""",
        to="torch",
    )
    assert "[Block(width) for width in (8, 16)]" in result.code
    assert "self.conv = nn.LazyConv2d(width, 3" in result.code
