import numpy as np
import tensorflow as tf


class GraphConv(tf.keras.layers.Layer):
    def __init__(self, units, activation=None):
        super().__init__()
        self.units = units
        self.activation = tf.keras.activations.get(activation)

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), initializer="glorot_uniform", name="kernel")
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")

    def call(self, features, adjacency):
        x = tf.matmul(adjacency, tf.matmul(features, self.kernel)) + self.bias
        return self.activation(x) if self.activation is not None else x


class GCN(tf.keras.Model):
    def __init__(self, hidden, classes):
        super().__init__()
        self.conv1 = GraphConv(hidden, activation="relu")
        self.conv2 = GraphConv(classes)

    def call(self, features, adjacency):
        return self.conv2(self.conv1(features, adjacency), adjacency)


def load_data(n=30):
    rng = np.random.RandomState(6)
    labels = rng.randint(0, 3, n)
    links = (rng.rand(n, n) < np.where(labels[:, None] == labels, 0.4, 0.05)).astype("float32")
    links = np.maximum(links, links.T) + np.eye(n, dtype="float32")
    degree = np.diag(1 / np.sqrt(links.sum(1)))
    features = rng.randn(n, 5) + labels[:, None]
    return (degree @ links @ degree).astype("float32"), features.astype("float32"), labels


adjacency, features, labels = load_data()
train_mask = np.arange(30) < 20
model = GCN(8, 3)
optimizer = tf.keras.optimizers.AdamW(learning_rate=0.01, weight_decay=5e-4)
one_hot = tf.one_hot(labels, 3)

best_acc = 0.0
for epoch in range(1, 21):
    with tf.GradientTape() as tape:
        logits = model(features, adjacency)
        losses = tf.nn.softmax_cross_entropy_with_logits(labels=one_hot, logits=logits)
        loss = tf.reduce_mean(tf.boolean_mask(losses, train_mask))
        loss += 5e-4 * tf.add_n([tf.nn.l2_loss(v) for v in model.trainable_variables])
    grads = tape.gradient(loss, model.trainable_variables)
    grads = [tf.clip_by_value(g, -1.0, 1.0) for g in grads]
    optimizer.apply_gradients(zip(grads, model.trainable_variables))

    predicted = tf.argmax(model(features, adjacency), axis=1).numpy()
    acc = np.mean(predicted[~train_mask] == labels[~train_mask])
    best_acc = max(best_acc, acc)
    print("Epoch {:02d} loss {:.4f} val acc {:.2f}".format(epoch, loss.numpy(), acc))
print("best", best_acc)
