"""What the pairing of two trees finds: links that carry values, and what is left."""

from __future__ import annotations

from dataclasses import dataclass

from translator.knowledge.lenses import Side
from translator.weights.steps import Arrays, Chain, Shape
from translator.weights.tree import Node


@dataclass(frozen=True, slots=True)
class Link:
    """The arrays that one rule joins: paths of both sides, and the chain that carries values between them.

    The chain leads from torch's layout to Keras's; `to_keras` says that the source is at its start.
    """

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    chain: Chain
    to_keras: bool = True

    def carry(self, values: Arrays) -> Arrays:
        """The sources' values in the targets' layout."""
        return self.chain.to_keras(values) if self.to_keras else self.chain.to_torch(values)

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The shapes of the sources."""
        return self.chain.shapes[0 if self.to_keras else -1]

    @property
    def transformation(self) -> str:
        """What happens to the values, in words."""
        return self.chain.words(self.to_keras)


@dataclass(frozen=True, slots=True)
class Pending:
    """A layer of the target that gets its weights with its first input, and its counterpart, which is of `side`."""

    path: str
    layer: Node
    counterpart: Node
    side: Side


@dataclass(frozen=True, slots=True)
class Matching:
    """The pairs, and a line for everything that has none.

    `unbuilt` names, as ("source" or "target", path), what has no weights yet while something is left on the other side;
    `pending` are those layers of the target that have a counterpart.
    """

    links: tuple[Link, ...]
    problems: tuple[str, ...]
    unbuilt: tuple[tuple[str, str], ...] = ()
    pending: tuple[Pending, ...] = ()
