import numpy as np
import tensorflow as tf

rng = np.random.default_rng(60)
X = rng.uniform(0, 1, size=(24, 2)).astype(np.float32)
Y = (X[:, 0] * 2 + X[:, 1] * 3 + 1).reshape(-1, 1)

model = tf.keras.models.Sequential()
model.add(tf.keras.layers.Dense(1, input_dim=2,
                                kernel_initializer=tf.keras.initializers.Constant(0.1),
                                bias_initializer=tf.keras.initializers.Zeros()))
model.compile(
    optimizer=tf.keras.optimizers.SGD(learning_rate=0.1, momentum=0.9),
    loss=tf.keras.losses.MeanSquaredError(),
)

# no shuffling: the same batches each time
hist = model.fit(X, Y, batch_size=8, epochs=5, shuffle=False, verbose=False)
for e, value in enumerate(hist.history["loss"]):
    print("epoch %d: %.5f" % (e + 1, value))

score = model.evaluate(X, Y, verbose=0)
print("evaluate: %.5f" % score)
W, b = model.layers[0].get_weights()
print("W =", np.round(W.ravel(), 4), "b =", np.round(b, 4))
