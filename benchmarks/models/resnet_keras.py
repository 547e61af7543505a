"""ResNet-18 as people write it in Keras, for the weights of the one in PyTorch."""

import keras
from keras import layers, ops


def norm():
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)


class Block(layers.Layer):
    def __init__(self, width_in, width, stride=1):
        super().__init__()
        self.pad = layers.ZeroPadding2D(1)
        self.conv1 = layers.Conv2D(width, 3, strides=stride, use_bias=False)
        self.bn1 = norm()
        self.conv2 = layers.Conv2D(width, 3, padding="same", use_bias=False)
        self.bn2 = norm()
        self.shortcut = None
        if stride != 1 or width_in != width:
            self.shortcut = keras.Sequential(
                [layers.Conv2D(width, 1, strides=stride, use_bias=False), norm()]
            )

    def call(self, x):
        out = ops.relu(self.bn1(self.conv1(self.pad(x))))
        out = self.bn2(self.conv2(out))
        return ops.relu(out + (x if self.shortcut is None else self.shortcut(x)))


class ResNet18(keras.Model):
    def __init__(self, classes=1000):
        super().__init__()
        self.pad = layers.ZeroPadding2D(3)
        self.conv1 = layers.Conv2D(64, 7, strides=2, use_bias=False)
        self.bn1 = norm()
        self.pad2 = layers.ZeroPadding2D(1)  # of what is positive: zeros are no maximum
        self.pool = layers.MaxPooling2D(3, strides=2)
        self.layer1 = keras.Sequential([Block(64, 64), Block(64, 64)])
        self.layer2 = keras.Sequential([Block(64, 128, 2), Block(128, 128)])
        self.layer3 = keras.Sequential([Block(128, 256, 2), Block(256, 256)])
        self.layer4 = keras.Sequential([Block(256, 512, 2), Block(512, 512)])
        self.fc = layers.Dense(classes)

    def call(self, x):
        x = ops.relu(self.bn1(self.conv1(self.pad(x))))
        x = self.pool(self.pad2(x))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(ops.mean(x, axis=[1, 2]))
