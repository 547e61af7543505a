import numpy as np
import tensorflow as tf

n, d = 64, 4
rng = np.random.default_rng(140)
X_np = rng.normal(size=(n, d)).astype(np.float32)
true_w = np.array([[2], [-3.4], [0.7], [1.1]], dtype=np.float32)
y_np = X_np @ true_w + np.float32(4.2)

X, y = tf.constant(X_np), tf.constant(y_np)

w = tf.Variable(tf.zeros(shape=(d, 1)), trainable=True)
b = tf.Variable(tf.zeros(1), trainable=True)


def linreg(X, w, b):
    """The linear regression model."""
    return tf.matmul(X, w) + b


def squared_loss(y_hat, y):
    """Half the squared error."""
    return (y_hat - tf.reshape(y, y_hat.shape)) ** 2 / 2


def sgd(params, grads, lr, batch_size):
    """Minibatch stochastic gradient descent."""
    for param, grad in zip(params, grads):
        param.assign_sub(lr * grad / batch_size)


def data_iter(batch_size, features, labels):
    for i in range(0, len(features), batch_size):
        yield features[i:i + batch_size], labels[i:i + batch_size]


batch_size = 16
for epoch in range(3):
    for Xb, yb in data_iter(batch_size, X, y):
        with tf.GradientTape() as g:
            l = squared_loss(linreg(Xb, w, b), yb)
        dw, db = g.gradient(l, [w, b])
        sgd([w, b], [dw, db], 0.1, batch_size)
    train_l = squared_loss(linreg(X, w, b), y)
    print(f'epoch {epoch + 1}, loss {float(tf.reduce_mean(train_l)):f}')

print('error of w:', (true_w - tf.reshape(w, true_w.shape)).numpy().ravel().round(4))
print('error of b: %.4f' % (4.2 - b.numpy()[0]))
