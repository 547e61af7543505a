"""What the first run found out of the functions of a file: which of them handle the tensors of a model."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import libcst as cst

from translator.rewrite.constructs.reading import of_kind, targets, used_names
from translator.rewrite.functional.reads import own_names, width_read
from translator.rewrite.functional.refused import RefusedError
from translator.source.facts import Facts
from translator.source.functions import parameters
from translator.source.imports import import_from
from translator.source.objects import Built, ClassValue, FunctionValue, ObjectValue
from translator.source.tree import code_parts, nodes
from translator.source.values import Api, FunctionalValue, Numpy, OneOf, Unsure

Kind = Literal["input", "model", "operation", "helper", "layer"]
"""What is called with a tensor: `layer` is anything that was built before, from the configuration."""

_SIZES = frozenset({"shape", "dtype", "ndim", "rank", "name"})
"""Attributes of a tensor that are known when the model is built."""


@dataclass(eq=False)
class Helper:
    """A function of the file that is given tensors of a model."""

    node: cst.FunctionDef
    given: set[str] = field(default_factory=set)
    """The parameters that take tensors."""
    makes: bool = False
    """True where it builds layers, so that each call of it has its own."""
    why: RefusedError | None = None
    """Why it cannot be split."""


@dataclass
class Plan:
    """What the classes tell each other of widths; found in several rounds, as far as it is needed."""

    needed: frozenset[int] = frozenset()
    """By `id` of what is called to build them: layers whose widths are not known without being told."""
    telling: set[str] = field(default_factory=set)
    """Classes whose objects tell the width of what they give."""
    silent: set[tuple[str, str]] = field(default_factory=set)
    """Classes, with the tensors that they are given without its width being known."""


@dataclass
class Known:
    """The functions by `id` of their nodes, and what the names of the file stand for."""

    facts: Facts
    top: frozenset[int]
    """`id` of the functions that stand in the module itself."""
    imported: frozenset[str]
    """The names that come from other files."""
    helpers: dict[int, Helper] = field(default_factory=dict)
    owners: dict[int, str] = field(default_factory=dict)
    """By `id` of the methods of classes of the module: what each calls its object."""
    handed: dict[int, cst.FunctionDef] = field(default_factory=dict)
    """By `id`: helpers that are called by the parameter of a function that they are handed to."""
    outer: dict[int, str] = field(default_factory=dict)
    """By `id` of a function inside a function of the module: the name of that one."""
    origins: dict[int, tuple[cst.CSTNode, cst.CSTNode]] = field(default_factory=dict)
    """By `id` of what was put in: that, so that nothing else gets its `id`, and what of the source it stands for."""
    stand_ins: dict[int, cst.FunctionDef] = field(default_factory=dict)
    """By `id` of names that were put in: the functions that they stand for."""
    plan: Plan = field(default_factory=Plan)
    last: tuple[int, ...] = (-1,)
    """The numbers of the last axis: 3 is one in a file that has no volumes."""

    def api(self, node: cst.CSTNode) -> str | None:
        """The canonical name of a name of the framework."""
        value = self.facts.value(node)
        return value.name if isinstance(value, Api) else None

    def is_input(self, node: cst.CSTNode) -> bool:
        """True for `keras.Input(...)`."""
        return isinstance(node, cst.Call) and self.api(node.func) == "keras.Input"

    def is_model(self, node: cst.CSTNode) -> bool:
        """True for `keras.Model(inputs, outputs)`."""
        return (
            isinstance(node, cst.Call) and self.api(node.func) == "keras.Model" and bool(node.args)
        )

    def function(self, node: cst.BaseExpression) -> cst.FunctionDef | None:
        """The function of the file that a name stands for."""
        if id(node) in self.stand_ins:
            return self.stand_ins[id(node)]
        value = self.facts.value(node)
        found = value.info.node if isinstance(value, FunctionValue) else None
        return found if isinstance(found, cst.FunctionDef) else None

    def functions(self, node: cst.BaseExpression) -> list[cst.FunctionDef]:
        """The functions of the file that a name may stand for."""
        value = self.facts.value(node)
        if not isinstance(value, OneOf):
            function = self.function(node)
            return [] if function is None else [function]
        found = [v.info.node for v in value.options if isinstance(v, FunctionValue)]
        if len(found) < len(value.options):
            return []
        return [f for f in found if isinstance(f, cst.FunctionDef)]

    def helper(self, node: cst.BaseExpression) -> Helper | None:
        """The helper that a name stands for, where it builds layers; the first of several that are alike."""
        found = [self.helpers.get(id(function)) for function in self.functions(node)]
        makes = [helper for helper in found if helper is not None and helper.makes]
        return makes[0] if makes and len(makes) == len(found) else None


class Times:
    """One body: which of its names hold tensors of the model, and which expressions depend on them."""

    def __init__(
        self,
        known: Known,
        body: Sequence[cst.CSTNode],
        given: set[str],
        settings: Iterable[str] = (),
        early: bool = True,
    ) -> None:
        self.known, self.body, self.early = known, body, early
        self.given = frozenset(given)
        self.names = set(given)
        self.own = (
            {name for statement in body for name in targets(statement)} | given | set(settings)
        )
        """All names that the body binds, its parameters included."""
        self.code = [node for statement in body for node in nodes(statement)]
        before = -1
        while len(self.names) != before:
            before = len(self.names)
            for node in self.code:
                self._spread(node)

    def _spread(self, node: cst.CSTNode) -> None:
        """Mark the names that a node gives a tensor to."""
        if isinstance(node, cst.Assign) and self.late(node.value):
            for target in node.targets:
                self._mark(target.target)
        elif isinstance(node, cst.AnnAssign | cst.AugAssign | cst.NamedExpr):
            if node.value is not None and self.late(node.value):
                self._mark(node.target)
        elif isinstance(node, cst.For | cst.CompFor):
            for name, source in runs_through(node):
                if self.late(source):
                    self._mark(name)
        elif (
            isinstance(node, cst.Call)
            and isinstance(node.func, cst.Attribute)
            and isinstance(node.func.value, cst.Name)
            and node.func.value.value in self.own
            and node.func.attr.value in ("append", "extend", "insert")
            and any(self.late(argument.value) for argument in node.args)
        ):
            self.names.add(node.func.value.value)

    def _mark(self, target: cst.BaseExpression) -> None:
        if isinstance(target, cst.Name):
            self.names.add(target.value)
        elif isinstance(target, cst.Tuple | cst.List):
            for element in target.elements:
                self._mark(element.value)
        elif isinstance(target, cst.Subscript):
            self._mark(target.value)

    def late(self, node: cst.CSTNode) -> bool:
        """True for what depends on a tensor, and for the tensors that a model begins with."""
        if isinstance(node, cst.Name):
            return node.value in self.names
        if isinstance(node, cst.Attribute):
            return self.late(node.value)
        if isinstance(node, cst.Arg):
            return self.late(node.value)
        if self.known.is_model(node) or (self.early and width_read(self.known, node)):
            return False
        if self.known.is_input(node):
            return True
        own = own_names(node) & self.names
        if not own:
            return any(map(self.late, code_parts(node)))
        loops = [part for part in code_parts(node) if isinstance(part, cst.CompFor)]
        own -= {n for p in loops for n in used_names(nodes(p.target)) if self.late(p.iter)}
        self.names -= own
        found = any(map(self.late, code_parts(node)))
        self.names |= own
        return found

    def sizes(self, node: cst.CSTNode) -> bool:
        """True for `x.shape[-1]`: what depends on a tensor only by what is known of it when the model is built."""
        if isinstance(node, cst.Attribute) and node.attr.value in _SIZES:
            return True
        if isinstance(node, cst.Name):
            return node.value not in self.names
        parts = code_parts(node)
        return all(self.sizes(part) for part in parts)

    def kind(self, call: cst.Call) -> Kind:
        """What a call that is given tensors calls."""
        func, known = call.func, self.known
        if known.is_input(call):
            return "input"
        if known.is_model(call):
            return "model"
        if id(func) in known.stand_ins:
            return "helper"
        value = known.facts.value(func)
        if isinstance(value, Api):
            last = value.name.rpartition(".")[2]
            if last[:1].isupper():
                raise RefusedError(
                    call, f"what {value.name} makes of the tensors of a model is not known"
                )
            return "operation"
        if known.helper(func) is not None:
            return "helper"
        if isinstance(value, FunctionValue):
            self._plain(call, value)
            return "operation"
        if isinstance(value, Numpy):
            return "operation"
        if isinstance(value, ClassValue | Unsure):
            raise RefusedError(call, "what this makes of the tensors of a model is not known")
        if isinstance(func, cst.Attribute) and self.late(func.value):
            return "operation"
        if isinstance(func, cst.Name):
            local = func.value in self.own or isinstance(
                value, Built | ObjectValue | FunctionalValue | OneOf
            )
            if not local and hasattr(builtins, func.value):
                return "operation"
            if not local and func.value in known.imported:
                raise RefusedError(
                    call, f"what {func.value} does to the tensors of a model is not known"
                )
        return "layer"

    def _plain(self, call: cst.Call, value: FunctionValue) -> None:
        """A function that is called with tensors and was not seen to build layers must be one that was followed."""
        node = value.info.node
        if isinstance(node, cst.FunctionDef) and id(node) not in self.known.helpers:
            raise RefusedError(
                call, f"what {value.info.name} does to the tensors of a model is not known"
            )

    def creations(self, body: Sequence[cst.CSTNode]) -> Iterator[cst.Call]:
        """The calls in some statements that need something that was built: a layer, or a helper's layers."""
        for statement in body:
            for call in of_kind(nodes(statement), cst.Call):
                if any(self.late(a) for a in call.args) and self.builds(call):
                    yield call

    def builds(self, call: cst.Call) -> bool:
        """True where a call builds what it calls, so that it must stand where the model is built."""
        kind = self.kind(call)
        return kind == "helper" or (kind == "layer" and isinstance(call.func, cst.Call))


