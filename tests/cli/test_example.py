"""`translator example`: listed, printed, written, run."""

from __future__ import annotations

import json

import pytest

from translator.examples import EXAMPLES, render

NAMES = [example.name for example in EXAMPLES]


def test_without_a_name_the_list(translator):
    result = translator("example")
    assert (result.code, result.err) == (0, "")
    first_words = [line.split()[0] for line in result.out.splitlines()]
    assert first_words == ["name", *NAMES]


def test_the_list_as_json(translator):
    found = json.loads(translator("example", "--format", "json").out)
    assert [each["name"] for each in found] == NAMES
    assert "epochs" in [option["name"] for option in found[0]["options"]]


def test_one_script_is_printed_as_it_is(translator):
    result = translator("example", "tape", "--framework", "torch", "--set", "epochs=7")
    assert (result.code, result.out) == (0, render("tape", "torch", epochs=7))


def test_both_scripts_are_told_apart(translator):
    result = translator("example", "tape")
    assert result.out == (
        f"# ---- tape/tape_torch.py\n{render('tape', 'torch')}"
        f"# ---- tape/tape_tensorflow.py\n{render('tape', 'tensorflow')}"
    )


def test_scripts_as_json(translator):
    found = json.loads(translator("example", "tape", "--format", "json").out)
    assert found["scripts"]["tensorflow"] == render("tape", "tensorflow")


@pytest.mark.parametrize(("name", "expected"), [(["tape"], ["tape"]), ([], NAMES)])
def test_scripts_are_written(translator, tmp_path, name, expected):
    result = translator("example", *name, "-o", tmp_path / "new")
    assert (result.code, result.out) == (0, "")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(expected)
    assert (tmp_path / "new" / "tape" / "tape_torch.py").read_text() == render("tape", "torch")


def test_a_script_is_run(translator):
    result = translator(
        "example", "parameters", "--framework", "torch", "--run", "--set", "epochs=20"
    )
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("parameters/parameters_torch.py\nepoch  20  loss ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["tapes"], "Unknown example 'tapes'. Did you mean 'tape'?"),
        (["tape", "--set", "epochs"], "--set needs OPTION=VALUE, not 'epochs'"),
        (
            ["tape", "--set", "epoch=1"],
            "Unknown option 'epoch' of example 'tape'. Did you mean 'epochs'?",
        ),
        (["--run"], "name an example: parameters, modules, tape, optimizers, fit"),
    ],
)
def test_wrong_use(translator, arguments, message):
    result = translator("example", *arguments)
    assert (result.code, result.out, result.err) == (2, "", f"translator: {message}\n")


def test_a_folder_that_cannot_be_made(translator, tmp_path):
    (tmp_path / "file").write_text("")
    result = translator("example", "tape", "-o", tmp_path / "file")
    assert (result.code, result.out) == (2, "")
    assert result.err == f"translator: {tmp_path / 'file' / 'tape'}: not a directory\n"
