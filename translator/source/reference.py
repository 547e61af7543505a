"""Names that are not called where they stand: classes and functions that are passed on, modules, star imports."""

from __future__ import annotations

import builtins
import functools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.lenses import Fixed, Only, Same, Side, Tensor
from translator.knowledge.names import canonical, side_of
from translator.knowledge.records import Pair, Record
from translator.knowledge.registry import index
from translator.knowledge.signature import Signature, parse
from translator.source.bound import literal, primary_names
from translator.source.imports import dotted
from translator.source.objects import MODULE_CLASSES
from translator.source.values import UNKNOWN, Api, Handed, Value

if TYPE_CHECKING:
    from translator.source.facts import Facts


@functools.cache
def counterpart(name: str, side: Side) -> str | None:
    """The other side's name for what one side names; None where calls of the two would not be the same."""
    target: Side = "tensorflow" if side == "torch" else "torch"
    for record, text in index(side).get(name, ()):
        if isinstance(record, Pair):
            continue
        own = parse(text)
        for spelling in record.spellings(target):
            other = parse(spelling)
            if other.kind == own.kind and _interchangeable(record, side, own, other):
                return other.name
    return None


def _interchangeable(record: Record, side: Side, own: Signature, other: Signature) -> bool:
    """True if every call of one, its arguments left as they are, is a call of the other."""
    if record.order == "wants":
        return False
    target: Side = "tensorflow" if side == "torch" else "torch"
    ours = _by_primary(record, own, side)
    theirs = _by_primary(record, other, target)
    places: list[int] = []
    for lens in record.args:
        mine, its = ours.get(str(lens.name(side))), theirs.get(str(lens.name(target)))
        if isinstance(lens, Same | Tensor):
            if mine is None and its is None:
                continue
            if mine is None or its is None:
                return False
            if literal(own.parameters[mine].default) != literal(other.parameters[its].default):
                return False
            places.append(its)
        elif isinstance(lens, Fixed):
            given = own.parameters[mine] if mine is not None else None
            given = other.parameters[its] if its is not None else given
            if given is not None and literal(given.default) != literal(lens.value):
                return False
        elif not isinstance(lens, Only):
            return False
    return places == sorted(places)


def _by_primary(record: Record, signature: Signature, side: Side) -> dict[str, int]:
    """The places of a spelling's parameters by the names that the record's first spelling gives them."""
    names = primary_names(record, signature, side)
    return {names[p.name]: place for place, p in enumerate(signature.parameters)}


@functools.cache
def _namespaces(side: Side) -> frozenset[str]:
    found = {"torch", "torch.utils", "torch.utils.data"} if side == "torch" else {"tf", "keras"}
    for name in index(side):
        parts = name.split(".")[:-1]
        found.update(".".join(parts[:end]) for end in range(1, len(parts) + 1))
    return frozenset(name for name in found if name and not name.rpartition(".")[2][0].isupper())


def is_module(value: Value, side: Side) -> bool:
    """True for a module of the framework, as opposed to what it holds."""
    return isinstance(value, Api) and value.name in _namespaces(side)


def is_known(name: str, side: Side) -> bool:
    """True if a framework is known to have this name."""
    from translator.source.special import HANDLERS

    known = name in index(side) or name in HANDLERS or name in MODULE_CLASSES
    return known or name in _namespaces(side)


def held(value: Value) -> Value:
    """What a variable has of a value: it keeps its own name, whatever of a framework is in it."""
    if isinstance(found := handed(value, "torch"), Handed):
        return found
    return replace(value, held=True) if isinstance(value, Api) else value


def handed(value: Value, side: Side) -> Value:
    """A class of layers as what a variable has of it; any other value as it is."""
    if isinstance(value, Api) and side == "torch" and is_layer_class(value.name):
        return Handed(value.name)
    return value


@functools.cache
def is_layer_class(name: str) -> bool:
    """True for a class of torch that builds layers, containers left out."""
    if not name.startswith("torch.nn.") or name == "torch.nn.Sequential":
        return False
    return any(
        parse(text).kind == "layer" and not isinstance(record, Pair)
        for record, text in index("torch").get(name, ())
    )


@dataclass(slots=True)
class StarNames:
    """What is used of a star import: names that the framework is known to have, and names that are bound nowhere."""

    known: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)


class Stars:
    """The star imports of a file, and the names that it binds nowhere, which can only come from them."""

    def __init__(self, facts: Facts) -> None:
        self.side = facts.side
        self.found = facts.stars
        self.reset()

    def reset(self) -> None:
        """Forget the imports, before the file is run again."""
        self.imports: list[tuple[cst.ImportFrom, str | None]] = []

    def add(self, node: cst.ImportFrom) -> bool:
        """Note `from torch.nn import *`, True for the framework's; another module may bind any name."""
        module = None if node.relative or node.module is None else canonical(dotted(node.module))
        ours = module is not None and side_of(module) == self.side
        self.imports.append((node, module if ours else None))
        return ours

    def find(self, name: str) -> Value:
        """The value of a name that nothing else binds."""
        for node, module in reversed(self.imports):
            if module is None:
                break
            full = canonical(f"{module}.{name}")
            if is_known(full, self.side):
                self._names(node).known.add(name)
                return Api(full)
        for node, module in reversed(self.imports):
            if module is not None and not hasattr(builtins, name) and not name.startswith("__"):
                self._names(node).unknown.add(name)
                break
        return UNKNOWN

    def _names(self, node: cst.ImportFrom) -> StarNames:
        return self.found.setdefault(id(node.names), StarNames())
