"""What layers and configurations were made with: arguments that are read back, dataclasses, copies."""

from __future__ import annotations

from .rows import flagged, rows, to_tensorflow


@rows(
    to_tensorflow(
        """
        import math
        from torch import nn
        a = nn.Conv2d(3, 8, (3, 1), stride=2)
        b = nn.Linear(a.out_channels, 4)
        print(a.kernel_size, a.stride, a.in_channels, b.out_features, nn.LayerNorm(3, eps=0.1).eps)
        """,
        """
        import math
        import keras
        a = keras.layers.Conv2D(8, (3, 1), strides=2)
        b = keras.layers.Dense(4)
        print(a.kernel_size, a.strides, 3, b.units, keras.layers.LayerNormalization(epsilon=0.1).epsilon)
        """,
    ),
    to_tensorflow(
        """
        from torch import nn
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Linear(3, 4)
                for m in self.modules():
                    if isinstance(m, nn.Linear):
                        nn.init.uniform_(m.weight, -m.out_features, m.out_features)
            def forward(self, x):
                return self.a(x)
        """,
        """
        import keras
        class Net(keras.Model):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.a = keras.layers.Dense(4)
                for m in self._flatten_layers():
                    if isinstance(m, keras.layers.Dense):
                        m.kernel_initializer = keras.initializers.RandomUniform(-m.units, m.units)
            def call(self, x):
                return self.a(x)
        """,
    ),
    to_tensorflow(
        "from torch import nn\ndef f(m):\n    if isinstance(m, nn.Linear):\n        print(m.mine)\n",
        "import keras\ndef f(m):\n    if isinstance(m, keras.layers.Dense):\n        print(m.mine)\n",
    ),
    flagged("from torch import nn\ndef f(m):\n    if isinstance(m, nn.Linear):\n        print(m.in_features)", at="in_features"),
    flagged("from torch import nn\na = nn.Conv2d(3, 8, 3, padding=1)\nprint(a.padding)", at="a.padding"),
    to_tensorflow(
        "from torch import nn\ndef f(n):\n    layer = nn.Linear(n, 3)\n    return layer, layer.in_features\n",
        "import keras\ndef f(n):\n    layer = keras.layers.Dense(3)\n    return layer, n\n",
    ),
    flagged("def f(n):\n    layer = nn.Linear(n, 3)\n    n = 2\n    return layer.in_features + n", at="in_features"),
)  # fmt: skip
def test_settings_of_layers(case):
    case.check()


@rows(
    to_tensorflow(
        """
        import copy
        from dataclasses import dataclass
        from torch import nn
        class Block(nn.Module):
            def __init__(self, config):
                super().__init__()
                self.c = nn.Conv2d(config.width, config.width, 1)
            def forward(self, x):
                return self.c(x) + x
        @dataclass
        class Config:
            width: int
            block: type
        class Wide(Config):
            def __init__(self, width):
                super().__init__(2 * width, Block)
        class Net(nn.Module):
            def __init__(self, configs):
                super().__init__()
                layers = [nn.Conv2d(3, 8, 1)]
                for config in configs:
                    own = copy.copy(config)
                    layers.append(own.block(own))
                self.layers_ = nn.Sequential(*layers)
            def forward(self, x):
                return self.layers_(x)
        net = Net([Config(8, Block), Wide(4)])
        """,
        """
        import copy
        from dataclasses import dataclass
        import keras
        class Block(keras.Model):
            def __init__(self, config):
                super().__init__()
                self.c = keras.layers.Conv2D(config.width, 1)
            def call(self, x):
                return self.c(x) + x
        @dataclass
        class Config:
            width: int
            block: type
        class Wide(Config):
            def __init__(self, width):
                super().__init__(2 * width, Block)
        class Net(keras.Model):
            def __init__(self, configs):
                super().__init__()
                layers = [keras.layers.Conv2D(8, 1)]
                for config in configs:
                    own = copy.copy(config)
                    layers.append(own.block(own))
                self.layers_ = keras.Sequential(layers)
            def call(self, x):
                return self.layers_(x)
        net = Net([Config(8, Block), Wide(4)])
        """,
    ),
    flagged("import copy\nfrom torch import nn\na = nn.Linear(3, 4)\nb = copy.deepcopy(a)", at="deepcopy"),
)  # fmt: skip
def test_configurations(case):
    case.check()
