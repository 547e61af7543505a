"""`translator verify` of two scripts: the verdict, its form and its exit code."""

from __future__ import annotations

import json
import math

import pytest

from translator.proof import script_pairs
from translator.proof.script_pairs import Comparison, Row

GOOD = Row("weight w", 1e-7, 1e-5, True)
BAD = Row("line 3", math.inf, 1e-5, False, "'a' and 'b'")


@pytest.fixture
def verify(translator, tmp_path, monkeypatch):
    """Return a function that verifies two scripts whose comparison is given."""
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("import torch\nprint(1)\n")
    monkeypatch.chdir(tmp_path)

    def run(comparison: Comparison, *arguments: str):
        monkeypatch.setattr(script_pairs, "compare_scripts", lambda a, b, limits: comparison)
        return translator("verify", "a.py", "b.py", *arguments)

    return run


def test_agreement(verify):
    result = verify(Comparison((GOOD,), notes=("one weight was left out",)))
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines()[1].split() == ["weight", "w", "1.0e-07", "1.0e-05", "agree"]
    assert "Note: one weight was left out" in result.out
    assert result.out.endswith("The scripts agree.\n")


def test_difference(verify):
    result = verify(Comparison((GOOD, BAD)))
    assert result.code == 1
    assert "DIFFER 'a' and 'b'" in result.out
    assert result.out.endswith("The scripts differ.\n")


def test_failure(verify):
    result = verify(Comparison((), "a.py failed: ZeroDivisionError"))
    assert (result.code, result.out, result.err) == (1, "", "a.py failed: ZeroDivisionError\n")


def test_random_numbers(verify):
    result = verify(Comparison((), "a.py draws random numbers", random=True))
    assert (result.code, result.out) == (1, "")
    assert "--as models" in result.err


def test_nothing_to_compare(verify):
    result = verify(Comparison(()))
    assert result.code == 1
    assert result.out.startswith("Nothing to compare")


def test_json(verify):
    result = verify(Comparison((GOOD, BAD)), "--format", "json")
    found = json.loads(result.out, parse_constant=pytest.fail)
    assert found["agree"] is False
    assert [row["error"] for row in found["rows"]] == [1e-7, None]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "b.py: no such file"),
        ("if\n", "b.py:1: invalid syntax: if"),
        ("print(1)\n", "b.py imports neither framework."),
    ],
)
def test_what_cannot_be_read(verify, text, message, tmp_path):
    (tmp_path / "b.py").unlink()
    if text is not None:
        (tmp_path / "b.py").write_text(text)
    result = verify(Comparison((GOOD,)))
    assert (result.code, result.out, result.err) == (2, "", f"translator: {message}\n")


def test_a_missing_framework_is_named_with_its_remedy(verify, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    result = verify(Comparison((GOOD,)))
    assert (result.code, result.out) == (2, "")
    assert result.err == 'translator: this needs torch; run: pip install "translator[run]"\n'


def test_the_report(verify, tmp_path):
    result = verify(Comparison((GOOD, BAD)), "--report", "new/report")
    assert (result.code, result.err) == (1, "wrote new/report/index.html\n")
    assert "<h1>The scripts differ.</h1>" in (tmp_path / "new/report/index.html").read_text()


def test_a_report_that_cannot_be_written_is_told_before_anything_is_run(verify, tmp_path):
    (tmp_path / "report").write_text("")
    result = verify(Comparison((GOOD,)), "--report", "report")
    assert (result.code, result.out) == (2, "")
    assert result.err == "translator: --report needs a folder, and report is a file\n"


@pytest.mark.parametrize(
    ("text", "size"),
    [("8GB", 8e9), ("500M", 5e8), ("1.5 g", 1.5e9), ("2GiB", 2e9), ("100000", 1e5)],
)
def test_the_limits(verify, monkeypatch, translator, text, size):
    found = []
    monkeypatch.setattr(
        script_pairs,
        "compare_scripts",
        lambda a, b, limits: found.append(limits) or Comparison((GOOD,)),
    )
    assert translator("verify", "a.py", "b.py", "--memory", text, "--timeout", "7").code == 0
    assert (found[0].memory, found[0].seconds) == (size, 7)


def test_a_size_that_is_none(verify):
    result = verify(Comparison((GOOD,)), "--memory", "much")
    assert result.code == 2
    assert "'much' is no size, such as 8GB" in result.err


def test_two_real_scripts(translator, tmp_path):
    for name, extra in (("a.py", 0.0), ("b.py", 1e-3)):
        (tmp_path / name).write_text(
            f"import torch\nprint('sum', torch.ones(3).sum().item() + {extra})\n"
        )
    a, b = tmp_path / "a.py", tmp_path / "b.py"
    assert translator("verify", a, a).code == 0
    assert translator("verify", a, b).code == 1
