import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


class Linear(layers.Layer):
    def __init__(self, units=32, **kwargs):
        super(Linear, self).__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.w = self.add_weight(
            shape=(input_shape[-1], self.units),
            initializer="zeros",
            trainable=True,
        )
        self.b = self.add_weight(shape=(self.units,), initializer="ones", trainable=True)

    def call(self, inputs):
        return tf.matmul(inputs, self.w) + self.b


data = np.random.default_rng(3).normal(size=(16, 3)).astype(np.float32)
target = (data @ np.array([[1.0], [2.0], [-1.0]])).astype(np.float32)

layer = Linear(1)
optimizer = keras.optimizers.SGD(learning_rate=0.1)

for step in range(12):
    with tf.GradientTape() as tape:
        out = layer(data)
        loss = tf.reduce_mean(tf.square(out - target))
    grads = tape.gradient(loss, layer.trainable_weights)
    optimizer.apply_gradients(zip(grads, layer.trainable_weights))
    if step % 4 == 3:
        # .numpy() for a plain number
        print("step", step, "loss", "%.5f" % loss.numpy())

print("weights:", len(layer.weights), "shape:", tuple(layer.w.shape))
print(layer.w.numpy().round(4))
