import numpy as np
import tensorflow as tf
import tensorflow.keras.layers as L
import tensorflow.keras.optimizers as optimizers

rng = np.random.default_rng(90)
t = tf.cast(rng.uniform(-1, 1, (18, 1)), tf.float32)
target = tf.sin(2. * t)

net = tf.keras.Sequential([L.Dense(3, activation=tf.nn.tanh, kernel_initializer=tf.constant_initializer(0.4)),
                           L.Dense(1, kernel_initializer=tf.constant_initializer(0.4))])
opt = optimizers.SGD(0.05, 0.9)

losses = []
for i in range(20):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.keras.losses.mse(target, net(t)))
    opt.apply_gradients(list(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables)))
    losses.append(loss.numpy())

print(np.array(losses)[::5].round(5))
print('variables:', [tuple(v.shape) for v in net.trainable_variables])
