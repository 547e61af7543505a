import keras
import numpy as np

rng = np.random.default_rng(5)
data = rng.normal(3.0, 2.0, size=(20, 3)).astype("float32")

norm = keras.layers.Normalization()
norm.adapt(data)
model = keras.Sequential([norm, keras.layers.Dense(1, kernel_initializer="ones")])
for value in model(data[:4]):
    print("{:.4f}".format(float(value[0])))
