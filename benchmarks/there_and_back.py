"""Converts public models there and back, and compares what comes back with what was there at first.

Run it as `python -m benchmarks.there_and_back --cases FILE.json --sources DIR [--score] [--only NAME ...]`.

Beside the list of cases stand the `slicer.py` that cuts the text of one and the `score.py` that gives it inputs, runs
it and compares results. A case comes back if nothing was left to a person on either way. With `--score` it also has to
compute the same: the weights of the first model are carried to the converted one and from there to the one that came
back; outputs within 1e-4 and gradients within 1e-3, at two batch sizes where the first model takes them.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import translator
from benchmarks._measure import Figure, report
from translator import Severity, convert
from translator.pipeline import Framework, other

SECONDS = 300


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=Path, action="append", required=True)
    parser.add_argument("--sources", type=Path, required=True, help="the folder of their sources")
    parser.add_argument("--only", nargs="*", default=[], help="the names of some cases")
    parser.add_argument("--score", action="store_true", help="run what came back, and compare")
    parser.add_argument("--work", type=Path, help="where the files are kept")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        return _work(options.cases[0], options.only, options.work)
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        options.work = options.work or Path(folder)
        options.work.mkdir(parents=True, exist_ok=True)
        for path in options.cases:
            figures += _list(path, options)
    return report(figures)


def _list(path: Path, options: argparse.Namespace) -> list[Figure]:
    """The cases of one list, and how many of them came back."""
    side = _side(path)
    slicer = _module(path.with_name("slicer.py"))
    outcomes: dict[str, str] = {}
    for case in json.loads(path.read_text("utf-8")):
        if not options.only or case["name"] in options.only:
            text = slicer.cut(options.sources, case)
            try:
                outcomes[case["name"]] = _converted(text, side, options.work, case["name"])
            except Exception as error:
                outcomes[case["name"]] = _shown(error)
    if options.score:
        outcomes |= _scored(path, [name for name in outcomes if not outcomes[name]], options)
    went = [name for name in outcomes if not outcomes[name].startswith("there")]
    came = [name for name in went if not outcomes[name]]
    figures = [Figure(f"{side}: {name}", why or "back") for name, why in outcomes.items()]
    return [
        *figures,
        Figure(f"{side}: back, of those that went there", f"{len(came)} of {len(went)}"),
    ]


def _side(path: Path) -> Framework:
    return "torch" if "torch" in path.stem else "tensorflow"


def _converted(text: str, side: Framework, work: Path, name: str) -> str:
    """Write the three files of a case; what was left to a person, "" for nothing."""
    for place, to in (("first", other(side)), ("there", side)):
        (work / f"{name}_{place}.py").write_text(text, "utf-8")
        conversion = convert(text, to)
        left = [f.message for f in conversion.findings if f.severity is Severity.TODO]
        if left:
            way = "there" if to != side else "back"
            return f"{way}: {len(left)} left: {left[0][:100]}"
        text = conversion.code
    (work / f"{name}_back.py").write_text(text, "utf-8")
    return ""


def _scored(path: Path, names: list[str], options: argparse.Namespace) -> dict[str, str]:
    """Compare in a process of its own, and in another one where that ends; why each does not pass, "" where it does."""
    answers: dict[str, str] = {}
    for name in names:
        (options.work / f"{name}.txt").unlink(missing_ok=True)
    while names:
        command = [sys.executable, "-m", "benchmarks.there_and_back", "--worker"]
        command += ["--cases", str(path), "--sources", str(options.sources)]
        command += ["--work", str(options.work), "--only", *names]
        quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
        done = subprocess.run(command, env=os.environ | quiet, capture_output=True, text=True)
        for name in names:
            answer = options.work / f"{name}.txt"
            if answer.exists():
                answers[name] = answer.read_text("utf-8")
        left = [name for name in names if name not in answers]
        if left:
            answers[left[0]] = f"died: {done.stderr.strip()[-100:]}"
        names = left[1:]
    return answers


def _work(path: Path, names: list[str], work: Path) -> int:
    score = _module(path.with_name("score.py"))
    for case in json.loads(path.read_text("utf-8")):
        if case["name"] in names:
            signal.alarm(SECONDS)
            try:
                answer = _Comparison(score, case, work, _side(path) == "torch").problem()
            except Exception as error:
                answer = _shown(error)
            signal.alarm(0)
            (work / f"{case['name']}.txt").write_text(answer, "utf-8")
    return 0


def _shown(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\n", " ")[:200]


class _Comparison:
    """One case: the first model, the converted one, and the one that came back."""

    def __init__(self, score: Any, case: dict[str, Any], work: Path, of_torch: bool) -> None:
        import numpy
        import tensorflow
        import torch

        self.score, self.case, self.of_torch = score, case, of_torch
        self.np, self.tf, self.torch = numpy, tensorflow, torch
        self.first, self.there, self.back = (
            score.load(str(work / f"{case['name']}_{place}.py"), f"{case['name']}_{place}")
            for place in ("first", "there", "back")
        )

    def problem(self) -> str:
        """What parts the model that came back from the first one, "" where nothing does."""
        self.torch.manual_seed(0)
        self.tf.keras.utils.set_random_seed(0)
        model, arrays = self.first._build(), self.score.inputs(self.np, self.case, 0)
        self.run(self.first, model, arrays)
        self.score.shake(self.torch, self.np, model, self.of_torch)
        expected = self.run(self.first, model, arrays)
        orders = self.score.orders(arrays, self.of_torch)
        problems = []
        for order in orders:
            try:
                there = self.given_weights(self.there, arrays, order, model, not self.of_torch)
                break
            except Exception as error:
                problems.append(_shown(error))
        else:
            return problems[0]
        problems = []
        for order in orders:
            try:
                back = self.given_weights(self.back, arrays, order, there, self.of_torch)
                problem = self.parts(expected, back, arrays, order)
                problem = problem or self.parts_again(model, back, order)
            except Exception as error:
                problem = _shown(error)
            if not problem:
                return ""
            problems.append(problem)
        return max(problems, key=lambda text: text.startswith("differs"))

    def run(self, module: Any, model: Any, arrays: Any, torch: bool | None = None) -> Any:
        """The outputs of a model, and the norm of its gradient."""
        is_torch = self.of_torch if torch is None else torch
        return self.score.run(self.torch, self.tf, module, model, arrays, is_torch)

    def given_weights(self, module: Any, arrays: Any, order: Any, source: Any, torch: bool) -> Any:
        """A new model of a file, built by its first call, with the weights of another one."""
        model = module._build()
        self.run(module, model, self.score.permute(arrays, order), torch)
        translator.port_weights(source, model)
        return model

    def parts(self, expected: Any, model: Any, arrays: Any, order: Any) -> str:
        """What parts the results of the model that came back from those of the first one."""
        found, norm = self.run(self.back, model, self.score.permute(arrays, order))
        error = self.score.difference(self.np, expected[0], found, self.case["deterministic"])
        if error is None:
            return f"shapes {[a.shape for a in found]}, expected {[a.shape for a in expected[0]]}"
        if error > 1e-4:
            return f"differs by {error:.1e}"
        if self.case["deterministic"] and abs(norm - expected[1]) > 1e-3 * expected[1]:
            return f"gradient norm {norm:.6g}, expected {expected[1]:.6g}"
        return ""

    def parts_again(self, model: Any, back: Any, order: Any) -> str:
        """The same at another batch size, where the first model takes one."""
        arrays = self.score.inputs(self.np, self.case, 1, batch=True)
        try:
            expected = None if arrays is None else self.run(self.first, model, arrays)
        except Exception:
            expected = None
        return "" if expected is None else self.parts(expected, back, arrays, order)


def _module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    raise SystemExit(main())
