"""What is left of two trees once their arrays are paired: arrays without a counterpart, layers without weights."""

from __future__ import annotations

from collections.abc import Container, Iterator

from translator.weights.rules import weightless, weighty
from translator.weights.tree import State

Unbuilt = tuple[tuple[str, str], ...]
"""Paths of what may still get weights, behind "source" or "target"."""


def left_over(
    source: State, target: State, linked: Container[int]
) -> tuple[tuple[str, ...], Unbuilt]:
    """A line for each array and layer without anything to pair it with; `linked` has the identities of the others."""
    of_source, of_target = list(_arrays(source, linked)), list(_arrays(target, linked))
    empty = list(_empty(source))
    problems = [f"{path} of the source has no counterpart in the target" for path in of_source]
    problems += [f"{path} of the target has no counterpart in the source" for path in of_target]
    problems += [f"{path or 'the model'} of the source has no weights yet" for path in empty]
    unbuilt = [("source", path) for path in _lazy(source) if of_target or empty]
    unbuilt += [("target", path) for path in _lazy(target) if of_source]
    return tuple(problems), tuple(unbuilt)


def _arrays(state: State, linked: Container[int]) -> Iterator[str]:
    for path, array in state.root.flat():
        if array.needed and id(array) not in linked:
            yield f"{path} {array.shape}"


def _lazy(state: State) -> Iterator[str]:
    """The paths of what may still get weights."""
    for path, node in state.root.unbuilt():
        if not weightless(state.side, node.kind):
            yield path


def _empty(state: State) -> Iterator[str]:
    """The paths of layers that are known to get weights with their first input, and had none."""
    for path, node in state.root.unbuilt():
        if weighty(state.side, node.kind) and not any(array.needed for _, array in node.flat()):
            yield path
