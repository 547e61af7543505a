"""An activation that a file has under a name: what it is, is known when the layer is built."""

from __future__ import annotations

from translator.knowledge.lenses import axis, same
from translator.knowledge.records import Exact
from translator.knowledge.shapes import like_first

NAMED = Exact(
    torch="Activation(name, dim=-1)",
    tf="keras.layers.Activation(function, axis=-1)",
    args=(same("name", "function"), axis("dim", "axis")),
    order="keeps",
    shape=like_first,
    side="torch",
    of="keras.layers.Activation",
    code='''
class Activation(nn.Module):
    """The activation that Keras has under a name, along `dim` where it has one; a function is taken as it is."""

    _functions = {
        "elu": F.elu,
        "exponential": torch.exp,
        "gelu": F.gelu,
        "hard_sigmoid": F.hardsigmoid,
        "hard_silu": F.hardswish,
        "hard_swish": F.hardswish,
        "leaky_relu": lambda x: F.leaky_relu(x, 0.2),
        "mish": F.mish,
        "relu": F.relu,
        "relu6": F.relu6,
        "selu": F.selu,
        "sigmoid": torch.sigmoid,
        "silu": F.silu,
        "softplus": F.softplus,
        "softsign": F.softsign,
        "swish": F.silu,
        "tanh": torch.tanh,
    }

    def __init__(self, name, dim=-1):
        super().__init__()
        if name is None or name == "linear":
            self.function = nn.Identity()
        elif name in ("softmax", "log_softmax"):
            self.function = nn.Softmax(dim) if name == "softmax" else nn.LogSoftmax(dim)
        else:
            self.function = name if callable(name) else self._functions[name]

    def forward(self, x):
        return self.function(x)
''',
)
"""It belongs to no direction but that to torch, and to no page: what it does stands in the class that is written."""
