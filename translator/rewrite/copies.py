"""Copies of modules, from torch to torch: `copy.deepcopy(block)` builds another block.

A layer of Keras is copied with its name and what it has built; what a person writes is the constructor once more. What
a constructor is given only to be copied becomes a function that builds it: `Encoder(lambda: Block(4), 3)`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import libcst as cst

from translator.findings import Code
from translator.rewrite.constructs.reading import of_kind, small
from translator.rewrite.held import each
from translator.source.classes import closure
from translator.source.facts import Facts
from translator.source.functions import parameters
from translator.source.layers import is_module
from translator.source.objects import ClassValue, FunctionInfo, ObjectValue
from translator.source.sizes import bindings
from translator.source.tree import code_parts, nodes
from translator.source.values import MethodValue, Tool

Note = tuple[cst.CSTNode, Code, str]
_DRAWN = "copies are built one by one: each draws first values of its own, in torch they are alike"


def with_constructors(tree: cst.Module, facts: Facts) -> tuple[cst.Module, list[Note]] | None:
    """The file without copies of modules, and what to say of it; None where it has none that can be built anew."""
    if not facts.copies:
        return None
    copies = _Copies(tree, facts)
    new = copies.written()
    first = next(call for call, _ in copies.calls if id(call) in facts.copies)
    return None if new is tree else (new, [(first, Code.INITIALIZER, _DRAWN)])


class _Copies:
    """The copies of one file."""

    def __init__(self, tree: cst.Module, facts: Facts) -> None:
        self.tree = tree
        self.facts = facts
        self.functions = {
            id(f.node): f for f in facts.functions.values() if isinstance(f.node, cst.FunctionDef)
        }
        self.calls = list(self._calls(tree, facts.module))
        self.made: dict[int, cst.BaseExpression] = {}
        """By `id` of a call that copies: the expression that builds the same."""
        self.wrapped: dict[int, cst.BaseExpression] = {}
        """By `id` of an argument that becomes a function: what that builds."""
        self.read: set[int] = set()
        """By `id`, names of parameters that hold such a function, where an attribute is read from what it builds."""
        self.spent: set[int] = set()
        """By `id`, names that are not written any more."""
        self.sources: list[tuple[FunctionInfo, str]] = []
        """The variables whose modules are copied."""

    def written(self) -> cst.Module:
        """The file with all copies that can be built anew."""
        for call, function in self.calls:
            if id(call) in self.facts.copies and id(call) not in self.made:
                self._understand(call, function)
        if not self.made or any(self._is_used(function, name) for function, name in self.sources):
            return self.tree
        new = self._changed(self.tree)
        assert isinstance(new, cst.Module)
        return new

    def _calls(
        self, node: cst.CSTNode, function: FunctionInfo
    ) -> Iterator[tuple[cst.Call, FunctionInfo]]:
        """All calls, each with the function that it stands in."""
        for part in code_parts(node):
            if type(part) is cst.Call:
                yield part, function
            yield from self._calls(part, self.functions.get(id(part), function))

    # understanding

    def _understand(self, call: cst.Call, function: FunctionInfo) -> None:
        given = call.args[0].value
        if (made := self._constructor(given, function)) is not None:
            self._make(call, made)
        elif isinstance(given, cst.Name):
            before = dict(self.made), dict(self.wrapped), set(self.read)
            if not self._as_maker(given.value, function, set()):
                self.made, self.wrapped, self.read = before

    def _make(self, call: cst.Call, made: cst.BaseExpression) -> None:
        self.made[id(call)] = made
        self.spent |= {id(call.func), id(call.args[0].value)}

    def _constructor(
        self, node: cst.BaseExpression, function: FunctionInfo
    ) -> cst.BaseExpression | None:
        """The call that has built what an expression gives, where it builds the same here."""
        if isinstance(node, cst.Call) and id(node) in self.facts.copies:
            return self._constructor(node.args[0].value, function)
        if isinstance(node, cst.Call):
            return node if is_module(self.facts.value(node)) else None
        bound = self._bound(function)
        if not isinstance(node, cst.Name) or bound[node.value] != 1 or function.node is None:
            return None  # what a module names may be used elsewhere
        value = next((v for name, v in _settings(self._body(function)) if name == node.value), None)
        if not isinstance(value, cst.Call) or not is_module(self.facts.value(value)):
            return None
        if any(bound[name.value] > 1 for name in of_kind(nodes(value), cst.Name)):
            return None
        self.sources.append((function, node.value))
        return value.deep_clone()

    def _is_used(self, function: FunctionInfo, name: str) -> bool:
        """True if the module itself is used beside its copies, which then have to begin as it does."""
        return len(self._unspent(self._body(function), name)) > 1

    def _unspent(self, body: cst.CSTNode, name: str) -> list[cst.Name]:
        """Where a variable is still named, the place included where it is set."""
        named = (n for n in of_kind(nodes(body), cst.Name) if n.value == name)
        return [n for n in named if id(n) not in self.spent]

    def _as_maker(self, name: str, function: FunctionInfo, seen: set[tuple[int, str]]) -> bool:
        """True for a parameter that may as well hold a function which builds the module: notes what changes then."""
        key = (id(function), name)
        if key in seen:
            return True
        seen.add(key)
        node = function.node
        if not isinstance(node, cst.FunctionDef) or self._bound(function)[name] != 1:
            return False
        names = [p.name.value for p in parameters(node)][function.owner is not None :]
        if name not in names:
            return False
        return self._uses(name, node.body, seen) and self._callers(
            names.index(name), name, function, seen
        )

    def _uses(self, name: str, body: cst.CSTNode, seen: set[tuple[int, str]]) -> bool:
        """True if a function only copies a parameter, reads what it has, and hands it on to be copied."""
        for part in nodes(body):
            for inner in code_parts(part):
                if not isinstance(inner, cst.Name) or inner.value != name:
                    continue
                if isinstance(part, cst.Attribute) and inner is part.value:
                    self.read.add(id(inner))
                elif not isinstance(part, cst.Attribute | cst.Arg):
                    return False
        for call in of_kind(nodes(body), cst.Call):
            for place, argument in enumerate(call.args):
                if not isinstance(argument.value, cst.Name) or argument.value.value != name:
                    continue
                if id(call) in self.facts.copies:
                    self._make(call, cst.Call(cst.Name(name)))
                elif not self._handed_on(call, place, argument, seen):
                    return False
        return True

    def _handed_on(
        self, call: cst.Call, place: int, argument: cst.Arg, seen: set[tuple[int, str]]
    ) -> bool:
        called = self._called(call)
        if called is None or called.node is None or argument.star:
            return False
        names = [p.name.value for p in parameters(called.node)][called.owner is not None :]
        own = names[place] if place < len(names) else ""
        return self._as_maker(
            own if argument.keyword is None else argument.keyword.value, called, seen
        )

    def _callers(
        self, place: int, name: str, function: FunctionInfo, seen: set[tuple[int, str]]
    ) -> bool:
        """True if all calls of a function give the parameter something that can be built there."""
        calls = [(call, where) for call, where in self.calls if self._called(call) is function]
        for call, where in calls:
            named = [a for a in call.args if a.keyword is not None and a.keyword.value == name]
            given = named or [a for a in call.args[place : place + 1] if a.keyword is None]
            if not given or any(a.star for a in call.args):
                return False
            value = given[0].value
            made = self._constructor(value, where)
            if made is not None:
                self.wrapped[id(value)] = made
                self.spent |= {id(value)} if made is not value else set()
            elif not isinstance(value, cst.Name) or not self._as_maker(value.value, where, seen):
                return False
        return bool(calls)

    def _called(self, call: cst.Call) -> FunctionInfo | None:
        """The function of the file that a call runs."""
        value = self.facts.value(call.func)
        if isinstance(value, ClassValue):
            return value.info.method("__init__")
        return None if isinstance(value, MethodValue | ObjectValue) else closure(value)

    def _body(self, function: FunctionInfo) -> cst.CSTNode:
        return self.tree if function.node is None else function.node.body

    def _bound(self, function: FunctionInfo) -> Counter[str]:
        """How often the names of a function are bound; in loops counts twice."""
        return Counter(bindings(self.tree if function.node is None else function.node))

    # writing

    def _changed(self, node: cst.CSTNode) -> cst.CSTNode:
        if id(node) in self.wrapped:
            made = self.wrapped[id(node)]
            inner = each(made, self._changed) if made is node else self._changed(made)
            assert isinstance(inner, cst.BaseExpression)
            return cst.Lambda(cst.Parameters(), inner)
        if id(node) in self.made:
            return self._changed(self.made[id(node)])
        if id(node) in self.read:
            assert isinstance(node, cst.BaseExpression)
            return cst.Call(node)
        if isinstance(node, cst.IndentedBlock):
            kept = [line for line in node.body if not self._is_spent(line, node)]
            node = node if len(kept) == len(node.body) else node.with_changes(body=kept)
        return each(node, self._changed)

    def _is_spent(self, line: cst.CSTNode, block: cst.IndentedBlock) -> bool:
        """True for a line that names a module, or the function that copies, for copies alone."""
        if not isinstance(line, cst.SimpleStatementLine):
            return False
        for name, value in _settings(line):
            module = isinstance(value, cst.Call) and is_module(self.facts.value(value))
            if not module and self.facts.value(value) != Tool("copy.deepcopy"):
                return False
            named = sum(n.value == name for n in of_kind(nodes(block), cst.Name))
            return len(self._unspent(block, name)) == 1 and named > 1
        return False


def _settings(body: cst.CSTNode) -> Iterator[tuple[str, cst.BaseExpression]]:
    """The names that lines set, each with its value; those in branches as well."""
    for line in of_kind(nodes(body), cst.SimpleStatementLine):
        inner = small(line)
        if isinstance(inner, cst.Assign) and len(inner.targets) == 1:
            target = inner.targets[0].target
            if isinstance(target, cst.Name):
                yield target.value, inner.value
