"""Which form a torch layer takes in Keras: one layer, several in a row, or a helper that keeps torch's interface."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import libcst as cst

from translator.rewrite.constructs.reading import of_kind
from translator.rewrite.recurrent.uses import Use, captured, following, index, may_be_none, names
from translator.source.facts import Facts
from translator.source.literals import literal_value
from translator.source.objects import Site
from translator.source.recurrent import flag
from translator.source.tree import nodes


@dataclass(eq=False, slots=True)
class Plan:
    """How one torch layer is written.

    "one": a single Keras layer, which gives its states where `states`, and one output where `last`. "row": a
    `Sequential` of layers. "stack": the helper, which is called as torch's layer is. `bare`: by `id`, names of states
    that need no axis of the layers; `reads`: by `id`, what reads such a name, `h[-1]`, or a last output, and the name.
    """

    kind: Literal["one", "row", "stack"] = "stack"
    states: bool = False
    last: bool = False
    bare: set[int] = field(default_factory=set)
    reads: dict[int, cst.Name] = field(default_factory=dict)


def plans(facts: Facts, found: Sequence[Use]) -> dict[int, Plan]:
    """The plan of every layer that is called, by `id` of its site."""
    groups: dict[int, list[Use]] = {}
    for use in found:
        groups.setdefault(id(use.site), []).append(use)
    return {key: _plan(facts, group) for key, group in groups.items()}


def _plan(facts: Facts, group: Sequence[Use]) -> Plan:
    site = group[0].site
    layers, both = layer_count(site), flag(site, "bidirectional")
    if id(site.node) in facts.handed:  # it may be of another class
        return Plan()
    if flag(site, "batch_first") is None:
        return Plan()
    if not site.followed or both is None or not all(_is_simple(facts, use) for use in group):
        return Plan()
    read = any(states_read(use) for use in group)
    if layers == 1:
        plan = Plan("one", states=read)
        for use in group:
            _plan_reads(plan, use)
        steps = [None if read or both else last_steps(use) for use in group]
        if None not in steps:
            plan.last = True
            for reads in steps:
                plan.reads |= reads or {}
        return plan
    given = any(given_states(facts, use) is not None for use in group)
    drops = "dropout" in site.arguments.values
    return Plan() if read or given or (drops and layers is None) else Plan("row")


def layer_count(site: Site) -> int | None:
    """How many layers stand above each other, None where that is not stated."""
    given = site.arguments.values.get("num_layers")
    number = 1 if given is None else literal_value(given)
    return number if type(number) is int else None


def _is_simple(facts: Facts, use: Use) -> bool:
    """True where the results of a call are told apart where it stands, and the states that it is given are."""
    given = given_states(facts, use)
    if given is not None and may_be_none(use.scope, given):
        return False
    parts = outputs_and_states(use)
    if parts is None:
        return use.first is not None
    whole = isinstance(parts[1], cst.Name)
    return whole or len(state_names(use)) == use.site.record.states


def given_states(facts: Facts, use: Use) -> cst.BaseExpression | None:
    """The states that a call starts from."""
    given = facts.layer_calls[id(use.call)][1].values.get("hx")
    return None if given is None or literal_value(given) is None else given


def outputs_and_states(use: Use) -> tuple[cst.BaseExpression, cst.BaseExpression] | None:
    """The two targets of `out, (h, c) = ...`."""
    if not isinstance(use.target, cst.Tuple | cst.List) or len(use.target.elements) != 2:
        return None
    first, second = use.target.elements
    if isinstance(first, cst.StarredElement) or isinstance(second, cst.StarredElement):
        return None
    return first.value, second.value


def state_names(use: Use) -> list[cst.Name]:
    """The names that the states of a call get."""
    parts = outputs_and_states(use)
    states = None if parts is None else parts[1]
    if isinstance(states, cst.Tuple | cst.List):
        return [e.value for e in states.elements if isinstance(e.value, cst.Name)]
    return [states] if isinstance(states, cst.Name) else []


def states_read(use: Use) -> list[cst.Name]:
    """Those that are read anywhere in the function."""
    return [name for name in state_names(use) if names(use.scope, name.value).read]


def _plan_reads(plan: Plan, use: Use) -> None:
    """Names of states that are only read as `h[-1]` need no axis of the layers."""
    both = flag(use.site, "bidirectional")
    if both or len(state_names(use)) != use.site.record.states:
        return
    for name in states_read(use):
        found = names(use.scope, name.value)
        reads = _last_layers(nodes(use.scope))
        if len(found.bound) == 1 and all(id(read) in reads for read in found.read):
            plan.bare.add(id(name))
            plan.reads |= {id(reads[id(read)]): read for read in found.read}


def last_steps(use: Use) -> dict[int, cst.Name] | None:
    """By `id`, what reads the last step of the outputs, and the name in it; None where anything else is read."""
    parts = outputs_and_states(use)
    behind = None if use.line is None else following(use.scope, use.line)
    if parts is None or not isinstance(parts[0], cst.Name) or behind is None:
        return None
    name, found = parts[0].value, dict[int, cst.Name]()
    if captured(use.scope, name):
        return None
    last = (None, -1) if flag(use.site, "batch_first") else (-1,)
    for statement in behind:
        inside = list(nodes(statement))
        taken = {id(n.value): n for n in of_kind(inside, cst.Subscript)}
        reads = names(statement, name)
        for read in reads.read:
            whole = taken.get(id(read))
            places = () if whole is None else index(whole) or ()
            if whole is None or places[: len(last)] != last or set(places[len(last) :]) > {None}:
                return None
            found[id(whole)] = read
        simple = isinstance(statement, cst.SimpleStatementLine)
        if reads.bound and simple:
            return found
        if not simple and (reads.bound or reads.read):
            return None
    return found


def _last_layers(code: Iterable[cst.CSTNode]) -> dict[int, cst.BaseExpression]:
    """`h[-1]`, `h[0]`, `h[-1, :, :]` and `h.squeeze(0)`, by `id` of the name."""
    found: dict[int, cst.BaseExpression] = {}
    for node in code:
        if isinstance(node, cst.Subscript) and isinstance(node.value, cst.Name):
            taken = index(node)
            if taken and taken[0] in (0, -1) and set(taken[1:]) <= {None} and len(taken) < 4:
                found[id(node.value)] = node
        elif isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            owner = node.func.value
            squeezed = node.func.attr.value == "squeeze" and len(node.args) == 1
            if isinstance(owner, cst.Name) and squeezed and literal_value(node.args[0].value) == 0:
                found[id(owner)] = node
    return found
