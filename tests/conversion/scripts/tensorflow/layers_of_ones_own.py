"""Layers with build, add_loss and initialisers of their own, trained under a tape."""

import numpy as np
import tensorflow as tf
from tensorflow import keras


class Scale(keras.layers.Layer):
    """One factor for each channel."""

    def build(self, input_shape):
        self.gamma = self.add_weight(name="gamma", shape=(input_shape[-1],), initializer="ones")
        super().build(input_shape)

    def call(self, inputs):
        return inputs * self.gamma


class Bilinear(keras.layers.Layer):
    """A product with a kernel, whose size adds to the loss."""

    def __init__(self, units, kernel_initializer="zeros", **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, input_shape):
        width = input_shape[-1]
        self.kernel = self.add_weight(
            shape=(width, self.units), initializer=self.kernel_initializer, name="kernel"
        )
        self.scale = Scale()

    def call(self, inputs):
        outputs = tf.matmul(inputs, self.kernel)
        self.add_loss(0.01 * tf.reduce_sum(tf.square(self.kernel)))
        return self.scale(outputs) / tf.math.sqrt(tf.cast(tf.shape(inputs)[-1], tf.float32))

    def get_config(self):
        return {**super().get_config(), "units": self.units}


class Model(keras.Model):
    def __init__(self):
        super().__init__()
        self.first = Bilinear(4, keras.initializers.Constant(0.25))
        self.second = Bilinear(1, "ones")

    def call(self, x):
        return self.second(tf.nn.tanh(self.first(x)))


@tf.custom_gradient
def clipped(x):
    def gradient(upstream):
        return tf.clip_by_value(upstream, -0.5, 0.5)

    return tf.identity(x), gradient


x = np.linspace(-1.0, 1.0, 24).reshape(8, 3).astype("float32")
y = (x.sum(axis=1, keepdims=True) ** 2).astype("float32")
inputs, targets = tf.constant(x), tf.constant(y)
model = Model()
optimizer = keras.optimizers.SGD(learning_rate=0.1)

for step in range(5):
    with tf.GradientTape() as tape:
        predictions = model(inputs)
        loss = tf.reduce_mean(tf.square(clipped(predictions - targets))) + sum(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    print(step, round(float(loss), 5))
