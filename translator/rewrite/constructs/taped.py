"""What a gradient tape is used for, found before anything is written: torch has none, it records all the time.

A tape whose every use is understood falls away. Any other stays as it is, with all that is recorded under it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs import severed
from translator.rewrite.constructs.reached import reached
from translator.rewrite.constructs.reading import blocks, of_kind
from translator.source.bound import NOT_LITERAL
from translator.source.literals import literal_value
from translator.source.objects import ParametersValue
from translator.source.tree import code_parts, nodes
from translator.source.values import Each, Items, TapeValue, TensorValue, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


@dataclass(slots=True)
class Tape:
    """One `with` of one or several tapes.

    `problem`: why it stays, "" where it falls away. `gradients`: the calls that ask for gradients; `last`, if any, is
    certain to be the last of them. `rebound`: names that are set to constants before the block.
    """

    node: cst.With
    gradients: list[cst.Call] = field(default_factory=list)
    problem: str = ""
    last: cst.Call | None = None
    rebound: list[str] = field(default_factory=list)
    watched: set[str] = field(default_factory=set)
    inner: bool = False
    """True if another tape may be recording what its gradients are."""

    def refuse(self, why: str) -> None:
        """Note the first reason why the tape stays."""
        self.problem = self.problem or why


def find(rewriter: Rewriter, tree: cst.Module) -> None:
    """Fill `rewriter.taped`, by `id` of the tape's constructor call, and the expressions that become constants."""
    if not any(isinstance(value, TapeValue) for value in rewriter.facts.values.values()):
        return
    parents = {id(part): node for node in nodes(tree) for part in code_parts(node)}
    everything = list(nodes(tree))
    for node in everything:
        if isinstance(node, cst.With) and (calls := tape_calls(rewriter, node)):
            tape = Tape(node)
            for call in calls:
                rewriter.taped[id(call)] = tape
                if not _plain(call):
                    tape.refuse("this argument of tf.GradientTape has no record")
    for node in everything:
        value = rewriter.facts.value(node)
        if isinstance(value, TapeValue) and isinstance(node, cst.Name | cst.Attribute):
            found = rewriter.taped.get(value.site)
            if found is not None:
                _use(rewriter, found, node, parents)
    tapes = list({id(t): t for t in rewriter.taped.values()}.values())
    for tape in tapes:
        _nested(rewriter, tape)
    for tape in tapes:
        _read(rewriter, tape)
        _last(tape, parents)


def tape_calls(rewriter: Rewriter, node: cst.With) -> list[cst.Call]:
    """The tapes that a `with` opens, none where it opens something else as well."""
    calls = [item.item for item in node.items]
    made = [c for c in calls if isinstance(c, cst.Call) and rewriter.api(c.func) == _NAME]
    return made if len(made) == len(calls) else []


_NAME = "tf.GradientTape"


def _plain(call: cst.Call) -> bool:
    known = all(a.keyword is not None and a.keyword.value == "persistent" for a in call.args)
    return known and all(literal_value(a.value) is not NOT_LITERAL for a in call.args)


def _use(
    rewriter: Rewriter, tape: Tape, node: cst.CSTNode, parents: dict[int, cst.CSTNode]
) -> None:
    """One place where a tape is named."""
    parent = parents[id(node)]
    if isinstance(parent, cst.AsName | cst.Del):
        return
    call = parents[id(parent)]
    if not isinstance(parent, cst.Attribute) or parent.attr is node:
        tape.refuse("this tape is handed on, where it cannot be followed")
    elif not isinstance(call, cst.Call) or call.func is not parent:
        tape.refuse(f"tape.{parent.attr.value} has no record")
    elif parent.attr.value == "gradient":
        tape.gradients.append(call)
        if why := _ungiven(rewriter, call):
            tape.refuse(why)
    elif parent.attr.value == "watch":
        names = watched(rewriter, call)
        if names is None or not isinstance(parents[id(call)], cst.Expr):
            tape.refuse("what this tape watches is not known to be tensors with names")
        tape.watched |= set(names or ())
    else:
        tape.refuse(f"tape.{parent.attr.value} has no record")


def _ungiven(rewriter: Rewriter, call: cst.Call) -> str:
    """Why a call of `tape.gradient` cannot be written, "" where it can."""
    known = ("target", "sources")
    plain = len(call.args) == 2 and all(
        not a.star and (a.keyword is None or a.keyword.value == name)
        for a, name in zip(call.args, known, strict=True)
    )
    if not plain:
        return "this argument of tape.gradient has no record"
    return "" if _is_sources(rewriter.facts.value(call.args[1].value)) else _UNKNOWN_SOURCES


_UNKNOWN_SOURCES = (
    "what this gradient is taken with respect to is not known to be one tensor or a list"
)


def _is_sources(value: Value) -> bool:
    if isinstance(value, Items):
        return all(isinstance(item, TensorValue) for item in value.items)
    if isinstance(value, Each):
        return isinstance(value.item, TensorValue)
    return isinstance(value, TensorValue | ParametersValue)


