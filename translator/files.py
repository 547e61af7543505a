"""Reading and writing source files: encodings, line ends, and outputs that are whole or not there at all."""

from __future__ import annotations

import codecs
import io
import os
import tokenize
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from translator.errors import TranslatorError

STDIN = "<stdin>"
"""How standard input is called in messages."""


class FileError(TranslatorError):
    """A file that cannot be read or written; `line` is the one with the undecodable byte, if that is the trouble."""

    def __init__(self, path: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.path = path
        self.line = line


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a file with its own line ends, and what is needed to write it back as it was read."""

    path: str
    text: str
    encoding: str

    def encode(self, text: str) -> bytes:
        """Return `text` as bytes in this file's encoding, with a byte order mark if the file has one.

        Raises:
            FileError: the encoding that the file declares cannot express the text.
        """
        try:
            return text.encode(self.encoding)
        except UnicodeEncodeError as error:
            character = error.object[error.start]
            line = text.count("\n", 0, error.start) + 1
            what = (
                f"the result has {character!r}, which the file's encoding, {self.encoding}, lacks"
            )
            raise FileError(self.path, what, line) from None


def read(path: str) -> Source:
    """Read a source file.

    Raises:
        FileError: it is missing, a folder, not to be read, binary, or not in the encoding it declares.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise FileError(path, _reason(error)) from None
    except ValueError:  # a zero byte in the path itself
        raise FileError(path, "not a path") from None
    return decode(data, path)


def decode(data: bytes, path: str = STDIN) -> Source:
    """Decode source text by its byte order mark or its coding comment (PEP 263), as Python does.

    Raises:
        FileError: it is binary, its encoding is unknown, or it has bytes outside of that encoding.
    """
    if b"\0" in data:
        raise FileError(path, "a binary file, not Python source")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        raise _undetected(data, path, error) from None
    try:
        return Source(path, data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(data, path, encoding, error.start) from None
    except LookupError:  # a codec such as rot13, which is no encoding of text as bytes
        raise FileError(path, f"unknown encoding: {encoding}", 1) from None


def write(path: str, data: bytes) -> None:
    """Write a file as a whole or, if that fails, leave what was there; its mode bits stay.

    Raises:
        FileError: the path is a folder or cannot be written, or the disk is full.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise FileError(path, "is a folder; name a file to write")
    if target.exists() and not target.is_file():
        # Nothing can replace a device or a pipe as a whole, and nothing there could be lost.
        with writing(path):
            target.write_bytes(data)
        return
    with replacing(path) as new, writing(path):
        new.write_bytes(data)


@contextmanager
def replacing(path: str) -> Iterator[Path]:
    """Give a path for a file or folder that is put in the place of `path` when the block ends, as a whole.

    If the block fails, or writes nothing, what was there stays. The new path has the same last name.

    Raises:
        FileError: the path cannot be written.
    """
    import shutil  # here, because they take as long to load as all the rest, and only writing needs them
    import tempfile

    # A link is followed, so that it goes on pointing to what is replaced.
    target = Path(os.path.realpath(path))
    with writing(path):
        if target.exists() and not os.access(target, os.W_OK):
            # Replacing would need no permission on the file itself, and so go past its owner's wish.
            raise PermissionError
        # Beside it, because only within one file system can a file be put in place at once.
        beside = tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
    try:
        new = Path(beside, target.name)
        yield new
        if new.exists():
            with writing(path):
                _put(new, target, Path(beside, ".old"))
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _put(new: Path, target: Path, old: Path) -> None:
    """Put a file or folder in place; `old` is where a folder that is there goes meanwhile."""
    for file in [new] if new.is_file() else [item for item in new.rglob("*") if item.is_file()]:
        with file.open("rb") as handle:
            os.fsync(handle.fileno())
    if new.is_file():
        new.chmod(_mode(target))
        new.replace(target)
        return
    if target.exists():
        target.rename(old)
    try:
        new.rename(target)
    except BaseException:
        if old.exists():
            old.rename(target)
        raise


def _mode(target: Path) -> int:
    """Return the mode bits of the file that is replaced, or those that a new file would get."""
    if target.exists():
        return target.stat().st_mode & 0o7777
    mask = os.umask(0)  # there is no way to ask for it without setting it
    os.umask(mask)
    return 0o666 & ~mask


@contextmanager
def writing(path: str) -> Iterator[None]:
    """Turn what the system refuses within the block into a `FileError`."""
    try:
        yield
    except FileNotFoundError:
        raise FileError(path, "cannot be written: the folder does not exist") from None
    except OSError as error:
        raise FileError(path, f"cannot be written: {_reason(error)}") from None
    except ValueError:
        raise FileError(path, "not a path") from None


def _reason(error: OSError) -> str:
    """Say in a few words why the system refused."""
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, IsADirectoryError):
        return "is a folder, not a file"
    if isinstance(error, PermissionError):
        return "permission denied"
    return (error.strerror or str(error)).lower()


def _undetected(data: bytes, path: str, error: SyntaxError) -> FileError:
    """Tell an unknown encoding from bytes that are not UTF-8 in the first two lines."""
    if "unknown encoding" in str(error):
        lines = data.splitlines()[:2]
        line = next((n for n, text in enumerate(lines, 1) if b"coding" in text), 1)
        return FileError(path, str(error), line)
    if data.startswith(codecs.BOM_UTF8):
        return FileError(path, "has a UTF-8 byte order mark but declares another encoding", 1)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as undecodable:
        return _undecodable(data, path, "utf-8", undecodable.start)
    return FileError(path, str(error), 1)


def _undecodable(data: bytes, path: str, encoding: str, start: int) -> FileError:
    what = (
        f"byte 0x{data[start]:02x} is not {encoding}; declare the file's encoding in its first line"
    )
    return FileError(path, what, data.count(b"\n", 0, start) + 1)
