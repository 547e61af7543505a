"""Lists of tensors that are put together again: all in the target's axis order, where nothing sees them one by one.

`features.append(conv(x))` and `torch.cat(features, 1)`, in one function or across several of the file. A list is
followed by its names: those of variables, of parameters that it is passed to, of functions that return it. Where each
use of each name is known, its tensors may be held in the target's order; any other use leaves them in the source's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.lenses import Axis, Tensors
from translator.source.classes import closure
from translator.source.functions import parameters
from translator.source.literals import literal_value
from translator.source.objects import FunctionInfo, ObjectValue
from translator.source.operations import as_tensor, want
from translator.source.tree import code_parts, nodes
from translator.source.values import MethodValue, TensorValue, Value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter

Name = tuple[int, str]
"""A variable or parameter by the `id` of its function; "return" is what the function returns."""
RESULT = "return"
_RUNS = 12
"""How often a function may have been run when it is to be run again for a list."""


@dataclass(eq=False, slots=True)
class Group:
    """The names of one list, and the expressions that are put into it."""

    elements: list[cst.BaseExpression] = field(default_factory=list)
    names: set[Name] = field(default_factory=set)
    joined: bool = False
    """True if it is put together along a known axis somewhere."""
    spoiled: bool = False


def plan(run: Interpreter) -> bool:
    """Decide which lists are held in the target's order; True if that is new, and their functions are to run again."""
    if run.facts.listed or not any(_joins(run, node) for node in run.facts.joining.values()):
        return False
    groups = _Groups(run)
    functions = {id(function): function for function in run.facts.functions.values()}
    for function in functions.values():
        if isinstance(function.node, cst.FunctionDef) and not function.left:
            groups.read(function)
    for group in groups.found():
        rank = _rank(run, group)
        if rank is None or any(functions[key].runs > _RUNS for key, _ in group.names):
            continue
        run.facts.listed |= {id(element): rank for element in group.elements}
        _begin(functions, group.names)
    return bool(run.facts.listed)


def take_back(run: Interpreter) -> bool:
    """Leave all lists in the source's order where something else than such a tensor came into one; True if so."""
    if not run.facts.astray:
        return False
    run.facts.astray = False
    run.facts.listed = dict.fromkeys(run.facts.listed)
    functions = {id(function): function for function in run.facts.functions.values()}
    _begin(functions, {(key, name) for key, f in functions.items() for name in (*f.lists, RESULT)})
    return True


def _begin(functions: Mapping[int, FunctionInfo], names: Iterable[Name]) -> None:
    """Run the functions again as if nothing had been passed to them under these names."""
    for key, name in names:
        function = functions[key]
        function.given.pop(name, None)
        if function.arguments.pop(name, None) is not None:
            function.lists.add(name)
        function.dirty = True
        for caller in function.callers:
            caller.dirty = True


def element(run: Interpreter, node: cst.BaseExpression, rank: int) -> Value:
    """A tensor on its way into a list that is held in the target's order."""
    value = as_tensor(run, node, rank)
    if value.rank != rank:
        run.facts.astray = True
    return want(run, node, value)


def _joins(run: Interpreter, node: cst.Call) -> bool:
    """True for a call that puts a list together along an axis that is known."""
    bound = run.facts.calls.get(id(node))
    if bound is None or not any(isinstance(lens, Tensors) for lens in bound.record.args):
        return False
    lens = next((lens for lens in bound.record.args if isinstance(lens, Axis)), None)
    given = None if lens is None else bound.values.get(str(lens.name(run.side)))
    return lens is not None and (given is None or type(literal_value(given)) is int)


def _rank(run: Interpreter, group: Group) -> int | None:
    """The rank of the tensors in a list that is worth holding in the target's order, else None."""
    values = [run.facts.value(element) for element in group.elements]
    tensors = [value for value in values if isinstance(value, TensorValue)]
    ranks = {value.rank for value in tensors} - {None}
    worth = any(value.target_order for value in tensors)
    if (
        group.spoiled
        or not group.joined
        or not worth
        or len(ranks) != 1
        or len(tensors) < len(values)
    ):
        return None
    rank = ranks.pop()
    return rank if rank is not None and rank > 2 else None


