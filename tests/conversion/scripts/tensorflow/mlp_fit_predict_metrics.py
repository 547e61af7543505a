import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

# Small regression net; columns: two made-up measurements
rng = np.random.default_rng(150)
X = rng.uniform(0, 1, (40, 2)).astype(np.float32)
y = (X[:, 0] ** 2 + X[:, 1]).astype(np.float32)[:, np.newaxis]
X_train, X_test = X[:32], X[32:]
y_train, y_test = y[:32], y[32:]


def build_and_compile_model():
    model = keras.Sequential([
        layers.Dense(4, activation='relu', kernel_initializer=keras.initializers.Constant(0.3)),
        layers.Dense(1, kernel_initializer=keras.initializers.Constant(0.3))
    ])
    model.compile(loss='mean_absolute_error',
                  optimizer=tf.keras.optimizers.SGD(learning_rate=0.05),
                  metrics=['mse'])
    return model


model = build_and_compile_model()
history = model.fit(X_train, y_train, validation_data=(X_test, y_test),
                    epochs=5, batch_size=16, shuffle=False, verbose=0)

for key in ('loss', 'val_loss'):
    print(key, np.round(history.history[key], 5))

loss, mse = model.evaluate(X_test, y_test, verbose=0)
print('Test MAE {:.4f} MSE {:.4f}'.format(loss, mse))
test_predictions = model.predict(X_test, verbose=0).flatten()
print(test_predictions[:3].round(4))
