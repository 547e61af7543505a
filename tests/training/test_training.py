"""Training scripts as people write them: each converts with no edit, runs, and follows its source number by number.

Both sides begin with the same weights, draw the same random numbers, and compute in float64. What fails stays in the
list, with its reason.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from translator import convert
from translator.findings import Severity
from translator.pipeline import Framework, other
from translator.proof.printed import compare_printed
from translator.proof.wire import Message

from .running.shared import carried

HERE = Path(__file__).resolve().parent
TOLERANCE = 1e-9
STEPS = 20
FAILING: dict[str, str] = {
    "torch/classification": "loader.dataset",
    "torch/reinforce": "losses that are collected in attributes before they are summed",
    "torch/segmentation": "a method that a training loop calls",
    "torch/siamese": "a data set of one's own; groups of parameters with their own rates",
    "tensorflow/segmentation": "the biased running variance of a batch norm that evaluates",
    "tensorflow/translation": "first weights of a lazy attention; Adam by each look-up of an embedding",
    "tensorflow/vae": "functional models handed to a model of one's own",
}


def scripts() -> list[object]:
    found = []
    for path in sorted((HERE / "scripts").glob("*/*.py")):
        name = f"{path.parent.name}/{path.stem}"
        reason = FAILING.get(name)
        marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
        found.append(pytest.param(path, id=name, marks=marks))
    return found


@pytest.mark.parametrize("path", scripts())
def test_script(path: Path, tmp_path: Path, pool) -> None:
    side: Framework = "torch" if path.parent.name == "torch" else "tensorflow"
    source = path.read_text(encoding="utf-8")
    for exact in (False, True):
        conversion = convert(source, to=other(side), exact=exact)
        todo = [f for f in conversion.findings if f.severity is Severity.TODO]
        assert conversion.complete, "\n".join(f"line {f.span.line}: {f.message}" for f in todo)
    target = tmp_path / path.name
    target.write_text(conversion.code, encoding="utf-8")

    expected = run(pool, side, path, None, tmp_path / "source")
    run(pool, other(side), target, None, tmp_path / "dry")
    weights = tmp_path / "weights.npz"
    carried(tmp_path / "source", tmp_path / "dry", weights)
    actual = run(pool, other(side), target, weights, tmp_path / "target")

    assert len(expected.splitlines()) >= STEPS
    assert len(set(re.findall(r"\d+\.\d{6,}", expected))) >= STEPS, "nothing is trained"
    bad = [line for line in compare_printed(expected, actual, TOLERANCE) if not line.ok]
    assert not bad, "\n".join(f"{line.what}: {line.reason}" for line in bad[:5])


def run(pool, side: Framework, script: Path, given: Path | None, left: Path) -> str:
    arguments = (side, str(script), None if given is None else str(given), str(left))
    program = f"import sys; sys.path.insert(0, {str(HERE)!r})\n"
    program += f"from running.shared import run\nrun{arguments!r}\n"
    answer = pool.ask(side, Message({"job": "script", "program": program, "seed": 0}), timeout=120)
    return answer.header["printed"]


def test_the_list_of_failures_has_no_strangers() -> None:
    known = {f"{path.parent.name}/{path.stem}" for path in (HERE / "scripts").glob("*/*.py")}
    assert len(known) == 24
    assert not FAILING.keys() - known