def runs_through(
    node: cst.For | cst.CompFor,
) -> list[tuple[cst.BaseExpression, cst.BaseExpression]]:
    """The targets of a loop with what each runs through: those of `zip` one by one."""
    target, source = node.target, node.iter
    if isinstance(source, cst.Call) and isinstance(source.func, cst.Name):
        parts = target.elements if isinstance(target, cst.Tuple) else ()
        plain = all(not a.star and a.keyword is None for a in source.args)
        if source.func.value == "zip" and plain and len(parts) == len(source.args):
            return [(e.value, a.value) for e, a in zip(parts, source.args, strict=True)]
    return [(target, source)]


def given_by(call: cst.Call, helper: cst.FunctionDef) -> Iterator[tuple[str, cst.Arg]]:
    """The arguments of a call of a helper with the parameters that they are for; those in a dict are settings."""
    names = [p.name.value for p in parameters(helper)]
    for position, argument in enumerate(call.args):
        if argument.star == "**":
            continue
        if argument.star:
            raise RefusedError(call, "arguments that are unpacked cannot be told apart")
        if argument.keyword is not None:
            yield argument.keyword.value, argument
        elif position < len(names):
            yield names[position], argument
        else:
            raise RefusedError(call, "it is given more than it takes")


def study(facts: Facts, tree: cst.Module, plan: Plan) -> Known:
    """Find the helpers: follow the tensors of all models through the calls of functions of the file."""
    top = frozenset(id(s) for s in tree.body if isinstance(s, cst.FunctionDef))
    lines = (inner for s in tree.body if isinstance(s, cst.SimpleStatementLine) for inner in s.body)
    from_files = (line for line in lines if isinstance(line, cst.ImportFrom))
    names = {name for line in from_files for name in import_from(line, facts.side)}
    apis = [value.name for value in facts.values.values() if isinstance(value, Api)]
    images = not any(name.endswith(("3D", "3DTranspose", "conv3d")) for name in apis)
    last = (-1, 3) if images else (-1,)
    known = Known(facts, top, frozenset(names), plan=plan, last=last)
    bodies: list[tuple[Sequence[cst.CSTNode], set[str], set[str]]] = [
        (_own(tree.body), set(), set())
    ]
    functions = [f.node for f in facts.functions.values() if isinstance(f.node, cst.FunctionDef)]
    bodies += [(f.body.body, set(), _names(f)) for f in functions]
    known.owners = {
        id(method): method.params.params[0].name.value
        for node in tree.body
        if isinstance(node, cst.ClassDef)
        for method in node.body.body
        if isinstance(method, cst.FunctionDef) and method.params.params and not method.decorators
    }
    known.outer = {
        id(inner): outer.name.value
        for outer in tree.body
        if isinstance(outer, cst.FunctionDef)
        for inner in outer.body.body
        if isinstance(inner, cst.FunctionDef)
    }
    waiting = [b for b in bodies if any(known.is_input(n) for s in b[0] for n in nodes(s))]
    while waiting:
        body, given, own = waiting.pop()
        times = Times(known, body, given)
        for call in of_kind(times.code, cst.Call):
            if not any(times.late(a) for a in call.args):
                continue
            for function in known.functions(call.func):
                helper = known.helpers.setdefault(id(function), Helper(function))
                if isinstance(call.func, cst.Name) and call.func.value in own:
                    known.handed[id(function)] = function
                passed = set(_late_arguments(times, call, function))
                if passed - helper.given or not helper.given:
                    helper.given |= passed
                    waiting.append((function.body.body, helper.given, _names(function)))
    _find_makers(known)
    return known


