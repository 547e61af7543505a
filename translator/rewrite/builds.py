"""`build` of Keras's layers makes weights at the first call; torch's modules make them when they are made themselves.

What `build` does moves to the end of the constructor, which is told the width where `build` asks for it. Where no
width is known, or more of the shape is asked for, it becomes the `initialize_parameters` of a lazy module of torch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import (
    bound_names,
    mentioned,
    method_call,
    of_kind,
    small,
    used_names,
)
from translator.rewrite.input_shapes import is_several, of_tensor, with_width
from translator.rewrite.layout import leading, led
from translator.source.functions import parameters
from translator.source.instances import WIDTH
from translator.source.left import is_left
from translator.source.objects import LAZY
from translator.source.tree import nodes


@dataclass(frozen=True)
class Settled:
    """A file without `build`: the classes whose constructors do it now, and those of them that ask for a width."""

    tree: cst.Module
    moved: frozenset[str] = frozenset()
    lazy: frozenset[str] = frozenset()
    """The classes whose parameters wait for their first input."""
    asked: frozenset[str] = frozenset()


def settled(tree: cst.Module, unknown: frozenset[str] = frozenset()) -> Settled:
    """The file with each `build` in its constructor; the widths that `unknown` classes are given are not known."""
    classes = [s for s in tree.body if isinstance(s, cst.ClassDef)]
    names = [node.name.value for node in classes]
    building = {n.name.value for n in classes if _method(n, "build") is not None}
    if not building:
        return Settled(tree)
    changed: dict[int, cst.BaseStatement] = {}
    moved: set[str] = set()
    asked: set[str] = set()
    lazy: set[str] = set()
    for node in classes:
        layer = _Layer.of(node)
        bases = {name for base in node.bases for name in mentioned(base.value)}
        if layer is None or names.count(layer.name) != 1 or bases & building:
            continue
        own = bool(bases & set(names))
        new = None if layer.name in unknown else layer.at_once(own)
        if new is not None:
            moved.add(layer.name)
            asked |= {layer.name} if _reads(new, WIDTH) else set()
        late = None if new is not None else layer.lazily(own)
        if late is not None:
            lazy.add(layer.name)
        changed[id(node)] = new or late or node
    body = [changed.get(id(s), s) for s in tree.body]
    found = map(frozenset, (moved, lazy, asked))
    return Settled(tree.with_changes(body=body), *found)


@dataclass(frozen=True)
class _Layer:
    """A class with a `build` of one shape; `shape` and `given` are what `build` and `call` call what they are given."""

    node: cst.ClassDef
    build: cst.FunctionDef
    forward: cst.FunctionDef
    shape: str
    given: str
    body: tuple[cst.BaseStatement, ...]

    @classmethod
    def of(cls, node: cst.ClassDef) -> _Layer | None:
        made, forward = _method(node, "build"), _method(node, "call")
        if made is None or forward is None or made.decorators or is_left(node) or is_left(made):
            return None
        names = [p.name.value for p in parameters(made)]
        given = [p.name.value for p in parameters(forward)]
        if len(names) != 2 or len(given) < 2 or names[0] != given[0] or names[0] != "self":
            return None
        if not isinstance(made.body, cst.IndentedBlock):
            return None
        body = tuple(_own(made))
        return cls(node, made, forward, names[1], given[1], body)

    @property
    def name(self) -> str:
        return self.node.name.value

    def at_once(self, derived: bool) -> cst.ClassDef | None:
        """The class with `build` in its constructor, None where it asks for more than a width, or cannot move."""
        constructor = _method(self.node, "__init__")
        if constructor is None and derived:
            return None
        body = with_width(self.body, self.shape)
        comments = [line for line in leading(self.build) if line.comment is not None]
        if comments and body:
            body[0] = led(body[0], [*comments, *leading(body[0])])
        if any(_reads(s, self.shape) for s in body) or _returns(body):
            return None
        if derived and any(_reads(s, WIDTH) for s in body):
            return None
        if constructor is None:
            constructor = _CONSTRUCTOR
        elif (
            _returns([constructor])
            or not isinstance(constructor.body, cst.IndentedBlock)
            or _means_other(body, constructor)
        ):
            return None
        inner = constructor.body
        assert isinstance(inner, cst.IndentedBlock)
        assert isinstance(self.build.body, cst.IndentedBlock)
        footer = (*inner.footer, *self.build.body.footer)
        block = inner.with_changes(body=[*inner.body, *body], footer=footer)
        return self._with({"__init__": constructor.with_changes(body=block), "build": None})

    def lazily(self, derived: bool) -> cst.ClassDef | None:
        """The class with `initialize_parameters`, which is given what `call` is given."""
        rest = [p.name.value for p in parameters(self.forward)[2:] if p.name.value != "training"]
        star = "*args, **kwargs" if rest or self.forward.params.star_kwarg else ""
        written = f"def {LAZY}(self, {self.given}{', ' * bool(star)}{star}):\n    pass\n"
        header = cst.parse_statement(written)
        assert isinstance(header, cst.FunctionDef)
        if self.given in used_names(n for s in self.body for n in nodes(s)):
            return None
        constructor = _method(self.node, "__init__") or (None if derived else _CONSTRUCTOR)
        early, late = self._parted(constructor)
        if early and constructor is not None:
            assert isinstance(constructor.body, cst.IndentedBlock)
            block = constructor.body.with_changes(body=[*constructor.body.body, *early])
            constructor = constructor.with_changes(body=block)
        several = is_several(late, self.shape, self.forward, self.given)
        body = of_tensor(late, self.shape, self.given, several)
        assert isinstance(self.build.body, cst.IndentedBlock)
        block = self.build.body.with_changes(body=body)
        new = self.build.with_changes(name=header.name, params=header.params, body=block)
        return self._with({"__init__": constructor, "build": new})

    def _parted(
        self, constructor: cst.FunctionDef | None
    ) -> tuple[list[cst.BaseStatement], list[cst.BaseStatement]]:
        """What `build` makes whatever the shape is, which the constructor can make, and the rest."""
        early: list[cst.BaseStatement] = []
        late: list[cst.BaseStatement] = []
        if constructor is None or not isinstance(constructor.body, cst.IndentedBlock):
            return early, list(self.body)
        own = bound_names(n for s in self.body for n in nodes(s)) | {self.shape}
        waiting: set[str] = set()
        for statement in self.body:
            made = _made(statement)
            read = {build.code(n) for n in of_kind(nodes(statement), cst.Attribute)}
            needs = used_names(nodes(statement)) & own or read & waiting
            if made and not needs and not _means_other([statement], constructor):
                early.append(statement)
            else:
                late.append(statement)
                places = of_kind(nodes(statement), cst.AssignTarget)
                waiting |= {build.code(place.target) for place in places}
        if not any(_reads(statement, self.shape) for statement in late):
            return [], list(self.body)
        return early, late

    def _with(self, methods: dict[str, cst.FunctionDef | None]) -> cst.ClassDef:
        """The class with other methods, in their places; a new one stands in front."""
        body: list[cst.BaseStatement] = []
        waiting = dict(methods)
        for statement in self.node.body.body:
            assert isinstance(statement, cst.BaseStatement)
            name = statement.name.value if isinstance(statement, cst.FunctionDef) else ""
            new = waiting.pop(name, None) if name in methods else statement
            body += [] if new is None else [new]
        for constructor in filter(None, waiting.values()):
            first = small(body[0])
            at = isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString)
            body[at:at] = [led(constructor, leading(self.build) if at else ())]
        return self.node.with_changes(body=self.node.body.with_changes(body=body))


_CONSTRUCTOR = cst.ensure_type(
    cst.parse_statement("def __init__(self):\n    super().__init__()\n"), cst.FunctionDef
)


def _method(node: cst.ClassDef, name: str) -> cst.FunctionDef | None:
    found = [s for s in node.body.body if isinstance(s, cst.FunctionDef) and s.name.value == name]
    return found[0] if len(found) == 1 else None


def _own(made: cst.FunctionDef) -> Iterator[cst.BaseStatement]:
    """What `build` does itself: not what it tells Keras, nor its docstring."""
    lines: list[cst.EmptyLine] = []
    for place, statement in enumerate(made.body.body):
        assert isinstance(statement, cst.BaseStatement)
        if _tells_keras(statement) or (place == 0 and _is_docstring(statement)):
            lines += [line for line in leading(statement) if line.comment is not None]
            continue
        yield led(statement, [*lines, *leading(statement)]) if lines else statement
        lines = []


def _is_docstring(statement: cst.BaseStatement) -> bool:
    inner = small(statement)
    return isinstance(inner, cst.Expr) and isinstance(inner.value, cst.SimpleString)


def _made(statement: cst.BaseStatement) -> bool:
    """True for `self.scale = Scale()`: an attribute that a call makes."""
    inner = small(statement)
    if not isinstance(inner, cst.Assign) or len(inner.targets) != 1:
        return False
    return isinstance(inner.targets[0].target, cst.Attribute) and isinstance(inner.value, cst.Call)


def _tells_keras(statement: cst.BaseStatement) -> bool:
    """`super().build(input_shape)`, `self.built = True`."""
    inner = small(statement)
    if isinstance(inner, cst.Return) and inner.value is not None:
        statement = cst.SimpleStatementLine([cst.Expr(inner.value)])
    found = method_call(statement)
    if found is not None and found[1].attr.value == "build":
        owner = found[1].value
        return isinstance(owner, cst.Call) and build.code(owner.func) == "super"
    return isinstance(inner, cst.Assign) and build.code(inner.targets[0].target) == "self.built"


def _reads(node: cst.CSTNode, name: str) -> bool:
    return name in used_names(nodes(node))


def _returns(body: Sequence[cst.BaseStatement]) -> bool:
    return any(True for s in body for _ in of_kind(nodes(s), cst.Return))


def _means_other(body: Sequence[cst.BaseStatement], constructor: cst.FunctionDef) -> bool:
    """True where a name of `body` is another thing in the constructor."""
    code = [n for s in body for n in nodes(s)]
    free = used_names(code) - bound_names(code) - {"self"}
    return bool(free & bound_names(nodes(constructor)))
