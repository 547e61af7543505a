import tensorflow as tf


@tf.function
def running(x):
    # sums so far, step by step
    sums = tf.TensorArray(tf.float32, size=tf.shape(x)[1])
    total = tf.zeros_like(x[:, 0])
    for step in tf.range(tf.shape(x)[1]):
        total = total + x[:, step]
        sums = sums.write(step, total)
    return tf.transpose(sums.stack(), [1, 0, 2])


def backwards(x):
    rows = tf.TensorArray(tf.float32, size=3).unstack(x)
    found = tf.TensorArray(tf.float32, size=0, dynamic_size=True, clear_after_read=False)
    for n in (2, 1, 0):
        found = found.write(2 - n, rows.read(n) * 2.0)
    return found.stack(), found.concat(), found.gather([0, 2])


x = tf.reshape(tf.range(24, dtype=tf.float32), [2, 3, 4])
w = tf.Variable(0.5)
with tf.GradientTape() as tape:
    loss = tf.reduce_sum(running(x * w) ** 2)
print("{:.2f} {:.2f}".format(float(loss), float(tape.gradient(loss, w))))
for part in backwards(x[0]):
    print(part.shape[0], "{:.2f}".format(float(tf.reduce_sum(part))))
