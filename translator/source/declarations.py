"""Statements that say what names stand for without giving a value: imports, `global`, `del`, patterns of `match`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.source import imports
from translator.source.expressions import anything
from translator.source.tree import code_parts
from translator.source.values import UNKNOWN, Api, Value, Written

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def import_(run: Interpreter, node: cst.Import) -> None:
    """`import torch`."""
    _bind(run, imports.import_names(node, run.side))


def import_from(run: Interpreter, node: cst.ImportFrom) -> None:
    """`from torch import nn`, `from torch import *`."""
    if isinstance(node.names, cst.ImportStar):
        run.uses_framework |= run.stars.add(node)
    _bind(run, imports.import_from(node, run.side))


def _bind(run: Interpreter, imported: dict[str, Value]) -> None:
    for name, value in imported.items():
        run.bind(name, value)
        run.uses_framework = run.uses_framework or isinstance(value, Api)
        run.facts.mixed = run.facts.mixed or isinstance(value, Written)


def global_(run: Interpreter, node: cst.Global) -> None:
    """`global x`: the name is the module's."""
    run.scope.function.globals.update(item.name.value for item in node.names)


def nonlocal_(run: Interpreter, node: cst.Nonlocal) -> None:
    """`nonlocal x`: the name is that of a function outside."""
    run.scope.function.nonlocals.update(item.name.value for item in node.names)


def match_(run: Interpreter, node: cst.Match) -> None:
    """`match x:`; each case may be the one that is run."""
    run.plain(node.subject)
    before = after = run.scope.names
    for case in node.cases:
        run.scope.names = dict(before)
        _captures(run, case.pattern)
        if case.guard is not None:
            run.plain(case.guard)
        run.block(case.body.body)
        after = run.merge(after, run.scope.names)
    run.scope.names = after


def _captures(run: Interpreter, pattern: cst.CSTNode) -> None:
    """Bind the names of a pattern, evaluate the values and classes in it."""
    name = getattr(pattern, "rest" if isinstance(pattern, cst.MatchMapping) else "name", None)
    if isinstance(name, cst.Name):
        run.bind(name.value, UNKNOWN)
    for child in code_parts(pattern):
        if isinstance(child, cst.BaseExpression):
            if child is not name:
                run.plain(child)
        else:
            _captures(run, child)


def delete(run: Interpreter, node: cst.Del) -> None:
    """`del x`."""
    if isinstance(node.target, cst.Name):
        run.evaluate(node.target)
        run.scope.names.pop(node.target.value, None)
    else:
        anything(run, node.target)
