import tensorflow as tf
import numpy as np

rng = np.random.default_rng(2020)
X = rng.standard_normal((32, 1)).astype(np.float32)
y = 4.0 * X + 1.0


class Model(tf.keras.Model):
    def __init__(self):
        super(Model, self).__init__()
        self.W = tf.Variable([[0.0]], name='weight')
        self.B = tf.Variable([0.0], name='bias')

    def call(self, inputs):
        return inputs @ self.W + self.B


def loss(model, inputs, targets):
    error = model(inputs) - targets
    return tf.reduce_mean(tf.square(error))


def grad(model, inputs, targets):
    with tf.GradientTape() as tape:
        loss_value = loss(model, inputs, targets)
    return tape.gradient(loss_value, [model.W, model.B])


model = Model()
optimizer = tf.keras.optimizers.SGD(learning_rate=0.1)
print("Initial loss: {:.3f}".format(loss(model, X, y)))

steps = 12
for i in range(steps):
    grads = grad(model, X, y)
    optimizer.apply_gradients(zip(grads, [model.W, model.B]))
    if i % 4 == 0:
        print("Loss at step {:03d}: {:.3f}".format(i, loss(model, X, y)))

print("Final loss: {:.3f}".format(loss(model, X, y)))
print("W = {:.4f}, B = {:.4f}".format(model.W.numpy()[0][0], model.B.numpy()[0]))
