"""Data sets and loaders that the file has written itself, in parts, and with functions of its own."""

from __future__ import annotations

import textwrap

from translator import convert

from .rows import flagged, rows

POINTS = """
from torch.utils.data import ConcatDataset, DataLoader, Dataset, Subset, TensorDataset, random_split
class Points(Dataset):
    def __init__(self, n):
        self.x = torch.ones(n, 3)
    def __len__(self):
        return len(self.x)
    def __getitem__(self, i):
        return self.x[i], i % 2
data = Points(20)
"""


def converted(body: str) -> str:
    result = convert(
        "import torch\nfrom torch import nn\n" + POINTS + textwrap.dedent(body), to="tensorflow"
    )
    assert result.complete, [f.message for f in result.findings]
    assert "torch" not in result.code
    return result.code


def test_loader() -> None:
    code = converted(
        """
        loader = DataLoader(data, batch_size=4, shuffle=True, num_workers=2, pin_memory=True)
        net, loss_fn = nn.Linear(3, 2), nn.CrossEntropyLoss()
        for x, y in loader:
            print(loss_fn(net(x), y))
        print(len(loader), len(loader.dataset))
        x, y = next(iter(loader))
        print(net(x).argmax(1) == y)
        """
    )
    assert "class Points:\n" in code
    assert "loader = DataLoader(data, batch_size=4, shuffle=True)\n" in code
    assert "    print(loss_fn(y, net(x)))\n" in code
    assert "print(tf.argmax(net(x), 1) == y)\n" in code


def test_parts() -> None:
    code = converted(
        """
        train, held = random_split(data, [16, 4])
        first = DataLoader(Subset(train, range(4)), batch_size=2)
        both = ConcatDataset([train, held])
        rows = TensorDataset(torch.ones(4, 2))
        print(len(both), rows[0], len(first))
        """
    )
    assert "train, held = random_split(data, [16, 4])\n" in code
    assert "first = DataLoader(Subset(train, range(4)), batch_size=2)\n" in code
    assert "rows = TensorDataset(tf.ones([4, 2]))\n" in code


def test_own_batches() -> None:
    code = converted(
        """
        def together(samples):
            return torch.stack([x for x, _ in samples])
        for x in DataLoader(data, batch_size=2, drop_last=True, collate_fn=together):
            print(x)
        """
    )
    assert "DataLoader(data, batch_size=2, drop_last=True, collate_fn=together)" in code


@rows(
    flagged("from torch.utils.data import DataLoader\ndef f(data):\n    return DataLoader(data, batch_size=2)", at="DataLoader"),
    flagged("from torch.utils.data import DataLoader, IterableDataset\nclass D(IterableDataset):\n    def __iter__(self):\n"
        "        yield torch.ones(3)\nloader = DataLoader(D())", at="DataLoader"),
)  # fmt: skip
def test_what_is_left(case):
    case.check()


CHAINS = """
import numpy as np
import tensorflow as tf
x, y = tf.ones([8, 3]), tf.ones([8])
data = tf.data.Dataset.from_tensor_slices((x, y))
"""


def chain(body: str) -> str:
    result = convert(CHAINS + textwrap.dedent(body), to="torch")
    assert result.complete, [f.message for f in result.findings]
    return result.code


def test_chains() -> None:
    code = chain(
        """
        def scaled(a, b):
            return a / 2, b
        data = data.map(scaled, num_parallel_calls=tf.data.AUTOTUNE).cache()
        data = data.shuffle(8)
        data = data.batch(4, drop_remainder=True).prefetch(tf.data.AUTOTUNE)
        for a, b in data.take(1):
            print(a.shape)
        """
    )
    assert (
        "data = Mapped(data, scaled)\ndata = DataLoader(data, batch_size=4, shuffle=True, drop_last=True)\n"
        in code
    )
    assert "for a, b in Part(data, 0, 1):\n" in code


def test_parts_of_chains() -> None:
    code = chain(
        """
        train, held = data.take(6).batch(2), data.skip(6).batch(2)
        twice = data.repeat(2).batch(4)
        for row in tf.data.Dataset.from_tensor_slices(x).as_numpy_iterator():
            print(row)
        """
    )
    assert "DataLoader(Subset(data, range(6)), batch_size=2)" in code
    assert "DataLoader(Subset(data, range(6, len(data))), batch_size=2)" in code
    assert "DataLoader(ConcatDataset([data] * 2), batch_size=4)" in code
    assert "for row in (row.numpy() for (row,) in TensorDataset(x)):\n" in code


@rows(
    flagged(CHAINS + "data = data.batch(2).shuffle(4)", at="shuffle", to="torch"),
    flagged(CHAINS + "for a, b in data.shuffle(8):\n    print(a)", at="shuffle", to="torch"),
    flagged(CHAINS + "data = data.shuffle(8).take(2)", at="take", to="torch"),
    flagged(CHAINS + "data = data.repeat()", at="repeat", to="torch"),
    flagged(CHAINS + "data = data.batch(2).batch(2)", at="batch", to="torch"),
    flagged(CHAINS + "data = tf.data.Dataset.from_tensor_slices({'a': x})", at="slices({", to="torch"),
    flagged(CHAINS + "data = data.window(3)", at="window", to="torch"),
)  # fmt: skip
def test_chains_that_are_left(case):
    case.check()
