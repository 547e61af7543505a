# The smallest model there is, with TensorFlow variables.
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(1)
X = rng.uniform(-2, 2, size=(40,)).astype(np.float32)
Y = (3 * X - 0.5 + rng.normal(0, 0.05, size=(40,))).astype(np.float32)

# Weight and bias, both start at zero
W = tf.Variable(0.0)
b = tf.Variable(0.0)

learning_rate = 0.1
training_steps = 30
display_step = 10


# Linear regression (Wx + b).
def linear_regression(x):
    return W * x + b


# Mean square error.
def mean_square(y_pred, y_true):
    return tf.reduce_mean(tf.square(y_pred - y_true))


for step in range(1, training_steps + 1):
    with tf.GradientTape() as g:
        pred = linear_regression(X)
        loss = mean_square(pred, Y)

    # Compute gradients.
    gradients = g.gradient(loss, [W, b])

    # Update W and b following gradients.
    W.assign_sub(learning_rate * gradients[0])
    b.assign_sub(learning_rate * gradients[1])

    if step % display_step == 0:
        print("step: %i, loss: %f, W: %f, b: %f" % (step, loss, W.numpy(), b.numpy()))
