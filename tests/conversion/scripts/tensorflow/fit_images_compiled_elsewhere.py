import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

rng = np.random.default_rng(5)
images = rng.uniform(size=(24, 6, 6, 2)).astype("float32")
labels = (images.mean(axis=(1, 2)) @ np.array([1.0, -1.0]) > 0).astype("int64") + 1


def build_model(classes, rate=0.1):
    inputs = keras.Input(shape=(6, 6, 2))
    x = layers.Conv2D(3, 3, activation="relu", kernel_initializer=keras.initializers.Constant(0.05))(inputs)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Flatten()(x)
    outputs = layers.Dense(classes, activation="softmax", kernel_initializer=keras.initializers.Constant(0.1))(x)
    model = keras.Model(inputs, outputs)
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def run(model, epochs):
    return model.fit(images, labels, batch_size=8, epochs=epochs, shuffle=False, validation_split=0.25, verbose=0)


model = build_model(3)
history = run(model, 4)
for key in ("loss", "accuracy", "val_loss", "val_accuracy"):
    print(key, np.round(history.history[key], 4))
loss, accuracy = model.evaluate(images, labels, verbose=0)
print(f"{loss:.4f} {accuracy:.4f}")
print(np.argmax(model.predict(images[:5], verbose=0), axis=1))

# the same as a data set
train = tf.data.Dataset.from_tensor_slices((images[:16], labels[:16])).batch(8)
held = tf.data.Dataset.from_tensor_slices((images[16:], labels[16:])).batch(8)
history = model.fit(train, epochs=2, validation_data=held, verbose=0)
print(np.round(history.history["val_loss"], 4))
score = model.evaluate(held, verbose=0)
print("held:", round(score[0], 4), round(score[1], 4))
