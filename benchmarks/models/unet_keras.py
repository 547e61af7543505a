"""A U-Net as people write it in Keras, for the weights of the one in PyTorch."""

import keras
from keras import layers


class DoubleConv(layers.Layer):
    def __init__(self, width):
        super().__init__()
        self.conv1 = layers.Conv2D(width, 3, padding="same", use_bias=False)
        self.norm1 = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)
        self.conv2 = layers.Conv2D(width, 3, padding="same", use_bias=False)
        self.norm2 = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)

    def call(self, x):
        x = keras.activations.relu(self.norm1(self.conv1(x)))
        return keras.activations.relu(self.norm2(self.conv2(x)))


class Up(layers.Layer):
    def __init__(self, width):
        super().__init__()
        self.up = layers.Conv2DTranspose(width, 2, strides=2)
        self.merge = layers.Concatenate()
        self.conv = DoubleConv(width)

    def call(self, x, skip):
        x = self.up(x)
        return self.conv(self.merge([skip, x]))


class UNet(keras.Model):
    def __init__(self, classes=2, width=16):
        super().__init__()
        self.inc = DoubleConv(width)
        self.down1 = DoubleConv(width * 2)
        self.down2 = DoubleConv(width * 4)
        self.down3 = DoubleConv(width * 8)
        self.pool = layers.MaxPooling2D(2)
        self.up1 = Up(width * 4)
        self.up2 = Up(width * 2)
        self.up3 = Up(width)
        self.out = layers.Conv2D(classes, 1)

    def call(self, x):
        x1 = self.inc(x)
        x2 = self.down1(self.pool(x1))
        x3 = self.down2(self.pool(x2))
        x = self.down3(self.pool(x3))
        x = self.up1(x, x3)
        x = self.up2(x, x2)
        x = self.up3(x, x1)
        return self.out(x)
