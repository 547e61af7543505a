import numpy as np
import tensorflow as tf


def load_data():
    rng = np.random.default_rng(130)
    x = rng.uniform(0, 5, size=(20, 1)).astype("float32")
    y = 0.9 * x + 0.2
    return x, y


def build_model():
    model = tf.keras.Sequential()
    model.add(tf.keras.layers.Dense(1, input_shape=(1,), kernel_initializer="zeros", bias_initializer="zeros"))
    return model


def compute_loss(model, x, y):
    y_pred = model(x)
    return tf.reduce_mean(tf.square(y_pred - y))


def train(model, x, y, epochs=10, lr=0.02):
    optimizer = tf.keras.optimizers.SGD(lr)
    for epoch in range(epochs):
        with tf.GradientTape() as tape:
            loss = compute_loss(model, x, y)
        grads = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables))
        if epoch % 3 == 0:
            print(f"Epoch {epoch}, loss {loss:.6f}")


def main():
    x, y = load_data()
    model = build_model()
    train(model, x, y)
    w, b = model.get_weights()
    print(f"w={w[0][0]:.4f} b={b[0]:.4f}")


if __name__ == "__main__":
    main()
