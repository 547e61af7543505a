import numpy as np
import tensorflow as tf
from tensorflow import keras

tf.random.set_seed(1)

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], "float32")
Y = np.array([[0], [0], [0], [1]], "float32")


class Neuron(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        # logical AND
        self.out = keras.layers.Dense(1, activation="sigmoid", kernel_initializer="ones")

    def call(self, x, training=None):
        return self.out(x)


model = Neuron()
model.compile(optimizer=keras.optimizers.SGD(learning_rate=2.0), loss="mse")
history = model.fit(X, Y, epochs=30, batch_size=4, verbose=0)
print(f"{history.history['loss'][0]:.5f} -> {history.history['loss'][-1]:.5f}")
guess = (model.predict(X, verbose=0) > 0.5).astype(int)
print(guess.ravel())
