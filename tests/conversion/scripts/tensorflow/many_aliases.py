import numpy as np
import tensorflow as tf
import tensorflow.keras as K
import tensorflow.keras.layers as L
import keras
from keras.layers import Dense
from tensorflow.keras import Sequential
from tensorflow.keras.losses import MeanSquaredError
from tensorflow.keras.optimizers import SGD

x = np.random.default_rng(170).normal(size=(14, 1)).astype(np.float32)
y = tf.math.maximum(3 * x - 1, 0.0)

model = Sequential([
    Dense(2, activation=tf.nn.relu, kernel_initializer=K.initializers.Constant(0.5)),
    L.Dense(1, kernel_initializer=keras.initializers.Ones(), activation=None),
])
mse, sgd = MeanSquaredError(), SGD(learning_rate=0.1)

for _ in range(6):
    with tf.GradientTape() as tape:
        value = mse(y, model(x))
    variables = model.trainable_variables
    sgd.apply_gradients(zip(tape.gradient(value, variables), variables))
    print(f"{value.numpy():.6f}")
