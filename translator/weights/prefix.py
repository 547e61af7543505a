"""Names in a file that differ from a model's by what stands before them all: `module.`, `model.`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from itertools import takewhile

from translator.weights.files import Checkpoint


def aligned(checkpoint: Checkpoint, wanted: Collection[str]) -> Checkpoint:
    """The checkpoint by the model's names, where one prefix, taken off or added, makes all of them the model's."""
    found = checkpoint.arrays
    if not found or all(name in wanted for name in found):
        return checkpoint
    fits = []
    for prefix in _shared(found):
        if all(name.removeprefix(prefix) in wanted for name in found):
            fits.append(({name: name.removeprefix(prefix) for name in found}, prefix, "taken off"))
    for prefix in _shared(wanted):
        if all(prefix + name in wanted for name in found):
            fits.append(({name: prefix + name for name in found}, prefix, "added"))
    if len(fits) != 1:
        return checkpoint
    ((names, prefix, done),) = fits
    note = f"the names in the file fit with the prefix {prefix!r} {done}"
    arrays = {names[name]: array for name, array in found.items()}
    return Checkpoint(arrays, (*checkpoint.notes, note))


def near(found: Collection[str], wanted: Collection[str]) -> list[str]:
    """A line that says which prefix would make more of the names fit, if there is one."""
    now = sum(name in wanted for name in found)
    off = Counter(head for name in found for head, tail in _splits(name) if tail in wanted)
    on = Counter(head for name in wanted for head, tail in _splits(name) if tail in found)
    lines = []
    for counts, done in ((off, "taken off the names in the file"), (on, "added to them")):
        for prefix, count in counts.most_common(1):
            if count > now:
                lines.append(
                    f"With the prefix {prefix!r} {done}, {count} of {len(found)} would fit."
                )
    return lines


def _shared(names: Collection[str]) -> Iterator[str]:
    """The prefixes, each ending in a dot, that all names have."""
    if not names:
        return iter(())
    heads = (head for head, _ in _splits(next(iter(names))))
    return takewhile(lambda head: all(name.startswith(head) for name in names), heads)


def _splits(name: str) -> Iterator[tuple[str, str]]:
    """A name cut at each of its dots."""
    for at, character in enumerate(name):
        if character == ".":
            yield name[: at + 1], name[at + 1 :]
