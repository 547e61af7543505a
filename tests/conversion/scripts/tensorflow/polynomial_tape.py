import numpy as np
import tensorflow as tf

xs = np.linspace(-1, 1, 30, dtype=np.float32)
ys = (0.5 + xs - 2 * xs ** 2).astype(np.float32)

# one coefficient for each power
coefficients = [tf.Variable(0.0) for _ in range(3)]


def model(x):
    terms = []
    for i, c in enumerate(coefficients):
        terms.append(c * tf.pow(x, i))
    return tf.add_n(terms)


optimizer = tf.keras.optimizers.SGD(learning_rate=0.3)
for epoch in range(20):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(model(xs) - ys))
    grads = tape.gradient(loss, coefficients)
    optimizer.apply_gradients(zip(grads, coefficients))
    if (epoch + 1) % 5 == 0:
        print(epoch + 1, f"{loss.numpy():.6f}")

print([round(float(c.numpy()), 4) for c in coefficients])
