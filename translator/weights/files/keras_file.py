"""Files of Keras: `.keras`, `.weights.h5`, and the `.h5` of Keras 2, read without Keras."""

from __future__ import annotations

import functools
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

import h5py
import numpy as np

from translator.files import FileError
from translator.weights.files import Checkpoint
from translator.weights.files.safetensors import widened
from translator.weights.tree import Array, Values

KERAS_2 = "the layout of Keras 2"

_INNER = "model.weights.h5"


def read(path: str) -> Checkpoint:
    """Read the names that Keras gives to what it saves, without the optimizer's."""
    arrays: dict[str, Array] = {}

    def visit(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            dtype = "bfloat16" if _is_bfloat16(item) else str(item.dtype)
            arrays[_name(name)] = Array(
                item.shape or (), dtype, functools.partial(_values, path, name)
            )

    with _opened(path) as file:
        legacy = _is_legacy(file)
        file.visititems(visit)  # follows no link, which could lead to another file
    of_model = {name: array for name, array in arrays.items() if not of_optimizer(name)}
    notes: tuple[str, ...] = (KERAS_2,) if legacy else ()
    if len(of_model) < len(arrays):
        notes += (f"beside the model, {len(arrays) - len(of_model)} arrays of its optimizer",)
    return Checkpoint(of_model, notes)


def _is_legacy(file: h5py.File) -> bool:
    """True for the layout of Keras 2, which names the layers in an attribute."""
    return "layer_names" in file.attrs or "model_weights" in file


def of_optimizer(name: str) -> bool:
    """True for what Keras saves of the optimizer of a compiled model."""
    return name.startswith(("optimizer/", "optimizer_weights/"))


def _name(name: str) -> str:
    # So was it called in the preview of this layout in TensorFlow 2.13, and Keras reads it still.
    return name.replace("_layer_checkpoint_dependencies", "layers")


@contextmanager
def _opened(path: str) -> Iterator[h5py.File]:
    try:
        with ExitStack() as stack:
            outer: IO[bytes] = stack.enter_context(Path(path).open("rb"))
            if path.lower().endswith(".keras"):
                archive = stack.enter_context(zipfile.ZipFile(outer))
                if _INNER not in archive.namelist():
                    raise FileError(path, f"not a .keras file: it has no {_INNER}")
                outer = stack.enter_context(archive.open(_INNER))
            yield stack.enter_context(h5py.File(outer, "r"))
    except zipfile.BadZipFile:
        raise FileError(path, "not a .keras file, or truncated") from None
    except (OSError, KeyError, RuntimeError, TypeError, ValueError) as error:
        if isinstance(error, OSError) and error.filename is not None:  # the system's, not h5py's
            raise
        what = "truncated" if "truncated" in str(error) else "not an HDF5 file, or damaged"
        raise FileError(path, what) from None


def _is_bfloat16(item: h5py.Dataset) -> bool:
    return bool(item.dtype.kind == "V" and item.attrs.get("dtype") == "bfloat16")


def _values(path: str, name: str) -> Values:
    with _opened(path) as file:
        item = file[name]
        values = np.asarray(item[()])
        return widened(values.view(np.uint16)) if _is_bfloat16(item) else values
