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
