"""A converted model is saved whole as a `.keras` file, which another process can build again."""

from __future__ import annotations

import os

import numpy as np
import pytest

from translator import convert

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

MODEL = """
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.fc = nn.Linear(width, width)

    def forward(self, x):
        return x + torch.relu(self.fc(x))


class Net(nn.Module):
    def __init__(self, width, sizes=(6, 4), dropout: float = 0.1, name="net"):
        super().__init__()
        self.blocks = nn.ModuleList([Block(width) for _ in sizes])
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.ModuleList([nn.Linear(width, size) for size in sizes])

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return [head(self.dropout(x)) for head in self.heads]


class Fixed(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Block(5)
        self.head = nn.Linear(5, 2)

    def forward(self, x):
        return [self.head(self.block(x))]
"""


# Keras itself hands variables to numpy in the old way
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize("made", ["Net(5, sizes=(3, 2, 7))", "Fixed()"])
def test_a_saved_model_is_built_again(made, tmp_path):
    import keras

    conversion = convert(MODEL, to="tensorflow")
    assert conversion.complete, conversion.findings
    names: dict = {}
    exec(conversion.code, names)
    model = eval(made, names)
    x = np.ones((2, 5), "float32")
    wanted = model(x)
    model.save(tmp_path / "net.keras")
    loaded = keras.saving.load_model(tmp_path / "net.keras", custom_objects=names)
    assert [part.shape for part in loaded(x)] == [part.shape for part in wanted]
    for part, other in zip(loaded(x), wanted, strict=True):
        np.testing.assert_array_equal(part, other)


@pytest.mark.parametrize(
    ("given", "first", "layer"),
    [
        ("layer", "", "layer"),
        ("act=nn.ReLU", "", "act()"),
        ("n, **more", "", "nn.Linear(n, n)"),
        ("n", "n = n or nn.Identity()", "nn.Linear(n, n)"),
        ("options", "", "nn.Linear(options.n, options.n)"),
    ],
)
def test_what_is_not_plain_is_not_told(given, first, layer):
    source = (
        f"from torch import nn\n\n\nclass Net(nn.Module):\n    def __init__(self, {given}):\n        {first}\n"
        f"        super().__init__()\n        self.layer = {layer}\n\n"
        "    def forward(self, x):\n        return self.layer(x)\n"
    )
    assert "get_config" not in convert(source, to="tensorflow").code
