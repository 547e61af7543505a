import numpy as np
import tensorflow as tf
from tensorflow import keras

AUTOTUNE = tf.data.AUTOTUNE
rng = np.random.default_rng(4)
x = rng.normal(size=(24, 3)).astype("float32")
y = (x[:, :1] * 3).astype("float32")


def scale(inputs, targets):
    return inputs / 2.0, targets


data = tf.data.Dataset.from_tensor_slices((x, y)).map(scale, num_parallel_calls=AUTOTUNE)
data = data.cache()
train = data.take(18).batch(4, drop_remainder=True).prefetch(AUTOTUNE)
held = data.skip(18).batch(3).map(lambda inputs, targets: (inputs, targets + 1.0))
print(len(train), len(held))
for inputs, targets in held.take(1):
    print(inputs.numpy().round(4)[0], targets.numpy().round(4)[:, 0])

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, kernel_initializer="zeros")])
model.compile(optimizer=keras.optimizers.SGD(0.2), loss="mse", metrics=["mae"])
history = model.fit(train, epochs=3, validation_data=held, verbose=0)
for key in ("loss", "mae", "val_loss", "val_mae"):
    print(key, np.round(history.history[key], 4))

total = 0.0
for step, (inputs, targets) in enumerate(train):
    total += tf.reduce_sum(inputs).numpy() * (step + 1)
print(f"{total:.3f}")
for row in tf.data.Dataset.from_tensor_slices(x[:2]).as_numpy_iterator():
    print(np.round(row, 3))
