import numpy as np
import tensorflow as tf

VOCAB, D_MODEL, PAD, START = 12, 16, 0, 1


def positional_encoding(length, depth):
    half = depth / 2
    positions = np.arange(length)[:, np.newaxis]
    depths = np.arange(half)[np.newaxis, :] / half
    angle_rads = positions / (10000 ** depths)
    encoding = np.concatenate([np.sin(angle_rads), np.cos(angle_rads)], axis=-1)
    return tf.cast(encoding, dtype=tf.float32)


class PositionalEmbedding(tf.keras.layers.Layer):
    def __init__(self, vocab_size, d_model):
        super().__init__()
        self.d_model = d_model
        self.embedding = tf.keras.layers.Embedding(vocab_size, d_model)
        self.pos_encoding = positional_encoding(length=32, depth=d_model)

    def call(self, x):
        length = tf.shape(x)[1]
        x = self.embedding(x)
        x *= tf.math.sqrt(tf.cast(self.d_model, tf.float32))
        return x + self.pos_encoding[tf.newaxis, :length, :]


class FeedForward(tf.keras.layers.Layer):
    def __init__(self, d_model, dff):
        super().__init__()
        self.seq = tf.keras.Sequential([
            tf.keras.layers.Dense(dff, activation="relu"),
            tf.keras.layers.Dense(d_model),
        ])
        self.norm = tf.keras.layers.LayerNormalization()

    def call(self, x):
        return self.norm(x + self.seq(x))


class EncoderLayer(tf.keras.layers.Layer):
    def __init__(self, d_model, num_heads, dff):
        super().__init__()
        self.attention = tf.keras.layers.MultiHeadAttention(num_heads=num_heads, key_dim=d_model // num_heads)
        self.norm = tf.keras.layers.LayerNormalization()
        self.ffn = FeedForward(d_model, dff)

    def call(self, x):
        x = self.norm(x + self.attention(query=x, value=x, key=x))
        return self.ffn(x)


class DecoderLayer(tf.keras.layers.Layer):
    def __init__(self, d_model, num_heads, dff):
        super().__init__()
        self.self_attention = tf.keras.layers.MultiHeadAttention(num_heads=num_heads, key_dim=d_model // num_heads)
        self.norm1 = tf.keras.layers.LayerNormalization()
        self.cross_attention = tf.keras.layers.MultiHeadAttention(num_heads=num_heads, key_dim=d_model // num_heads)
        self.norm2 = tf.keras.layers.LayerNormalization()
        self.ffn = FeedForward(d_model, dff)

    def call(self, x, context):
        x = self.norm1(x + self.self_attention(query=x, value=x, key=x, use_causal_mask=True))
        x = self.norm2(x + self.cross_attention(query=x, key=context, value=context))
        return self.ffn(x)


class Transformer(tf.keras.Model):
    def __init__(self, d_model, num_heads, dff, vocab_size):
        super().__init__()
        self.source = PositionalEmbedding(vocab_size, d_model)
        self.target = PositionalEmbedding(vocab_size, d_model)
        self.encoder = EncoderLayer(d_model, num_heads, dff)
        self.decoder = DecoderLayer(d_model, num_heads, dff)
        self.final_layer = tf.keras.layers.Dense(vocab_size)

    def call(self, inputs):
        context, x = inputs
        context = self.encoder(self.source(context))
        return self.final_layer(self.decoder(self.target(x), context))


def masked_loss(label, pred):
    mask = label != PAD
    loss_object = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="none")
    loss = loss_object(label, pred)
    mask = tf.cast(mask, dtype=loss.dtype)
    loss *= mask
    return tf.reduce_sum(loss) / tf.reduce_sum(mask)


def batches(steps, size=8, length=5, seed=2):
    rng = np.random.RandomState(seed)
    for _ in range(steps):
        src = rng.randint(2, VOCAB, (size, length))
        out = src[:, ::-1].copy()
        out[:, -1] = PAD
        tgt = np.concatenate([np.full((size, 1), START), out[:, :-1]], axis=1)
        yield tf.constant(src), tf.constant(tgt), tf.constant(out)


transformer = Transformer(D_MODEL, 2, 32, VOCAB)
optimizer = tf.keras.optimizers.Adam(1e-2, beta_1=0.9, beta_2=0.98, epsilon=1e-9)

for step, (src, tgt, out) in enumerate(batches(20)):
    with tf.GradientTape() as tape:
        logits = transformer((src, tgt), training=True)
        loss = masked_loss(out, logits)
    gradients = tape.gradient(loss, transformer.trainable_variables)
    optimizer.apply_gradients(zip(gradients, transformer.trainable_variables))
    print("step", step, "loss", float(loss))
