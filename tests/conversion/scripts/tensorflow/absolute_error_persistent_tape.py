import numpy as np
import tensorflow as tf

rng = np.random.default_rng(110)
speed = rng.uniform(0.2, 1.0, 25).astype(np.float32)
distance = (1.8 * speed + 0.1).astype(np.float32)

slope = tf.Variable(1.0, dtype=tf.float32)
offset = tf.Variable(0.0, dtype=tf.float32, trainable=True)

for step in range(10):
    with tf.GradientTape(persistent=True) as tape:
        guess = tf.add(tf.multiply(slope, speed), offset)
        loss = tf.reduce_mean(tf.abs(guess - distance))
    # persistent, because it is asked twice
    d_slope = tape.gradient(loss, slope)
    d_offset = tape.gradient(loss, offset)
    del tape
    slope.assign_sub(0.1 * d_slope)
    offset.assign_sub(0.1 * d_offset)
    print(step, "{:.5f}".format(loss.numpy()))

print("slope {:.4f} offset {:.4f}".format(slope.numpy(), offset.numpy()))
