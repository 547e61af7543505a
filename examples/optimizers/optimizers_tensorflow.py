"""Linear regression with a loss object and an optimizer, in TensorFlow."""

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
criterion = keras.losses.MeanSquaredError()
optimizer = keras.optimizers.SGD(learning_rate=learning_rate)

for epoch in range(1, epochs + 1):
    with tf.GradientTape() as tape:
        prediction = model(inputs)
        # Keras takes the targets first.
        loss = criterion(targets, prediction)

    # The optimizer is given the variables with their gradients, at every step.
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))

    if epoch % 20 == 0:
        print(f"epoch {epoch:3d}  loss {loss.numpy():.6f}")

weight = model.linear.kernel.numpy().item()
bias = model.linear.bias.numpy().item()
print(f"weight {weight:.6f}")
print(f"bias {bias:.6f}")
