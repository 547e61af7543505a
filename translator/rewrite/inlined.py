"""Functions of one line that copy what they are given, from torch to torch: their calls say what they return.

`clones(Block(4), 3)` of `return nn.ModuleList([copy.deepcopy(module) for _ in range(n)])` is such a list itself.
"""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst

from translator.rewrite.constructs.reading import of_kind, small, targets
from translator.rewrite.held import each
from translator.source.classes import closure
from translator.source.facts import Facts
from translator.source.functions import parameters
from translator.source.objects import FunctionInfo, FunctionValue
from translator.source.tree import nodes


def with_copies(tree: cst.Module, facts: Facts) -> cst.Module | None:
    """The file with such calls written out; None where it has none."""
    if not facts.copies:
        return None
    helpers = {
        id(function): (function, returned)
        for function in facts.functions.values()
        if (returned := _returned(facts, function)) is not None
    }
    return _Inlining(facts, helpers).written(tree) if helpers else None


def _returned(facts: Facts, function: FunctionInfo) -> cst.BaseExpression | None:
    """What a function returns that copies one of its parameters and does nothing else."""
    node = function.node
    if function.owner is not None or not isinstance(node, cst.FunctionDef):
        return None
    lines = [line for line in node.body.body if not _is_docstring(line)]
    inner = small(lines[0]) if len(lines) == 1 else None
    value = inner.value if isinstance(inner, cst.Return) else None
    if value is None or node.params.star_kwarg is not None:
        return None
    own = {p.name.value for p in parameters(node)}
    copied = (c.args[0].value for c in of_kind(nodes(value), cst.Call) if id(c) in facts.copies)
    return value if any(isinstance(n, cst.Name) and n.value in own for n in copied) else None


def _is_docstring(line: cst.CSTNode) -> bool:
    inner = small(line)
    return isinstance(inner, cst.Expr) and isinstance(inner.value, cst.SimpleString)


class _Inlining:
    """The rewriting of one file."""

    def __init__(
        self, facts: Facts, helpers: Mapping[int, tuple[FunctionInfo, cst.BaseExpression]]
    ) -> None:
        self.facts = facts
        self.helpers = helpers

    def written(self, tree: cst.Module) -> cst.Module | None:
        """The file without the calls, and without the functions that nothing names any more."""
        new = self._changed(tree)
        assert isinstance(new, cst.Module)
        if new is tree:
            return None
        named = [name.value for name in of_kind(nodes(new), cst.Name)]
        gone = {f.name for f, _ in self.helpers.values() if named.count(f.name) == 1}
        kept = [
            line
            for line in new.body
            if not isinstance(line, cst.FunctionDef) or line.name.value not in gone
        ]
        return new.with_changes(body=kept)

    def _changed(self, node: cst.CSTNode) -> cst.CSTNode:
        if isinstance(node, cst.Call):
            value = self.facts.value(node.func)
            function = closure(value) if isinstance(value, FunctionValue) else None
            if id(function) in self.helpers:
                new = self._called(node, *self.helpers[id(function)])
                return each(node, self._changed) if new is None else new
        return each(node, self._changed)

    def _called(
        self, node: cst.Call, function: FunctionInfo, returned: cst.BaseExpression
    ) -> cst.BaseExpression | None:
        """What a call returns; None where the names in it could mean something else there."""
        assert isinstance(function.node, cst.FunctionDef)
        given: dict[str, cst.BaseExpression] = {}
        names = parameters(function.node)
        for place, argument in enumerate(node.args):
            if argument.star or (argument.keyword is None and place >= len(names)):
                return None
            key = names[place].name if argument.keyword is None else argument.keyword
            given[key.value] = argument.value
        for parameter in names:
            if parameter.name.value not in given and parameter.default is None:
                return None
            given.setdefault(parameter.name.value, parameter.default or parameter.name)
        bound = targets(returned)
        used = {n.value for value in given.values() for n in of_kind(nodes(value), cst.Name)}
        if bound & used:
            return None
        new = _with(returned.deep_clone(), given)
        assert isinstance(new, cst.BaseExpression)
        return new


def _with(node: cst.CSTNode, given: Mapping[str, cst.BaseExpression]) -> cst.CSTNode:
    """An expression with others in place of names."""
    if isinstance(node, cst.Name):
        return given.get(node.value, node)
    if isinstance(node, cst.Attribute):
        value = _with(node.value, given)
        return node if value is node.value else node.with_changes(value=value)
    return each(node, lambda part: _with(part, given))
