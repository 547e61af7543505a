"""einops: functions stay, layers come from the module for Keras, patterns say what they give."""

from __future__ import annotations

from .rows import flagged, rows, to_tensorflow, to_torch, untouched

TORCH_NET = """
import torch
from einops import {functions}
from einops.layers.torch import {layers}
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        {init}

    def forward(self, x):
        {body}
"""
KERAS_NET = """
import keras
import tensorflow as tf
from einops import {functions}
from einops.layers.tensorflow import {layers}


class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        {init}

    def call(self, x):
        {body}
"""


def net(text: str, functions: str, layers: str, init: str, body: str) -> str:
    """A module that uses einops."""
    inner = body.replace("\n", "\n        ")
    return text.format(functions=functions, layers=layers, init=init, body=inner)


@rows(
    to_tensorflow(
        net(
            TORCH_NET,
            "rearrange, repeat",
            "Rearrange",
            "self.net = nn.Sequential(Rearrange('b c (h p) (w q) -> b (h w) (p q c)', p=4, q=4), nn.GELU())\n"
            "        self.token = nn.Parameter(torch.zeros(1, 1, 8))",
            "x = self.net(x)\n"
            "q, k = map(lambda t: rearrange(t, 'b n (h d) -> b h n d', h=4), x.chunk(2, dim=-1))\n"
            "dots = torch.matmul(q, k.transpose(-1, -2))\n"
            "return dots, repeat(self.token, '1 1 d -> b 1 d', b=x.shape[0])",
        ),
        net(
            KERAS_NET,
            "rearrange, repeat",
            "Rearrange",
            "self.net = keras.Sequential("
            "[Rearrange('b c (h p) (w q) -> b (h w) (p q c)', p=4, q=4), "
            'keras.layers.Activation("gelu")])\n'
            '        self.token = self.add_weight(shape=(1, 1, 8), initializer="zeros", name="token")',
            "x = self.net(x)\n"
            "q, k = map(lambda t: rearrange(t, 'b n (h d) -> b h n d', h=4), tf.split(x, 2, axis=-1))\n"
            "dots = tf.matmul(q, k, transpose_b=True)\n"
            "return dots, repeat(tf.convert_to_tensor(self.token), '1 1 d -> b 1 d', b=tf.shape(x)[0])",
        ),
    ),
    # a layer behind a convolution is given the order that its pattern names
    to_tensorflow(
        net(
            TORCH_NET,
            "reduce",
            "Reduce",
            "self.net = nn.Sequential(nn.Conv2d(3, 8, 1), Reduce('b c h w -> b c', 'mean'), nn.Linear(8, 2))",
            "return self.net(x)",
        ),
        net(
            KERAS_NET,
            "reduce",
            "Reduce",
            "self.net = keras.Sequential([keras.layers.Conv2D(8, 1), keras.layers.Permute((3, 1, 2)), "
            "Reduce('b c h w -> b c', 'mean'), keras.layers.Dense(2)])",
            "return self.net(x)",
        ).replace("import tensorflow as tf\n", ""),
    ),
    to_torch(
        """
        import keras
        from einops.layers.keras import Rearrange

        model = keras.Sequential([Rearrange("b h w c -> b (h w c)"), keras.layers.ReLU()])
        """,
        """
        from einops.layers.torch import Rearrange
        from torch import nn

        model = nn.Sequential(Rearrange("b h w c -> b (h w c)"), nn.ReLU())
        """,
    ),
    to_tensorflow(
        """
        import einops
        import torch


        def f(x: torch.Tensor, h):
            x = einops.rearrange(x, "b (h w) -> b h w", h=h)
            return x.transpose(1, 2).relu()
        """,
        """
        import einops
        import keras
        import tensorflow as tf


        def f(x: tf.Tensor, h):
            x = einops.rearrange(x, "b (h w) -> b h w", h=h)
            return tf.nn.relu(keras.ops.swapaxes(x, 1, 2))
        """,
    ),
    untouched("from einops import rearrange\n\n\ndef f(x):\n    return rearrange(x, 'a b -> b a')\n"),
)  # fmt: skip
def test_einops(case):
    case.check()


@rows(
    flagged(
        """
        import torch
        from einops.layers.torch import EinMix

        layer = EinMix("b i -> b o", weight_shape="i o", i=3, o=4)
        """,
        at="EinMix(",
    ),
    flagged("import torch\nimport einops\n\nasked = einops.parse_shape(torch.ones(3), 'a')\n"),
)
def test_what_has_no_record(case):
    case.check()
