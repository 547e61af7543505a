import keras
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(3)
x = tf.constant(rng.normal(size=(16, 4)).astype(np.float32))
y = tf.constant(rng.normal(size=(16, 1)).astype(np.float32))

model = keras.Sequential(
    [
        keras.Input((4,)),
        keras.layers.Dense(
            6,
            activation="tanh",
            kernel_initializer=keras.initializers.Constant(0.1),
            kernel_regularizer=keras.regularizers.l2(0.05),
            bias_regularizer="l1",
        ),
        keras.layers.Dense(
            1,
            kernel_initializer="ones",
            kernel_regularizer=keras.regularizers.L1L2(l1=0.01, l2=0.02),
        ),
    ]
)
optimizer = keras.optimizers.SGD(0.1)
for step in range(5):
    with tf.GradientTape() as tape:
        error = tf.reduce_mean((model(x, training=True) - y) ** 2)
        # what the layers say of their weights
        loss = error + sum(model.losses)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    print(step, "{:.5f} {:.5f}".format(float(error), float(loss)))
