"""Pairing two trees: by the names of attributes, by place in containers, by the records' rules in layers.

Nothing is ever paired because its shape fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from translator.knowledge.lenses import Side
from translator.knowledge.weights import Step, Weight, weight
from translator.weights.calls import UnevenError, is_functional, pairs
from translator.weights.left import left_over
from translator.weights.links import Link, Matching, Pending
from translator.weights.rules import holders, joining, normed, obstacle
from translator.weights.steps import MisfitError, bind
from translator.weights.tree import Array, Node, State
from translator.weights.views import view

Named = Mapping[str, Array]
"""Arrays by their dotted paths."""


def match(source: State, target: State) -> Matching:
    """Pair every array of `source` with its counterpart in `target`; both may be of the same framework."""
    matcher = _Matcher(source, target)
    matcher.nodes(source.root, "", target.root, "")
    problems, unbuilt = left_over(source, target, matcher.linked)
    links, pending = tuple(matcher.links), tuple(matcher.pending)
    return Matching(links, (*matcher.problems, *problems), unbuilt, pending)


_NO_RECORD = "no record joins the two"


class _Matcher:
    def __init__(self, source: State, target: State) -> None:
        self.source, self.target = source, target
        self.links: list[Link] = []
        self.problems: list[str] = []
        self.pending: list[Pending] = []
        self.linked: set[int] = set()
        self.names: dict[Side, dict[str, str]] = {"torch": {}, "tensorflow": {}}

    def nodes(self, a: Node, at_a: str, b: Node, at_b: str) -> None:
        """Pair what stands below two nodes that correspond; paths end in a dot."""
        a, at_a = self._seen(self.source.side, a, at_a)
        b, at_b = self._seen(self.target.side, b, at_b)
        keras, module = (a, b) if self.source.side == "tensorflow" else (b, a)
        if a.is_layer and b.is_layer:
            self._layers(a, at_a, b, at_b)
        elif self.source.side != self.target.side and is_functional(keras, module):
            self._by_calls(a, at_a, b, at_b)
        elif a.ordered and b.ordered:
            self._in_order(a, at_a, b, at_b)
        elif inner := self._unwrapped(a, b):
            self.nodes(*inner(a, at_a), *inner(b, at_b))
        elif {a.kind, b.kind} & {"dict", "list"} and (a.is_layer or b.is_layer):
            self._apart(a, at_a, b, at_b, "one is several layers, the other is not")
        else:
            self._by_name(a, at_a, b, at_b)

    def _seen(self, side: Side, node: Node, at: str) -> tuple[Node, str]:
        if self.source.side == self.target.side:
            return node, at
        seen = view(side, node, at)
        self.names[side] |= seen.names
        return seen.node, seen.at

    def _unwrapped(self, a: Node, b: Node) -> _Unwrap | None:
        """A layer, or a list of them, may have become a container of it: `Dense(activation=...)`, a class around it."""
        for outer, side, other in ((a, self.source.side, b), (b, self.target.side, a)):
            kept = other.kind in ("dict", "torch.nn.ModuleDict")
            inside = other.is_layer or other.ordered or kept
            around = outer.ordered or (inside and not outer.is_layer)
            held = holders(outer, side)
            alone = len(held) == 1 and _counterpart(held[0], other.children) is None
            if around and alone and not outer.arrays:
                return _Unwrap(outer, side)
        return None

    def _layers(self, a: Node, at_a: str, b: Node, at_b: str) -> None:
        arrays_a, arrays_b = dict(a.flat(at_a)), dict(b.flat(at_b))
        rules = list(self._rules(a, at_a, b, at_b))
        if rules and arrays_a and not b.built:
            self.pending.append(Pending(at_b.rstrip("."), b, a, self.source.side))
        for (
            rule
        ) in rules:  # of two rules for the same arrays the first one holds that finds all of them
            first = _under(at_a, rule.names(self.source.side), arrays_a)
            second = _under(at_b, rule.names(self.target.side), arrays_b)
            if first and second:
                self._link(first, second, rule.steps)
                for path in first:
                    del arrays_a[path]

    def _rules(self, a: Node, at_a: str, b: Node, at_b: str) -> Iterable[Weight]:
        if self.source.side == self.target.side:
            if a.kind == b.kind.replace(".Lazy", "."):
                return [weight(name, name) for name, _ in a.flat()]
            return self._apart(a, at_a, b, at_b, _NO_RECORD)
        torch, keras = (a, b) if self.source.side == "torch" else (b, a)
        record = joining(torch.kind, keras.kind)
        if why := obstacle(torch, keras, record):
            self.linked |= {id(array) for node in (a, b) for _, array in node.flat()}
            return self._apart(a, at_a, b, at_b, why)
        if record is None:
            return self._apart(a, at_a, b, at_b, _NO_RECORD)
        own = dict(torch.flat())
        return [normed(rule, own) for rule in record.weights]

    def _apart(self, a: Node, at_a: str, b: Node, at_b: str, why: str) -> tuple[Weight, ...]:
        """Say why nothing of two nodes is carried, where there is something."""
        if any(a.flat()) or any(b.flat()):
            ours, theirs = self._places(a, at_a, b, at_b)
            kinds = [node.kind if node.is_layer else node.title for node in (a, b)]
            self._tell(f"{ours} is {kinds[0]}, {theirs} is {kinds[1]}: {why}")
        return ()

    def _in_order(self, a: Node, at_a: str, b: Node, at_b: str) -> None:
        first = self._members(self.source.side, a, at_a)
        second = self._members(self.target.side, b, at_b)
        if len(first) != len(
            second
        ):  # `Sequential(Sequential(x, y), z)` is as good as `Sequential(x, y, z)`
            first = self._spliced(self.source.side, first)
            second = self._spliced(self.target.side, second)
        if len(first) == len(second):
            for one, other in zip(first, second, strict=True):
                self.nodes(*one, *other)
        elif not (a.arrays or b.arrays) and 1 in (len(first), len(second)):
            # A container around a model.
            self.nodes(
                *(first[0] if len(first) == 1 else (a, at_a)),
                *(second[0] if len(second) == 1 else (b, at_b)),
            )
        elif not any(a.unbuilt()) and not any(b.unbuilt()):
            ours, theirs = self._places(a, at_a, b, at_b)
            self._tell(f"{ours} has {len(first)} members with weights, {theirs} {len(second)}")
        self._arrays(a, at_a, b, at_b)

    def _members(self, side: Side, node: Node, at: str) -> list[tuple[Node, str]]:
        return [(node.children[name], f"{at}{name}.") for name in holders(node, side)]

    def _spliced(self, side: Side, members: list[tuple[Node, str]]) -> list[tuple[Node, str]]:
        found = []
        for member in members:
            node, at = self._seen(side, *member)
            if node.ordered and not node.arrays:
                found += self._spliced(side, self._members(side, node, at))
            else:
                found.append((node, at))
        return found

    def _by_calls(self, a: Node, at_a: str, b: Node, at_b: str) -> None:
        """Pair the layers of a functional model in the order in which they are called."""
        turned = self.source.side == "torch"
        both = ((b, at_b), (a, at_a)) if turned else ((a, at_a), (b, at_b))
        try:
            for keras, module in pairs(*both):
                self.nodes(*(module if turned else keras), *(keras if turned else module))
        except UnevenError as why:
            self._tell(f"the layers do not correspond in the order of their calls: {why}")

    def _by_name(self, a: Node, at_a: str, b: Node, at_b: str) -> None:
        self._arrays(a, at_a, b, at_b)
        for name, child in a.children.items():
            other = _counterpart(name, b.children)
            if other is not None:
                self.nodes(child, f"{at_a}{name}.", b.children[other], f"{at_b}{other}.")

    def _arrays(self, a: Node, at_a: str, b: Node, at_b: str) -> None:
        for name, array in a.arrays.items():
            other = _counterpart(name, b.arrays)
            if other is not None:
                self._link({at_a + name: array}, {at_b + other: b.arrays[other]})

    def _link(self, a: Named, b: Named, steps: tuple[Step, ...] = ()) -> None:
        self.linked |= {id(array) for array in (*a.values(), *b.values())}
        a, b = self._named(self.source.side, a), self._named(self.target.side, b)
        to_keras = self.source.side == "torch" or self.source.side == self.target.side
        first, second = (tuple(array.shape for array in side.values()) for side in (a, b))
        try:
            chain = bind(steps, *((first, second) if to_keras else (second, first)))
        except MisfitError as why:
            said = f", {why}" if str(why) else ""
            ours, theirs = (said, "") if to_keras else ("", said)
            self._tell(f"{_shapes_of(a)}{ours}; {_shapes_of(b)}{theirs}")
        else:
            self.links.append(Link(tuple(a), tuple(b), chain, to_keras))

    def _named(self, side: Side, arrays: Named) -> Named:
        """The arrays by their paths in the model."""
        return {self._path(side, path): array for path, array in arrays.items()}

    def _path(self, side: Side, path: str) -> str:
        """The path in the model of one in a view, which may stand in a view."""
        while path in self.names[side]:
            path = self.names[side][path]
        return path

    def _places(self, a: Node, at_a: str, b: Node, at_b: str) -> tuple[str, str]:
        return self._place(self.source.side, a, at_a), self._place(self.target.side, b, at_b)

    def _place(self, side: Side, node: Node, at: str) -> str:
        """Where a node stands, for a message; one of a view stands where its arrays do."""
        for path, _ in node.flat(at) if node.is_layer else ():
            if path in self.names[side]:
                at = self._path(side, path).rpartition(".")[0]
                break
        return at.rstrip(".") or "the model"

    def _tell(self, problem: str) -> None:
        self.problems.append(problem)


@dataclass(frozen=True, slots=True)
class _Unwrap:
    """Steps into the only member of `outer` that holds weights; leaves every other node as it is."""

    outer: Node
    side: Side

    def __call__(self, node: Node, at: str) -> tuple[Node, str]:
        if node is not self.outer:
            return node, at
        (name,) = holders(node, self.side)
        return node.children[name], f"{at}{name}."


def _counterpart(name: str, names: Iterable[str]) -> str | None:
    """The same name, or the one with an underscore behind: names that a framework reserves are written so."""
    near = (name, f"{name}_", name.removesuffix("_"))
    return next((candidate for candidate in near if candidate in names), None)


def _under(at: str, names: Iterable[str], arrays: Named) -> dict[str, Array]:
    """The arrays of a rule by their paths; nothing if one is missing."""
    paths = [at + name for name in names]
    return {path: arrays[path] for path in paths} if all(p in arrays for p in paths) else {}


def _shapes_of(arrays: Named) -> str:
    return ", ".join(f"{path} has shape {array.shape}" for path, array in arrays.items())
