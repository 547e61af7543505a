"""A small GPT as people write it in Keras, for the weights of the one in PyTorch."""

import keras
from keras import layers, ops


class CausalSelfAttention(layers.Layer):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.dim = dim
        self.qkv = layers.Dense(3 * dim)
        self.proj = layers.Dense(dim)

    def call(self, x):
        batch, length = ops.shape(x)[:2]
        heads = (batch, length, self.heads, self.dim // self.heads)
        q, k, v = ops.split(self.qkv(x), 3, axis=-1)
        q, k, v = (ops.transpose(ops.reshape(t, heads), (0, 2, 1, 3)) for t in (q, k, v))
        scores = ops.matmul(q, ops.transpose(k, (0, 1, 3, 2))) / (self.dim // self.heads) ** 0.5
        mask = ops.tril(ops.ones((length, length), dtype="bool"))
        scores = ops.where(mask, scores, float("-inf"))
        y = ops.matmul(ops.softmax(scores, axis=-1), v)
        y = ops.reshape(ops.transpose(y, (0, 2, 1, 3)), (batch, length, self.dim))
        return self.proj(y)


class MLP(layers.Layer):
    def __init__(self, dim):
        super().__init__()
        self.fc = layers.Dense(4 * dim, activation="gelu")
        self.proj = layers.Dense(dim)

    def call(self, x):
        return self.proj(self.fc(x))


class Block(layers.Layer):
    def __init__(self, dim, heads):
        super().__init__()
        self.ln_1 = layers.LayerNormalization(epsilon=1e-5)
        self.attn = CausalSelfAttention(dim, heads)
        self.ln_2 = layers.LayerNormalization(epsilon=1e-5)
        self.mlp = MLP(dim)

    def call(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class GPT(keras.Model):
    def __init__(self, vocab=500, context=64, dim=128, depth=4, heads=4):
        super().__init__()
        self.wte = layers.Embedding(vocab, dim)
        self.wpe = layers.Embedding(context, dim)
        self.blocks = [Block(dim, heads) for _ in range(depth)]
        self.ln_f = layers.LayerNormalization(epsilon=1e-5)
        self.lm_head = layers.Dense(vocab, use_bias=False)

    def call(self, idx):
        pos = ops.arange(ops.shape(idx)[1])
        x = self.wte(idx) + self.wpe(pos)
        for block in self.blocks:
            x = block(x)
        return self.lm_head(self.ln_f(x))
