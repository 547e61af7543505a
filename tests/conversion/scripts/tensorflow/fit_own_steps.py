import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

rng = np.random.default_rng(12)
x = rng.normal(size=(48, 4)).astype("float32")
y = x[:, :1] * 2 - x[:, 1:2]
constant = keras.initializers.Constant(0.1)


class Autoencoder(keras.Model):
    """Codes what it sees, and keeps its own account of the loss."""

    def __init__(self, width):
        super().__init__()
        self.encoder = layers.Dense(width, kernel_initializer=constant)
        self.decoder = layers.Dense(4, kernel_initializer=constant)
        self.tracker = keras.metrics.Mean(name="loss")

    @property
    def metrics(self):
        return [self.tracker]

    def call(self, inputs):
        return self.decoder(self.encoder(inputs))

    def train_step(self, data):
        with tf.GradientTape() as tape:
            restored = self(data, training=True)
            loss = tf.reduce_mean(tf.square(data - restored))
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        self.tracker.update_state(loss)
        return {"loss": self.tracker.result()}


coder = Autoencoder(2)
coder.compile(optimizer=keras.optimizers.SGD(learning_rate=0.2))
history = coder.fit(x, epochs=3, batch_size=16, shuffle=False, verbose=0)
print(np.round(history.history["loss"], 4))


class Weighted(keras.Model):
    """Asks for the loss that it is compiled with."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(1, kernel_initializer=constant)

    def call(self, inputs):
        return self.dense(inputs)

    def train_step(self, data):
        inputs, targets = data
        with tf.GradientTape() as tape:
            outputs = self(inputs, training=True)
            loss = 0.5 * self.compute_loss(y=targets, y_pred=outputs)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        return {"half": loss}


line = Weighted()
line.compile(optimizer="sgd", loss="mse")
pairs = tf.data.Dataset.from_tensor_slices((x, y)).batch(16)
history = line.fit(pairs, epochs=3, verbose=0)
print(np.round(history.history["half"], 4))
print(np.round(line.predict(x[:2], verbose=0), 4))
