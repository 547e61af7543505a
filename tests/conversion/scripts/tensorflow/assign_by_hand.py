import tensorflow as tf
import numpy as np

x = tf.constant(np.linspace(0, 2, 21), dtype=tf.float32)
noise = np.random.default_rng(14).normal(0, 0.05, 21)
y = tf.constant(1.5 * np.linspace(0, 2, 21) + 0.3 + noise, dtype=tf.float32)

w = tf.Variable(tf.zeros([]), name='w')
b = tf.Variable(tf.zeros([]), name='b')


def mse(y_true, y_pred):
    return tf.reduce_mean((y_true - y_pred) ** 2)


print('start: {:.5f}'.format(mse(y, w * x + b).numpy()))
for i in range(15):
    with tf.GradientTape() as t:
        current = mse(y, w * x + b)
    dw, db = t.gradient(current, [w, b])
    w.assign(w - 0.1 * dw)
    b.assign(b - 0.1 * db)
    if i % 5 == 0:
        print('%2d %.5f' % (i, current.numpy()))
print('end: w={:.4f} b={:.4f}'.format(w.numpy(), b.numpy()))
