import numpy as np
from tensorflow import keras

rng = np.random.default_rng(50)
xs = np.array([-1.0, 0.0, 1.0, 2.0, 3.0, 4.0], dtype=float).reshape(-1, 1)
ys = np.array([-3.0, -1.0, 1.0, 3.0, 5.0, 7.0], dtype=float).reshape(-1, 1)

# the most famous model of all
model = keras.Sequential([
    keras.layers.Dense(units=1, input_shape=[1], kernel_initializer='zeros')
])
model.compile(optimizer='sgd', loss='mean_squared_error')

history = model.fit(xs, ys, epochs=20, shuffle=False, verbose=0)

print('first loss: {:.5f}'.format(history.history['loss'][0]))
print('last loss: {:.5f}'.format(history.history['loss'][-1]))
print('10 ->', '%.4f' % model.predict(np.array([[10.0]]), verbose=0)[0][0])
