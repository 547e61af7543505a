"""Reading and writing source files."""

from __future__ import annotations

import codecs
import errno
import os
import stat

import pytest

from translator import files
from translator.files import FileError

LINE = "x = 'h\u00e9'"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        f"{LINE}\n".encode(),
        f"{LINE}\r\n\r\n".encode(),
        f"{LINE}\ry = 1".encode(),
        codecs.BOM_UTF8 + f"{LINE}\n".encode(),
        codecs.BOM_UTF8 + f"# coding: utf-8\n{LINE}\n".encode(),
        f"# coding: latin-1\n{LINE}\n".encode("latin-1"),
        f"#!/bin/python\r\n# vim: set fileencoding=cp1252 :\r\n{LINE}\r\n".encode("cp1252"),
        "# coding: shift_jis\nx = '\u3042'\n".encode("shift_jis"),
    ],
)
def test_what_is_read_is_written_back_byte_for_byte(tmp_path, data):
    file = tmp_path / "a.py"
    file.write_bytes(data)
    source = files.read(str(file))
    assert not source.text.startswith("\ufeff")
    files.write(str(file), source.encode(source.text))
    assert file.read_bytes() == data


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"\x89PNG\r\n\0", None, "a binary file, not Python source"),
        ("x = 1\n".encode("utf-16"), None, "a binary file, not Python source"),
        (b"# coding: nonsense\n", 1, "unknown encoding: nonsense"),
        (b"# coding: rot13\n", 1, "unknown encoding: rot13"),
        (b"# coding: base64\n", 1, "unknown encoding: base64"),
        (b"# \xff\n", 1, "byte 0xff is not utf-8"),
        (b"\n\n\n# \xff\n", 4, "byte 0xff is not utf-8"),
        (b"# coding: ascii\nx = '\xe9'\n", 2, "byte 0xe9 is not ascii"),
        (codecs.BOM_UTF8 + b"# coding: latin-1\n", 1, "has a UTF-8 byte order mark but declares"),
    ],
)
def test_what_cannot_be_decoded(data, line, message):
    with pytest.raises(FileError) as caught:
        files.decode(data, "a.py")
    assert (caught.value.path, caught.value.line) == ("a.py", line)
    assert str(caught.value).startswith(message)


def test_mode_bits_stay(tmp_path):
    file = tmp_path / "a.py"
    file.write_text("old")
    file.chmod(0o751)
    files.write(str(file), b"new")
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o751


def test_a_new_file_has_the_usual_mode_bits(tmp_path):
    usual, file = tmp_path / "usual", tmp_path / "a.py"
    usual.touch()
    files.write(str(file), b"new")
    assert file.stat().st_mode == usual.stat().st_mode


def test_a_link_stays_a_link(tmp_path):
    file, link = tmp_path / "a.py", tmp_path / "link.py"
    file.write_text("old")
    link.symlink_to(file)
    files.write(str(link), b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"


def test_what_is_no_file_is_written_through():
    files.write(os.devnull, b"gone")
    assert not stat.S_ISREG(os.stat(os.devnull).st_mode)


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
@pytest.mark.parametrize("existing", [True, False])
def test_a_failure_at_any_step_leaves_what_was_there(tmp_path, monkeypatch, step, existing):
    file = tmp_path / "a.py"
    if existing:
        file.write_text("old")

    def fail(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(FileError, match=r"^cannot be written: no space left on device$"):
        files.write(str(file), b"new")
    assert [path.read_text() for path in tmp_path.iterdir()] == (["old"] if existing else [])


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


@pytest.mark.parametrize("existing", [True, False])
def test_a_folder_is_put_in_place_as_a_whole(tmp_path, existing):
    target = tmp_path / "a"
    if existing:
        (target / "old").mkdir(parents=True)
    with files.replacing(str(target)) as new:
        (new / "inner").mkdir(parents=True)
        (new / "inner" / "file").write_text("new")
        assert target.exists() == existing
    assert names(tmp_path) == ["a", "file", "inner"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_what_fails_while_it_is_written_leaves_what_was_there(tmp_path, error):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "old").write_text("old")
    with pytest.raises(error), files.replacing(str(tmp_path / "a")) as new:
        new.mkdir()
        raise error
    assert names(tmp_path) == ["a", "old"]


def test_what_is_never_written_replaces_nothing(tmp_path):
    (tmp_path / "a").write_text("old")
    with files.replacing(str(tmp_path / "a")):
        pass
    assert (tmp_path / "a").read_text() == "old"
    assert names(tmp_path) == ["a"]
