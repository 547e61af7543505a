"""The members of a model in their order, from torch to torch: `list(model.children())[:-1]` names them one by one.

Keras lists layers as well, but also what it put beside them, and what an attribute held before it was set anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import mentioned, method_call, of_kind, small
from translator.rewrite.held import each
from translator.rewrite.wrapping import LIMIT, broken_call
from translator.source.classes import as_container
from translator.source.facts import Facts
from translator.source.imports import dotted
from translator.source.layers import is_module
from translator.source.literals import literal_value
from translator.source.objects import Built, ClassInfo, ClassValue, ObjectValue
from translator.source.parts import CONTAINERS
from translator.source.tree import nodes
from translator.source.values import UNKNOWN, Each, Items, OneOf, Value

_MOST = 64
"""How many members are written out at most."""


def with_children(tree: cst.Module, facts: Facts) -> cst.Module | None:
    """The file with such lists written out; None where it has none."""
    if not facts.listings:
        return None
    new = _Lists(facts).changed(tree)
    assert isinstance(new, cst.Module)
    return None if new is tree else new


class _Lists:
    """The lists of members in one file."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.left: set[int] = set()
        """By `id`, calls that stay."""

    def changed(self, node: cst.CSTNode) -> cst.CSTNode:
        """A node with the lists in it written out."""
        if type(node) in (cst.For, cst.CompFor) and self._is_container(node.iter):  # type: ignore[attr-defined]
            model = _model(node.iter.func.value)  # type: ignore[attr-defined]
            node = node.with_changes(iter=model)
        elif type(node) is cst.For and (walked := self._walked(node)) is not None:
            node = node.with_changes(iter=walked)
        elif type(node) is cst.Call:
            node = self._spread(node, "args")
        elif type(node) is cst.List or type(node) is cst.Tuple:
            node = self._spread(node, "elements")
        if type(node) is cst.Subscript or type(node) is cst.Call:
            found = self._found(node)
            if found is not None:
                return found if isinstance(found, cst.BaseExpression) else _listed(found)
        return each(node, self.changed)

    def _spread(self, node: Any, field: str) -> Any:
        """`f(*model.children())` with an argument for each of them."""
        given: list[cst.Arg | cst.BaseElement] = []
        for part in getattr(node, field):
            starred = type(part) is cst.StarredElement or getattr(part, "star", "") == "*"
            found = self._found(part.value) if starred else None
            if not isinstance(found, list):
                given.append(part)
                continue
            kind = cst.Arg if isinstance(part, cst.Arg) else cst.Element
            given += [kind(value) for value in found]
        if len(given) == len(getattr(node, field)):
            return node
        new = node.with_changes(**{field: given})
        long = isinstance(new, cst.Call) and len(build.code(new)) > build.SHORT
        return broken_call(new, LIMIT, 1) if long else new

    def _is_container(self, node: cst.BaseExpression) -> bool:
        """True for `model.children()` of a container, which can be run through itself."""
        if not isinstance(node, cst.Call) or self.facts.listings.get(id(node)) != "children":
            return False
        assert isinstance(node.func, cst.Attribute)
        owner = self.facts.value(_model(node.func.value))
        return isinstance(owner, Built) and owner.site.arguments.spelling.name in CONTAINERS

    def _walked(self, node: cst.For) -> cst.BaseExpression | None:
        """What a loop runs through that looks at what the members are: all modules, where no member has any itself."""
        name = node.target.value if isinstance(node.target, cst.Name) else ""
        call = node.iter
        if not isinstance(call, cst.Call) or self.facts.listings.get(id(call)) != "children":
            return None
        assert isinstance(call.func, cst.Attribute)
        members = self._members(_model(call.func.value), call)
        if not name or members is None or not _looks_at(node.body, name):
            return None
        if any(not isinstance(value, Built) or value.site.parts for _, value in members):
            if any(isinstance(v, Built) and v.site.record.order == "wants" for _, v in members):
                self.left.add(id(call))  # there it may be a container that has the layer in it
            return node.iter
        model = _model(call.func.value)
        return call.with_changes(func=cst.Attribute(model, cst.Name("modules")))

    def _found(
        self, node: cst.BaseExpression
    ) -> list[cst.BaseExpression] | cst.BaseExpression | None:
        """The members that an expression gives, or the one; None for anything else."""
        if isinstance(node, cst.Call) and id(node) in self.facts.listings.keys() - self.left:
            return self._written(node)
        if isinstance(node, cst.Call) and len(node.args) == 1:
            func = node.func.value if isinstance(node.func, cst.Name) else ""
            found = self._found(node.args[0].value) if func in ("list", "tuple", "next") else None
            if isinstance(found, list) and func == "next":
                return found[0] if found else None
            return found if isinstance(found, list) else None
        if isinstance(node, cst.List) and len(node.elements) == 1:
            only = node.elements[0]
            return self._found(only.value) if isinstance(only, cst.StarredElement) else None
        if isinstance(node, cst.Subscript) and len(node.slice) == 1:
            held = self._found(node.value)
            return _taken(held, node.slice[0].slice) if isinstance(held, list) else None
        return None

    def _written(self, node: cst.Call) -> list[cst.BaseExpression] | None:
        """`model.children()` and `model.named_children()`, member by member."""
        assert isinstance(node.func, cst.Attribute)
        model = _model(node.func.value)
        members = self._members(model, node)
        if members is None or "?" in dotted(model) or len(members) > _MOST:
            return None
        reached = [_reached(model, name) for name, _ in members]
        if self.facts.listings[id(node)] == "children":
            return reached
        return [
            build.expression(f'("{name}", member)', member=member)
            for (name, _), member in zip(members, reached, strict=True)
        ]

    def _members(
        self, model: cst.BaseExpression, asking: cst.Call
    ) -> list[tuple[str, Value]] | None:
        """The names and values of a model's members; None where they are not known."""
        owner = as_container(self.facts.value(model))
        if isinstance(owner, Built) and owner.site.arguments.spelling.name in CONTAINERS:
            site = owner.site
            if not site.counted or any(isinstance(p, Items | Each) for p in site.parts):
                return None
            names = {place: name for name, place in site.names.items()}
            return [(names.get(i, str(i)), part) for i, part in enumerate(site.parts)]
        return members(self.facts, owner.info, asking) if isinstance(owner, ObjectValue) else None


