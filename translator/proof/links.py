"""What is left over of two models' arrays when they are paired, and the pairs as a map for people."""

from __future__ import annotations

from translator.knowledge.weights import Normed, Summed
from translator.proof.verification import WeightPair
from translator.weights.links import Link, Matching
from translator.weights.tree import State


def weight_map(source: State, target: State, matching: Matching) -> tuple[WeightPair, ...]:
    """Every entry of both sides: those that correspond, then those that are left over."""
    ours, theirs = source.arrays(), target.arrays()
    pairs = []
    for link in matching.links:
        shapes = (ours[link.sources[0]].shape, theirs[link.targets[0]].shape)
        names = (", ".join(link.sources), ", ".join(link.targets))
        pairs.append(WeightPair(*names, *shapes, link.transformation))
    linked = {path for link in matching.links for path in link.sources}
    for path in _left_over(source, linked):
        pairs.append(WeightPair(path, "", ours[path].shape, (), "no counterpart"))
    linked = {path for link in matching.links for path in link.targets}
    for path in _left_over(target, linked):
        pairs.append(WeightPair("", path, (), theirs[path].shape, "no counterpart"))
    return tuple(pairs)


def _left_over(state: State, linked: set[str]) -> list[str]:
    """The paths that should have a counterpart and have none; tied arrays count once."""
    known = {id(array) for path, array in state.root.flat() if path in linked}
    return [path for path, array in state.root.flat() if array.needed and id(array) not in known]


def summed(links: tuple[Link, ...]) -> frozenset[str]:
    """torch's arrays that Keras has only as a part of a sum: held still, the others alone learn as the sum does."""
    ends = [link.sources if link.to_keras else link.targets for link in links if _has(link, Summed)]
    return frozenset(path for paths in ends for path in paths[len(paths) // 2 :])


def normed(links: tuple[Link, ...]) -> list[Link]:
    """Links of a magnitude and a direction to their product, which learns in another way than they do."""
    return [link for link in links if _has(link, Normed)]


def _has(link: Link, step: type) -> bool:
    return any(isinstance(one, step) for one in link.chain.steps)
