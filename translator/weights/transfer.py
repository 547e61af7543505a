"""From a checkpoint of one framework to one of the other, through two live models."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from translator.files import FileError, replacing, writing
from translator.weights import files
from translator.weights.files import Tell
from translator.weights.fill import fill
from translator.weights.model_file import ModelFile, build
from translator.weights.port import PortRow, framework_of, paired, port_weights, read_state


@dataclass(frozen=True, slots=True)
class Transfer:
    """What was carried, and what there is to say of it."""

    rows: tuple[PortRow, ...]
    notes: tuple[str, ...]


def transfer(
    source: str, target: str, source_model: ModelFile, target_model: ModelFile, tell: Tell
) -> Transfer:
    """Fill one model from the file `source`, carry its weights into the other, and write that to `target`.

    This runs the code of both model files. `target` is written as a whole or not at all.

    Raises:
        TranslatorError: anything does not fit, or cannot be read or written.
    """
    files.format_of(source)
    known = files.format_to_write(target)
    _require_replaceable(target, known)
    # The place is made first: if that fails, it does so before the long work.
    with replacing(target) as new:
        origin, result = build(source_model), build(target_model)
        _require_writable(result, known, target)
        # Only for what it builds: layers of the source without weights, where the other model tells their sizes.
        paired(read_state(result), origin)
        notes = fill(origin, source, tell)
        tell("carrying", 0, 1)
        report = port_weights(origin, result)
        notes += _save(result, known, new, target, tell)
    return Transfer(report.rows, notes)


def _require_replaceable(target: str, known: files.Format) -> None:
    path = Path(target)
    if path.is_dir():
        if known is not files.SAVED_MODEL:
            raise FileError(target, "is a folder; name a file to write")
        if any(path.iterdir()) and not (path / "saved_model.pb").exists():
            raise FileError(target, "is a folder with something else than a SavedModel in it")
    elif path.exists() and (known is files.SAVED_MODEL or not path.is_file()):
        raise FileError(target, "is there, and nothing that can be replaced")


def _require_writable(model: Any, known: files.Format, target: str) -> None:
    files.require_side(known, framework_of(model), target)
    if known is files.KERAS:
        from translator.weights.files import keras_model

        keras_model.require_model(model, target)


def _save(model: Any, known: files.Format, new: Path, target: str, tell: Tell) -> tuple[str, ...]:
    with writing(target):
        try:
            return known.save(model, new, tell)
        except (RuntimeError, ValueError, TypeError, NotImplementedError) as error:
            # What the frameworks make of a full disk, and of a model that cannot be saved.
            raise FileError(target, f"cannot be written: {error}") from None
