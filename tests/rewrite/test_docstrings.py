"""Docstrings: kept as they are, but for names of the source framework."""

from __future__ import annotations

from .rows import rows, same, to_tensorflow, to_torch


@rows(
    to_tensorflow(
        '''
        import torch
        def double(x):
            """Twice x.

            Args:
                x (torch.Tensor): numbers, as mytorch.Tensor or torch.Tensors have them.
            """
            return torch.mul(x, 2)
        class Block:
            "Takes a torch.nn.Module, by default torch.nn.ReLU, and torch.nn.Unheard."
        ''',
        '''
        import tensorflow as tf
        def double(x):
            """Twice x.

            Args:
                x (tf.Tensor): numbers, as mytorch.Tensor or torch.Tensors have them.
            """
            return tf.multiply(x, 2)
        class Block:
            "Takes a keras.layers.Layer, by default keras.layers.ReLU, and torch.nn.Unheard."
        ''',
    ),
    to_torch(
        'import tensorflow as tf\ndef f(x):\n    "A tf.Tensor."\n    return tf.exp(x)',
        'import torch\ndef f(x):\n    "A torch.Tensor."\n    return torch.exp(x)',
    ),
    # what is no docstring is data
    same('kind = "torch.Tensor"'),
)  # fmt: skip
def test_docstrings(case):
    case.check()
