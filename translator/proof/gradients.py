"""The gradients of the parameters of both sides, brought together in torch's layout by the chain rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from translator.errors import ProofError
from translator.knowledge.weights import Summed
from translator.weights.links import Link
from translator.weights.steps import Arrays
from translator.weights.tree import Array, State, Values

Gradients = Mapping[str, Values]
"""By the dotted path of each trained array."""


def parameter_gradients(
    source: State,
    target: State,
    links: Iterable[Link],
    of_source: Gradients,
    of_target: Gradients,
) -> Iterator[tuple[str, Values, Values]]:
    """For each array of torch its name, the source's gradient and the target's.

    Of arrays that are tied on one side only, the gradients of the other side are added up.

    Raises:
        ProofError: something is trained on one side only.
    """
    sides = (_Side(source.arrays(), of_source), _Side(target.arrays(), of_target))
    pairs = [_Pair(link, *sides) for link in links]
    for tied in _groups([pair for pair in pairs if pair.trained()]):
        torch = {pair.torch_ids: pair.torch_gradients() for pair in tied}
        keras = {pair.keras_ids: pair.keras_gradients() for pair in tied}
        names = tied[0].torch_paths
        columns = zip(names, _sum(torch.values()), _sum(keras.values()), strict=True)
        for name, of_torch, of_keras in columns:
            if name in tied[0].held:
                continue
            to_keras = tied[0].link.to_keras
            yield (name, of_torch, of_keras) if to_keras else (name, of_keras, of_torch)


@dataclass(frozen=True, slots=True)
class _Side:
    arrays: Mapping[str, Array]
    gradients: Gradients


class _Pair:
    """One link with its torch end and its Keras end told apart."""

    def __init__(self, link: Link, source: _Side, target: _Side) -> None:
        ends = ((link.sources, source), (link.targets, target))
        (self.torch_paths, self.torch), (self.keras_paths, self.keras) = (
            ends if link.to_keras else ends[::-1]
        )
        self.link = link
        self.torch_ids = tuple(id(self.torch.arrays[path]) for path in self.torch_paths)
        self.keras_ids = tuple(id(self.keras.arrays[path]) for path in self.keras_paths)

    @property
    def held(self) -> tuple[str, ...]:
        """Of the terms of a sum of torch, those that are held while another one is trained."""
        held = tuple(path for path in self.torch_paths if path not in self.torch.gradients)
        a_sum = any(isinstance(step, Summed) for step in self.link.chain.steps)
        return held if a_sum and len(held) < len(self.torch_paths) else ()

    def trained(self) -> bool:
        known = {path: path in self.torch.gradients for path in self.torch_paths}
        known |= {path: path in self.keras.gradients for path in self.keras_paths}
        ours = all(path in (*self.torch.gradients, *self.held) for path in self.torch_paths)
        theirs = all(path in self.keras.gradients for path in self.keras_paths)
        if ours != theirs:
            path = next(path for path, has in known.items() if has)
            raise ProofError(f"{path} is trained on one side only.")
        return ours

    def torch_gradients(self) -> Arrays:
        given, arrays = self.torch.gradients, self.torch.arrays
        return tuple(
            given[path] if path in given else np.zeros(arrays[path].shape)
            for path in self.torch_paths
        )

    def keras_gradients(self) -> Arrays:
        own = tuple(self.keras.gradients[path] for path in self.keras_paths)
        return self.link.chain.gradients(own, self._values)

    def _values(self) -> Arrays:
        return tuple(self.torch.arrays[path].read() for path in self.torch_paths)


def _groups(pairs: list[_Pair]) -> list[list[_Pair]]:
    """The pairs that hang together because they share an array."""
    groups: list[list[_Pair]] = []
    for pair in pairs:
        ids = {*pair.torch_ids, *pair.keras_ids}
        shared = [g for g in groups if any(ids & {*p.torch_ids, *p.keras_ids} for p in g)]
        groups = [g for g in groups if g not in shared]
        groups.append([*(p for g in shared for p in g), pair])
    return groups


def _sum(several: Iterable[Arrays]) -> Arrays:
    totals: Arrays = ()
    for arrays in several:
        totals = tuple(a + b for a, b in zip(totals, arrays, strict=True)) if totals else arrays
    return totals
