"""Parts of containers that are reached by names, where no place is known: of a dict that was filled, under branches."""

from __future__ import annotations

from .rows import Row, flagged, rows, to_tensorflow

_NET = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, n, deep=False):
        super().__init__()
{lines}
    def forward(self, x):
        return self.tail(x)
"""
_KERAS = """
{imports}import keras
class Net(keras.Model):
    def __init__(self, n, deep=False):
        super().__init__()
        self.config = {{"n": n, "deep": deep}}
{lines}
    def call(self, x):
        return self.tail(x)

    def get_config(self):
        return dict(self.config)
"""


def net(torch: str, tensorflow: str, imports: str = "") -> list[Row]:
    """A model whose constructor has these lines."""
    return to_tensorflow(
        imports + _NET.format(lines=_indented(torch)).strip("\n") + "\n",
        _KERAS.format(lines=_indented(tensorflow), imports=imports).strip("\n") + "\n",
    )


def _indented(lines: str) -> str:
    return "\n".join(" " * 8 + line for line in lines.strip("\n").splitlines())


_FILLED = """
parts = OrderedDict()
if deep:
    parts["hidden"] = nn.Linear(n, 8)
    parts["act"] = nn.Tanh()
    parts["out"] = nn.Linear(8, 2)
else:
    parts["out"] = nn.Linear(n, 2)
self.tail = nn.Sequential(parts)
"""
_FILLED_THERE = """
parts = OrderedDict()
if deep:
    parts["hidden"] = keras.layers.Dense(8{hidden})
    parts["act"] = keras.layers.Activation("tanh")
    parts["out"] = keras.layers.Dense(2{out})
else:
    parts["out"] = keras.layers.Dense(2{out})
self.tail = keras.Sequential(list(parts.values()))
"""
_ORDERED = "from collections import OrderedDict\n"


@rows(
    # Nothing is fetched: nothing needs a name.
    net(_FILLED, _FILLED_THERE.format(hidden="", out=""), _ORDERED),
    net(
        _FILLED + "nn.init.zeros_(self.tail.out.weight)",
        _FILLED_THERE.format(hidden="", out=', name="out"')
        + 'self.tail.get_layer("out").kernel_initializer = keras.initializers.Zeros()',
        _ORDERED,
    ),
    net(
        _FILLED + 'if hasattr(self.tail, "hidden"):\n    nn.init.ones_(self.tail.hidden.bias)',
        _FILLED_THERE.format(hidden=', name="hidden"', out="")
        + 'if any(layer.name == "hidden" for layer in self.tail.layers):\n'
        '    self.tail.get_layer("hidden").bias_initializer = keras.initializers.Ones()',
        _ORDERED,
    ),
    # What is added behind a loop has no place that is known either, but a name.
    net(
        """
        self.tail = nn.Sequential()
        for i in range(n):
            self.tail.add_module(f"hidden{i}", nn.Linear(4, 4))
        self.tail.add_module("out", nn.Linear(4, 2))
        nn.init.normal_(self.tail.out.weight, std=self.tail.out.in_features ** -0.5)
        """.replace("        ", ""),
        """
        self.tail = keras.Sequential([])
        for i in range(n):
            self.tail.add(keras.layers.Dense(4, name=f"hidden{i}"))
        self.tail.add(keras.layers.Dense(2, name="out"))
        self.tail.get_layer("out").kernel_initializer = keras.initializers.RandomNormal(
            stddev=4 ** -0.5,
        )
        """.replace("        ", ""),
    ),
    # One attribute that is either of two: a condition says which.
    net(
        """
        self.tail = nn.Linear(n, 2) if deep else nn.Sequential(nn.Linear(n, 4), nn.Linear(4, 2))
        if isinstance(self.tail, nn.Linear):
            nn.init.zeros_(self.tail.weight)
        else:
            nn.init.zeros_(self.tail[1].weight)
        """.replace("        ", ""),
        """
        self.tail = (
            keras.layers.Dense(2)
            if deep
            else keras.Sequential([keras.layers.Dense(4), keras.layers.Dense(2)])
        )
        if isinstance(self.tail, keras.layers.Dense):
            self.tail.kernel_initializer = keras.initializers.Zeros()
        else:
            self.tail.layers[1].kernel_initializer = keras.initializers.Zeros()
        """.replace("        ", ""),
    ),
    # The width that a layer was told: Keras's does not know it, the names that say it do.
    to_tensorflow(
        """
        from torch import nn
        class Net(nn.Module):
            def __init__(self, n):
                super().__init__()
                self.width = n
                self.tail = nn.Linear(self.width, 2)
                print(self.tail.in_features)
            def forward(self, x):
                return self.tail(x)
        """,
        """
        import keras
        class Net(keras.Model):
            def __init__(self, n):
                super().__init__()
                self.width = n
                self.tail = keras.layers.Dense(2)
                print(self.width)
            def call(self, x):
                return self.tail(x)
        """,
    ),
    flagged(
        _NET.format(
            lines=_indented(
                "self.width = n\nself.tail = nn.Linear(self.width, 2)\nself.width = 3\n"
                "print(self.tail.in_features)"
            )
        ),
        at="print",
    ),
)
def test_named_parts(case: Row) -> None:
    case.check()


@rows(
    # `**params` of a dict that holds only what the target does without.
    to_tensorflow(
        """
        from torch import nn
        def block(n, inplace=None):
            params = {} if inplace is None else {"inplace": inplace}
            return nn.Sequential(nn.Linear(n, 4), nn.ReLU(**params), nn.Dropout(0.1, **params))
        """,
        """
        import keras
        def block(n, inplace=None):
            params = {} if inplace is None else {"inplace": inplace}
            return keras.Sequential([keras.layers.Dense(4), keras.layers.ReLU(), keras.layers.Dropout(0.1)])
        """,
    ),
    flagged("def f(**params):\n    return nn.Dropout(0.1, **params)", at="Dropout"),
    # A class that no call hands on is called as those are that the name holds elsewhere.
    to_tensorflow(
        """
        from functools import partial
        from torch import nn
        def mlp(n, norm_layer=None):
            layers = [nn.Linear(n, 4)]
            if norm_layer is not None:
                layers.append(norm_layer(4))
            return nn.Sequential(*layers)
        def block(n, norm_layer=partial(nn.LayerNorm, eps=1e-6)):
            return nn.Sequential(norm_layer(n), mlp(n))
        """,
        """
        from functools import partial
        import keras
        def mlp(n, norm_layer=None):
            layers = [keras.layers.Dense(4)]
            if norm_layer is not None:
                layers.append(norm_layer())
            return keras.Sequential(layers)
        def block(n, norm_layer=partial(keras.layers.LayerNormalization, epsilon=1e-6)):
            return keras.Sequential([norm_layer(), mlp(n)])
        """,
    ),
    # Where those are called differently, nobody can tell.
    flagged(
        """
        import torch
        from torch import nn
        def one(layer=nn.BatchNorm1d):
            return layer(4)
        def other(layer=nn.Linear):
            return layer(4, 4)
        def third(layer=None):
            return layer(4) if layer is not None else None
        """,
        at="layer is not None",
    ),
)
def test_arguments(case: Row) -> None:
    case.check()
