import numpy as np
import keras
import tensorflow as tf
from keras import layers


def make_pairs(x, y, seed=0):
    rng = np.random.RandomState(seed)
    pairs, labels = [], []
    for i in range(len(x)):
        j = rng.randint(len(x))
        pairs.append([x[i], x[j]])
        labels.append(float(y[i] != y[j]))
    return np.array(pairs), np.array(labels).astype("float32")


def euclidean_distance(x, y):
    sum_square = tf.reduce_sum(tf.square(x - y), axis=1, keepdims=True)
    return tf.sqrt(tf.maximum(sum_square, keras.backend.epsilon()))


embedding_network = keras.Sequential([
    layers.Input((6,)),
    layers.Dense(16, activation="tanh"),
    layers.BatchNormalization(),
    layers.Dense(4),
])


class Siamese(keras.Model):
    def __init__(self, network):
        super().__init__()
        self.network = network
        self.output_layer = layers.Dense(1, activation="sigmoid")

    def call(self, left, right, training=None):
        tower_1 = self.network(left, training=training)
        tower_2 = self.network(right, training=training)
        return self.output_layer(euclidean_distance(tower_1, tower_2))


def loss(margin=1):
    """Provides 'contrastive_loss' an enclosing scope with variable 'margin'."""

    def contrastive_loss(y_true, y_pred):
        square_pred = tf.math.square(y_pred)
        margin_square = tf.math.square(tf.math.maximum(margin - (y_pred), 0))
        return tf.math.reduce_mean((1 - y_true) * square_pred + (y_true) * margin_square)

    return contrastive_loss


rng = np.random.RandomState(1)
y_train = rng.randint(0, 2, 40)
x_train = (rng.randn(40, 6) + 2 * y_train[:, None]).astype("float32")
pairs, labels = make_pairs(x_train, y_train)

siamese = Siamese(embedding_network)
loss_fn = loss(margin=1)
schedule = keras.optimizers.schedules.ExponentialDecay(0.05, decay_steps=5, decay_rate=0.9)
optimizer = keras.optimizers.SGD(schedule, momentum=0.9, nesterov=True)

for epoch in range(4):
    for start in range(0, 40, 8):
        left, right = tf.constant(pairs[start:start + 8, 0]), tf.constant(pairs[start:start + 8, 1])
        label = tf.constant(labels[start:start + 8, None])
        with tf.GradientTape() as tape:
            value = loss_fn(label, siamese(left, right, training=True))
        grads = tape.gradient(value, siamese.trainable_weights)
        grads, _ = tf.clip_by_global_norm(grads, 0.1)
        optimizer.apply_gradients(zip(grads, siamese.trainable_weights))
        print("loss:", value.numpy())
