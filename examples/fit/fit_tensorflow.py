"""Linear regression on mini-batches with fit(), in TensorFlow."""

import keras
import numpy as np

# The data, the same on both sides: y = 2x + 1 and a little fixed noise.
rng = np.random.default_rng(0)
x = rng.uniform(-1.0, 1.0, size=(64, 1)).astype(np.float32)
y = (2.0 * x + 1.0 + rng.normal(0.0, 0.1, size=(64, 1))).astype(np.float32)

epochs = 200
learning_rate = 0.01

model = keras.Sequential(
    [
        keras.Input(shape=(1,)),
        keras.layers.Dense(
            1,
            kernel_initializer=keras.initializers.Constant(0.5),
            bias_initializer="zeros",
        ),
    ]
)

model.compile(optimizer=keras.optimizers.SGD(learning_rate=learning_rate), loss="mse")

# fit() shuffles unless told not to.
history = model.fit(x, y, epochs=epochs, batch_size=16, shuffle=False, verbose=0)
losses = history.history["loss"]

for epoch in range(20, epochs + 1, 20):
    print(f"epoch {epoch:3d}  loss {losses[epoch - 1]:.6f}")

weight = model.layers[0].kernel.numpy().item()
bias = model.layers[0].bias.numpy().item()
print(f"weight {weight:.6f}")
print(f"bias {bias:.6f}")
