import keras
import numpy as np
import tensorflow as tf


class LinearModel(keras.Model):
    """y = w * x + b with two weights of its own."""

    def __init__(self):
        super().__init__()
        self.w = self.add_weight(shape=(1, 1), initializer="zeros", trainable=True, name="w")
        self.b = self.add_weight(shape=(1,), initializer=keras.initializers.Constant(0.5), name="b")

    def call(self, inputs):
        return tf.matmul(inputs, self.w) + self.b


rng = np.random.default_rng(33)
x_train = rng.random((20, 1), dtype=np.float32)
y_train = 2.5 * x_train - 1.0

model = LinearModel()
optimizer = keras.optimizers.SGD(learning_rate=0.2)
loss_fn = keras.losses.MeanSquaredError()

for epoch in range(20):
    with tf.GradientTape() as tape:
        y_pred = model(x_train)
        loss = loss_fn(y_train, y_pred)
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    if epoch % 5 == 0:
        print(f"Epoch {epoch}: loss = {loss.numpy():.5f}")

print("w:", model.w.numpy(), "b:", model.b.numpy())