def members(facts: Facts, info: ClassInfo, asking: cst.CSTNode) -> list[tuple[str, Value]] | None:
    """The modules that a constructor always sets, in their order; None where it depends on more than that.

    Where `asking` stands in the constructor itself, those that it has set so far.
    """
    constructor = info.methods.get("__init__")
    bases = [base.info for base in info.bases if isinstance(base, ClassValue)]
    if constructor is None or not isinstance(constructor.node, cst.FunctionDef):
        return members(facts, bases[0], asking) if len(bases) == 1 else None
    found: dict[str, Value] = {}
    for line in constructor.node.body.body:
        if any(node is asking for node in nodes(line)):
            return list(found.items())
        inner, called = small(line), method_call(line)
        if called is not None and called[1].attr.value == "__init__" and bases:
            inherited = members(facts, bases[0], asking) if len(bases) == 1 else None
            if inherited is None:
                return None
            found |= dict(inherited)
        elif called is not None and called[1].attr.value in ("add_module", "register_module"):
            name = literal_value(called[0].args[0].value)
            if len(called[0].args) != 2 or not isinstance(name, str):
                return None
            found[name] = facts.value(called[0].args[1].value)
        elif isinstance(inner, cst.Assign | cst.AnnAssign):
            for name in _set(inner):
                value = UNKNOWN if inner.value is None else facts.value(inner.value)
                if not _is_settled(inner.value, value):
                    return None
                if is_module(value):
                    found[name] = value
        elif any(_may_set(facts, info, part) for part in nodes(line)):
            return None
    known = {name for name, value in info.attributes.items() if is_module(value)}
    inherited_names = {name for base in bases for name in base.attributes}
    return list(found.items()) if known <= found.keys() | inherited_names else None


def _set(line: cst.Assign | cst.AnnAssign) -> list[str]:
    """The attributes of `self` that a line sets."""
    targets = [line] if isinstance(line, cst.AnnAssign) else line.targets
    written = [target.target for target in targets]
    return [
        n.attr.value for n in written if isinstance(n, cst.Attribute) and dotted(n.value) == "self"
    ]


def _is_settled(node: cst.BaseExpression | None, value: Value) -> bool:
    """True where it is known whether what an attribute is set to is a module."""
    if isinstance(value, OneOf) or (is_module(value) and not isinstance(node, cst.Call)):
        return isinstance(node, cst.Call)  # a parameter may be None as well
    return value != UNKNOWN or not isinstance(node, cst.Call)


def _may_set(facts: Facts, info: ClassInfo, node: cst.CSTNode) -> bool:
    """True for what sets a member under a condition, or again and again."""
    if isinstance(node, cst.AssignTarget) and isinstance(node.target, cst.Attribute):
        return is_module(info.attributes.get(node.target.attr.value, UNKNOWN))
    if isinstance(node, cst.Call):
        func = node.func
        name = func.attr.value if isinstance(func, cst.Attribute) else dotted(func)
        return name in ("setattr", "add_module", "register_module")
    return False


def _model(node: cst.BaseExpression) -> cst.BaseExpression:
    """What has the members: `model` in `model._modules.items()` as well as in `model.children()`."""
    inside = isinstance(node, cst.Attribute) and node.attr.value == "_modules"
    return node.value if inside else node  # type: ignore[attr-defined]


def _reached(model: cst.BaseExpression, name: str) -> cst.BaseExpression:
    """A member of a model, by its name or its place."""
    text = f"model.{name}" if name.isidentifier() else f"model[{name}]"
    return build.expression(text, model=model)


def _taken(
    held: list[cst.BaseExpression], given: cst.BaseSlice
) -> list[cst.BaseExpression] | cst.BaseExpression | None:
    """`[:-1]`, `[2]` of a list that is written out."""
    if isinstance(given, cst.Index):
        place = literal_value(given.value)
        fits = type(place) is int and -len(held) <= place < len(held)
        return held[place] if fits and type(place) is int else None
    assert isinstance(given, cst.Slice)
    ends = [
        None if end is None else literal_value(end)
        for end in (given.lower, given.upper, given.step)
    ]
    if any(end is not None and type(end) is not int for end in ends):
        return None
    return held[slice(*ends)]


def _listed(values: Sequence[cst.BaseExpression]) -> cst.List:
    return cst.List([cst.Element(value) for value in values])


def _looks_at(body: cst.BaseSuite, name: str) -> bool:
    """True where a loop does more with its members than to call them or to hand them on."""
    asked = of_kind(nodes(body), cst.Call)
    if any(
        dotted(call.func) in ("isinstance", "type") and name in mentioned(call) for call in asked
    ):
        return True
    return any(dotted(a.value) == name for a in of_kind(nodes(body), cst.Attribute))