def _names(function: cst.FunctionDef) -> set[str]:
    return {p.name.value for p in parameters(function)}


def _own(body: Sequence[cst.CSTNode]) -> list[cst.CSTNode]:
    return [s for s in body if not isinstance(s, cst.FunctionDef | cst.ClassDef)]


def _late_arguments(times: Times, call: cst.Call, function: cst.FunctionDef) -> Iterator[str]:
    try:
        for name, argument in given_by(call, function):
            if times.late(argument):
                yield name
    except RefusedError:
        return  # said where the model that calls it is split


def _find_makers(known: Known) -> None:
    """Mark the helpers that build layers, themselves or through another helper."""
    changed = True
    while changed:
        changed = False
        for helper in known.helpers.values():
            if helper.makes:
                continue
            try:
                names = [p.name.value for p in parameters(helper.node)]
                times = Times(known, helper.node.body.body, helper.given, names)
                helper.makes = any(times.creations(helper.node.body.body)) or _calls_local(times)
            except RefusedError:
                helper.makes = True  # refused when it is split
            changed = changed or helper.makes


def _calls_local(times: Times) -> bool:
    """True where a layer is called that the function built into a name of its own."""
    for call in of_kind(times.code, cst.Call):
        if isinstance(call.func, cst.Name) and call.func.value in times.own:
            if any(times.late(a) for a in call.args) and times.kind(call) == "layer":
                return True
    return False
