"""A container whose first layer works in place changes the tensor that it is given: what reads that one later sees it.

`out = self.conv(x) + x` with `nn.ReLU(inplace=True)` at the front of `self.conv` adds what the activation gave.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.constructs.inplace import seen_elsewhere
from translator.rewrite.once import computed_once
from translator.source.literals import literal_value
from translator.source.objects import Built, Site
from translator.source.parts import CONTAINERS
from translator.source.tree import nodes

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_TWICE = {"torch.nn.ReLU": "tf.nn.relu(x)", "torch.nn.ReLU6": "tf.nn.relu6(x)"}
"""Activations that change nothing when they are applied again."""
_WHY = "its first layer changes the tensor in place, which is read again: apply that layer before, by itself"


def keep(rewriter: Rewriter, node: cst.Call, site: Site) -> bool:
    """Apply a first layer that works in place to the name it changes, in a line before; False where it cannot."""
    first = _first(site)
    if rewriter.target != "tensorflow" or first is None or len(node.args) != 1:
        return True
    given, line = node.args[0].value, rewriter.statement
    if not isinstance(given, cst.Name) or not rewriter.functions:
        return True
    if first is site and _stands_alone(line, node):
        return True  # `y = self.relu(x)`, where the name itself is bound again
    read = _read(rewriter, line, node, given)
    if read is None:
        return True
    text = _TWICE.get(first.arguments.spelling.name)
    plain = isinstance(line, cst.SimpleStatementLine) and computed_once(line, node)
    if not read or text is None or not plain or seen_elsewhere(rewriter, given):
        rewriter.leave(node, Code.UNSUPPORTED_CODE, _WHY)
        return False
    value = build.expression(rewriter.naming.spell(text), x=given)
    rewriter.before.append(build.statement(f"{given.value} = value", value=value))
    return True


def _first(site: Site) -> Site | None:
    """The layer that a tensor meets first, where that works in place."""
    while site.arguments.spelling.name in CONTAINERS:
        part = site.parts[0] if site.parts else None
        if not isinstance(part, Built):
            return None
        site = part.site
    asked = site.arguments.values.get("inplace")
    return site if asked is not None and literal_value(asked) is True else None


def _stands_alone(line: cst.CSTNode | None, node: cst.Call) -> bool:
    inner = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
    return isinstance(inner, cst.Assign | cst.Expr) and inner.value is node


def _read(
    rewriter: Rewriter, line: cst.CSTNode | None, node: cst.Call, given: cst.Name
) -> bool | None:
    """Whether all that reads the changed tensor besides does so after the change; None where nothing does."""
    here = rewriter.functions[-1].node
    code = list(nodes(here.body)) if here is not None else []
    place = {id(part): index for index, part in enumerate(code)}
    if line is None or id(line) not in place or id(node) not in place:
        return None
    end = place[id(line)] + len(list(nodes(line)))
    readers = _readers(code, given)
    beside = [reader for reader in readers if place[id(line)] <= place[id(reader)] < end]
    looping = any(isinstance(part, cst.For | cst.While) for part in code)
    later = [reader for reader in readers if looping or place[id(reader)] >= end]
    if isinstance(line, cst.SimpleStatementLine) and isinstance(line.body[0], cst.Assign):
        names = [target.target for target in line.body[0].targets]
        if any(build.same_code(name, given) for name in names):
            later = []  # the name is bound again here
    if not beside and not later:
        return None
    early = [reader for reader in beside if place[id(reader)] < place[id(node)]]
    return not any(_is_passed(line, node, reader) for reader in early)


def _readers(code: Sequence[cst.CSTNode], given: cst.Name) -> list[cst.Name]:
    """All other places that read a name."""
    others = {id(given)}
    for part in code:
        if type(part) is cst.Attribute:
            others.add(id(part.attr))
        elif type(part) is cst.AssignTarget:
            others.add(id(part.target))
        elif type(part) is cst.Arg and part.keyword is not None:
            others.add(id(part.keyword))
    same = [part for part in code if type(part) is cst.Name and part.value == given.value]
    return [name for name in same if id(name) not in others]


def _is_passed(line: cst.CSTNode, node: cst.Call, reader: cst.Name) -> bool:
    """True for a name that some other call is given before: that one has seen the tensor as it was."""
    calls = [list(nodes(call)) for call in nodes(line) if type(call) is cst.Call]
    return any(reader in inside and node not in inside for inside in calls)
