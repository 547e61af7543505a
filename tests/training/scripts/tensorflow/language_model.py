import numpy as np
import tensorflow as tf

text = "the quick brown fox jumps over the lazy dog. " * 8
vocab = sorted(set(text))
char2idx = {u: i for i, u in enumerate(vocab)}
text_as_int = np.array([char2idx[c] for c in text])

seq_length, batch_size = 8, 4
examples = len(text_as_int) // (seq_length + 1)
chunks = text_as_int[:examples * (seq_length + 1)].reshape(examples, seq_length + 1)


class CharModel(tf.keras.Model):
    def __init__(self, vocab_size, embedding_dim, rnn_units):
        super().__init__()
        self.embedding = tf.keras.layers.Embedding(vocab_size, embedding_dim)
        self.lstm = tf.keras.layers.LSTM(rnn_units, return_sequences=True)
        self.dense = tf.keras.layers.Dense(vocab_size)

    def call(self, inputs, training=False):
        x = self.embedding(inputs, training=training)
        x = self.lstm(x, training=training)
        return self.dense(x, training=training)


model = CharModel(len(vocab), 8, 16)
optimizer = tf.keras.optimizers.SGD(learning_rate=0.5, momentum=0.9)


def loss_fn(labels, logits):
    return tf.keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)


@tf.function
def train_step(inp, target):
    with tf.GradientTape() as tape:
        predictions = model(inp, training=True)
        loss = tf.reduce_mean(loss_fn(target, predictions))
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return loss


EPOCHS = 2
for epoch in range(EPOCHS):
    for start in range(0, examples, batch_size):
        batch = chunks[start:start + batch_size]
        loss = train_step(tf.constant(batch[:, :-1]), tf.constant(batch[:, 1:]))
        print(f"Epoch {epoch + 1} Batch {start // batch_size} Loss {loss.numpy():.4f}")
