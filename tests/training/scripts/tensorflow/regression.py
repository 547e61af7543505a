import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

rng = np.random.default_rng(0)
features = rng.normal(size=(64, 3)).astype("float32")
targets = (features @ np.array([[1.0], [-2.0], [0.5]]) + 0.3).astype("float32")

# Bring the features to mean 0 and deviation 1.
features = (features - features.mean(axis=0)) / features.std(axis=0)


def build_model():
    model = keras.Sequential([
        layers.Dense(16, activation="relu", input_shape=[3]),
        layers.Dense(16, activation="relu"),
        layers.Dense(1),
    ])
    optimizer = tf.keras.optimizers.RMSprop(0.001)
    model.compile(loss="mse", optimizer=optimizer, metrics=["mae", "mse"])
    return model


model = build_model()
history = model.fit(features, targets, epochs=20, batch_size=64, shuffle=False, verbose=0)
for epoch, (loss, mae) in enumerate(zip(history.history["loss"], history.history["mae"])):
    print("epoch %d: loss %.4f, mae %.4f" % (epoch, loss, mae))

predictions = model.predict(features, verbose=0)
print("mean of the predictions", predictions.mean())
