"""One-hot codes: of classes, and of numbers that may be none."""

from __future__ import annotations

from .rows import rows, to_torch


@rows(
    to_torch(
        """
        import tensorflow as tf
        codes = tf.one_hot(tf.argmax(tf.ones([3, 4]), axis=1), 4)
        """,
        """
        import torch
        import torch.nn.functional as F
        codes = F.one_hot(torch.argmax(torch.ones(3, 4), dim=1).long(), 4).float()
        """,
    ),
    to_torch(
        """
        from keras import ops


        def place(mask, capacity):
            position = ops.cast(ops.cumsum(ops.ones((3, 4)), axis=0), "int32")
            return ops.one_hot(position, capacity)
        """,
        '''
        import torch


        def one_hot(indices, depth):
            """One-hot codes as floats; zeros where an index is none of the classes."""
            return (indices.unsqueeze(-1) == torch.arange(depth, device=indices.device)).float()


        def place(mask, capacity):
            position = torch.cumsum(torch.ones(3, 4), dim=0).to(torch.int32)
            return one_hot(position, capacity)
        ''',
    ),
)
def test_codes(case):
    case.check()