class _Groups:
    """All names of lists of a file, joined where one is handed on under another."""

    def __init__(self, run: Interpreter) -> None:
        self.run = run
        self.parent: dict[Name, Name] = {}
        self.groups: dict[Name, Group] = {}
        self.versions: dict[str, list[str]] = {}
        """The names of the function that is read, and what each is called further down."""
        self.version: dict[int, str] = {}
        """By `id` of a name: what tells it from the same name further up."""
        self.known: set[int] = set()
        """By `id`, the names and calls whose use is understood."""

    def found(self) -> Iterable[Group]:
        """The groups of names, each once."""
        return [group for name, group in self.groups.items() if self.root(name) == name]

    def root(self, name: Name) -> Name:
        """The name that stands for all that are joined with this one."""
        while self.parent.setdefault(name, name) != name:
            name = self.parent[name]
        return name

    def group(self, name: Name) -> Group:
        """The group that a name belongs to."""
        return self.groups.setdefault(self.root(name), Group(names={name}))

    def link(self, one: Name, other: Name) -> None:
        """Two names hold one list."""
        first, second = self.root(one), self.root(other)
        if first == second:
            return
        kept, gone = self.group(first), self.group(second)
        kept.elements += gone.elements
        kept.names |= gone.names
        kept.joined, kept.spoiled = kept.joined or gone.joined, kept.spoiled or gone.spoiled
        self.parent[second] = first
        del self.groups[second]

    def read(self, function: FunctionInfo) -> None:
        """Take in what a function does with its lists; any use that is not known spoils the list."""
        assert isinstance(function.node, cst.FunctionDef)
        code = self._versions(function.node.body)
        for node in code:
            if type(node) in _USING:  # `isinstance` with each of libcst's classes takes its time
                self._use(function, node)
        for node in code:
            if type(node) is cst.Name and id(node) not in self.known:
                self.spoil(self.key(function, node))
            if type(node) in _DEFINING:
                for inner in nodes(node):
                    if isinstance(inner, cst.Name):
                        for name in {inner.value, *self.versions.get(inner.value, ())}:
                            self.spoil((id(function), name))
            if type(node) is cst.Call and id(node) not in self.known:
                called = closure(self.run.facts.value(node.func))
                if called is not None:
                    self.spoil((id(called), RESULT))
        if function.is_forward:
            self.spoil((id(function), RESULT))

    def _versions(self, body: cst.BaseSuite) -> list[cst.CSTNode]:
        """The code of a body; behind `x = torch.cat(x, 1)` the name `x` is that of something else."""
        code: list[cst.CSTNode] = []
        marks: dict[str, str] = {}
        self.versions = {}
        for statement in body.body:
            inner = list(_own(statement))
            again = _assigned(statement)
            for node in inner:
                if marks and type(node) is cst.Name and node.value in marks:
                    self.version[id(node)] = marks[node.value]
            if again is not None:
                marks[again.value] = marks.get(again.value, again.value) + "'"
                self.version[id(again)] = marks[again.value]
                self.versions.setdefault(again.value, []).append(marks[again.value])
            code += inner
        return code

    def key(self, function: FunctionInfo, node: cst.Name) -> Name:
        """The name that a variable stands for at this place."""
        return (id(function), self.version.get(id(node), node.value))

    def spoil(self, name: Name) -> None:
        """A list is used in a way that is not followed."""
        self.group(name).spoiled = True

    def hold(self, function: FunctionInfo, key: Name, node: cst.BaseExpression | None) -> bool:
        """A name is given a list that `function` writes out, or that another function of the file returns."""
        if type(node) is cst.List and not _starred(node.elements):
            self.group(key).elements += [element.value for element in node.elements]
        elif type(node) is cst.ListComp:
            self.group(key).elements.append(node.elt)
        elif isinstance(node, cst.Name):
            self.known.add(id(node))
            self.link(key, self.key(function, node))
        elif isinstance(node, cst.IfExp):
            return self.hold(function, key, node.body) and self.hold(function, key, node.orelse)
        elif isinstance(node, cst.Call) and (called := closure(self.run.facts.value(node.func))):
            self.known.add(id(node))
            self.link(key, (id(called), RESULT))
        else:
            return False
        return True

    def _use(self, function: FunctionInfo, node: cst.CSTNode) -> None:
        """Understand one use of a list, where it is one."""
        if type(node) is cst.Assign and len(node.targets) == 1:
            target = node.targets[0].target
            if isinstance(target, cst.Name) and self.hold(
                function, self.key(function, target), node.value
            ):
                self.known.add(id(target))
        elif type(node) is cst.Return:
            result = (id(function), RESULT)
            if not self.hold(function, result, node.value):
                self.spoil(result)
        elif isinstance(node, cst.For | cst.CompFor):
            self._read_off(function, node.iter)
        elif type(node) is cst.Subscript and _is_single(node):
            self._read_off(function, node.value)
        elif isinstance(node, cst.Call):
            self._call(function, node)

    def _read_off(self, function: FunctionInfo, node: cst.BaseExpression) -> None:
        """A place that takes the tensors of a list one by one, each in the order that it has."""
        if isinstance(node, cst.Name):
            self.known.add(id(node))

    def _call(self, function: FunctionInfo, node: cst.Call) -> None:
        func = node.func
        if _joins(self.run, node) and node.args:
            given = node.args[0].value
            if isinstance(given, cst.Name):
                self._read_off(function, given)
                self.group(self.key(function, given)).joined = True
            elif isinstance(given, cst.Call) and (
                made := closure(self.run.facts.value(given.func))
            ):
                self.known.add(id(given))
                self.group((id(made), RESULT)).joined = True
        elif isinstance(func, cst.Name) and func.value == "len" and len(node.args) == 1:
            self._read_off(function, node.args[0].value)
        elif isinstance(func, cst.Attribute) and isinstance(func.value, cst.Name):
            if func.attr.value == "append" and len(node.args) == 1:
                self._read_off(function, func.value)
                held = self.group(self.key(function, func.value))
                held.elements.append(node.args[0].value)
        called = closure(self.run.facts.value(func))
        if called is not None and isinstance(called.node, cst.FunctionDef):
            self._pass(function, node, called)

    def _pass(self, function: FunctionInfo, node: cst.Call, called: FunctionInfo) -> None:
        """Lists that are passed on; what is not passed by its place or name spoils the parameter."""
        assert called.node is not None
        value = self.run.facts.value(node.func)
        names = [p.name.value for p in parameters(called.node)]
        names = names[isinstance(value, MethodValue | ObjectValue) :]
        for position, argument in enumerate(node.args):
            keyword = None if argument.keyword is None else argument.keyword.value
            name = keyword or (names[position] if position < len(names) else None)
            if argument.star or name is None:
                for each in names:
                    self.spoil((id(called), each))
                return
            if not self.hold(function, (id(called), name), argument.value):
                self.spoil((id(called), name))


def _assigned(statement: cst.CSTNode) -> cst.Name | None:
    """The name in `x = ...`."""
    single = isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1
    inner = statement.body[0] if single else None  # type: ignore[attr-defined]
    if not isinstance(inner, cst.Assign) or len(inner.targets) != 1:
        return None
    target = inner.targets[0].target
    return target if isinstance(target, cst.Name) else None


def _is_single(node: cst.Subscript) -> bool:
    return len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index)


def _starred(elements: Sequence[cst.BaseElement]) -> bool:
    return any(isinstance(element, cst.StarredElement) for element in elements)


def _own(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The code of a function, without that of functions in it; names of attributes and keywords are none."""
    waiting = [node]
    while waiting:
        inner = waiting.pop()
        yield inner
        if type(inner) is cst.Attribute:
            waiting.append(inner.value)
        elif type(inner) not in _DEFINING:
            waiting += reversed(code_parts(inner))


_DEFINING = frozenset({cst.FunctionDef, cst.Lambda, cst.ClassDef})
_USING = frozenset({cst.Assign, cst.Return, cst.For, cst.CompFor, cst.Subscript, cst.Call})
