"""Code of TensorFlow itself: gradients of a function's own, sizes as numbers."""

from __future__ import annotations

from .rows import rows, to_torch


@rows(
    to_torch(
        """
        import tensorflow as tf


        @tf.custom_gradient
        def halved(x):
            def gradient(upstream):
                return upstream / 2

            return tf.identity(x), gradient


        y = tf.square(halved(tf.ones([2, 3])))
        """,
        '''
        import torch


        def custom_gradient(function):
            """A function that returns its result and a function that gives its gradient, for the result alone."""

            class Custom(torch.autograd.Function):
                @staticmethod
                def forward(ctx, *inputs):
                    result, ctx.gradient = function(*inputs)
                    return result

                @staticmethod
                def backward(ctx, *upstream):
                    return ctx.gradient(*upstream)

            return Custom.apply


        @custom_gradient
        def halved(x):
            def gradient(upstream):
                return upstream / 2

            return torch.clone(x), gradient


        y = torch.square(halved(torch.ones(2, 3)))
        ''',
    ),
    # What `tf.shape` is given is a tensor, and a size is a number.
    to_torch(
        """
        import tensorflow as tf


        def scaled(q, k):
            return tf.matmul(q, k, transpose_b=True) / tf.math.sqrt(tf.cast(tf.shape(k)[-1], tf.float32))
        """,
        """
        import math

        import torch


        def scaled(q, k):
            return torch.matmul(q, k.transpose(-2, -1)) / math.sqrt(k.shape[-1])
        """,
    ),
)
def test_low_level(case):
    case.check()
