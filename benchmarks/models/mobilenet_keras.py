"""MobileNetV2 as people write it in Keras: a functional model, for the weights of the one in PyTorch."""

import keras
from keras import layers


def conv_bn(x, width, kernel, stride=1):
    if stride > 1:
        x = layers.ZeroPadding2D(1)(x)
        x = layers.Conv2D(width, kernel, stride, use_bias=False)(x)
    else:
        x = layers.Conv2D(width, kernel, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    return layers.ReLU(max_value=6.0)(x)


def inverted_residual(inputs, width_in, width, stride, expand):
    x = conv_bn(inputs, width_in * expand, 1)
    if stride > 1:
        x = layers.ZeroPadding2D(1)(x)
        x = layers.DepthwiseConv2D(3, stride, use_bias=False)(x)
    else:
        x = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = layers.ReLU(max_value=6.0)(x)
    x = layers.Conv2D(width, 1, use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    if stride == 1 and width_in == width:
        x = layers.Add()([inputs, x])
    return x


def MobileNetV2(input_shape=(64, 64, 3), classes=1000):
    inputs = keras.Input(input_shape)
    x = conv_bn(inputs, 32, 3, stride=2)
    x = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = layers.ReLU(max_value=6.0)(x)
    x = layers.Conv2D(16, 1, use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = inverted_residual(x, 16, 24, stride=2, expand=6)
    x = inverted_residual(x, 24, 24, stride=1, expand=6)
    x = inverted_residual(x, 24, 32, stride=2, expand=6)
    x = inverted_residual(x, 32, 32, stride=1, expand=6)
    x = inverted_residual(x, 32, 32, stride=1, expand=6)
    x = inverted_residual(x, 32, 64, stride=2, expand=6)
    x = inverted_residual(x, 64, 64, stride=1, expand=6)
    x = inverted_residual(x, 64, 64, stride=1, expand=6)
    x = inverted_residual(x, 64, 64, stride=1, expand=6)
    x = inverted_residual(x, 64, 96, stride=1, expand=6)
    x = inverted_residual(x, 96, 96, stride=1, expand=6)
    x = inverted_residual(x, 96, 96, stride=1, expand=6)
    x = inverted_residual(x, 96, 160, stride=2, expand=6)
    x = inverted_residual(x, 160, 160, stride=1, expand=6)
    x = inverted_residual(x, 160, 160, stride=1, expand=6)
    x = inverted_residual(x, 160, 320, stride=1, expand=6)
    x = conv_bn(x, 1280, 1)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.2)(x)
    outputs = layers.Dense(classes)(x)
    return keras.Model(inputs, outputs)