def watched(rewriter: Rewriter, call: cst.Call) -> list[str] | None:
    """The names that `tape.watch(x)` watches and that are no variables, None where they are not known."""
    if len(call.args) != 1 or call.args[0].star:
        return None
    given = call.args[0].value
    value = rewriter.facts.value(given)
    if isinstance(value, ParametersValue) or (isinstance(value, TensorValue) and value.leaf):
        return []
    members = [e.value for e in given.elements] if isinstance(given, cst.List | cst.Tuple) else None
    names: list[str] = []
    for member in [given] if members is None else members:
        one = rewriter.facts.value(member)
        if not isinstance(one, TensorValue) or one.dtype in ("int", "bool"):
            return None
        if not one.leaf:
            if not isinstance(member, cst.Name):
                return None
            names.append(member.value)
    return names


def _nested(rewriter: Rewriter, tape: Tape) -> None:
    """Note which tapes stand in this one, or in functions that run under it."""
    for body in _bodies_of(rewriter, tape):
        for node in nodes(body):
            if isinstance(node, cst.With) and (calls := tape_calls(rewriter, node)):
                inner = rewriter.taped[id(calls[0])]
                inner.inner = True
                if _steps(rewriter, node, body):
                    why = "a step inside a tape is to be differentiated: torch's changes what it trains in place"
                    tape.refuse(why)
                    inner.refuse(why)


def _bodies_of(rewriter: Rewriter, tape: Tape) -> list[cst.BaseSuite]:
    functions = reached(rewriter, tape.node.body)
    bodies = [f.node.body for f in functions if isinstance(f.node, cst.FunctionDef)]
    return [tape.node.body, *bodies]


def _steps(rewriter: Rewriter, node: cst.With, body: cst.BaseSuite) -> bool:
    """True if optimizers take steps in what a tape records."""
    names = (
        n.func.attr.value
        for n in of_kind(nodes(body), cst.Call)
        if isinstance(n.func, cst.Attribute)
    )
    return any(
        name in ("apply_gradients", "minimize", "assign_sub", "assign_add") for name in names
    )


def _read(rewriter: Rewriter, tape: Tape) -> None:
    """Note what a block reads from outside."""
    sources = [call.args[1].value for call in tape.gradients if len(call.args) == 2]
    if tape.inner and all(_is_watched(tape, source) for source in sources):
        return  # a tensor that is made anew for the block has no other way to what was computed before
    functions = reached(rewriter, tape.node.body)
    severed.note(rewriter, tape, functions)
    if tape.inner and (
        tape.rebound or any(id(n) in rewriter.severed for n in nodes(tape.node.body))
    ):
        tape.refuse("what is computed before this tape reaches it in another tape as well")


def _is_watched(tape: Tape, source: cst.BaseExpression) -> bool:
    """True for a name that the tape watches, or a list of such."""
    if isinstance(source, cst.List | cst.Tuple):
        return all(_is_watched(tape, element.value) for element in source.elements)
    return isinstance(source, cst.Name) and source.value in tape.watched


def _last(tape: Tape, parents: dict[int, cst.CSTNode]) -> None:
    """Find the gradient behind which the graph may go: the last of those that run once, one after the other."""
    around = parents[id(tape.node)]
    body = next((b for b in _bodies(around) if any(s is tape.node for s in b)), ())
    order = {id(statement): place for place, statement in enumerate(body)}
    places: list[tuple[int, cst.Call]] = []
    for call in tape.gradients:
        node: cst.CSTNode = call
        while id(node) not in order and id(node) in parents:
            node = parents[id(node)]
            if isinstance(node, _REPEATING):
                return
        if not isinstance(node, cst.SimpleStatementLine) or id(node) not in order:
            return
        places.append((order[id(node)], call))
    if places and len({place for place, _ in places}) == len(places):
        tape.last = max(places, key=lambda pair: pair[0])[1]


_REPEATING = (
    cst.For,
    cst.While,
    cst.FunctionDef,
    cst.Lambda,
    cst.ListComp,
    cst.GeneratorExp,
    cst.SetComp,
    cst.DictComp,
)


def _bodies(node: cst.CSTNode) -> Iterator[Sequence[cst.CSTNode]]:
    if isinstance(node, cst.Module | cst.IndentedBlock):
        yield node.body
    else:
        yield from blocks(node)


def of_gradient(rewriter: Rewriter, call: cst.Call) -> Tape | None:
    """The tape that falls away behind a call of its `gradient`, None where it stays."""
    if not isinstance(call.func, cst.Attribute):
        return None
    value = rewriter.facts.value(call.func.value)
    tape = rewriter.taped.get(value.site) if isinstance(value, TapeValue) else None
    return None if tape is None or tape.problem else tape


def source_names(node: cst.BaseExpression) -> list[str]:
    """The names in a list of variables that is written out."""
    if not isinstance(node, cst.List | cst.Tuple):
        return []
    return [e.value.value for e in node.elements if isinstance(e.value, cst.Name)]


def code_of(node: cst.CSTNode) -> str:
    """The text of a node without spaces, to compare two."""
    return build.code(node).replace(" ", "")
