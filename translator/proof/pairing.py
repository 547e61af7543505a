"""Which layer of one model is which of the other: found from the weights that they share, then from their names."""

from __future__ import annotations

from collections.abc import Container, Iterator

from translator.weights.links import Link
from translator.weights.rules import shared
from translator.weights.tree import Node, State

Pairs = dict[str, str]
"""The target's path of each layer or module of the source that has a counterpart."""


def pair_layers(source: State, target: State, links: tuple[Link, ...]) -> Pairs:
    """Pair the layers and the modules around them.

    Those that hold the same linked arrays correspond, the outermost with the outermost where several do; then what has
    no weights, by its name, below those.
    """
    ours = _held(source, {path: i for i, link in enumerate(links) for path in link.sources})
    theirs = _held(target, {path: i for i, link in enumerate(links) for path in link.targets})
    pairs: Pairs = {"": ""}
    for held, paths in ours.items():
        others = theirs.get(held, [])
        leaf = (paths[-1], others[-1]) if others else None
        pairs |= dict(zip(paths[:-1], others[:-1], strict=False))
        if leaf is not None:
            pairs[leaf[0]] = leaf[1]
    first, second = dict(_walk(source.root, "")), dict(_walk(target.root, ""))
    for path, other in list(pairs.items()):
        _pair_names(path, other, first, second, pairs)
    return pairs


def _held(state: State, places: dict[str, int]) -> dict[frozenset[int], list[str]]:
    """The paths of nodes by the links that they hold arrays of, the outermost first."""
    found: dict[frozenset[int], list[str]] = {}
    for path, node in _walk(state.root, ""):
        prefix = f"{path}." if path else ""
        held = frozenset(places[name] for name, _ in node.flat(prefix) if name in places)
        if held and path:
            found.setdefault(held, []).append(path)
    return found


def _walk(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    """Every node down to the framework's own layers, with its path."""
    yield path, node
    if not node.is_layer:
        for name, child in node.children.items():
            yield from _walk(child, f"{path}.{name}" if path else name)


def _pair_names(
    a: str, b: str, first: dict[str, Node], second: dict[str, Node], pairs: Pairs
) -> None:
    """Pair the children of two nodes that correspond and have no weights: by name, in a row by what they are."""
    if a not in first or b not in second:
        return
    below = {name: f"{b}.{name}" if b else name for name in second[b].children}
    places = {path: place for place, path in enumerate(below.values())}
    names = list(first[a].children)
    paths = [f"{a}.{name}" if a else name for name in names]
    in_row = first[a].ordered and second[b].ordered
    for place, (name, path) in enumerate(zip(names, paths, strict=True)):
        if path in pairs or path not in first:
            continue
        free = {n: at for n, at in below.items() if at not in pairs.values() and at in second}
        if in_row:  # places move where one side has a layer of its own between, for a border say
            before = max((places.get(pairs.get(p, ""), -1) for p in paths[:place]), default=-1)
            later = (places.get(pairs.get(p, ""), len(places)) for p in paths[place:])
            behind = min(later, default=len(places))
            kinds = {at: second[at].kind for at in free.values() if before < places[at] < behind}
            other = next((at for at, kind in kinds.items() if _alike(first[path].kind, kind)), None)
        else:
            other = free.get(_namesake(name, free))
        if other is not None:
            pairs[path] = other
            _pair_names(path, other, first, second, pairs)


def _namesake(name: str, others: Container[str]) -> str:
    return next((n for n in (name, f"{name}_", name.removesuffix("_")) if n in others), "")


def _alike(a: str, b: str) -> bool:
    """True for a layer of torch and one of Keras that a record joins."""
    return bool(shared(*((a, b) if a.startswith("torch.") else (b, a))))
