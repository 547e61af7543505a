import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

rng = np.random.default_rng(8)
left, right = rng.normal(size=(30, 3)).astype("float32"), rng.normal(size=(30, 2)).astype("float32")
score = (left[:, :1] - right[:, :1]).astype("float32")
kind = (left.sum(axis=1) > 0).astype("int64") + (right.sum(axis=1) > 0)
by_row = rng.uniform(0.5, 1.5, size=30).astype("float32")
constant = keras.initializers.Constant(0.2)


def classifier():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(3, kernel_initializer=constant)])
    model.compile(
        optimizer=keras.optimizers.SGD(0.1), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    return model


model = classifier()
history = model.fit(left, kind, epochs=3, batch_size=10, shuffle=False, verbose=0, class_weight={0: 1.0, 1: 0.5, 2: 2.0})
print(np.round(history.history["loss"], 4))
history = model.fit(left, kind, epochs=5, initial_epoch=3, batch_size=10, shuffle=False, verbose=0, sample_weight=by_row)
print(np.round(history.history["loss"], 4))

# two inputs and two outputs
a = keras.Input((3,), name="left")
b = keras.Input((2,), name="right")
hidden = layers.concatenate([layers.Dense(4, kernel_initializer=constant)(a), layers.Dense(4, kernel_initializer=constant)(b)])
hidden = layers.Activation("tanh")(hidden)
number = layers.Dense(1, kernel_initializer=constant, name="number")(hidden)
group = layers.Dense(3, activation="softmax", kernel_initializer=constant, name="group")(hidden)
both = keras.Model([a, b], [number, group])
both.compile(
    optimizer=keras.optimizers.SGD(0.1),
    loss=["mse", "sparse_categorical_crossentropy"],
    loss_weights=[1.0, 0.3],
)
history = both.fit([left, right], [score, kind], epochs=3, batch_size=10, shuffle=False, verbose=0)
print(np.round(history.history["loss"], 4))
numbers, groups = both.predict([left, right], verbose=0)
print(np.round(numbers[:3, 0], 4), np.round(groups[0], 4))

# targets without the axis of the outputs
line = keras.Sequential([keras.Input((3,)), layers.Dense(1, kernel_initializer=constant)])
line.compile(optimizer="sgd", loss="mse")
for step in range(3):
    line.train_on_batch(left[10 * step : 10 * step + 10], score[10 * step : 10 * step + 10, 0])
print(np.round(line.predict(left[:2], verbose=0), 4))
print(round(line.evaluate(left, score[:, 0], verbose=0), 4))
