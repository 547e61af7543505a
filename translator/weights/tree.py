"""The state of a model as a plain tree, free of any framework, so that two models in two processes can be paired."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from translator.knowledge.lenses import Side

Values = NDArray[Any]

ORDERED = frozenset(
    {
        "list",
        "torch.nn.Sequential",
        "torch.nn.ModuleList",
        "torch.nn.ParameterList",
        "keras.Sequential",
    }
)
"""Containers whose members are known by their place, not by a name."""

_TRANSFORMERS = frozenset(
    f"torch.nn.Transformer{part}"
    for part in ("", "Encoder", "Decoder", "EncoderLayer", "DecoderLayer")
)
"""Layers that only hold others, by names that the classes written for them have as well."""

CONTAINERS = (
    ORDERED
    | _TRANSFORMERS
    | {"", "dict", "torch.nn.ModuleDict", "torch.nn.ParameterDict", "keras.Model"}
)
"""Kinds that only hold others; the empty one is a class of the user's own. Every other kind is a layer."""


@dataclass(frozen=True, slots=True, eq=False)
class Array:
    """One array of a model, read when it is asked for.

    `read` may share memory with the model. `write` stores an array of the same shape, cast to `dtype`; None where
    the tree is a copy. `needed` is False for what may lack a counterpart (counters, derived buffers). `handle` is the
    framework's own object, None in a copy.
    """

    shape: tuple[int, ...]
    dtype: str
    read: Callable[[], Values]
    write: Callable[[Values], None] | None = None
    trainable: bool = True
    needed: bool = True
    handle: Any = None


@dataclass(slots=True)
class Node:
    """A module, a layer or a container: its own arrays, and its children by name.

    `kind` is the public name of the framework's class (`torch.nn.Linear`, `keras.layers.Dense`), "" for a class of
    the user's own, "list" or "dict" for a Python container. `built` is False for a layer that gets its weights later.
    `options` are the plain values that a layer was made with, where they are known; `handle` is the live layer, None
    in a copy.
    """

    kind: str = ""
    arrays: dict[str, Array] = field(default_factory=dict)
    children: dict[str, Node] = field(default_factory=dict)
    built: bool = True
    options: Mapping[str, Any] = field(default_factory=dict)
    handle: Any = None
    title: str = ""
    """The name of its class."""

    @property
    def is_layer(self) -> bool:
        """True for a layer of the framework, False for what only holds others."""
        return self.kind not in CONTAINERS

    @property
    def ordered(self) -> bool:
        """True if the members are known by their place."""
        return self.kind in ORDERED

    def flat(self, prefix: str = "") -> Iterator[tuple[str, Array]]:
        """Every array below this node with its dotted path."""
        for name, array in self.arrays.items():
            yield prefix + name, array
        for name, child in self.children.items():
            yield from child.flat(f"{prefix}{name}.")

    def unbuilt(self, prefix: str = "") -> Iterator[tuple[str, Node]]:
        """Everything below this node, itself included, that may get weights later, with its dotted path."""
        if not self.built:
            yield prefix.rstrip("."), self
        for name, child in self.children.items():
            yield from child.unbuilt(f"{prefix}{name}.")


@dataclass(frozen=True, slots=True)
class State:
    """The tree of one model and the framework it belongs to."""

    side: Side
    root: Node

    def arrays(self) -> dict[str, Array]:
        """Every array by its dotted path."""
        return dict(self.root.flat())

    def values(self) -> dict[str, Values]:
        """A copy of every array by its dotted path."""
        return {path: np.array(array.read()) for path, array in self.root.flat()}


def stored(values: Values, trainable: bool = True, needed: bool = True) -> Array:
    """An array of a copied tree."""
    return Array(values.shape, str(values.dtype), lambda: values, None, trainable, needed)


def plain_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Of these, numbers, truth values and sequences of numbers: what can be compared in another process."""
    found: dict[str, Any] = {}
    for name, value in options.items():
        several = value if isinstance(value, list | tuple) else (value,)
        if not name.startswith("_") and all(
            isinstance(each, bool | int | float) for each in several
        ):
            found[name] = list(value) if isinstance(value, tuple) else value
    return found
