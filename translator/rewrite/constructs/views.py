"""Names that hold the same numbers: in torch a view changes with the tensor that it was taken of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import libcst as cst

from translator.source.facts import Facts
from translator.source.tree import nodes
from translator.source.values import TensorValue

VIEWS = frozenset(
    "view reshape transpose permute unsqueeze squeeze expand expand_as flatten unflatten detach chunk split unbind "
    "narrow select t contiguous swapaxes movedim diagonal unfold view_as reshape_as T data mT".split()
)
"""Methods and attributes that give a view."""


class Views:
    """Which names of a function are views of which, and where each is read, by places in the order of the code."""

    def __init__(self, scope: cst.CSTNode, facts: Facts) -> None:
        self._facts = facts
        self._lines: dict[int, tuple[int, int]] = {}
        self._loops: list[tuple[int, int]] = []
        self._reads: dict[str, list[int]] = defaultdict(list)
        self._bound: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._taken: dict[str, list[tuple[int, str]]] = defaultdict(list)
        targets: set[int] = set()
        for place, node in enumerate(nodes(scope)):
            if isinstance(node, cst.SimpleStatementLine):
                self._lines[id(node)] = place, place + _size(node)
            elif isinstance(node, cst.For | cst.While):
                self._loops.append((place, place + _size(node)))
            elif isinstance(node, cst.Assign):
                self._bind(node, place)
            elif isinstance(node, cst.AssignTarget):
                targets.add(id(node.target))
            elif isinstance(node, cst.Name) and id(node) not in targets:
                self._reads[node.value].append(place)

    def _bind(self, node: cst.Assign, place: int) -> None:
        root = self._root(node.value)
        for target in node.targets:
            for name in _names(target.target) if root else ():
                self._bound[name].append((place, root))
                self._taken[root].append((place, name))

    def shared(self, name: str, line: cst.CSTNode) -> str:
        """What else shows a change that a line makes to the tensor of a name; "" if nothing does."""
        start, end = self._lines[id(line)]
        around = [loop for loop in self._loops if loop[0] < start < loop[1]]
        for _, root in self._bound[name]:
            if root.startswith(".") or (root != name and self._read(root, start, end, around)):
                return root.lstrip(".")
        for place, other in self._taken[name]:
            before = place < start or any(first < place < last for first, last in around)
            if before and other != name and self._read(other, start, end, around):
                return other
        return ""

    def _read(self, name: str, start: int, end: int, around: list[tuple[int, int]]) -> bool:
        """True if a name may be read after a line has run."""
        return any(
            place >= end or (place < start and any(first < place < last for first, last in around))
            for place in self._reads[name]
        )

    def _root(self, node: cst.BaseExpression) -> str:
        """The name that an expression is a view of, "" for a tensor of its own; ".x" for an attribute."""
        view = False
        while True:
            if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
                if node.func.attr.value not in VIEWS:
                    return ""
                node, view = node.func.value, True
            elif isinstance(node, cst.Subscript):
                if any(self._copies(element.slice) for element in node.slice):
                    return ""
                node, view = node.value, True
            elif isinstance(node, cst.Attribute) and node.attr.value in VIEWS:
                node, view = node.value, True
            elif isinstance(node, cst.Name):
                return node.value if view else ""
            else:
                return f".{node.attr.value}" if isinstance(node, cst.Attribute) else ""

    def _copies(self, part: cst.BaseSlice) -> bool:
        """True for an index that is a tensor or a list: what it takes is a copy."""
        if not isinstance(part, cst.Index):
            return False
        value = self._facts.value(part.value)
        return isinstance(part.value, cst.List) or (
            isinstance(value, TensorValue) and value.rank != 0
        )


def _size(node: cst.CSTNode) -> int:
    return sum(1 for _ in nodes(node))


def _names(target: cst.BaseExpression) -> Iterator[str]:
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, cst.Tuple | cst.List):
        for element in target.elements:
            yield from _names(element.value)
