"""A compiled training step."""

import numpy as np
import tensorflow as tf

BATCH = 10
EPOCHS = 6

rng = np.random.default_rng(100)
X = rng.normal(size=(30, 4)).astype(np.float32)
W_TRUE = np.array([[1.0], [-1.0], [2.0], [0.5]], dtype=np.float32)
Y = X @ W_TRUE + 0.7

model = tf.keras.Sequential([tf.keras.layers.Dense(1, kernel_initializer="zeros")])
loss_fn = tf.keras.losses.MeanSquaredError()
optimizer = tf.keras.optimizers.SGD(learning_rate=0.05)


@tf.function
def train_step(model, x, y):
    with tf.GradientTape() as tape:
        y_hat = model(x, training=True)
        loss = loss_fn(y, y_hat)
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return loss


for epoch in range(EPOCHS):
    total = 0.0
    # one batch after the other
    for start in range(0, len(X), BATCH):
        total += train_step(model, X[start:start + BATCH], Y[start:start + BATCH]).numpy()
    print(f"epoch {epoch + 1}/{EPOCHS} loss {total / (len(X) // BATCH):.5f}")

print("bias", model.layers[0].bias.numpy())
