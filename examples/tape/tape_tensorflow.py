"""Linear regression with gradients by GradientTape, in TensorFlow."""

import keras
import numpy as np
import tensorflow as tf

# The data, the same on both sides: y = 2x + 1 and a little fixed noise.
rng = np.random.default_rng(0)
x = rng.uniform(-1.0, 1.0, size=(64, 1)).astype(np.float32)
y = (2.0 * x + 1.0 + rng.normal(0.0, 0.1, size=(64, 1))).astype(np.float32)

epochs = 200
learning_rate = 0.05

inputs = tf.convert_to_tensor(x)
targets = tf.convert_to_tensor(y)


class LinearRegression(keras.Model):
    def __init__(self):
        super().__init__()
        self.linear = keras.layers.Dense(
            1,
            kernel_initializer=keras.initializers.Constant(0.5),
            bias_initializer="zeros",
        )

    def call(self, x):
        return self.linear(x)


model = LinearRegression()

for epoch in range(1, epochs + 1):
    # Operations are recorded only here, and the loss must be among them.
    with tf.GradientTape() as tape:
        prediction = model(inputs)
        loss = tf.reduce_mean((prediction - targets) ** 2)

    # gradient() returns one gradient for each variable, in the same order.
    gradients = tape.gradient(loss, model.trainable_variables)

    for variable, gradient in zip(model.trainable_variables, gradients):
        variable.assign_sub(learning_rate * gradient)

    if epoch % 20 == 0:
        print(f"epoch {epoch:3d}  loss {loss.numpy():.6f}")

weight = model.linear.kernel.numpy().item()
bias = model.linear.bias.numpy().item()
print(f"weight {weight:.6f}")
print(f"bias {bias:.6f}")
