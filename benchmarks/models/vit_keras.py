"""A vision transformer as people write it in Keras, for the weights of the one in PyTorch."""

import keras
from keras import layers, ops


class EncoderBlock(layers.Layer):
    def __init__(self, dim, heads, mlp_dim, dropout):
        super().__init__()
        self.norm1 = layers.LayerNormalization(epsilon=1e-5)
        self.attention = layers.MultiHeadAttention(heads, dim // heads, dropout=dropout)
        self.norm2 = layers.LayerNormalization(epsilon=1e-5)
        self.mlp = keras.Sequential(
            [
                layers.Dense(mlp_dim, activation="gelu"),
                layers.Dropout(dropout),
                layers.Dense(dim),
                layers.Dropout(dropout),
            ]
        )

    def call(self, x):
        y = self.norm1(x)
        x = x + self.attention(y, y)
        return x + self.mlp(self.norm2(x))


class ViT(keras.Model):
    def __init__(
        self, image=64, patch=8, classes=10, dim=128, depth=6, heads=4, mlp_dim=256, dropout=0.0
    ):
        super().__init__()
        self.count = (image // patch) ** 2
        self.dim = dim
        self.embed = layers.Conv2D(dim, patch, strides=patch)
        self.cls_token = self.add_weight(shape=(1, 1, dim), initializer="zeros")
        self.position = self.add_weight(
            shape=(1, self.count + 1, dim),
            initializer=keras.initializers.RandomNormal(stddev=0.02),
        )
        self.blocks = keras.Sequential(
            [EncoderBlock(dim, heads, mlp_dim, dropout) for _ in range(depth)]
        )
        self.norm = layers.LayerNormalization(epsilon=1e-5)
        self.head = layers.Dense(classes)

    def call(self, x):
        x = self.embed(x)
        x = ops.reshape(x, (-1, self.count, self.dim))
        cls = ops.broadcast_to(self.cls_token, (ops.shape(x)[0], 1, self.dim))
        x = ops.concatenate([cls, x], axis=1) + self.position
        x = self.norm(self.blocks(x))
        return self.head(x[:, 0])
