"""Putting the written file together: body, imports, positions of the findings, axis orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import libcst as cst

from translator import syntax
from translator.errors import SourceError
from translator.findings import Code, Finding
from translator.rewrite import devices, imports, recurrent, zero_borders
from translator.rewrite.constructs import (
    checkpoints,
    copies,
    gather,
    running,
    saving,
    states,
    taped,
    tying,
)
from translator.rewrite.naming import Naming
from translator.rewrite.prepared import Origins, Prepared
from translator.rewrite.rewriter import Rewriter
from translator.rewrite.statements import rewrite_block
from translator.rewrite.written import without_unused
from translator.source import printed
from translator.source.facts import to_target
from translator.source.objects import LAZY, FunctionInfo
from translator.source.orders import Orders
from translator.source.tree import nodes
from translator.source.values import Items, MixedValue, SeveralValue, TensorValue

Written = tuple[str, tuple[Finding, ...], Mapping[str, Orders]]


def write(source: cst.Module, file: Prepared, exact: bool) -> Written:
    """Write the file that the facts of its lowered form call for.

    Raises:
        SourceError: it would be nested more deeply than Python reads.
    """
    tree, models = file.tree, file.models
    rewriter = Rewriter(file.facts, Naming(tree), exact)
    for node, kind, message in file.notes:
        rewriter.note(node, kind, message)
    rewriter.dissolved |= file.dissolved
    rewriter.unsplit = {} if models is None else models.refused
    trained = file.trained
    if trained is not None:
        rewriter.given_parameters |= trained.optimizers
        rewriter.untrained = trained.refused
        rewriter.put_in = trained.origins
    gather.initialisers(rewriter)
    taped.find(rewriter, tree)
    running.find(rewriter, tree)
    states.find(rewriter)
    saving.find(rewriter)
    copies.find(rewriter)
    checkpoints.find(rewriter)
    recurrent.find(rewriter, tree)
    zero_borders.find(rewriter)
    tying.find(rewriter, tree)
    body = without_unused(rewriter, rewrite_block(rewriter, tree.body))
    changed = _orders(rewriter)
    footer = [*rewriter.waiting, *tree.footer]
    new = imports.apply(rewriter, tree, tree.with_changes(body=body, footer=footer))
    if rewriter.devices:
        new = devices.without_unused(new, rewriter.devices)
    code = printed.text(new, new)
    _check(code)
    return code, _placed(source, rewriter, tree, file.origins), changed


def _check(code: str) -> None:
    """What is written must be Python; only a long chain of methods may be too much, as nested calls."""
    try:
        syntax.parse(code)
    except SyntaxError as error:
        if "nested" not in error.msg:
            raise
        raise SourceError("nested too deeply to be converted") from None


def _orders(rewriter: Rewriter) -> Mapping[str, Orders]:
    """The functions whose arguments or results changed their axis order; each is a finding as well."""
    changed: dict[str, Orders] = {}
    side = rewriter.facts.side
    for function in rewriter.facts.functions.values():
        arguments = {name: to_target(side, rank) for name, rank in function.wanted.items()}
        results = {
            index: to_target(side, value.rank)
            for index, value in enumerate(_results(function))
            if isinstance(value, TensorValue)
            and value.target_order
            and value.rank is not None
            and value.rank >= 3
        }
        mixed = isinstance(function.result, MixedValue)
        listed = [name for name in function.lists if name in function.arguments]
        if function.name == LAZY or not (arguments or results or mixed or listed):
            continue
        name = _written_name(rewriter, function)
        changed[name] = Orders(arguments, results)
        last = "channels last" if rewriter.target == "tensorflow" else "channels first"
        parts = [
            *arguments,
            *(f"all in {name}" for name in listed),
            *(["its result"] if results or mixed else []),
        ]
        if function.node is not None:
            rewriter.note(
                function.node,
                Code.AXIS_ORDER,
                f"{name}: {', '.join(parts)} {'are' if len(parts) > 1 else 'is'} {last}",
            )
    return changed


def _results(function: FunctionInfo) -> tuple[object, ...]:
    several = isinstance(function.result, Items | SeveralValue)
    return function.result.items if several else (function.result,)  # type: ignore[union-attr]


def _written_name(rewriter: Rewriter, function: FunctionInfo) -> str:
    """The function's name in the written file."""
    if function.owner is None or not function.is_forward:
        return function.qualified
    return f"{function.owner.name}.{'call' if rewriter.target == 'tensorflow' else 'forward'}"


def _placed(
    source: cst.Module, rewriter: Rewriter, tree: cst.Module, origins: Origins
) -> tuple[Finding, ...]:
    """The findings with their places in the source, from top to bottom."""
    if not rewriter.findings:
        return ()
    found = [(node, finding) for node, finding in rewriter.findings]
    if tree is not source:
        known = {id(node) for node in nodes(source)}
        found = [(_of_source(node, known, origins), finding) for node, finding in found]
    places = printed.places(source, [node for node, _ in found])
    placed = (
        replace(finding, span=places[id(node)]) if id(node) in places else finding
        for node, finding in found
    )
    return tuple(sorted(placed, key=lambda finding: (finding.span.line, finding.span.column)))


def _of_source(node: cst.CSTNode, known: set[int], origins: Origins) -> cst.CSTNode:
    """The first part of a node that the source has, or what the node stands for: it was put in."""
    parts = [origins.get(id(inner), (inner, inner))[1] for inner in nodes(node)]
    return next((part for part in parts if id(part) in known), node)
