"""What a forward pass is given: `**kwargs` that it hands on, and arguments that are left out."""

from __future__ import annotations

from .rows import flagged, rows, to_tensorflow

TORCH = """
    import torch
    from torch import nn


    class Scaled(nn.Module):
        def forward(self, x, context=None, twice=False):
            return x * 2 if twice else x


    class Around(nn.Module):
        def __init__(self, inner):
            super().__init__()
            self.inner = inner

        def forward(self, x, **options):
            {use}


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.scaled = Around(Scaled())
            self.plain = Around(nn.ReLU())

        def forward(self, x):
            y = x[:, 1:]
            return self.scaled({given})
"""
KERAS = """
    import keras


    class Scaled(keras.Model):
        def call(self, x, context=None, twice=False):
            return x * 2 if twice else x


    class Around(keras.Model):
        def __init__(self, inner):
            super().__init__()
            self.inner = inner

        def call(self, x, {options}):
            {use}


    class Net(keras.Model):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.scaled = Around(Scaled())
            self.plain = Around(keras.layers.ReLU())

        def call(self, x):
            y = x[:, 1:]
            return self.scaled({given})
"""


@rows(
    to_tensorflow(
        TORCH.format(use="return self.inner(x, **options) + x", given="x, context=y, twice=True"),
        KERAS.format(
            options="context, twice",
            use="return self.inner(x, context=context, twice=twice) + x",
            given="x, context=y, twice=True",
        ),
    ),
    to_tensorflow(
        TORCH.format(use="return self.inner(x, **options) + x", given="x, context=y"),
        KERAS.format(
            options="**options", use="return self.inner(x, **options) + x", given="x, context=y"
        ),
    ),
    flagged(
        TORCH.format(use="return x * len(options)", given="x, context=y, twice=True"),
        at="def forward(self, x, **options)",
    ),
    to_tensorflow(
        """
        import torch
        from torch.nn.attention import SDPBackend, sdpa_kernel


        def exists(value):
            return value is not None


        def attend(q, k, mask=None):
            with sdpa_kernel([SDPBackend.MATH]):
                dots = torch.matmul(q, k)
            if exists(mask):
                dots = dots.masked_fill(~mask, -torch.finfo(dots.dtype).max)
            return dots


        print(attend(torch.zeros(2, 3), torch.zeros(3, 2)))
        """,
        """
        import tensorflow as tf


        def exists(value):
            return value is not None


        def attend(q, k, mask=None):
            dots = tf.matmul(q, k)
            if exists(mask):
                dots = tf.where(~mask, -dots.dtype.max, dots)
            return dots


        print(attend(tf.zeros([2, 3]), tf.zeros([3, 2])))
        """,
    ),
)
def test_forward_arguments(case):
    case.check()
