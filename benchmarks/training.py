"""Runs twenty steps with each optimizer, loss and schedule on both sides, and writes docs/training.md.

Run it as `python -m benchmarks.training`; each program is converted as the idiom and with --exact.
"""

from __future__ import annotations

import ast
import datetime
import platform
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks._training import Program, programs
from translator import convert
from translator.errors import ProofError
from translator.knowledge.lenses import Side
from translator.knowledge.records import Record, Refusal
from translator.knowledge.registry import ENTRIES
from translator.pipeline import other
from translator.proof.pool import Pool
from translator.proof.versions import versions
from translator.proof.wire import Message

PAGE = Path(__file__).resolve().parents[1] / "docs" / "training.md"
_PACKAGES = ("torch", "tensorflow", "keras", "numpy")
_PRECISION = {
    "torch": "import torch\ntorch.set_default_dtype(torch.{})\n",
    "tensorflow": "import keras\nkeras.config.set_floatx('{}')\n",
}
"""Both sides hold rates and some of their state in the default type."""
FAMILIES = {
    "torch": {
        "optimizer": r"torch\.optim\.([A-Z]\w*)",
        "schedule": r"torch\.optim\.lr_scheduler\.([A-Z]\w*)",
        "loss": r"torch\.nn\.(\w+Loss)",
    },
    "tensorflow": {
        "optimizer": r"keras\.optimizers\.([A-Z]\w*)",
        "schedule": r"keras\.optimizers\.schedules\.([A-Z]\w*)",
        "loss": r"keras\.losses\.([A-Z]\w*)",
    },
}
_NO_ROW = {"Optimizer", "LRScheduler", "LearningRateSchedule", "Reduction", "MSE", "MAE"}


@dataclass(frozen=True)
class Strayed:
    """What became of one program: what is written, and how far it strays, as the idiom and with --exact."""

    program: Program
    written: str
    idiom: float
    exact: float


def main() -> int:
    """Measure and write the page."""
    with Pool() as pool:
        pool.start()
        paths = [measured(program, pool) for program in programs()]
    PAGE.write_text(page(paths), encoding="utf-8")
    print(f"wrote {PAGE}")
    return 0


def measured(program: Program, pool: Pool) -> Strayed:
    """The largest difference of the losses over the largest loss, for both conversions."""
    expected = losses(pool, program.side, program.text, program.precision)
    errors, written = [], ""
    for exact in (False, True):
        result = convert(program.text, to=other(program.side), exact=exact)
        if not result.complete:
            raise ProofError(f"{program.made}: {[f.message for f in result.findings]}")
        found = losses(pool, other(program.side), result.code, program.precision)
        largest = max(abs(loss) for loss in expected)
        errors.append(max(abs(a - b) for a, b in zip(found, expected, strict=True)) / largest)
        written = written or _written(program, result.code)
    return Strayed(program, written, *errors)


def losses(pool: Pool, side: Side, program: str, precision: str = "float64") -> list[float]:
    """What a program prints, all of it computed in one precision."""
    default = _PRECISION[side]
    text = default.format(precision) + program + default.format("float32")
    job = Message({"job": "script", "program": text, "seed": 0})
    return [float(line) for line in pool.ask(side, job).header["printed"].split()]


_NAMES = {
    "optimizer": ("optimizer",),
    "schedule": ("schedule", "scheduler"),
    "loss": ("criterion",),
}


def _written(program: Program, code: str) -> str:
    """The class or function that stands for the program's in the converted text."""
    found = next(
        node.value
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in _NAMES[program.kind]
    )
    return _named(found)


def _named(node: ast.expr) -> str:
    """`clipped(torch.optim.SGD)` of `clipped(torch.optim.SGD([w]), clipnorm=1.0)`."""
    if not isinstance(node, ast.Call):
        return ast.unparse(node)
    name = ast.unparse(node.func)
    if name == "functools.partial":
        return _named(node.args[0])
    inner = node.args[0] if node.args else None
    return f"{name}({_named(inner)})" if isinstance(inner, ast.Call) else name


def known(kind: str, side: Side) -> dict[str, Record]:
    """The classes of a kind that the knowledge has, by name, with a record of each."""
    pattern = re.compile(FAMILIES[side][kind])
    found: dict[str, Record] = {}
    for entry in ENTRIES:
        for text in entry.record.spellings(side) if not _explains(entry.record) else ():
            match = pattern.fullmatch(text.partition("(")[0])
            if match is not None and match[1] not in _NO_ROW:
                found.setdefault(match[1], entry.record)
    return found


def _explains(record: Record) -> bool:
    return bool(getattr(record, "about", ()))


def page(paths: Sequence[Strayed]) -> str:
    """The text of the page."""
    date = datetime.datetime.now(datetime.timezone.utc).date()
    parts = [
        "# How far training strays",
        "Each program below takes 20 steps in float64 (with `CTCLoss` in float32) and prints its losses. It was"
        "\nconverted as the idiom and with `--exact`, and run on both sides. An error is the largest difference of a"
        "\nloss, relative to the largest loss.",
        f"Measured on {date} with Python {platform.python_version()}, {', '.join(versions(_PACKAGES))},"
        "\non the CPU. Written by `python -m benchmarks.training`.",
    ]
    titles = {"optimizer": "Optimizers", "schedule": "Schedules", "loss": "Losses"}
    sides: tuple[Side, ...] = ("torch", "tensorflow")
    for kind, title in titles.items():
        for side in sides:
            there = "PyTorch to TensorFlow" if side == "torch" else "TensorFlow to PyTorch"
            parts += [f"## {title}, {there}", "\n".join(_table(paths, kind, side))]
            if refused := list(_refused(kind, side)):
                parts += ["Refused:", "\n".join(refused)]
    return "\n\n".join(parts) + "\n"


def _table(paths: Sequence[Strayed], kind: str, side: Side) -> Iterator[str]:
    yield "| source | becomes | error of the idiom | of `--exact` |"
    yield "| --- | --- | --- | --- |"
    for path in paths:
        if (path.program.kind, path.program.side) == (kind, side):
            made = path.program.made.replace("torch.optim.lr_scheduler.", "")
            yield f"| `{made}` | `{path.written}` | {_shown(path.idiom)} | {_shown(path.exact)} |"


def _shown(error: float) -> str:
    return f"{error:.1e}" if error else "0"


def _refused(kind: str, side: Side) -> Iterator[str]:
    for name, record in known(kind, side).items():
        if isinstance(record, Refusal):
            yield f"- `{name}`: {record.differs}. Instead: {record.instead}."


if __name__ == "__main__":
    raise SystemExit(main())
