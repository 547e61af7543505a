"""First values of parameters by what `named_parameters` calls them."""

from __future__ import annotations

from .rows import Row, flagged, rows, to_tensorflow

_NET = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 8)
{layers}
{lines}
    def forward(self, x):
        return self.fc(x)
"""
_NET_THERE = """
import keras
class Net(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.fc = keras.layers.Dense(8)
{layers}
{lines}
    def call(self, x):
        return self.fc(x)
"""


def net(torch: str, tensorflow: str, layers: str, layers_there: str) -> list[Row]:
    """A model with more layers, and with a loop in its constructor."""
    return to_tensorflow(
        _NET.format(lines=_inside(torch), layers=_inside(layers)).strip("\n") + "\n",
        _NET_THERE.format(lines=_inside(tensorflow), layers=_inside(layers_there)).strip("\n")
        + "\n",
    )


def _inside(lines: str) -> str:
    return "\n".join(" " * 8 + line for line in lines.strip("\n").splitlines())


_EMBEDDED = ("self.emb = nn.Embedding(9, 4)", "self.emb = keras.layers.Embedding(9, 4)")
_NORMED = (
    "self.norm = nn.LayerNorm(8)",
    "self.norm = keras.layers.LayerNormalization(epsilon=1e-05)",
)


@rows(
    net(
        'for name, p in self.named_parameters():\n    if "weight" in name:\n        nn.init.normal_(p.data, std=0.1)\n'
        "    else:\n        p.data.fill_(0)",
        "for layer in self._flatten_layers():\n"
        '    if "kernel_initializer" in vars(layer):\n'
        "        layer.kernel_initializer = keras.initializers.RandomNormal(stddev=0.1)\n"
        '    if "bias_initializer" in vars(layer):\n'
        "        layer.bias_initializer = keras.initializers.Zeros()\n"
        '    if "embeddings_initializer" in vars(layer):\n'
        "        layer.embeddings_initializer = keras.initializers.RandomNormal(stddev=0.1)",
        *_EMBEDDED,
    ),
    net(
        "for name, p in self.named_parameters():\n"
        '    if name.endswith("weight") and p.dim() > 1:\n        nn.init.xavier_uniform_(p)',
        "for layer in self._flatten_layers():\n"
        '    if "kernel_initializer" in vars(layer):\n'
        "        layer.kernel_initializer = keras.initializers.GlorotUniform()",
        *_NORMED,
    ),
    # What depends on the names of layers, or on which of two biases it is, stays.
    flagged(
        _NET.format(
            layers="",
            lines=_inside(
                'for name, p in self.named_parameters():\n    if "fc" in name:\n        nn.init.zeros_(p)'
            ),
        ),
        at="named_parameters",
    ),
    flagged(
        _NET.format(
            layers=_inside("self.rnn = nn.LSTM(4, 8)"),
            lines=_inside(
                "for name, p in self.rnn.named_parameters():\n"
                '    if "bias_hh" in name:\n        nn.init.ones_(p)'
            ),
        ),
        at="named_parameters",
    ),
    flagged(
        _NET.format(
            layers=_inside("self.scale = nn.Parameter(torch.ones(3))"),
            lines=_inside(
                'for name, p in self.named_parameters():\n    if "weight" in name:\n        nn.init.zeros_(p)'
            ),
        ),
        at="named_parameters",
    ),
)
def test_initial_names(case: Row) -> None:
    case.check()
