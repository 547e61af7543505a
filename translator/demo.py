"""The tour: renders the example pairs, converts each script to the other side, runs all, compares and draws them."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translator import examples, files
from translator.findings import Severity
from translator.pipeline import Framework, convert

if TYPE_CHECKING:
    import numpy as np

TOLERANCE = 1e-5

_OTHER: dict[Framework, Framework] = {"torch": "tensorflow", "tensorflow": "torch"}

_PRINTED = re.compile(r"^(?:epoch\s+(\d+)\s+)?(loss|weight|bias)\s+(\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Script:
    """One script of the tour; `left` counts what its conversion left for a person, 0 for a rendered script."""

    pair: str
    origin: Framework
    framework: Framework
    path: Path
    left: int = 0

    @property
    def title(self) -> str:
        """What it is called in the table."""
        return (
            self.framework
            if self.origin == self.framework
            else f"{self.origin} -> {self.framework}"
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a script printed, by name (`loss 20`, `weight`, `bias`), what it learned, or why it failed.

    `learned` has the numbers of all its weights, sorted: names and layouts differ from framework to framework.
    """

    script: Script
    printed: dict[str, float]
    learned: tuple[float, ...] = ()
    error: str | None = None

    @property
    def loss(self) -> float | None:
        """The last loss that was printed."""
        return next(
            (value for name, value in reversed(self.printed.items()) if name.startswith("loss")),
            None,
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One script against the torch script of its pair; `worst` is None where there is nothing to compare."""

    outcome: Outcome
    worst: float | None

    @property
    def agree(self) -> bool:
        """True if all that was printed is the same within the tolerance and nothing was left unconverted."""
        return self.worst is not None and self.worst <= TOLERANCE and self.outcome.script.left == 0


def prepare(folder: Path, names: Sequence[str] | None = None) -> list[Script]:
    """Write four scripts for each pair to `folder`: both sides, and each converted to the other."""
    chosen = names or [example.name for example in examples.EXAMPLES]
    # All are rendered first, so that a wrong name leaves nothing behind.
    texts = {(name, origin): examples.render(name, origin) for name in chosen for origin in _OTHER}
    folder.mkdir(parents=True, exist_ok=True)
    scripts = []
    for (name, origin), text in texts.items():
        target = _OTHER[origin]
        converted = convert(text, target)
        left = sum(finding.severity is Severity.TODO for finding in converted.findings)
        own = folder / examples.script_name(name, origin)
        other = folder / f"{name}_{origin}_to_{target}.py"
        files.write(str(own), text.encode())
        files.write(str(other), converted.code.encode())
        scripts += [Script(name, origin, origin, own), Script(name, origin, target, other, left)]
    return scripts


def run(scripts: Sequence[Script], timeout: float) -> Iterator[Outcome]:
    """Run the scripts, each in a process of its own and two at a time, and give their outcomes in order."""
    from concurrent.futures import ThreadPoolExecutor

    from translator.proof.scripts import run_script
    from translator.proof.watched import Limits

    def one(script: Script) -> Outcome:
        result = run_script(script.path, script.framework, Limits(timeout))
        numbers = sorted(float(each) for array in result.weights.values() for each in array.flat)
        return Outcome(script, read_printed(result.stdout), tuple(numbers), result.error)

    with ThreadPoolExecutor(max_workers=2) as pool:
        yield from pool.map(one, scripts)


def read_printed(text: str) -> dict[str, float]:
    """Read the lines `epoch 20  loss 0.1`, `weight 2.0` and `bias 1.0` of a script's output."""
    values = {}
    for epoch, name, number in _PRINTED.findall(text):
        try:
            values[f"{name} {epoch}".rstrip()] = float(number)
        except ValueError:
            continue  # a word, not a number: the line is missing then, and the comparison says so
    return values


def compare(outcomes: Sequence[Outcome]) -> list[Row]:
    """Hold every script against the torch script of its pair."""
    reference = {
        outcome.script.pair: outcome for outcome in outcomes if outcome.script.title == "torch"
    }
    return [Row(outcome, _worst(outcome, reference[outcome.script.pair])) for outcome in outcomes]


def _worst(outcome: Outcome, reference: Outcome) -> float | None:
    """Return the largest difference, or None if one failed or has other lines or weights to show."""
    if outcome.error or reference.error or not reference.printed:
        return None
    if outcome.printed.keys() != reference.printed.keys():
        return None
    if len(outcome.learned) != len(reference.learned):
        return None
    differences = [abs(value - reference.printed[name]) for name, value in outcome.printed.items()]
    differences += [abs(a - b) for a, b in zip(outcome.learned, reference.learned, strict=True)]
    # max() would hide a nan that does not come first.
    return float("nan") if any(each != each for each in differences) else max(differences)


def draw(rows: Sequence[Row], path: str) -> None:
    """Write one picture: the samples and, for each pair, the lines that its four scripts have learned.

    Raises:
        FileError: the picture cannot be written.
    """
    from matplotlib.figure import Figure  # not pyplot, which wants a display on some machines

    pairs = list(dict.fromkeys(row.outcome.script.pair for row in rows))
    figure = Figure(figsize=(3.2 * len(pairs), 3.9), layout="constrained")
    axes = figure.subplots(1, len(pairs), sharey=True, squeeze=False)[0]
    for axis, pair in zip(axes, pairs, strict=True):
        _panel(axis, pair, [row for row in rows if row.outcome.script.pair == pair])
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(
        handles,
        labels,
        loc="outside lower center",
        ncols=min(len(labels), 2 * len(pairs)),
        frameon=False,
    )
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=110)
    files.write(path, picture.getvalue())


# The lines lie on each other where the scripts agree: from wide to thin, all stay visible.
_STYLES: dict[str, dict[str, Any]] = {
    "torch": {"color": "#f4a261", "linewidth": 10, "zorder": 2.1},
    "tensorflow": {"color": "#d1495b", "linewidth": 6.5, "zorder": 2.2},
    "torch -> tensorflow": {"color": "#1d3557", "linewidth": 3.5, "zorder": 2.3},
    "tensorflow -> torch": {"color": "#ffd166", "linewidth": 1.4, "zorder": 2.4, "linestyle": "--"},
}


def _panel(axis: Any, pair: str, rows: Sequence[Row]) -> None:
    x, y = samples(examples.render(pair, "torch"))
    axis.scatter(x, y, s=9, color="#5c677d", label="samples", zorder=3)
    ends = [x.min(), x.max()]
    for row in rows:
        printed = row.outcome.printed
        if "weight" in printed and "bias" in printed:
            heights = [printed["weight"] * end + printed["bias"] for end in ends]
            title = row.outcome.script.title
            axis.plot(ends, heights, label=title, solid_capstyle="round", **_STYLES[title])
    known = [row.worst for row in rows if row.worst is not None]
    comparable = known and len(known) == len(rows)
    caption = f"largest difference {max(known):.1g}" if comparable else "not comparable"
    axis.set_title(f"{pair}\n{caption}", fontsize=10)
    axis.set_facecolor("#f7f7f7")
    axis.spines[["top", "right"]].set_visible(False)


def samples(script: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the samples that an example is fitted to.

    They are drawn by plain numpy in the script itself, so that part of it is run: what is drawn here is what the
    scripts have seen.
    """
    wanted = ("rng", "x", "y")
    lines: list[ast.stmt] = [
        node
        for node in ast.parse(script).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id in wanted
    ]
    import numpy

    names: dict[str, Any] = {"np": numpy}
    exec(compile(ast.Module(lines, []), "<samples>", "exec"), names)
    return names["x"], names["y"]
