"""Filling a live model from a file: every name, every shape and every kind of number must fit."""

from __future__ import annotations

from typing import Any

import numpy as np

from translator.errors import WeightsError
from translator.weights import files
from translator.weights.files import Checkpoint, Tell
from translator.weights.fit import Named, remarks, require_fit
from translator.weights.port import framework_of, read_state
from translator.weights.prefix import aligned
from translator.weights.tree import Values


def fill(model: Any, path: str, tell: Tell) -> tuple[str, ...]:
    """Fill a model from a file and return what there is to say of it.

    Raises:
        FileError: the file cannot be read.
        UsageError: its format is none of the model's framework.
        WeightsError: the file and the model do not fit; lists all that does not.
    """
    known = files.format_of(path)
    files.require_side(known, framework_of(model), path)
    checkpoint = known.read(path)
    if known is files.KERAS:
        from translator.weights.files import keras_model

        return (*checkpoint.notes, *keras_model.fill(model, checkpoint, path, tell))
    checkpoint, wanted = _wanted(model, known, path, checkpoint)
    require_fit(checkpoint.arrays, wanted, path, getattr(model, "built", True))
    _copy(checkpoint.arrays, wanted, path, tell)
    return (*checkpoint.notes, *remarks(checkpoint.arrays, wanted))


def _wanted(
    model: Any, known: files.Format, path: str, checkpoint: Checkpoint
) -> tuple[Checkpoint, Named]:
    """The file by the model's names, and what has to be filled."""
    if framework_of(model) == "torch":
        from translator.weights.files import torch_file

        checkpoint = aligned(checkpoint, model.state_dict())
        return checkpoint, torch_file.slots(model, checkpoint.arrays)
    if known is files.SAVED_MODEL:
        from translator.weights.files import saved_model

        return checkpoint, saved_model.slots(model, path, checkpoint)
    wanted = read_state(model).arrays()
    return aligned(checkpoint, wanted), wanted


def _copy(found: Named, wanted: Named, path: str, tell: Tell) -> None:
    shared = [name for name in wanted if name in found]
    first: dict[int, str] = {}
    for done, name in enumerate(shared):
        tell(f"reading {path}", done, len(shared))
        tied = first.setdefault(id(wanted[name]), name)
        if tied == name:
            write = wanted[name].write
            assert write is not None, "a live model can be written"
            write(found[name].read())  # nothing keeps the values: only one array is held at a time
        elif not _equal(found[name].read(), found[tied].read()):
            what = (
                f"{tied} and {name} are one array in the model and two different ones in the file"
            )
            raise WeightsError(f"{path} does not fit the model: {what}")


def _equal(a: Values, b: Values) -> bool:
    return np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
