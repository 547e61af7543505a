"""What both frameworks share: precision, full digits, draws from numpy, the starting weights."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from translator.proof.script_process import _outermost
from translator.proof.wire import pack, receive, send, unpack
from translator.weights.match import match
from translator.weights.tree import Node, State, stored

_PRECISE = (
    (r"float32", "float64"),
    (r"\.float\(\)", ".double()"),
    (r"FloatTensor", "DoubleTensor"),
)
_DIGITS = ((r":[\d.]*[def]?(?<=[fe])\}", ":.17g}"), (r"%[\d.]*f", "%.17g"))


class Watching(Protocol):
    """One framework while a script runs in it."""

    def installed(self) -> AbstractContextManager[None]:
        """Share draws, note starting weights, or set those that are given."""

    def trees(self) -> dict[str, Node]:
        """All modules or layers, in the order in which they were made."""

    @property
    def began(self) -> Mapping[int, tuple[str, np.ndarray]]:
        """The key of each array, by the `id` of its handle, and what it began with."""


@dataclass
class Draws:
    """Random numbers by what is drawn and how much of it, whatever else was drawn in between."""

    streams: dict[str, np.random.RandomState] = field(default_factory=dict)

    def draw(self, kind: str, shape: tuple[int, ...]) -> np.ndarray:
        key = f"{kind}{tuple(int(size) for size in shape)}"
        seed = sum(key.encode())
        stream = self.streams.setdefault(key, np.random.RandomState(seed))
        return stream.standard_normal(shape) if kind == "normal" else stream.random_sample(shape)


def run(side: str, script: str, given: str | None, left: str) -> None:
    """Run the text of a file; `given` holds starting weights by their keys, `left` takes those that were there."""
    watching = _watching(side, {} if given is None else dict(np.load(given)))
    program = precise(Path(script).read_text(encoding="utf-8"))
    with watching.installed():
        exec(compile(program, script, "exec"), {"__name__": "__main__", "__file__": script})
    root, keys = Node(), {}
    for index, tree in enumerate(_outermost(watching.trees()).values()):
        root.children[str(index)] = _starting(tree, watching.began)
        keys |= {f"{index}.{p}": watching.began[id(array.handle)][0] for p, array in tree.flat()}
    message = pack(State(side, root))
    message.header["keys"] = json.dumps(keys)
    with Path(left).open("wb") as stream:
        send(stream, message)


def _watching(side: str, given: Mapping[str, np.ndarray]) -> Watching:
    if side == "torch":
        from .torch_side import TorchWatching

        return TorchWatching(given)
    from .keras_side import KerasWatching

    return KerasWatching(given)


def _starting(node: Node, began: Mapping[int, tuple[str, np.ndarray]]) -> Node:
    """A tree with the values that it began with."""
    new = Node(node.kind, built=node.built, options=node.options)
    for name, array in node.arrays.items():
        new.arrays[name] = stored(began[id(array.handle)][1], array.trainable, array.needed)
    for name, child in node.children.items():
        new.children[name] = _starting(child, began)
    return new


def precise(program: str) -> str:
    """A program with all its numbers in float64, printed to their last digit."""
    for pattern, text in (*_PRECISE, *_DIGITS):
        program = re.sub(pattern, text, program)
    return program


def carried(source: Path, target: Path, given: Path) -> None:
    """Write what the models of `target` have to begin with to begin as those of `source` did."""
    a, b = (receive(io.BytesIO(path.read_bytes())) for path in (source, target))
    theirs, ours = unpack(a), unpack(b)
    assert theirs is not None and ours is not None
    models = [[name for name, _ in state.root.flat()] for state in (theirs, ours)]
    assert len(theirs.root.children) == len(ours.root.children), f"not as many models: {models}"
    matching = match(theirs, ours)
    assert not matching.problems, matching.problems
    keys, values = json.loads(b.header["keys"]), theirs.values()
    started = {}
    for link in matching.links:
        arrays = link.carry(tuple(values[path] for path in link.sources))
        started |= {keys[path]: array for path, array in zip(link.targets, arrays, strict=True)}
    np.savez(given, **started)
