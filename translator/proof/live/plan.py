"""What both frameworks' live models are given and give back: shapes tried, training plans, traces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from translator.proof.outcome import Axes, Cotangent
from translator.weights.tree import Node, State, Values

SEED = 20
"""Of everything that is drawn, so that both sides draw the same."""

TRACE_LIMIT = 1 << 29
"""Bytes of intermediate results that one trace keeps."""

SIZES = (32, 28, 64, 224, 16, 8, 48, 96, 128, 256, 299, 227, 84, 40, 20, 24, 12, 10)
"""Heights and widths that models are commonly made for, tried in this order."""

LOSSES = ("mse", "sum of squares", "cross entropy")


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train: what the loss compares the results with is drawn by `draws`, in the source's axis order."""

    optimizer: str
    loss: str
    steps: int
    draws: Cotangent
    classes: Mapping[int, int]
    """The axis of the classes of each result."""
    held: frozenset[str] = frozenset()
    """The paths of parameters that are not trained."""


@dataclass(slots=True)
class Trace:
    """The calls of layers in time order, and each array that they took or gave once."""

    events: list[dict[str, Any]] = field(default_factory=list)
    arrays: list[Values] = field(default_factory=list)
    size: int = 0
    _known: dict[Any, int] = field(default_factory=dict)
    _kept: list[Any] = field(default_factory=list)

    def add(self, when: str, path: str, tensors: list[Any], read: Callable[[Any], Values]) -> None:
        """Note that the layer at `path` was entered with or left with these tensors."""
        places = [self._place(tensor, read) for tensor in tensors]
        self.events.append({"when": when, "path": path, "arrays": places})

    def _place(self, tensor: Any, read: Callable[[Any], Values]) -> int | None:
        # torch counts the writes to a tensor: after one it is another array.
        key = (id(tensor), getattr(tensor, "_version", 0))
        if key not in self._known:
            values = read(tensor)
            if self.size + values.nbytes > TRACE_LIMIT:
                return None
            self.size += values.nbytes
            self._kept.append(tensor)  # its number is its own only while it lives
            self._known[key] = len(self.arrays)
            self.arrays.append(values)
        return self._known[key]


def layers(state: State) -> dict[str, Node]:
    """Every module and layer of a model by its path, without what is inside the framework's own layers."""
    found: dict[str, Node] = {}

    def walk(node: Node, path: str) -> None:
        if node.handle is not None:
            found[path] = node
        if not node.is_layer:
            for name, child in node.children.items():
                walk(child, f"{path}.{name}" if path else name)

    walk(state.root, "")
    return found


def trained(state: State, plan: Plan) -> dict[str, Any]:
    """The framework's own parameters that learn, each once, by path."""
    found: dict[int, tuple[str, Any]] = {}
    for path, array in state.arrays().items():
        if array.trainable and path not in plan.held:
            found.setdefault(id(array.handle), (path, array.handle))
    return dict(found.values())


def class_weights(draws: Cotangent, position: int, shape: Axes, axis: int) -> Values:
    """One class of each element, as ones among zeros along `axis`."""
    drawn = draws(position, shape)
    chosen: Values = (drawn == drawn.max(axis, keepdims=True)).astype(drawn.dtype)
    return chosen
