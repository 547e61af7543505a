"""Linear regression with raw parameters, in TensorFlow."""

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

w = tf.Variable([[0.5]])
b = tf.Variable([0.0])

for epoch in range(1, epochs + 1):
    # Only what happens under the tape is recorded.
    with tf.GradientTape() as tape:
        prediction = inputs @ w + b
        loss = tf.reduce_mean((prediction - targets) ** 2)

    # Gradients are returned, not stored: there is nothing to reset.
    dw, db = tape.gradient(loss, [w, b])
    w.assign_sub(learning_rate * dw)
    b.assign_sub(learning_rate * db)

    if epoch % 20 == 0:
        print(f"epoch {epoch:3d}  loss {loss.numpy():.6f}")

weight = w.numpy().item()
bias = b.numpy().item()
print(f"weight {weight:.6f}")
print(f"bias {bias:.6f}")
