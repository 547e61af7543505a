"""Converts files of one shape at two sizes: the time per line must not grow with the file.

Run it as `python -m benchmarks.linear`.

Every figure is of CPU time in this one process, the sizes in turns, the best of the rounds. A shape is what makes a
program quadratic: many classes, one with many layers, one long function, long chains, deep nesting, a large literal.
"""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable

from benchmarks._measure import Figure, cpu_seconds, report
from translator import convert

SMALL, LARGE, RATIO = 2_000, 20_000, 1.5

HEAD = "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n\n\n"
SMALL_CLASS = """\
class Net{0}(nn.Module):
    # two layers with an activation between them
    def __init__(self, width):
        super().__init__()
        self.first = nn.Linear(3, width)
        self.second = nn.Linear(width, 1)

    def forward(self, x):
        return self.second(F.relu(self.first(x)))


"""
TRAINING = """\
    optimizer.zero_grad()
    loss{0} = F.mse_loss(model(x), y)
    loss{0}.backward()
    optimizer.step()
"""


def classes(lines: int) -> str:
    """Many small modules."""
    return "".join(SMALL_CLASS.format(number) for number in range(lines // 11))


def layers(lines: int) -> str:
    """One module of many layers."""
    count = lines // 2
    built = "".join(f"        self.layer{n} = nn.Linear(8, 8)\n" for n in range(count))
    called = "".join(f"        x = F.relu(self.layer{n}(x))\n" for n in range(count))
    return (
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        f"{built}\n    def forward(self, x):\n{called}        return x\n"
    )


def function(lines: int) -> str:
    """One long function with a new name on each line."""
    body = "".join(f"    x{n + 1} = torch.relu(x{n}) + torch.sum(x0)\n" for n in range(lines))
    return f"def f(x0: torch.Tensor):\n{body}    return x{lines}\n"


def branches(lines: int) -> str:
    """One long function full of branches, where what is known of all names meets again and again."""
    body = "".join(
        f"    if flag:\n        x{n + 1} = torch.relu(x{n})\n"
        f"    else:\n        x{n + 1} = torch.tanh(x{n})\n"
        for n in range(lines // 4)
    )
    return f"def f(x0: torch.Tensor, flag):\n{body}"


def steps(lines: int) -> str:
    """One function of many training steps."""
    head = "def train(x, y):\n    model = nn.Linear(3, 1)\n    optimizer = torch.optim.SGD(model.parameters(), 0.1)\n"
    return head + "".join(TRAINING.format(number) for number in range(lines // 4))


def functions(lines: int) -> str:
    """Many functions, each of which calls the one before."""
    first = "def f0(x):\n    return torch.relu(x)\n\n\n"
    rest = (f"def f{n}(x):\n    return torch.relu(f{n - 1}(x))\n\n\n" for n in range(1, lines // 4))
    return first + "".join(rest) + f"y = f{lines // 4 - 1}(torch.zeros(3))\n"


def unknown(lines: int) -> str:
    """Nothing that is known, so that every line has a finding."""
    return "".join(f"x{n} = torch.unheard_of({n})\n" for n in range(lines))


def literal(lines: int) -> str:
    """A list with one number on each line."""
    return "x = torch.tensor([\n" + "".join(f"    {n}.0,\n" for n in range(lines)) + "])\n"


SHAPES: tuple[Callable[[int], str], ...] = (
    classes,
    layers,
    function,
    branches,
    steps,
    functions,
    unknown,
    literal,
)


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=2, help="how often each file is converted")
    rounds = parser.parse_args().rounds
    convert("import torch\n", to="tensorflow")  # loads what is loaded at the first conversion
    return report([measure(shape, rounds) for shape in SHAPES])


def measure(shape: Callable[[int], str], rounds: int) -> Figure:
    """The time per line of the large file over that of the small one."""
    best = {SMALL: float("inf"), LARGE: float("inf")}
    for _ in range(rounds):
        for lines in best:
            text = HEAD + shape(lines)
            gc.collect()  # what the conversion before has left is not this one's to clear away
            seconds, _ = cpu_seconds(lambda text=text: convert(text, to="tensorflow"))
            best[lines] = min(best[lines], seconds / text.count("\n"))
    ratio = best[LARGE] / best[SMALL]
    what = f"{shape.__name__}, {best[LARGE] * 1e6:.0f} µs a line"
    return Figure(what, f"{ratio:.2f}", f"at most {RATIO:g}", ratio <= RATIO)


if __name__ == "__main__":
    raise SystemExit(main())
