"""The paired examples: checked in as rendered, well formatted, and equal in what they compute."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from translator.errors import UsageError
from translator.examples import EXAMPLES, FRAMEWORKS, Example, render, write

ROOT = Path(__file__).resolve().parent.parent
NAMES = [example.name for example in EXAMPLES]
TOLERANCE = 1e-5
# What the numbers of a script are printed as.
NUMBER = re.compile(r"-?\d+\.\d{6}$")

REGENERATE = (
    "run: python -c 'import pathlib, translator.examples as e; e.write(pathlib.Path(\"examples\"))'"
)


def other_values(example: Example) -> dict[str, object]:
    """A value other than the default for every option that has one."""
    values: dict[str, object] = {}
    for option in example.options:
        if option.kind is bool:
            values[option.name] = not option.default
        elif option.kind is float:
            values[option.name] = 0.125
        elif option.kind is int:
            values[option.name] = 40
        else:
            assert isinstance(option.kind, tuple)
            values[option.name] = option.kind[-1]
    return values


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("name", NAMES)
def test_checked_in_script_is_the_rendered_one(name: str, framework: str) -> None:
    checked_in = (ROOT / "examples" / name / f"{name}_{framework}.py").read_text(encoding="utf-8")
    assert checked_in == render(name, framework), REGENERATE


def test_there_are_no_other_scripts() -> None:
    folder = ROOT / "examples"
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.py")}
    assert found == {f"{name}/{name}_{framework}.py" for name in NAMES for framework in FRAMEWORKS}


@pytest.mark.parametrize("options", ["default", "other"])
@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_ruff_has_nothing_to_change(example: Example, framework: str, options: str) -> None:
    text = render(example.name, framework, **(other_values(example) if options == "other" else {}))
    # By its file name ruff finds the project's settings, also for text that is not checked in.
    path = f"examples/{example.name}/{example.name}_{framework}.py"
    place = ["--line-length=100", f"--stdin-filename={path}", "-"]
    formatted = ruff(text, "format", *place)
    assert formatted.stdout == text, formatted.stderr
    checked = ruff(text, "check", "--no-cache", *place)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def ruff(text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ruff", *arguments]
    return subprocess.run(
        command, input=text, capture_output=True, encoding="utf-8", cwd=ROOT, check=False
    )


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("name", NAMES)
def test_trained_objects_are_globals(name: str, framework: str) -> None:
    assigned = {
        target.id
        for statement in ast.parse(render(name, framework)).body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    assert "model" in assigned or {"w", "b"} <= assigned


@pytest.mark.parametrize("name", NAMES)
def test_both_sides_print_the_same(name: str) -> None:
    ours, theirs = run_pair(name)
    assert [NUMBER.sub("#", line) for line in ours] == [NUMBER.sub("#", line) for line in theirs]
    labels = [f"epoch {epoch:3d}  loss #" for epoch in range(20, 201, 20)]
    assert [NUMBER.sub("#", line) for line in ours] == [*labels, "weight #", "bias #"]

    differences = [abs(number(a) - number(b)) for a, b in zip(ours, theirs, strict=True)]
    assert max(differences) <= TOLERANCE, list(zip(ours, theirs, strict=True))
    # Agreement says little unless something was learned.
    assert number(ours[0]) > 1.5 * number(ours[-3])
    assert number(ours[-2]) == pytest.approx(2.0, abs=0.05)
    assert number(ours[-1]) == pytest.approx(1.0, abs=0.05)


def run_pair(name: str) -> tuple[list[str], list[str]]:
    """Run both scripts side by side and return the lines that each printed."""
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    environment = {**os.environ, **quiet, "KERAS_BACKEND": "tensorflow"}
    processes = [
        subprocess.Popen(
            [sys.executable, str(ROOT / "examples" / name / f"{name}_{framework}.py")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=environment,
        )
        for framework in FRAMEWORKS
    ]
    outputs = [process.communicate() for process in processes]
    for process, (_, errors) in zip(processes, outputs, strict=True):
        assert process.returncode == 0, errors
    ours, theirs = (printed.splitlines() for printed, _ in outputs)
    return ours, theirs


def number(line: str) -> float:
    match = NUMBER.search(line)
    assert match, line
    return float(match.group())


def test_options_change_the_script() -> None:
    text = render("optimizers", "torch", momentum="0.9", epochs=40, plot="true")
    assert "momentum=0.9" in text
    assert "epochs = 40" in text
    assert "optimizers_torch.png" in text
    assert "matplotlib" not in render("optimizers", "torch")
    assert "batch_size=8" in render("fit", "tensorflow", batch_size="8")


@pytest.mark.parametrize(
    ("name", "framework", "options", "message"),
    [
        ("optimizer", "torch", {}, "Did you mean 'optimizers'?"),
        ("xyz", "torch", {}, "Choose from: parameters, modules, tape, optimizers, fit."),
        ("fit", "tensorfow", {}, "Did you mean 'tensorflow'?"),
        ("fit", "torch", {"batchsize": 8}, "Did you mean 'batch_size'?"),
        ("tape", "torch", {"momentum": 0.9}, "Unknown option 'momentum' of example 'tape'"),
        ("optimizers", "torch", {"optimizer": "adam"}, "Unknown value 'adam'"),
        ("optimizers", "torch", {"momentum": 1.5}, "at least 0 and at most 1"),
        ("fit", "torch", {"batch_size": 0}, "at least 1, not 0"),
        ("fit", "torch", {"batch_size": 2.5}, "must be a whole number"),
        ("fit", "torch", {"epochs": True}, "must be a whole number"),
        ("fit", "torch", {"learning_rate": "nan"}, "at least 0"),
        ("fit", "torch", {"learning_rate": "inf"}, "at least 0"),
        ("fit", "torch", {"plot": "perhaps"}, "must be true or false"),
    ],
)
def test_wrong_use_is_told(
    name: str, framework: str, options: dict[str, object], message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        render(name, framework, **options)
    assert message in str(caught.value)


def test_write_puts_one_folder_per_construct(tmp_path: Path) -> None:
    paths = write(tmp_path, ["fit", "tape"], ["torch"])
    assert paths == [tmp_path / "fit" / "fit_torch.py", tmp_path / "tape" / "tape_torch.py"]
    assert paths[0].read_text(encoding="utf-8") == render("fit", "torch")


def test_write_writes_nothing_when_a_name_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        write(tmp_path, ["fit", "tapes"])
    assert not list(tmp_path.iterdir())


def test_looking_at_the_list_does_not_import_jinja() -> None:
    program = "import sys, translator.examples; sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
