"""`translator verify` of two models and `convert --verify`: what is compared, the options, the table."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from translator.errors import UsageError
from translator.proof import models, script_pairs
from translator.proof.doing import does_something
from translator.proof.script_pairs import Comparison, Row
from translator.proof.verification import Check, Failure, Fault, Model, Verdict, Verification

NET = "from torch import nn\nclass Net(nn.Module): pass\n"
KERAS = NET.replace("torch", "keras")
FOUND = Verification(
    Model(Path("a.py"), "torch", "Net()", "Net"),
    Model(Path("b.py"), "tensorflow", "Net()", "Net"),
    checks=(
        Check("outputs", "outputs", "evaluation", "float64", 4, 2e-16, 1e-9, Verdict.AGREE, "0"),
        Check("training", "losses", "training", "float64", 4, None, 1e-6, Verdict.SKIPPED),
    ),
    notes=("dropout is off",),
)
DIFFERENT = Verification(
    FOUND.source,
    FOUND.target,
    checks=(Check("outputs", "o", "", "float64", 4, math.inf, 1e-9, Verdict.DIFFER),),
    fault=Fault("outputs", "fc parts", "fc", "fc", reasons=("no bias",), remedy="use_bias=True"),
)


@pytest.fixture
def verify(translator, tmp_path, monkeypatch):
    """Return a function that verifies two files, and the options that the comparison of models was given."""
    monkeypatch.chdir(tmp_path)
    given = {}

    def run(*arguments, texts=(NET, KERAS), found=FOUND):
        for name, text in zip(("a.py", "b.py"), texts, strict=True):
            Path(name).write_text(text)
        monkeypatch.setattr(models, "verify", lambda *paths, **wish: given.update(wish) or found)
        scripts = Comparison((Row("line 1", 0.0, 1e-5, True),))
        monkeypatch.setattr(script_pairs, "compare_scripts", lambda a, b, limits: scripts)
        return translator("verify", "a.py", "b.py", *arguments)

    run.given = given
    return run


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("'''A file.'''\nimport torch\nX: int = 3\nclass A: pass\ndef f(): print(1)\n", False),
        ("try:\n    import torch\nexcept ImportError:\n    torch = None\n", False),
        ("class A: pass\nif __name__ == '__main__':\n    print(A())\n", False),
        ("def main(): pass\nif __name__ == '__main__':\n    main()\n", True),
        ("import torch\nif torch:\n    x = 1\nelse:\n    y = 2\n", False),
        ("import torch\nprint(1)\n", True),
        ("import torch\nif torch:\n    print(1)\n", True),
        ("for i in range(3):\n    x = i\n", True),
        ("with open('x') as f:\n    pass\n", True),
    ],
)
def test_what_a_file_does(text, does):
    assert does_something(text) == does


def test_files_that_only_define_are_compared_by_their_models(verify):
    result = verify()
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert lines[0].split()[:3] == ["stage", "what", "mode"]
    assert (
        lines[1].split() == "outputs outputs evaluation 4 float64 2.0e-16 1.0e-09 agree (0)".split()
    )
    assert lines[2].split()[-2:] == ["not", "compared"]
    assert lines[-2:] == ["Note: dropout is off", "The models agree."]


@pytest.mark.parametrize(
    ("texts", "arguments", "kind"),
    [
        ((NET + "print(1)", KERAS + "print(1)"), (), "scripts"),
        ((NET + "print(1)", KERAS), (), "models"),
        (
            (NET + "print(1)", KERAS + "print(1)"),
            ("--steps", "3"),
            "models",
        ),
        (
            (NET + "print(1)", KERAS + "print(1)"),
            ("--as", "models"),
            "models",
        ),
        ((NET, KERAS), ("--as", "scripts"), "scripts"),
    ],
)
def test_as_what_two_files_are_compared(verify, texts, arguments, kind):
    result = verify("--format", "json", *arguments, texts=texts)
    assert json.loads(result.out)["kind"] == kind


def test_the_options_reach_the_comparison(verify):
    verify(
        *("--model", "Net(3)", "--input", "2x3", "--optimizer", "adam", "--loss", "mse"),
        *("--steps", "5", "--timeout", "60", "--memory", "1GB", "--keep-weights"),
    )
    assert verify.given == {
        "model": ("Net(3)", "Net(3)"),
        "inputs": "2x3",
        "optimizer": "adam",
        "loss": "mse",
        "steps": 5,
        "timeout": 60.0,
        "memory": 10**9,
        "keep_weights": True,
    }


def test_a_model_for_each_side(verify):
    verify("--model", "A()", "--model", "B()")
    assert verify.given["model"] == ("A()", "B()")
    result = verify("--model", "A()", "--model", "B()", "--model", "C()")
    assert (result.code, result.out) == (2, "")


def test_options_of_models_do_not_go_with_scripts(verify):
    result = verify("--as", "scripts", "--input", "2x3", "--keep-weights")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "translator: --input, --keep-weights: for the comparison of models alone\n"
    )


def test_the_first_difference_is_told(verify):
    result = verify(found=DIFFERENT)
    assert result.code == 1
    told = "First difference: fc parts\n  no bias\n  Remedy: use_bias=True\nThe models differ.\n"
    assert result.out.endswith(told)


def test_a_side_that_fails(verify):
    failed = Verification(FOUND.source, FOUND.target, failure=Failure("target", "when run", "boom"))
    result = verify(found=failed)
    assert (result.code, result.out) == (1, "")
    assert result.err == "The target failed when run: boom\n"


def test_json(verify):
    found = json.loads(verify("--format", "json", found=DIFFERENT).out, parse_constant=pytest.fail)
    assert (found["kind"], found["agree"]) == ("models", False)
    assert found["source"] == {
        "path": "a.py",
        "side": "torch",
        "expression": "Net()",
        "kind": "Net",
    }
    assert (found["checks"][0]["error"], found["checks"][0]["verdict"]) == (None, "DIFFER")


def test_the_report(verify):
    assert verify("--report", "report", found=DIFFERENT).code == 1
    assert "The first difference" in Path("report/index.html").read_text()


@pytest.fixture
def fixed(monkeypatch):
    """Return a function that fixes what the comparison of models finds, and gives the files it was called with."""

    def fix(found):
        called = []

        def verify(source, target, **_):
            called.append((source, target, target.read_text()))
            return found

        monkeypatch.setattr(models, "verify", verify)
        return called

    return fix


def test_convert_verifies_what_it_wrote(translator, tmp_path, fixed):
    source, target = tmp_path / "net.py", tmp_path / "net_tf.py"
    source.write_text("import torch\nlayer = torch.nn.ReLU()\n")
    called = fixed(FOUND)
    result = translator("convert", source, "-o", target, "--verify")
    assert (result.code, result.out) == (0, "")
    assert called == [(source, target, target.read_text())]
    assert result.err.endswith("The models agree.\n")


def test_convert_verifies_what_it_prints(translator, tmp_path, fixed):
    source = tmp_path / "net.py"
    source.write_text("import torch\nlayer = torch.nn.ReLU()\n")
    called = fixed(DIFFERENT)
    result = translator("convert", source, "--verify")
    assert (result.code, result.out) == (1, called[0][2])
    assert not called[0][1].exists()
    assert [each.name for each in tmp_path.iterdir()] == ["net.py"]
    found = json.loads(translator("convert", source, "--verify", "--format", "json").out)
    assert found["verification"]["agree"] is False


def test_what_is_not_complete_is_not_verified(translator, tmp_path, fixed):
    source = tmp_path / "net.py"
    source.write_text("import torch\nx = torch.nn.Unknown(3)\n")
    called = fixed(FOUND)
    result = translator("convert", source, "--verify")
    assert (result.code, called) == (1, [])
    assert result.err.endswith("Not verified: something is left for a person first\n")


def test_what_cannot_be_verified_is_converted_all_the_same(translator, tmp_path, monkeypatch):
    def verify(*_, **__):
        raise UsageError("no model is found")

    monkeypatch.setattr(models, "verify", verify)
    source, target = tmp_path / "net.py", tmp_path / "net_tf.py"
    source.write_text("import torch\nlayer = torch.nn.ReLU()\n")
    result = translator("convert", source, "-o", target, "--verify")
    assert (result.code, result.out) == (1, "")
    assert result.err.endswith("Not verified: no model is found\n")
    assert "keras" in target.read_text()
    found = json.loads(translator("convert", source, "--verify", "--format", "json").out)
    assert found["verification"] == {"reason": "no model is found", "agree": False}


@pytest.mark.parametrize("arguments", [("-",), ("a.py", "--check")])
def test_there_has_to_be_something_to_verify(translator, arguments):
    result = translator("convert", "--verify", *arguments)
    assert (result.code, result.out) == (2, "")


def test_a_real_model(translator, tmp_path):
    source = tmp_path / "net.py"
    source.write_text(
        "import torch\nfrom torch import nn\n\n\nclass Net(nn.Module):\n"
        "    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(3, 2)\n\n"
        "    def forward(self, x):\n        return torch.tanh(self.fc(x))\n"
    )
    target, report = tmp_path / "net_tf.py", tmp_path / "report"
    assert translator("convert", source, "-o", target, "--verify").code == 0
    target.write_text(target.read_text().replace("tanh", "sigmoid"))
    result = translator("verify", source, target, "--report", report)
    assert result.code == 1
    assert "First difference: " in result.out
    text = (report / "index.html").read_text()
    assert "<h1>The models differ.</h1>" in text
    assert text.count("<svg") == 2
