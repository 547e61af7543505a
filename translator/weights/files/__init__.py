"""Checkpoint files: one small module for each format, loaded when a file of it is named.

Every format is read as the same thing, a `Checkpoint`: names with shapes and element types, and values one array at
a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from translator.errors import UsageError
from translator.files import FileError

if TYPE_CHECKING:
    from translator.weights.tree import Array

Tell = Callable[[str, int, int], None]
"""Takes what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a file holds, by the names in the file, and what there is to say of it."""

    arrays: Mapping[str, Array]
    notes: tuple[str, ...] = ()


class Reader(Protocol):
    """What the module of each format offers to read it."""

    def read(self, path: str) -> Checkpoint:
        """Read the names, shapes and element types, and no values.

        Raises:
            FileError: it is truncated or not of this format.
        """
        ...


class Writer(Protocol):
    """What the module of each format offers to write it."""

    def save(self, model: Any, path: Path, tell: Tell) -> tuple[str, ...]:
        """Write a live model to a path where nothing is yet; returns what there is to say of it."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """A format: how it is called, how its files' names end, where it is read and written, what reading it needs."""

    title: str
    suffixes: tuple[str, ...]
    reader: str
    writer: str
    needs: tuple[str, ...] = ()

    def read(self, path: str) -> Checkpoint:
        """Read a file of this format, without its values."""
        return cast("Reader", self._module(self.reader)).read(path)

    def save(self, model: Any, path: Path, tell: Tell) -> tuple[str, ...]:
        """Write a live model as a new file of this format."""
        return cast("Writer", self._module(self.writer)).save(model, path, tell)

    def _module(self, name: str) -> object:
        return import_module(f"{__name__}.{name}")


INDEX = ".index.json"

SAFETENSORS = Format("safetensors", (".safetensors", INDEX), "safetensors", "safetensors_writer")
TORCH = Format("PyTorch", (".pt", ".pth", ".bin"), "torch_file", "torch_file", ("torch",))
KERAS = Format("Keras", (".keras", ".h5", ".hdf5"), "keras_file", "keras_model", ("h5py",))
SAVED_MODEL = Format("SavedModel", (), "saved_model", "saved_model", ("tensorflow",))

_BY_SUFFIX = (SAFETENSORS, TORCH, KERAS)


def format_of(path: str) -> Format:
    """The format of a file or folder that is there.

    Raises:
        FileError: it is missing, or of no format that is known.
    """
    if not Path(path).exists():
        raise FileError(path, "no such file")
    if not Path(path).is_dir():
        return _by_suffix(path) or _unknown(path)
    if next(Path(path).glob("*.safetensors"), None):
        return SAFETENSORS
    if _is_saved_model(path):
        return SAVED_MODEL
    raise FileError(path, "a folder with neither a SavedModel nor safetensors files in it")


def format_to_write(path: str) -> Format:
    """The format that a name asks for; one without a suffix is a SavedModel folder.

    Raises:
        FileError: the suffix is none that can be written.
    """
    if not Path(path).suffix or path.endswith("/") or _is_saved_model(path):
        return SAVED_MODEL
    if path.lower().endswith((INDEX, ".hdf5")) or _bare_h5(path):
        raise FileError(path, "this format is only read; write .safetensors, .keras or .weights.h5")
    return _by_suffix(path) or _unknown(path)


def _is_saved_model(path: str) -> bool:
    return Path(path, "saved_model.pb").exists()


def _bare_h5(path: str) -> bool:
    return path.lower().endswith(".h5") and not path.lower().endswith(".weights.h5")


def _by_suffix(path: str) -> Format | None:
    return next((known for known in _BY_SUFFIX if path.lower().endswith(known.suffixes)), None)


def _unknown(path: str) -> Format:
    suffixes = [suffix for known in _BY_SUFFIX for suffix in known.suffixes]
    known = f"{', '.join(suffixes)} or, as a SavedModel folder, nothing"
    raise FileError(
        path, f"{Path(path).suffix or 'no suffix'!r} is no known format; a name ends in {known}"
    )


def require_side(known: Format, side: str, path: str) -> None:
    """Raise `UsageError` where a file of this format cannot belong to a model of this framework."""
    other = {"torch": (KERAS, SAVED_MODEL), "tensorflow": (TORCH,)}[side]
    if known in other:
        model = {"torch": "a PyTorch model", "tensorflow": "a TensorFlow model"}[side]
        raise UsageError(f"{path} is a {known.title} file, and the model beside it is {model}")
