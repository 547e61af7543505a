"""How a file takes the results of its recurrent layers: unpacked in a line, `layer(x)[0]`, or in any other way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from translator.knowledge.records import Layer
from translator.rewrite.constructs.reading import lines, of_kind, small
from translator.source.facts import Facts
from translator.source.literals import literal_value
from translator.source.objects import Site
from translator.source.tree import code_parts, nodes

Scope = cst.FunctionDef | cst.Module


@dataclass(eq=False, slots=True)
class Use:
    """One call of a recurrent layer.

    `line` assigns its results to the names of `target`; `first` is the subscript of `layer(x)[0]`. Where both are
    None, the results go elsewhere together.
    """

    call: cst.Call
    site: Site
    scope: Scope
    line: cst.SimpleStatementLine | None = None
    target: cst.BaseExpression | None = None
    first: cst.Subscript | None = None


@dataclass(slots=True)
class Names:
    """The occurrences of one name in a function: where it is bound, and where it is read."""

    bound: list[cst.Name] = field(default_factory=list)
    read: list[cst.Name] = field(default_factory=list)


def uses(facts: Facts, tree: cst.Module) -> list[Use]:
    """Every call of a recurrent layer in a file."""
    if not any(_gives_several(site) for site, _ in facts.layer_calls.values()):
        return []
    found: dict[int, Use] = {}
    for scope in _scopes(tree):
        for node in _own(scope):
            if isinstance(node, cst.Call) and id(node) in facts.layer_calls:
                site = facts.layer_calls[id(node)][0]
                if _gives_several(site):
                    found[id(node)] = Use(node, site, scope)
        for line in lines(body(scope)):
            assigned = small(line)
            if isinstance(assigned, cst.Assign) and len(assigned.targets) == 1:
                if (use := found.get(id(assigned.value))) is not None:
                    use.line, use.target = line, assigned.targets[0].target
        for taken in of_kind(_own(scope), cst.Subscript):
            if (use := found.get(id(taken.value))) is not None and index(taken) == (0,):
                use.first = taken
    return list(found.values())


def _gives_several(site: Site) -> bool:
    return site.record.states > 0 or site.record.heads


def index(node: cst.Subscript) -> tuple[object, ...] | None:
    """The numbers of `x[0]` and `x[-1, :]`, a slice of a whole axis as None; None for anything else."""
    found: list[object] = []
    for element in node.slice:
        inner = element.slice
        if isinstance(inner, cst.Index):
            number = literal_value(inner.value)
            if type(number) is not int:
                return None
            found.append(number)
        elif isinstance(inner, cst.Slice) and not (inner.lower or inner.upper or inner.step):
            found.append(None)
        else:
            return None
    return tuple(found)


def names(scope: cst.CSTNode, wanted: str) -> Names:
    """Where a function binds and reads a name; a parameter, and what nested functions do, counts as a read."""
    found = Names()
    inside = list(nodes(scope))
    bound = {
        id(name) for node in of_kind(inside, cst.AssignTarget) for name in _targets(node.target)
    }
    attributes = {id(node.attr) for node in of_kind(inside, cst.Attribute)}
    for name in of_kind(inside, cst.Name):
        if name.value == wanted and id(name) not in attributes:
            (found.bound if id(name) in bound else found.read).append(name)
    return found


def following(scope: Scope, line: cst.CSTNode) -> Sequence[cst.CSTNode] | None:
    """The statements behind a line of a function; None where it stands in a block of its own."""
    statements = body(scope)
    places = (place for place, statement in enumerate(statements) if statement is line)
    place = next(places, None)
    return None if place is None else statements[place + 1 :]


def captured(scope: Scope, wanted: str) -> bool:
    """True where a function or lambda inside reads a name, whenever it is called."""
    inner = (node for node in nodes(scope) if isinstance(node, cst.FunctionDef | cst.Lambda))
    return any(node is not scope and names(node, wanted).read for node in inner)


def may_be_none(scope: Scope, node: cst.BaseExpression) -> bool:
    """True where a function is given None for a name, or sets it to None itself."""
    if not isinstance(node, cst.Name):
        return isinstance(node, cst.IfExp | cst.BooleanOperation)
    for inner in nodes(scope):
        if isinstance(inner, cst.Param) and inner.name.value == node.value:
            if inner.default is not None and literal_value(inner.default) is None:
                return True
        if isinstance(inner, cst.Assign) and literal_value(inner.value) is None:
            if any(node.value == t.value for a in inner.targets for t in _targets(a.target)):
                return True
    return False


def absorbed(facts: Facts, tree: cst.Module) -> set[int]:
    """By `id`, the lines that name a layer which is only handed to `Bidirectional`, and the calls that build it."""
    handed = {
        id(given)
        for site in facts.sites.values()
        if not isinstance(site.record, Layer) and site.record.states
        for given in site.arguments.values.values()
    }
    found: set[int] = set()
    for scope in _scopes(tree) if handed else ():
        for line in lines(body(scope)):
            made = small(line)
            if not isinstance(made, cst.Assign) or id(made.value) not in facts.sites:
                continue
            target = made.targets[0].target
            if isinstance(target, cst.Name) and len(made.targets) == 1:
                reads = names(scope, target.value).read
                if reads and all(id(read) in handed for read in reads):
                    found |= {id(line), id(made.value)}
    return found


def _targets(node: cst.BaseExpression) -> Iterator[cst.Name]:
    if isinstance(node, cst.Name):
        yield node
    elif isinstance(node, cst.Tuple | cst.List):
        for element in node.elements:
            yield from _targets(element.value)


def _scopes(tree: cst.Module) -> Iterator[Scope]:
    yield tree
    yield from of_kind(nodes(tree), cst.FunctionDef)


def body(scope: Scope) -> tuple[cst.CSTNode, ...]:
    """The statements of a function or of the module."""
    return tuple(scope.body if isinstance(scope, cst.Module) else scope.body.body)


def _own(scope: Scope) -> Iterator[cst.CSTNode]:
    """What a function runs itself."""
    waiting: list[cst.CSTNode] = list(body(scope))
    while waiting:
        node = waiting.pop()
        if not isinstance(node, cst.FunctionDef):
            yield node
            waiting += code_parts(node)
