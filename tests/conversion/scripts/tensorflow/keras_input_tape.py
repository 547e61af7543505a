import keras
import numpy as np
import tensorflow as tf
from keras import layers

model = keras.Sequential(
    [
        keras.Input(shape=(3,)),
        layers.Dense(1, use_bias=False, kernel_initializer="ones"),
    ]
)

rng = np.random.default_rng(70)
features = tf.convert_to_tensor(rng.normal(size=(20, 3)), dtype=tf.float32)
labels = tf.reduce_sum(features, axis=1, keepdims=True) * 0.25

optimizer = keras.optimizers.SGD(learning_rate=1e-1)
loss_object = keras.losses.MeanAbsoluteError()

for epoch in range(8):
    with tf.GradientTape() as tape:
        predictions = model(features, training=True)
        loss_value = loss_object(labels, predictions)
    gradients = tape.gradient(loss_value, model.trainable_weights)
    optimizer.apply_gradients(zip(gradients, model.trainable_weights))
    print(f"Step {epoch}: {float(loss_value):.5f}")

print(model.layers[0].kernel.numpy())
