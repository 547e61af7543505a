import keras
import numpy as np

rng = np.random.default_rng(4)
x = rng.normal(size=(24, 4)).astype(np.float32)
y = rng.normal(size=(24, 1)).astype(np.float32)


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = keras.layers.Dense(
            6,
            activation="tanh",
            kernel_initializer=keras.initializers.Constant(0.1),
            kernel_regularizer=keras.regularizers.L2(0.1),
        )
        self.out = keras.layers.Dense(1, kernel_initializer="ones")

    def call(self, inputs):
        return self.out(self.hidden(inputs))


model = Net()
model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
model.fit(x, y, epochs=3, batch_size=24, verbose=0)
print("{:.5f}".format(float(model(x)[0, 0])))
