"""What Keras saves of a live model, under which name, and its own loading and saving. Imports Keras."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras.src.saving import saving_lib

from translator.errors import UsageError
from translator.files import FileError
from translator.weights.files import Checkpoint, Tell
from translator.weights.files.keras_file import KERAS_2, of_optimizer
from translator.weights.fit import remarks, require_fit
from translator.weights.keras_side import array_of
from translator.weights.tree import Array, stored

_NEVER_CALLED = "the model was never called, so Keras cannot load the file alone: call a model once, then load_weights"


class _Names(saving_lib.H5IOStore):  # type: ignore[misc]
    """A store that only remembers what would be written to it, and under which name.

    Keras numbers what it saves on a walk over the model; only the walk itself knows the names.
    """

    def __init__(self) -> None:
        self.slots: dict[str, Array] = {}
        self.group = ""

    def __bool__(self) -> bool:
        return True

    def make(self, path: str, metadata: object = None) -> _Names:
        self.group = f"{path}/vars" if path else "vars"
        return self

    def __setitem__(self, key: str, value: Any) -> None:
        array = array_of(value) if isinstance(value, keras.Variable) else stored(np.asarray(value))
        self.slots[f"{self.group}/{key}"] = array


def fill(model: keras.Model, checkpoint: Checkpoint, path: str, tell: Tell) -> tuple[str, ...]:
    """Fill a model by Keras itself, which knows what else a layer does then; returns what there is to say.

    Raises:
        FileError: Keras cannot read the file.
        WeightsError: the file does not fit.
    """
    require_model(model, path)
    names = _Names()
    saving_lib._save_state(model, names, None, "", set())
    wanted = {name: array for name, array in names.slots.items() if not of_optimizer(name)}
    legacy = KERAS_2 in checkpoint.notes
    if not legacy:
        require_fit(checkpoint.arrays, wanted, path, model.built)
    elif path.lower().endswith(".weights.h5"):
        remedy = "Keras reads it where the name ends in .h5 alone"
        raise FileError(path, f"has {KERAS_2}; {remedy}")
    tell(f"reading {path}", 0, 1)
    model.built = True  # all its layers are, or it would not fit; Keras asks for no more
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of an optimizer that is not filled
        try:
            model.load_weights(path)
        except Exception as error:  # Keras raises what h5py and each layer raise
            raise FileError(path, f"does not fit the model: {error}") from None
    if legacy:
        return ("Keras fills such a model in the order of its layers",)
    return remarks(checkpoint.arrays, wanted)


def save(model: keras.Model, path: Path, tell: Tell) -> tuple[str, ...]:
    """Write a new `.keras` or `.weights.h5` file; returns what there is to say of it."""
    tell(f"writing {path.name}", 0, 1)
    called, model.built = model.built, True  # as above
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of how Keras uses numpy
        if path.suffix == ".keras":
            model.save(path)
        else:
            model.save_weights(path)
    if path.suffix == ".keras" and not called:
        return (_NEVER_CALLED,)
    return ()


def require_model(model: Any, path: str) -> None:
    """Raise `UsageError` for what Keras has no files for: layers alone, and modules of TensorFlow."""
    if not isinstance(model, keras.Model):
        what = f"only a keras.Model has files of Keras, and {type(model).__name__} is none"
        raise UsageError(f"{path}: {what}; a SavedModel folder or .safetensors can hold it")
