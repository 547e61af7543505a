import numpy as np
from tensorflow.keras.layers import Input, Dense
from tensorflow.keras.models import Model
from tensorflow.keras.optimizers import SGD

rng = np.random.default_rng(80)
x = rng.normal(size=(40, 2)).astype("float32")
y = x[:, :1] * x[:, 1:]

inputs = Input(shape=(2,))
hidden = Dense(4, activation="tanh", kernel_initializer="ones", bias_initializer="zeros")(inputs)
outputs = Dense(1, kernel_initializer="ones")(hidden)
model = Model(inputs=inputs, outputs=outputs)

model.compile(loss="mse", optimizer=SGD(0.05))
h = model.fit(x, y, epochs=4, batch_size=10, verbose=0, shuffle=False)
print(["%.5f" % v for v in h.history["loss"]])
