import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

rng = np.random.default_rng(3)
x = rng.normal(size=(60, 3)).astype("float32")
y = (x @ np.array([[1.0], [-2.0], [0.5]]) + 0.1 * rng.normal(size=(60, 1))).astype("float32")
starts = [0.5 * rng.normal(size=shape) for shape in ((3, 4), (4,), (4, 1), (1,))]


def make_model():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="tanh"), layers.Dense(1)])
    model.set_weights(starts)
    return model


class Reporter(keras.callbacks.Callback):
    """Prints the loss of every second epoch, and stops when it is small."""

    def __init__(self, every, enough):
        super().__init__()
        self.every = every
        self.enough = enough
        self.batches = 0

    def on_train_begin(self, logs=None):
        print("begin")

    def on_batch_end(self, batch, logs=None):
        self.batches += 1

    def on_epoch_end(self, epoch, logs=None):
        if epoch % self.every == 0:
            print(epoch, round(logs["loss"], 4), self.batches)
        if logs["loss"] < self.enough:
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        print("end")


# stopping early, with the best weights put back
model = make_model()
model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.4), loss="mse", metrics=["mae"])
stopper = keras.callbacks.EarlyStopping(monitor="val_loss", patience=2, restore_best_weights=True)
history = model.fit(
    x, y, epochs=12, batch_size=20, shuffle=False, validation_split=0.25, verbose=0, callbacks=[stopper]
)
print(len(history.history["loss"]), np.round(history.history["val_loss"], 4))
print(np.round(model.predict(x[:3], verbose=0), 4))


# rates that a function gives, and lower ones where nothing gets better
def schedule(epoch, rate):
    return rate if epoch < 3 else rate * 0.5


model = make_model()
model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.1), loss="mse")
history = model.fit(
    x, y, epochs=6, batch_size=20, shuffle=False, verbose=0,
    callbacks=[
        keras.callbacks.LearningRateScheduler(schedule),
        keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, round(logs["loss"], 4))),
    ],
)
print(np.round(history.history["loss"], 4))

model = make_model()
model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.5), loss="mse")
history = model.fit(
    x, y, epochs=10, batch_size=30, shuffle=False, verbose=0, validation_data=(x[:10], y[:10]),
    callbacks=[keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.3, patience=1, min_lr=0.01)],
)
print(np.round(history.history["val_loss"], 4))

# a callback of one's own
model = make_model()
model.compile(optimizer="sgd", loss="mae")
model.fit(x, y, epochs=9, batch_size=20, shuffle=False, verbose=0, callbacks=[Reporter(2, enough=1.7)])
