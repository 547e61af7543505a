"""Masks by their names, what a forward pass keeps, and first values of all parameters."""

from __future__ import annotations

from translator import convert

from .rows import rows, to_tensorflow

NET = """
    import torch
    from torch import nn


    class Block(nn.Module):
        def __init__(self, d):
            super().__init__()
            self.fc = nn.Linear(d, d)

        def forward(self, src, src_mask=None, scale=1.0):
            y = self.fc(src)
            return y if src_mask is None else y * src_mask * scale


    class Net(nn.Module):
        def __init__(self, d, n):
            super().__init__()
            self.blocks = nn.ModuleList([Block(d) for _ in range(n)])
            self.mask = None
            for p in self.parameters():
                if p.dim() > 1:
                    nn.init.xavier_uniform_(p)

        def forward(self, x):
            if self.mask is None or self.mask.size(0) != len(x):
                mask = torch.ones(len(x), 1)
                self.mask = mask
            for block in self.blocks:
                x = block(x, self.mask, 2.0)
            return x
"""
KERAS = """
    import keras
    import tensorflow as tf


    class Block(keras.Model):
        def __init__(self, d):
            super().__init__()
            self.fc = keras.layers.Dense(d)

        def call(self, src, src_mask=None, scale=1.0):
            y = self.fc(src)
            return y if src_mask is None else y * src_mask * scale


    class Net(keras.Model):
        def __init__(self, d, n):
            super().__init__()
            self.blocks = [Block(d) for _ in range(n)]
            self.mask = None
            for layer in self._flatten_layers():
                for weight in ("kernel", "depthwise", "recurrent", "embeddings"):
                    if f"{weight}_initializer" in vars(layer):
                        setattr(layer, f"{weight}_initializer", keras.initializers.GlorotUniform())
            for p in self.trainable_variables:
                if len(p.shape) > 1:
                    p.assign(keras.initializers.GlorotUniform()(p.shape))

        def call(self, x):
            mask = tf.ones([tf.shape(x)[0], 1])
            self.mask = mask
            for block in self.blocks:
                x = block(x, src_mask=self.mask, scale=2.0)
            return x
"""


@rows(to_tensorflow(NET, KERAS))
def test_forward_states(case):
    case.check()


def test_all_parameters():
    lines = [
        "from torch import nn",
        "class Net(nn.Module):",
        "    def __init__(self):",
        "        super().__init__()",
        "        self.fc = nn.Linear(2, 3)",
        "        for p in self.parameters():",
        "            nn.init.uniform_(p, -0.1, 0.1)",
    ]
    code = convert("\n".join(lines) + "\n", to="tensorflow").code
    assert '"bias", "gamma", "beta"):' in code
    assert "p.assign(keras.initializers.RandomUniform(-0.1, 0.1)(p.shape))" in code


def test_weights_by_the_names_of_their_layers():
    lines = [
        "import torch",
        "from torch import nn",
        "class Net(nn.Module):",
        "    def __init__(self, n):",
        "        super().__init__()",
        "        self.c_proj = nn.Linear(2, 3)",
        "        self.flash = hasattr(torch.nn.functional, 'scaled_dot_product_attention')",
        "        for name, p in self.named_parameters():",
        "            if name.endswith('c_proj.weight'):",
        "                nn.init.normal_(p, mean=0.0, std=0.02 / n)",
    ]
    result = convert("\n".join(lines) + "\n", to="tensorflow")
    assert result.complete
    assert 'if hasattr(layer, "c_proj"):' in result.code
    drawn = "layer.c_proj.kernel_initializer = keras.initializers.RandomNormal(stddev=0.02 / n)"
    assert drawn in result.code
    assert "self.flash = True" in result.code
    other = "\n".join(lines).replace("nn.Linear(2, 3)", "nn.ModuleList()")
    assert not convert(other + "\n", to="tensorflow").complete
