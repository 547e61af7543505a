# Least squares without any automatic gradient.
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(190)
A = tf.constant(rng.normal(size=(30, 2)), dtype=tf.float32)
A = tf.concat([A, tf.ones((30, 1))], axis=1)
truth = tf.constant([[1.0], [2.0], [3.0]])
y = tf.matmul(A, truth)

theta = tf.zeros((3, 1))
for step in range(12):
    residual = tf.matmul(A, theta) - y
    gradient = 2.0 / 30 * tf.matmul(A, residual, transpose_a=True)
    theta = theta - 0.1 * gradient
    if step % 4 == 0:
        print(step, round(tf.reduce_mean(tf.square(residual)).numpy().item(), 5))

print(tf.squeeze(theta).numpy().round(4))
print("largest error %.4f" % tf.reduce_max(tf.abs(theta - truth)).numpy())
