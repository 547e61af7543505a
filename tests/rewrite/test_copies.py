"""Copies of modules: what a person writes in Keras is the constructor once more."""

from __future__ import annotations

from translator import Code

from .rows import Row, flagged, rows, to_tensorflow

_BLOCK = """
class Block(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.n = n
        self.fc = nn.Linear(n, n)
    def forward(self, x):
        return self.fc(x)
"""
_BLOCK_THERE = """
class Block(keras.Model):
    def __init__(self, n):
        super().__init__()
        self.n = n
        self.fc = keras.layers.Dense(n)
    def call(self, x):
        return self.fc(x)
"""
_HEAD = "import copy\nfrom torch import nn\n"
_HEAD_THERE = "import keras\n"


def stack(torch: str, tensorflow: str) -> list[Row]:
    """Code behind a block of layers."""
    source = _HEAD + _BLOCK.lstrip("\n") + torch.strip("\n") + "\n"
    wanted = _HEAD_THERE + _BLOCK_THERE.lstrip("\n") + tensorflow.strip("\n") + "\n"
    return to_tensorflow(source, wanted, codes=(Code.INITIALIZER,))


@rows(
    # A helper of one line says at its calls what it returns.
    stack(
        """
def clones(module, count):
    "So many alike."
    return nn.ModuleList([copy.deepcopy(module) for _ in range(count)])
class Stack(nn.Module):
    def __init__(self, width, count):
        super().__init__()
        self.blocks = clones(Block(width), count)
        self.gates = clones(nn.Linear(width, 1), count=2)
    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x * self.gates[0](x)
""",
        """
class Stack(keras.Model):
    def __init__(self, width, count):
        super().__init__()
        self.config = {"width": width, "count": count}
        self.blocks = [Block(width) for _ in range(count)]
        self.gates = [keras.layers.Dense(1) for _ in range(2)]
    def call(self, x):
        for block in self.blocks:
            x = block(x)
        return x * self.gates[0](x)

    def get_config(self):
        return dict(self.config)
""",
    ),
    # What is given only to be copied becomes a function that builds it.
    stack(
        """
class Stack(nn.Module):
    def __init__(self, block, count):
        super().__init__()
        self.blocks = nn.ModuleList([copy.deepcopy(block) for _ in range(count)])
        self.norm = nn.LayerNorm(block.n)
    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.norm(x)
class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        block = Block(width)
        self.stack = Stack(block, 3)
    def forward(self, x):
        return self.stack(x)
def make(n):
    c = copy.deepcopy
    first = Block(n)
    return Stack(c(first), 2), Stack(block=c(first), count=4)
""",
        """
class Stack(keras.Model):
    def __init__(self, block, count):
        super().__init__()
        self.blocks = [block() for _ in range(count)]
        self.norm = keras.layers.LayerNormalization(epsilon=1e-05)
    def call(self, x):
        for block in self.blocks:
            x = block(x)
        return self.norm(x)
class Net(keras.Model):
    def __init__(self, width):
        super().__init__()
        self.stack = Stack(lambda: Block(width), 3)
    def call(self, x):
        return self.stack(x)
def make(n):
    return Stack(lambda: Block(n), 2), Stack(block=lambda: Block(n), count=4)
""",
    ),
    # A copy beside the module itself begins as that does, which no constructor gives.
    flagged(
        _HEAD
        + "student = nn.Linear(3, 4)\nteacher = copy.deepcopy(student)\ny = student, teacher\n",
        at="deepcopy",
    ),
    flagged(
        _HEAD
        + _BLOCK
        + "class Twin(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n"
        "        self.one = Block(n)\n        self.other = copy.deepcopy(self.one)\n"
        "    def forward(self, x):\n        return self.one(x) + self.other(x)\n",
        at="deepcopy",
    ),
    # What is kept as well as copied stays what it is.
    flagged(
        _HEAD
        + _BLOCK
        + "class Twin(nn.Module):\n    def __init__(self, block):\n        super().__init__()\n"
        "        self.one = block\n        self.other = copy.deepcopy(block)\n"
        "    def forward(self, x):\n        return self.one(x) + self.other(x)\n"
        "twin = Twin(Block(3))\n",
        at="deepcopy",
    ),
)
def test_copies(case: Row) -> None:
    case.check()
