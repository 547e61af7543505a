"""Embeddings: the row of the padding, first weights, input shapes that are none."""

from __future__ import annotations

from translator import convert

from .rows import flagged, row, rows, to_tensorflow, to_torch


@rows(
    row(
        torch="""
        from torch import nn
        embed = nn.Embedding(100, 16)
        """,
        tensorflow="""
        import keras
        embed = keras.layers.Embedding(100, 16)
        """,
    ),
    # How the table starts.
    to_tensorflow(
        """
        from torch import nn
        embed = nn.Embedding(100, 16, sparse=True)
        nn.init.normal_(embed.weight, std=0.02)
        """,
        """
        import keras
        embed = keras.layers.Embedding(
            100,
            16,
            embeddings_initializer=keras.initializers.RandomNormal(stddev=0.02),
        )
        """,
    ),
    to_torch(
        """
        import keras
        embed = keras.layers.Embedding(100, 16, embeddings_initializer="normal")
        """,
        """
        from torch import nn
        embed = nn.Embedding(100, 16)
        nn.init.normal_(embed.weight, 0.0, 0.05)
        """,
    ),
    # input_dim is the size of the table and no width, input_length the length of what is looked up.
    to_torch(
        """
        import keras
        model = keras.Sequential([
            keras.layers.Embedding(input_dim=100, output_dim=16, input_length=7),
            keras.layers.Flatten(),
            keras.layers.Dense(2),
        ])
        """,
        """
        from torch import nn
        model = nn.Sequential(
            nn.Embedding(num_embeddings=100, embedding_dim=16),
            nn.Flatten(),
            nn.Linear(112, 2),
        )
        """,
    ),
    to_tensorflow(
        """
        import torch
        import torch.nn.functional as F
        def look(ids: torch.Tensor, table: torch.Tensor):
            return F.embedding(ids, table)
        """,
        """
        import tensorflow as tf
        def look(ids: tf.Tensor, table: tf.Tensor):
            return tf.nn.embedding_lookup(table, ids)
        """,
    ),
    flagged("embed = nn.Embedding(100, 16, max_norm=1.0)", at="max_norm"),
    flagged("embed = nn.Embedding(100, 16, scale_grad_by_freq=True)", at="scale_grad"),
    flagged("embed = keras.layers.Embedding(100, 16, mask_zero=True)", to="torch"),
)
def test_embeddings(case):
    case.check()


def test_the_row_of_the_padding_is_held_by_a_class():
    result = convert("from torch import nn\nembed = nn.Embedding(100, 16, padding_idx=0)\n")
    assert result.complete
    assert result.code.endswith("embed = PaddedEmbedding(100, 16, padding_idx=0)\n")
    assert "class PaddedEmbedding(keras.layers.Embedding):" in result.code
