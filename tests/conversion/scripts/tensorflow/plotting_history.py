import os
import numpy as np
import matplotlib.pyplot as plt
import tensorflow as tf

np.set_printoptions(precision=5)
rng = np.random.default_rng(160)
months = np.arange(24, dtype=np.float32)[:, None] / 24.0
sales = 2.0 * months + 0.5 + rng.normal(0, 0.05, months.shape).astype(np.float32)

model = tf.keras.Sequential([
    tf.keras.layers.Input(shape=(1,)),
    tf.keras.layers.Dense(1, kernel_initializer='zeros'),
])
model.compile(optimizer=tf.keras.optimizers.SGD(learning_rate=0.5), loss='mse')
history = model.fit(months, sales, epochs=10, batch_size=24, verbose=0)

fig, ax = plt.subplots(figsize=(5, 3))
ax.plot(history.history['loss'], label='loss')   # learning curve
ax.set_xlabel('epoch')
ax.legend(loc='best')
fig.savefig(os.devnull, format='png')
plt.close(fig)

print(np.array(history.history['loss'])[::3])
pred = model.predict(months, verbose=0)
print("RMSE: {:.4f}".format(np.sqrt(np.mean((pred - sales) ** 2))))
