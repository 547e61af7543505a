"""Objects of the file's own modules, one by one: which sizes each is made with, and what reaches it.

Keras's layers learn the sizes of their inputs when they are called, torch's are told when they are made. Where
objects of one class are given tensors of different widths, the class has to be told as well: it gets a parameter, and
each place that makes an object says what reaches it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.lenses import Inferred
from translator.knowledge.records import Layer, Record
from translator.knowledge.shapes import Size, Symbol, number
from translator.source import kept
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.objects import ClassInfo, ClassValue, FunctionInfo, ObjectValue
from translator.source.sizes import made_in, outside_size, renamed
from translator.source.values import UNKNOWN, TensorValue, Value

if TYPE_CHECKING:
    from translator.source.facts import Facts
    from translator.source.interpreter import Interpreter

WIDTH = "in_channels"
"""The parameter that tells a module the size of the last axis of what it is given."""
HINT = "in_channels_"
"""The argument by which a layer of Keras is told the same, in a class that the conversion has written."""


@dataclass(eq=False, slots=True)
class Instance:
    """One place that makes an object of a class: the sizes that it passes, the widths that reach the object."""

    node: cst.Call = field(repr=False)
    info: ClassInfo
    scope: str
    facts: Facts = field(repr=False)
    passed: dict[str, Size] = field(default_factory=dict)
    reached: dict[int, Size] = field(default_factory=dict)

    @property
    def width(self) -> Size:
        """The width of all that reaches it, by a name that is known where it is made."""
        sizes = list(self.reached.values())
        if not sizes or any(size != sizes[0] for size in sizes):
            return None
        size = sizes[0]
        if isinstance(size, Symbol) and not self.facts.means_same(size, self.scope):
            return number(size)
        return size


def made(run: Interpreter, node: cst.Call, info: ClassInfo, sizes: dict[str, Size]) -> ObjectValue:
    """An object that a call makes."""
    known = run.facts.instances.get(id(node))
    if known is None:
        known = Instance(node, info, run.scope.function.qualified, run.facts)
        run.facts.instances[id(node)] = known
    known.passed = sizes
    return ObjectValue(info, frozenset({id(node)}))


def width(info: ClassInfo) -> Symbol:
    """The width of what an object is given, by the name that its class has for it."""
    return Symbol(WIDTH, f"{info.name}.__init__")


def may_be_told(run: Interpreter, info: ClassInfo) -> bool:
    """True for a module whose constructor could take one more parameter."""
    constructor = info.methods.get("__init__")
    if run.side != "tensorflow" or info.name in run.untold or constructor is None:
        return False
    if not info.is_module or any(isinstance(base, ClassValue) for base in info.bases):
        return False
    if _is_told_already(info):
        return False
    return "build" not in info.methods and any(
        instance.info is info for instance in run.facts.instances.values()
    )


def _is_told_already(info: ClassInfo) -> bool:
    """True for a class with such a parameter of its own."""
    from translator.source.functions import parameters

    constructor = info.methods.get("__init__")
    if constructor is None or constructor.node is None:
        return False
    return any(p.name.value == WIDTH for p in parameters(constructor.node))


def told(run: Interpreter, function: FunctionInfo, value: Value) -> Value:
    """The first argument of a forward pass, its width by the name that the constructor has for it."""
    info = function.owner
    if info is None or not function.is_forward or not isinstance(value, TensorValue):
        return value
    size = value.last if value.shape is None else value.shape[-1] if value.shape else None
    own = width(info)
    known = run.facts.means_same(size, own.scope) if isinstance(size, Symbol) else size is not None
    always = info.name in run.asked or _is_told_already(info)
    if not always and (known or not may_be_told(run, info)):
        return value
    if value.shape:
        return _with(value, shape=(*value.shape[:-1], own))
    return _with(value, last=own) if value.shape is None else value


def _with(value: TensorValue, **changes: object) -> TensorValue:
    from dataclasses import replace

    return replace(value, **changes)  # type: ignore[arg-type]


def first(run: Interpreter, node: cst.Call, function: FunctionInfo) -> Value:
    """What a call passes for the first parameter of a method."""
    from translator.source.functions import parameters

    assert function.node is not None
    names = [p.name.value for p in parameters(function.node)][1:]
    given = argument(node, 0, names[0]) if names else None
    return UNKNOWN if given is None else run.facts.value(given)


def reach(run: Interpreter, called: Value, key: int, given: Value) -> None:
    """Note what an object is given."""
    if isinstance(called, ObjectValue) and isinstance(given, TensorValue):
        size = given.shape[-1] if given.shape else given.last
        for place in called.made:
            run.facts.instances[place].reached[key] = size


def seen_outside(
    run: Interpreter, called: ObjectValue, given: Value, result: Value, forward: str, seen: str = ""
) -> Value:
    """What an object returns, its sizes by what this object was made with and is given; `seen` as in `made_in`."""
    if not called.made:
        return result
    shape = given.shape if isinstance(given, TensorValue) else None
    last = shape[-1] if shape else given.last if isinstance(given, TensorValue) else None
    scope = f"{called.info.name}.__init__"
    objects = [run.facts.instances[place] for place in called.made]

    def outside(size: Size) -> Size:
        if isinstance(size, Symbol) and size.scope == f"{called.info.name}.":
            size = kept.as_given(run, called.info, size)
        if not isinstance(size, Symbol) or size.scope != scope:
            return outside_size(run, size, forward)
        return _in_terms(size, lambda name: last if name == WIDTH else _passed(objects, name))

    found = renamed(result, outside)
    for made_where in {instance.scope for instance in objects}:
        found = made_in(run, found, made_where, seen)
    return found


def _passed(objects: Iterable[Instance], name: str) -> Size:
    sizes = [instance.passed.get(name) for instance in objects]
    return sizes[0] if sizes and all(size == sizes[0] for size in sizes) else None


def _in_terms(size: Symbol, known: Callable[[str], Size]) -> Size:
    """A size by other names; None where one of its names has none."""
    if size.text.isidentifier():
        return known(size.text)
    tree = ast.parse(size.text, mode="eval")
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    sizes = {name: known(name) for name in names}
    if any(value is None for value in sizes.values()):
        return None
    scopes = {value.scope for value in sizes.values() if isinstance(value, Symbol)} - {""}
    if len(scopes) > 1:
        return None
    written = {
        name: ast.parse(value.text if isinstance(value, Symbol) else str(value), mode="eval").body
        for name, value in sizes.items()
    }
    text = ast.unparse(_Named(written).visit(tree))
    numbers = {name: number(value) for name, value in sizes.items()}
    plain = None if None in numbers.values() else _value(size.text, numbers)
    if not any(isinstance(value, Symbol) for value in sizes.values()):
        return plain
    return Symbol(text, next(iter(scopes), ""), plain)


class _Named(ast.NodeTransformer):
    """Puts expressions in place of names."""

    def __init__(self, written: dict[str, ast.expr]) -> None:
        self.written = written

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.written[node.id]


def _value(text: str, names: dict[str, int | None]) -> int | None:
    found = eval(text, {"__builtins__": {}}, dict(names))  # arithmetic on sizes of the file
    return found if type(found) is int else None


def default_sizes(function: FunctionInfo) -> dict[str, Size]:
    """The sizes that parameters have where a call passes none."""
    from translator.source.functions import parameters

    assert function.node is not None
    values = {
        p.name.value: literal_value(p.default) for p in parameters(function.node) if p.default
    }
    return {name: value for name, value in values.items() if type(value) is int}


# which classes are told


def needing(facts: Facts, asked: Iterable[str]) -> set[str]:
    """The classes that have to be told a width: for a layer of theirs, or for an object that they make."""
    found = set(asked)
    for site in facts.sites.values():
        shape = site.inputs
        if shape and _is_width(shape[-1], site.scope) and _is_told(site.record):
            found.add(site.scope.partition(".")[0])
    before = -1
    while len(found) != before:
        before = len(found)
        for instance in facts.instances.values():
            if instance.info.name in found and _is_width(instance.width, instance.scope):
                found.add(instance.scope.partition(".")[0])
    return found - {info.name for info in facts.classes.values() if _is_told_already(info)}


def unknown(facts: Facts, told: Iterable[str], unmade: bool = False) -> set[str]:
    """Those of some classes of which an object is made where its width is not known, or, if asked, nowhere."""
    names = set(told)
    made = [i for i in facts.instances.values() if i.info.name in names]
    lost = {instance.info.name for instance in made if instance.width is None}
    return lost | (names - {instance.info.name for instance in made} if unmade else set())


def _is_told(record: Record) -> bool:
    """True for a layer whose counterpart may ask for the size of its input."""
    weights = isinstance(record, Layer) and bool(record.weights)
    return weights or any(isinstance(rule, Inferred) for rule in record.args)


def _is_width(size: object, scope: str) -> bool:
    if not isinstance(size, Symbol) or size.scope != scope or not scope.endswith(".__init__"):
        return False
    names = {n.id for n in ast.walk(ast.parse(size.text, mode="eval")) if isinstance(n, ast.Name)}
    return WIDTH in names


def untold(facts: Facts) -> frozenset[int]:
    """By `id` of what is called to build them: layers whose counterpart asks for a width that is not known."""
    found: set[int] = set()
    for site in facts.sites.values():
        shape = site.inputs
        known = bool(shape) and shape is not None and site.says(shape[-1])
        if not known and _is_told(site.record) and site.followed:
            found.add(id(site.node.func))
    return frozenset(found)
