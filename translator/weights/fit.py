"""Whether what a file holds fits what a model wants, name by name, and what there is to say of it when it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from translator.errors import WeightsError
from translator.weights.prefix import near
from translator.weights.tree import Array

Named = Mapping[str, Array]


def require_fit(found: Named, wanted: Named, path: str, built: bool = True) -> None:
    """Raise the `WeightsError` that lists all that a file lacks, has too much, or has otherwise than the model."""
    present = {id(slot) for name, slot in wanted.items() if name in found}
    problems = [
        f"{name} {slot.shape} of the model is not in the file"
        for name, slot in wanted.items()
        if slot.needed and id(slot) not in present
    ]
    problems += [
        f"{name} {array.shape} of the file is not in the model"
        for name, array in found.items()
        if name not in wanted
    ]
    problems += [_difference(name, found[name], wanted[name]) for name in wanted if name in found]
    problems = [problem for problem in problems if problem]
    if problems:
        lines = [
            f"{path} does not fit the model ({len(problems)}):",
            *problems,
            *near(found, wanted),
        ]
        if not built:
            lines.append(
                "The model has no weights yet: call it once on an example where it is made."
            )
        raise WeightsError("\n  ".join(lines), tuple(problems))


def _difference(name: str, array: Array, slot: Array) -> str:
    if array.shape != slot.shape:
        return f"{name} has shape {array.shape} in the file and {slot.shape} in the model"
    if not np.can_cast(_plain(array.dtype), _plain(slot.dtype), "same_kind"):
        return f"{name} is {array.dtype} in the file and {slot.dtype} in the model"
    return ""


def _plain(dtype: str) -> np.dtype[Any]:
    try:
        return np.dtype(dtype)
    except TypeError:  # numpy lacks nothing but some short floats
        return np.dtype("float32")


def remarks(found: Named, wanted: Named) -> tuple[str, ...]:
    """What there is to say of a model that was filled: numbers that are of another type now."""
    pairs = Counter(
        (found[name].dtype, slot.dtype)
        for name, slot in wanted.items()
        if name in found and found[name].dtype != slot.dtype
    )
    return tuple(
        f"{'1 array is' if count == 1 else f'{count} arrays are'} {old} in the file and {new} in the model"
        for (old, new), count in pairs.items()
    )
