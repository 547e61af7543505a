"""Times whole processes of the command line against the imports that they cannot do without.

Run it as `python -m benchmarks.startup`.

Medians of the CPU time, the commands in turns: other work on the machine stretches the clock more than that. The
converted file has 100 lines and is made here.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks._measure import Figure, process_medians, report

RATIO, EXTRA, LINES = 3.0, 0.25, 100
ROOT = Path(__file__).resolve().parent.parent

HEAD = """\
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn, optim


"""
MODEL = """\
class Net{number}(nn.Module):
    # two layers with an activation between them
    def __init__(self, width):
        super().__init__()
        self.first = nn.Linear(3, width)
        self.second = nn.Linear(width, 1)

    def forward(self, x):
        x = F.relu(self.first(x))
        return self.second(x)


"""
TRAINING = """\
def train(model, x, y, epochs):
    optimizer = optim.SGD(model.parameters(), lr=0.01)
    criterion = nn.MSELoss()
    for epoch in range(epochs):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        print(epoch, loss.item())


x = torch.from_numpy(np.ones((8, 3), dtype=np.float32))
y = torch.zeros(8, 1)
"""


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=21)
    rounds = parser.parse_args().rounds
    python, program = [sys.executable], translator()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "model.py")
        file.write_text(source(), encoding="utf-8")
        click, lookup, libcst, convert = process_medians(
            [
                [*python, "-c", "import click"],
                [*program, "lookup", "nn.Linear"],
                [*python, "-c", "import libcst"],
                [*program, "convert", str(file)],
            ],
            rounds,
            str(ROOT),
        )
    ratio, extra = lookup / click, convert - libcst
    return report(
        [
            Figure('python -c "import click"', f"{click * 1000:.0f} ms"),
            Figure("translator lookup nn.Linear", f"{lookup * 1000:.0f} ms"),
            Figure("their ratio", f"{ratio:.2f}", f"at most {RATIO:g}", ratio <= RATIO),
            Figure('python -c "import libcst"', f"{libcst * 1000:.0f} ms"),
            Figure("translator convert, 100 lines", f"{convert * 1000:.0f} ms"),
            Figure("their difference", f"{extra:.3f} s", f"at most {EXTRA:g} s", extra <= EXTRA),
        ]
    )


def translator() -> list[str]:
    """The command as it is installed beside this Python, else as a module."""
    command = Path(sys.executable).with_name("translator")
    return [str(command)] if command.exists() else [sys.executable, "-m", "translator"]


def source() -> str:
    """A script of 100 lines: small models, their training, and the calls of both."""
    text = HEAD + "".join(MODEL.format(number=number) for number in range(6)) + TRAINING
    calls = range(LINES - text.count("\n"))
    return text + "".join(f"train(Net{n % 6}({8 * n + 8}), x, y, 20)\n" for n in calls)


if __name__ == "__main__":
    raise SystemExit(main())
