"""Arrays that are one in the target and several in the source: they can be carried only while they are equal."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from translator.weights.links import Link, Matching
from translator.weights.tree import Array, State, Values


def settled(source: State, target: State, matching: Matching) -> Matching:
    """Without the links that would write an array a second time; those that would change it are problems."""
    arrays, into = source.arrays(), target.arrays()
    first: dict[int, Link] = {}
    kept: list[Link] = []
    problems = list(matching.problems)
    for link in matching.links:
        writers = {id(other): other for p in link.targets if (other := first.get(id(into[p])))}
        fresh = [path for path in link.targets if id(into[path]) not in first]
        for other in writers.values():
            if not _equal(link, other, arrays, into):
                names = ", ".join((*other.sources, *link.sources))
                ones = ", ".join(dict.fromkeys((*other.targets, *link.targets)))
                problems.append(f"{names} differ, and are one in the target: {ones}")
        if fresh:
            kept.append(link)
            first |= {id(into[path]): link for path in fresh}
    return replace(matching, links=tuple(kept), problems=tuple(problems))


def _equal(link: Link, other: Link, arrays: dict[str, Array], into: dict[str, Array]) -> bool:
    """Whether two links give the arrays that both of them write the same values."""
    same = [arrays[p] for p in link.sources] == [arrays[p] for p in other.sources]
    if same and link.chain == other.chain:
        return True
    written = {id(into[p]): v for p, v in zip(other.targets, _carried(other, arrays), strict=True)}
    again = {id(into[p]): v for p, v in zip(link.targets, _carried(link, arrays), strict=True)}
    shared = written.keys() & again.keys()
    return all(np.array_equal(written[i], again[i], equal_nan=True) for i in shared)


def _carried(link: Link, arrays: dict[str, Array]) -> tuple[Values, ...]:
    return link.carry(tuple(arrays[path].read() for path in link.sources))
