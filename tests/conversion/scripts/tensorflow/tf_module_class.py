import numpy as np
import tensorflow as tf

TRUE_W = 3.0
TRUE_B = 2.0
NUM_EXAMPLES = 51

rng = np.random.default_rng(28)
x = tf.linspace(-2.0, 2.0, NUM_EXAMPLES)
noise = tf.constant(rng.normal(0, 0.1, NUM_EXAMPLES).astype("float32"))


def f(x):
    return x * TRUE_W + TRUE_B


y = f(x) + noise


class MyModel(tf.Module):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        # Start somewhere else, so that there is something to learn
        self.w = tf.Variable(5.0)
        self.b = tf.Variable(0.0)

    def __call__(self, x):
        return self.w * x + self.b


# One number for the whole batch
def loss(target_y, predicted_y):
    return tf.reduce_mean(tf.square(target_y - predicted_y))


def train(model, x, y, learning_rate):
    with tf.GradientTape() as t:
        # Trainable variables are watched by themselves
        current_loss = loss(y, model(x))

    dw, db = t.gradient(current_loss, [model.w, model.b])
    model.w.assign_sub(learning_rate * dw)
    model.b.assign_sub(learning_rate * db)


def report(model, loss):
    return f"W = {model.w.numpy():1.3f}, b = {model.b.numpy():1.3f}, loss={loss:2.4f}"


model = MyModel()
for epoch in range(10):
    train(model, x, y, learning_rate=0.1)
    current_loss = loss(y, model(x))
    print(f"Epoch {epoch:2d}: {report(model, current_loss)}")
