"""Which expression builds a file's model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from translator.errors import UsageError


def options(given: str | None, found: Mapping[str, Any] | None) -> list[str]:
    """The expressions that may build a model: the one that is given, else the models that a file was found to have."""
    if given is not None:
        return [given]
    return [] if found is None else [*found["objects"], *found["classes"]]


def choose(which: str, own: list[str], other: list[str], found: Mapping[str, Any]) -> str:
    """The only one of a side's options; of several, what the other side has as its only one.

    Raises:
        UsageError: that is not one.
    """
    shared = own
    if len(own) > 1 and len(other) == 1 and other[0] in own:
        shared = other
    if len(shared) != 1:
        raise UsageError(_undecided(which, own, found))
    return shared[0]


def _undecided(which: str, own: Sequence[str], found: Mapping[str, Any]) -> str:
    if own:
        return f"The {which} has several models: {', '.join(own)}. Say which with --model."
    calls = [f"{name}(...)" for name in found["classes_with_arguments"]]
    calls += [f"{name}()" for name in found["functions"]]
    could = f", for example {' or '.join(calls)}" if calls else ""
    return f"The {which} has no model that can be built without arguments. Say how with --model{could}."
