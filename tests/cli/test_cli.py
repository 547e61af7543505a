"""The command line as a whole: help, wrong use, and what it does not import."""

from __future__ import annotations

import subprocess
import sys

import pytest

from translator import cli

COMMANDS = ("convert", "lookup", "example", "verify", "weights", "demo")


def imported(*arguments: str, stdin: str = "") -> set[str]:
    """Return the top-level modules that one command line imports."""
    script = "import sys\nfrom translator import cli\ncli.run(sys.argv[1:])\nprint(*sys.modules, file=sys.stderr)"
    command = [sys.executable, "-c", script, *arguments]
    result = subprocess.run(command, input=stdin, capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in result.stderr.splitlines()[-1].split()}


def test_lookup_imports_little():
    heavy = {"torch", "tensorflow", "keras", "libcst", "rich", "jinja2", "numpy", "asyncio"}
    assert not imported("lookup", "nn.Linear") & heavy


def test_convert_imports_no_framework():
    found = imported("convert", stdin="import torch\nx = torch.zeros(3)\n")
    assert "libcst" in found
    assert not found & {"torch", "tensorflow", "keras", "numpy", "jinja2", "rich"}


def test_the_group_imports_click_and_little_else():
    script = "import sys, translator.cli; print(*sys.modules)"
    command = [sys.executable, "-c", script]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    own = {name for name in found if name.startswith("translator")}
    assert own == {"translator", "translator.cli", "translator.errors"}
    assert (
        not {"json", "dataclasses", "difflib", "ast", "libcst", "rich"}
        & set(found) - click_imports()
    )


def click_imports() -> set[str]:
    """Return what click imports by itself."""
    command = [sys.executable, "-c", "import sys, click; print(*sys.modules)"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_help_of_the_group_names_the_commands(translator, arguments):
    result = translator(*arguments)
    assert (result.code, result.err) == (0, "")
    assert all(f"\n  {command} " in result.out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_shows_examples(translator, command):
    result = translator(command, "--help")
    assert (result.code, result.err) == (0, "")
    _, _, examples = result.out.partition("\nExamples:\n")
    assert f"  translator {command}" in examples or f"| translator {command}" in examples


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["convrt"], "no command 'convrt'; did you mean 'convert'?"),
        (["xyz"], "no command 'xyz'; choose from convert, lookup, example, verify, weights, demo"),
        (["--xyz"], "No such option '--xyz'."),
        (["convert", "--xyz"], "No such option '--xyz'."),
        (["convert", "a", "b"], "Got unexpected extra argument (b)"),
        (["convert", "--to"], "Option '--to' requires an argument."),
        (["lookup"], "Missing argument 'NAME-OR-WORDS'."),
        (
            ["lookup", "nn.Linear", "--format", "xml"],
            "Invalid value for '--format': 'xml' is not one of 'text', 'json'.",
        ),
        (["verify", "a"], "Missing argument 'TARGET'."),
    ],
)
def test_wrong_use_is_one_line(translator, arguments, message):
    result = translator(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err == f"translator: {message}\n"


def test_a_bug_is_not_taken_for_an_incomplete_conversion(translator, monkeypatch):
    from translator import pipeline

    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(pipeline, "convert", broken)
    result = translator("convert", stdin=b"import torch\n")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("Traceback")
    assert result.err.endswith(
        "translator: <stdin>: internal error, please report it: ZeroDivisionError: oh\n"
    )


def test_an_interrupt_is_silent(translator, monkeypatch):
    from translator import pipeline

    def interrupted(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "convert", interrupted)
    result = translator("convert", stdin=b"import torch\n")
    assert (result.code, result.out, result.err.strip()) == (130, "", "")


def test_main_leaves_with_the_exit_code():
    with pytest.raises(SystemExit) as caught:
        cli.main(["xyz"])
    assert caught.value.code == 2


def test_a_reader_that_goes_away_is_no_error():
    command = [sys.executable, "-m", "translator", "lookup", "nn.Linear"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141
