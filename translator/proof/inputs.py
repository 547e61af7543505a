"""The inputs of two models: given by the user or found from the first layers, drawn, brought into an order."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from translator.errors import UsageError
from translator.knowledge.lenses import Side
from translator.proof.outcome import Axes
from translator.weights.tree import Values

_SEED = 20
_BATCH = 4
_FORM = re.compile(r"(?P<shape>\d+(?:x\d+)*)(?::(?P<dtype>[a-z]+\d*)(?:<(?P<below>\d+))?)?")
_FLOATS = ("float16", "float32", "float64", "bfloat16")
_WHOLE = ("int32", "int64", "bool", "uint8", "int8", "int16")
_HOW = (
    "give it as --input, one shape for each argument with the batch first: 4x3x32x32:float32, "
    "4x7:int64<1000 for whole numbers below 1000"
)


@dataclass(frozen=True, slots=True)
class Given:
    """One input in the source's axis order: its values, or how they are drawn."""

    shape: tuple[int, ...]
    dtype: str = "float32"
    below: int | None = None
    origin: str = "given"
    values: Values | None = None
    channels: bool = False
    """True for images and signals, whose channels the two frameworks have at different ends."""

    def draw(self, place: int, other_batch: bool = False) -> Values:
        """The values; with one sample more, or one less of those that are given."""
        if self.values is not None:
            return _resized(self.values) if other_batch else self.values
        shape = (self.shape[0] + 1, *self.shape[1:]) if other_batch and self.shape else self.shape
        generator = np.random.default_rng([_SEED, place, int(other_batch)])
        if self.dtype in _FLOATS:
            # Values that both precisions hold exactly.
            return generator.standard_normal(shape).astype(np.float32).astype(np.float64)
        bound = 2 if self.below is None or self.dtype == "bool" else self.below
        return generator.integers(0, bound, shape).astype(self.dtype)


def _resized(values: Values) -> Values:
    if values.ndim == 0:
        return values
    return values[:-1] if len(values) > 1 else np.concatenate([values, values])


def given_inputs(text: str | Path | None) -> tuple[Given, ...]:
    """The inputs that an option says: shapes, or the path of an `.npz` whose arrays are taken in order.

    Raises:
        UsageError: it is neither, or the file cannot be read.
    """
    if text is None:
        return ()
    if str(text).endswith(".npz"):
        return _read(Path(text))
    return tuple(_parse(part) for part in str(text).split(","))


def _parse(text: str) -> Given:
    found = _FORM.fullmatch(text.strip())
    dtype = (found and found["dtype"]) or "float32"
    if found is None or dtype not in (*_FLOATS, *_WHOLE):
        raise UsageError(f"--input {text!r} is no shape: {_HOW}, or an .npz")
    shape = tuple(int(size) for size in found["shape"].split("x"))
    below = int(found["below"]) if found["below"] else None
    if 0 in shape or below == 0:
        raise UsageError(f"--input {text!r} has no elements")
    return Given(shape, dtype, below)


def _read(path: Path) -> tuple[Given, ...]:
    try:
        with np.load(path, allow_pickle=False) as held:
            arrays = [held[name] for name in held.files]
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise UsageError(f"--input {path} cannot be read: {error}") from error
    wide = [array.astype(np.float64) if array.dtype.kind == "f" else array for array in arrays]
    pairs = zip(wide, arrays, strict=True)
    return tuple(
        Given(values.shape, str(array.dtype), None, f"given by {path.name}", values)
        for values, array in pairs
    )


def found_inputs(known: Sequence[Sequence[Any]]) -> list[tuple[Given, ...]]:
    """Inputs to try, from what the first layers of a model take, in its own order."""
    return [
        tuple(
            Given(
                (_BATCH, *one["shape"]),
                one["dtype"],
                one["below"],
                one["origin"],
                channels=bool(one.get("channels")),
            )
            for one in option
        )
        for option in known
    ]


def bounded(inputs: Sequence[Given], known: Sequence[Sequence[Any]]) -> tuple[Given, ...]:
    """The inputs, whole numbers without a bound below the smallest that the first layers are known to have."""
    bounds = [one["below"] for option in known for one in option if one["below"] is not None]
    if not bounds:
        return tuple(inputs)
    return tuple(
        replace(one, below=min(bounds))
        if one.dtype in _WHOLE and one.below is None and one.values is None
        else one
        for one in inputs
    )


def reordered(inputs: Sequence[Given], to: Side) -> tuple[Given, ...]:
    """Inputs of one side in the order of the other."""
    moved = []
    for one in inputs:
        axes = natural(len(one.shape), to) if one.channels else None
        shape = one.shape if axes is None else tuple(one.shape[axis] for axis in axes)
        moved.append(replace(one, shape=shape))
    return tuple(moved)


def not_found(parameters: Sequence[str], failures: Sequence[str]) -> UsageError:
    """What to say where no input was found."""
    taken = f" It takes {', '.join(parameters)}." if parameters else ""
    last = f" The last that was tried gave:\n{failures[-1]}" if failures else ""
    return UsageError(
        f"The input of the model does not follow from its layers: {_HOW}.{taken}{last}"
    )


def natural(rank: int, to: Side) -> Axes | None:
    """The permutation that gives images of the other side the order of `to`; None where there is nothing to reorder."""
    if rank < 3:
        return None
    inner = range(2, rank)
    return (0, *inner, 1) if to == "tensorflow" else (0, rank - 1, *range(1, rank - 1))


def arrangements(
    inputs: Sequence[Given], parameters: Sequence[str], orders: dict[str, Axes], target: Side
) -> list[tuple[Axes | None, ...]]:
    """The orders that a target's inputs may have, the likeliest first: as converted, its own, the source's."""
    converted = tuple(
        orders.get(parameters[place]) if place < len(parameters) else None
        for place in range(len(inputs))
    )
    drawn = [one.dtype in _FLOATS for one in inputs]
    own = tuple(
        natural(len(one.shape), target) if is_real else None
        for one, is_real in zip(inputs, drawn, strict=True)
    )
    images = tuple(axes if axes and len(axes) > 3 else None for axes in own)
    same: tuple[Axes | None, ...] = (None,) * len(inputs)
    return list(dict.fromkeys([converted, images, own, same]))
