"""Runs converted models beside hand-written ones of the same kind: passes forward, and training steps.

Run it as `python -m benchmarks.running`.

Every model is written twice by hand, in `models/`: in PyTorch and in Keras. Each file is converted, and what comes out
runs against the one that was written by hand. All variants of a model are processes of their own that live as long as
it is measured, use one thread, and run in turns for a fraction of a second each, on CPU time; what counts is the
median over the rounds of a variant's time over that of the one by hand. Keras runs in a graph, `tf.function`.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks._measure import Figure, cpu_seconds, report
from translator import convert
from translator.pipeline import Framework

LIMIT = 1.05
CONVERSION = 1.0
MODELS = Path(__file__).with_name("models")
PHASES = ("inference", "training")


@dataclass(frozen=True)
class Model:
    """A model of `models/`: its class, and what it is given; images are channels last here."""

    name: str
    make: str
    shape: tuple[int, ...]
    tokens: int = 0


ALL = (
    Model("resnet", "ResNet18", (4, 64, 64, 3)),
    Model("mobilenet", "MobileNetV2", (4, 64, 64, 3)),
    Model("unet", "UNet", (2, 64, 64, 3)),
    Model("vit", "ViT", (4, 64, 64, 3)),
    Model("gpt", "GPT", (4, 64), tokens=500),
    Model("lstm", "LanguageModel", (8, 32), tokens=500),
)
MEASURED = {
    "tensorflow": ("resnet", "mobilenet", "unet", "vit", "gpt"),
    "torch": ("resnet", "mobilenet", "lstm", "gpt"),
}


class Variant:
    """One way to a model: a process that runs it when it is told to."""

    def __init__(self, kind: str, file: Path, model: Model) -> None:
        self.kind = kind
        self.times: dict[str, list[float]] = {phase: [] for phase in PHASES}
        command = [sys.executable, "-m", "benchmarks._runner", kind, str(file), model.make]
        command += ["x".join(map(str, model.shape)), str(model.tokens)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"},
        )
        self.result = self._line()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def run(self, phase: str) -> None:
        """Run one phase for a while and note the seconds that one step takes."""
        assert self._process.stdin is not None
        print(phase, file=self._process.stdin, flush=True)
        self.times[phase].append(float(self._line() or "nan"))

    def end(self) -> None:
        """Let the process end."""
        self._process.communicate()


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--to", choices=MEASURED, action="append", help="both by default")
    parser.add_argument("--only", help="names of models, with commas between them")
    parser.add_argument("--rounds", type=int, default=15, help="how often each variant runs")
    options = parser.parse_args()
    figures: list[Figure] = []
    for to in options.to or MEASURED:
        names = options.only.split(",") if options.only else MEASURED[to]
        for model in (model for model in ALL if model.name in names):
            figures += measured(model, to, options.rounds)
    return report(figures)


def measured(model: Model, to: Framework, rounds: int) -> list[Figure]:
    """The figures of one model in one direction."""
    source, target = (
        MODELS / f"{model.name}_{side}.py"
        for side in (("torch", "keras") if to == "tensorflow" else ("keras", "torch"))
    )
    text = source.read_text("utf-8")
    seconds, conversion = cpu_seconds(lambda: convert(text, to))
    title = f"{model.name} to {to}"
    figures = [
        Figure(f"{title}: conversion", f"{seconds:.2f} s", "under 1 s", seconds < CONVERSION)
    ]
    left = [finding.message for finding in conversion.findings if finding.severity.name == "TODO"]
    if left:
        return [*figures, Figure(f"{title}: left to do", left[0], "nothing", kept=False)]
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder, "converted.py")
        written.write_text(conversion.code, encoding="utf-8")
        kind = "keras" if to == "tensorflow" else "torch"
        variants = [Variant(kind, target, model), Variant(kind, written, model)]
        if to == "torch":
            variants.append(Variant("keras on torch", source, model))
        try:
            figures += _compared(title, variants, rounds)
        finally:
            for variant in variants:
                variant.end()
    return figures


def _compared(title: str, variants: Sequence[Variant], rounds: int) -> list[Figure]:
    """The converted model beside the one by hand, then beside the other ways."""
    hand, converted, *others = variants
    figures = [
        Figure(
            f"{title}: the result", converted.result, hand.result, converted.result == hand.result
        )
    ]
    for phase in PHASES:
        for turn in range(rounds + 1):
            for variant in variants if turn % 2 else reversed(variants):
                variant.run(phase)
        ratio = _ratio(converted, hand, phase)
        step = statistics.median(converted.times[phase][1:])
        figures.append(
            Figure(
                f"{title}: {phase}, {1000 * step:.1f} ms, times that by hand",
                f"{ratio:.2f}",
                f"at most {LIMIT:g}",
                ratio <= LIMIT,
            )
        )
        for other in others:
            ratio = _ratio(converted, other, phase)
            what = f"{title}: {phase}, times {other.kind}"
            figures.append(Figure(what, f"{ratio:.2f}", "at most 1", ratio <= 1))
    return figures


def _ratio(one: Variant, other: Variant, phase: str) -> float:
    """The median over the rounds, the first of which warms up."""
    pairs = zip(one.times[phase][1:], other.times[phase][1:], strict=True)
    return statistics.median(a / b for a, b in pairs)


if __name__ == "__main__":
    raise SystemExit(main())
