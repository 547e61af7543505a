"""Every kind of bad input: one line on standard error, exit code 2, nothing written."""

from __future__ import annotations

import builtins
import io
import os
from pathlib import Path

import pytest

OUT = "out.py"


@pytest.fixture
def refused(translator, tmp_path, monkeypatch):
    """Return a function that converts what must be refused and gives back the message."""
    monkeypatch.chdir(tmp_path)

    def run(*args: object, stdin: bytes = b"") -> str:
        before = sorted(os.listdir())
        result = translator("convert", *args, stdin=stdin)
        assert result.code == 2
        assert result.out == ""
        assert result.err.startswith("translator: ")
        assert result.err.count("\n") == 1, result.err
        assert sorted(os.listdir()) == before
        return result.err.removeprefix("translator: ").rstrip("\n")

    return run


def test_missing_file(refused):
    assert refused("a.py", "-o", OUT) == "a.py: no such file"


def test_path_through_a_file(refused):
    Path("a.py").write_text("")
    assert refused("a.py/b.py") == "a.py/b.py: not a directory"


def test_folder(refused):
    Path("a").mkdir()
    assert refused("a") == "a: is a folder, not a file"


def test_impossible_path(refused):
    assert refused("a\0.py").endswith(": not a path")


@pytest.mark.parametrize("path", ["a.py", "locked/a.py"])
def test_no_permission_to_read(refused, monkeypatch, path):
    # By hand, because nothing is forbidden to root, who may run these tests.
    Path("locked").mkdir()
    Path(path).write_text("import torch\n")
    opened = io.open

    def forbid(file, *args, **kwargs):
        if str(file) == path:
            raise PermissionError(13, "Permission denied", path)
        return opened(file, *args, **kwargs)

    monkeypatch.setattr(io, "open", forbid)
    monkeypatch.setattr(builtins, "open", forbid)
    assert refused(path) == f"{path}: permission denied"


def test_binary_file(refused):
    Path("a.py").write_bytes(b"\x7fELF\0\0\0import torch")
    assert refused("a.py") == "a.py: a binary file, not Python source"


@pytest.mark.parametrize("to", [(), ("--to", "tensorflow"), ("--to", "torch")])
@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import torch\n\nx = torch.zeros(3\n", "a.py:3: '(' was never closed: x = torch.zeros(3"),
        ("x = 1\nif x\n    y\n", "a.py:2: expected ':': if x"),
        ("import torch\nx = $\n", "a.py:2: invalid syntax: x = $"),
    ],
)
def test_syntax_error(refused, source, message, to):
    Path("a.py").write_text(source)
    found = refused("a.py", *to)
    if "torch" in source or to:
        assert found == message
    else:
        # Without a framework there is no direction, whatever else is wrong with the file.
        assert found.startswith("a.py:")


@pytest.mark.parametrize(
    "line",
    [
        "print 'a', x",
        "exec code in names",
        "raise ValueError, 'a'",
        "if x <> 1: pass",
        "y = 0777",
        "y = 10L",
        "y = ur'a'",
        "y = `x`",
        "def f(a, (b, c)): pass",
    ],
)
def test_python_2(refused, line):
    Path("a.py").write_text(f"import torch\n{line}\n")
    message = refused("a.py")
    assert message.startswith("a.py:2: this is Python 2 (")
    assert message.endswith(f": {line}")


def test_python_2_without_a_framework(refused):
    Path("a.py").write_text("print 'a'\n")
    message = refused("a.py", "--to", "torch")
    assert message.startswith("a.py:1: this is Python 2 (print is a statement)")


def test_nested_too_deeply(refused):
    Path("a.py").write_text("x = " + "-" * 100_000 + "1\n")
    assert refused("a.py", "--to", "torch").startswith("a.py")


def test_unknown_encoding(refused):
    Path("a.py").write_text("#!/usr/bin/python\n# -*- coding: klingon -*-\nimport torch\n")
    assert refused("a.py") == "a.py:2: unknown encoding: klingon"


def test_undecodable_bytes(refused):
    Path("a.py").write_bytes(b"import torch\n\n\nx = '\xe9'\n")
    message = "a.py:4: byte 0xe9 is not utf-8; declare the file's encoding in its first line"
    assert refused("a.py") == message


def test_neither_framework(refused):
    Path("a.py").write_text("import numpy as np\n")
    assert refused("a.py").startswith("a.py: ")


def test_both_frameworks(refused):
    Path("a.py").write_text("import torch\nimport tensorflow as tf\n")
    assert refused("a.py").startswith("a.py: ")


def test_standard_input_has_a_name(refused):
    message = refused("--to", "torch", stdin=b"if\n")
    assert message == "<stdin>:1: invalid syntax: if"


def test_unknown_framework(refused):
    assert "'jax' is not one of 'tensorflow', 'torch'" in refused("--to", "jax")


def test_output_is_a_folder(refused, converted):
    Path("out").mkdir()
    converted("import keras\n")
    assert refused("-o", "out", stdin=b"import torch\n") == "out: is a folder; name a file to write"


def test_output_in_a_missing_folder(refused, converted):
    converted("import keras\n")
    message = "no/out.py: cannot be written: the folder does not exist"
    assert refused("-o", "no/out.py", stdin=b"import torch\n") == message


def test_output_in_what_is_no_folder(refused, converted):
    Path("no").write_text("")
    converted("import keras\n")
    message = "no/out.py: cannot be written: not a directory"
    assert refused("-o", "no/out.py", stdin=b"import torch\n") == message


def test_output_is_write_protected(refused, converted, monkeypatch):
    Path(OUT).write_text("old\n")
    converted("import keras\n")
    # By hand, because to root, who may run these tests, everything is writable.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    message = "out.py: cannot be written: permission denied"
    assert refused("-o", OUT, stdin=b"import torch\n") == message
    assert Path(OUT).read_text() == "old\n"
