"""`translator convert`: what goes where, and the exit codes."""

from __future__ import annotations

import errno
import json
import os

import pytest

from translator.findings import Code, Finding, Span

TORCH = "import torch\n\nx = torch.zeros(3)\n"
KERAS = "import tensorflow as tf\n\nx = tf.zeros(3)\n"

NOTE = Finding(Code.NUMERIC, "eps differs", Span(3, 4, 3, 9))
TODO = Finding(Code.UNKNOWN_API, "torch.foo has no record", Span(2, 0, 2, 9), suggestion="write it")


def test_prints_code_to_stdout_and_findings_to_stderr(translator, converted, tmp_path):
    file = tmp_path / "a.py"
    file.write_text(TORCH)
    converted(KERAS, NOTE, TODO)
    result = translator("convert", file)
    assert result.code == 1
    assert result.out == KERAS
    assert result.err.splitlines() == [
        f"{file}:2:1: UNKNOWN_API torch.foo has no record (write it)",
        f"{file}:3:5: NUMERIC eps differs",
    ]


def test_notes_do_not_count_against_completeness(translator, converted):
    converted(KERAS, NOTE)
    result = translator("convert", stdin=TORCH.encode())
    assert (result.code, result.out) == (0, KERAS)
    assert result.err == "<stdin>:3:5: NUMERIC eps differs\n"


@pytest.mark.parametrize("arguments", [(), ("-",), ("-", "-o", "-")])
def test_reads_standard_input(translator, converted, arguments):
    converted(KERAS)
    assert translator("convert", *arguments, stdin=TORCH.encode()).out == KERAS


def test_output_is_written_also_where_something_is_left(translator, converted, tmp_path):
    converted(KERAS, TODO)
    result = translator("convert", "-o", tmp_path / "out.py", stdin=TORCH.encode())
    assert (result.code, result.out) == (1, "")
    assert (tmp_path / "out.py").read_text() == KERAS


def test_output_keeps_encoding_and_line_ends(translator, converted, tmp_path):
    source = "# -*- coding: latin-1 -*-\r\n# na\xefve\r\nimport torch\r\n"
    file, out = tmp_path / "a.py", tmp_path / "out.py"
    file.write_bytes(source.encode("latin-1"))
    converted(source.replace("torch", "keras"))
    assert translator("convert", file, "-o", out).code == 0
    assert out.read_bytes() == source.replace("torch", "keras").encode("latin-1")


def test_a_result_that_the_encoding_lacks_writes_nothing(translator, converted, tmp_path):
    file, out = tmp_path / "a.py", tmp_path / "out.py"
    file.write_bytes(b"# coding: ascii\nimport torch\n")
    converted("# coding: ascii\nimport keras  # \u00b1\n")
    result = translator("convert", file, "-o", out)
    assert result.code == 2
    assert result.err.startswith(f"translator: {file}:2: the result has '\u00b1'")
    assert not out.exists()


def test_diff(translator, converted, tmp_path):
    file = tmp_path / "a.py"
    file.write_text(TORCH)
    converted(KERAS)
    result = translator("convert", file, "--diff")
    assert result.code == 0
    assert result.out.splitlines()[:4] == [
        f"--- {file}",
        f"+++ {file}",
        "@@ -1,3 +1,3 @@",
        "-import torch",
    ]


def test_diff_of_a_last_line_without_end(translator, converted):
    converted("import keras")
    result = translator("convert", "--diff", stdin=b"import torch\x0c\n")
    assert result.out.splitlines(keepends=True)[-2:] == [
        "+import keras\n",
        "\\ No newline at end of file\n",
    ]


@pytest.mark.parametrize(("findings", "code"), [((), 0), ((NOTE,), 0), ((TODO,), 1)])
def test_check_only_answers(translator, converted, findings, code):
    converted(KERAS, *findings)
    result = translator("convert", "--check", stdin=TORCH.encode())
    assert (result.code, result.out) == (code, "")
    assert result.err.count("\n") == len(findings)


@pytest.mark.parametrize("other", [("-o", "out.py"), ("--diff",)])
def test_check_goes_with_nothing_that_writes(translator, other):
    result = translator("convert", "--check", *other, stdin=TORCH.encode())
    assert (result.code, result.out) == (2, "")
    assert (
        result.err == "translator: --check writes nothing, so it goes with neither -o nor --diff\n"
    )


def test_json(translator, converted):
    converted(KERAS, TODO)
    result = translator("convert", "--format", "json", stdin=TORCH.encode())
    assert result.err == ""
    assert json.loads(result.out) == {
        "path": "<stdin>",
        "to": "tensorflow",
        "complete": False,
        "findings": [
            {
                "code": "UNKNOWN_API",
                "severity": "todo",
                "message": "torch.foo has no record",
                "line": 2,
                "column": 1,
                "end_line": 2,
                "end_column": 10,
                "entry": None,
                "suggestion": "write it",
            }
        ],
        "code": KERAS,
    }


def test_json_with_diff(translator, converted):
    converted(KERAS)
    result = translator("convert", "--format", "json", "--diff", stdin=TORCH.encode())
    assert "+import tensorflow as tf\n" in json.loads(result.out)["diff"]


@pytest.mark.parametrize("text", [b"", b"\n", b"  \r\n"])
def test_an_empty_file_converts_to_an_empty_file(translator, tmp_path, text):
    file, out = tmp_path / "a.py", tmp_path / "out.py"
    file.write_bytes(text)
    assert translator("convert", file, "-o", out).code == 0
    assert out.read_bytes() == text


def test_an_empty_file_as_json(translator):
    result = translator("convert", "--format", "json")
    assert json.loads(result.out)["to"] is None


def test_a_full_disk_leaves_the_old_file(translator, converted, tmp_path, monkeypatch):
    out = tmp_path / "out.py"
    out.write_text("old\n")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    converted(KERAS)
    result = translator("convert", "-o", out, stdin=TORCH.encode())
    assert (result.code, result.out) == (2, "")
    assert result.err == f"translator: {out}: cannot be written: no space left on device\n"
    assert out.read_text() == "old\n"
    assert os.listdir(tmp_path) == ["out.py"]


def test_a_full_disk_behind_standard_output(converted, monkeypatch):
    full = "/dev/full"
    if not os.path.exists(full):
        pytest.skip("this system has no /dev/full")
    import subprocess
    import sys

    with open(full, "w") as sink:
        result = subprocess.run(
            [sys.executable, "-m", "translator", "lookup", "nn.Linear"],
            stdout=sink,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert result.returncode == 2
    assert result.stderr == "translator: no space left on device\n"
