"""Modules that are dicts or lists of modules themselves, from torch to torch: they get one as an attribute.

`class Blocks(nn.ModuleDict)` becomes a module with `self.members = nn.ModuleDict()`: Keras has no such classes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import of_kind
from translator.source.facts import Facts
from translator.source.functions import parameters
from translator.source.layers import is_module
from translator.source.tree import code_fields, is_node, nodes
from translator.source.values import Api

_METHODS = {
    "torch.nn.ModuleDict": frozenset(
        "items values keys pop update clear add_module register_module".split()
    ),
    "torch.nn.ModuleList": frozenset("append extend insert pop".split()),
    "torch.nn.Sequential": frozenset("append extend insert pop add_module".split()),
}
_THROUGH = frozenset("len enumerate zip reversed list tuple iter sorted map".split())
"""Builtins that run through what they are given."""


def with_members(tree: cst.Module, facts: Facts) -> cst.Module | None:
    """The file without such classes; None where it has none."""
    classes = (info.node for info in facts.classes.values())
    found = {id(node): base for node in classes if (base := _base(facts, node)) is not None}
    if not found:
        return None
    new = _changed(tree, found)
    assert isinstance(new, cst.Module)
    return new


def _base(facts: Facts, node: cst.ClassDef) -> str | None:
    if len(node.bases) != 1:
        return None
    value = facts.value(node.bases[0].value)
    if not isinstance(value, Api) or value.name not in _METHODS:
        return None
    if value == Api("torch.nn.Sequential") and not _runs_itself(facts, node):
        return None
    makes = any(_makes_base(call) for call in of_kind(nodes(node), cst.Call))
    return value.name if makes else None


def _runs_itself(facts: Facts, node: cst.ClassDef) -> bool:
    """True for a container with a forward pass of its own, which gets no members as attributes."""
    methods = (part.name.value for part in of_kind(node.body.body, cst.FunctionDef))
    assigned = (
        line.value
        for line in of_kind(nodes(node), cst.Assign)
        if isinstance(line.targets[0].target, cst.Attribute)
    )
    return "forward" in methods and not any(is_module(facts.value(value)) for value in assigned)


def _makes_base(call: cst.Call) -> bool:
    """True for `super().__init__(...)`."""
    func = call.func
    if not isinstance(func, cst.Attribute) or func.attr.value != "__init__":
        return False
    return isinstance(func.value, cst.Call) and build.code(func.value.func) == "super"


@dataclass(frozen=True, slots=True)
class _Holder:
    """A method of such a class: what it calls its object, the base class, the expression for that, the attribute."""

    own: str
    base: str
    func: cst.BaseExpression
    name: str

    @property
    def members(self) -> cst.BaseExpression:
        return build.expression(f"{self.own}.{self.name}")


def _changed(node: cst.CSTNode, found: dict[int, str]) -> cst.CSTNode:
    if type(node) is cst.ClassDef and id(node) in found:
        return _class(node, found[id(node)])
    return each(node, lambda part: _changed(part, found))


def _class(node: cst.ClassDef, base: str) -> cst.ClassDef:
    func = node.bases[0].value
    taken = {a.attr.value for a in of_kind(nodes(node), cst.Attribute)}
    name = "members" if "members" not in taken else "members_"
    body = [
        _method(part, base, func, name) if isinstance(part, cst.FunctionDef) else part
        for part in node.body.body
    ]
    module = func.with_changes(attr=cst.Name("Module")) if isinstance(func, cst.Attribute) else None
    plain = module or cst.Name("Module")
    bases = [node.bases[0].with_changes(value=plain)]
    return node.with_changes(bases=bases, body=node.body.with_changes(body=body))


def _method(
    node: cst.FunctionDef, base: str, func: cst.BaseExpression, name: str
) -> cst.FunctionDef:
    own = parameters(node)[:1]
    if not own:
        return node
    holder = _Holder(own[0].name.value, base, func, name)
    body = _inside(node.body, holder)
    return node.with_changes(body=body)


def _inside(node: cst.CSTNode, holder: _Holder) -> cst.CSTNode:
    if isinstance(node, cst.IndentedBlock):
        lines = [new for line in node.body for new in _lines(line, holder)]
        same = len(lines) == len(node.body) and all(
            a is b for a, b in zip(lines, node.body, strict=True)
        )
        return node if same else node.with_changes(body=lines)
    if isinstance(node, cst.For | cst.CompFor) and _is_own(node.iter, holder):
        node = node.with_changes(iter=holder.members)
    if isinstance(node, cst.Subscript) and _is_own(node.value, holder):
        node = node.with_changes(value=holder.members)
    if isinstance(node, cst.ComparisonTarget) and isinstance(node.operator, cst.In | cst.NotIn):
        if _is_own(node.comparator, holder):
            node = node.with_changes(comparator=holder.members)
    if isinstance(node, cst.Call):
        node = _call(node, holder)
    return each(node, lambda part: _inside(part, holder))


def _call(node: cst.Call, holder: _Holder) -> cst.Call:
    func = node.func
    if isinstance(func, cst.Name) and func.value in _THROUGH:
        args = [
            a.with_changes(value=holder.members) if _is_own(a.value, holder) else a
            for a in node.args
        ]
        return node.with_changes(args=args)
    if isinstance(func, cst.Attribute) and isinstance(func.value, cst.Call):
        if func.attr.value == "forward" and build.code(func.value.func) == "super":
            return node.with_changes(func=holder.members)
    if isinstance(func, cst.Attribute) and _is_own(func.value, holder):
        if func.attr.value in _METHODS[holder.base]:
            return node.with_changes(func=func.with_changes(value=holder.members))
    return node


def _lines(line: cst.BaseStatement, holder: _Holder) -> list[cst.BaseStatement]:
    """A statement; `super().__init__(layers)` is followed by the attribute, `add_module` puts something into it."""
    small = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
    call = (
        small.value if isinstance(small, cst.Expr) and isinstance(small.value, cst.Call) else None
    )
    func = None if call is None else call.func
    if (
        call is not None
        and isinstance(func, cst.Attribute)
        and isinstance(line, cst.SimpleStatementLine)
    ):
        if _makes_base(call):
            bare = call.with_changes(args=[], whitespace_before_args=cst.SimpleWhitespace(""))
            made = build.statement("x = y", x=holder.members, y=cst.Call(holder.func, call.args))
            inner = _inside(made, holder)
            assert isinstance(inner, cst.SimpleStatementLine)
            return [line.with_changes(body=[cst.Expr(bare)]), inner]
        puts = func.attr.value in ("add_module", "register_module") and len(call.args) == 2
        if puts and _is_own(func.value, holder) and holder.base == "torch.nn.ModuleDict":
            key, value = (argument.value for argument in call.args)
            put = build.statement("x[k] = v", x=holder.members, k=key, v=value)
            return [line.with_changes(body=put.body)]
    new = _inside(line, holder)
    assert isinstance(new, cst.BaseStatement)
    return [new]


def _is_own(node: cst.BaseExpression, holder: _Holder) -> bool:
    return isinstance(node, cst.Name) and node.value == holder.own


def each(node: cst.CSTNode, change: Callable[[cst.CSTNode], cst.CSTNode]) -> cst.CSTNode:
    """The node with its parts changed; what stays the same stays the same object."""
    changes: dict[str, object] = {}
    for name in code_fields(type(node)):
        value = getattr(node, name)
        if is_node(value):
            new: object = change(value)
        elif isinstance(value, list | tuple):
            news = [change(part) for part in value]
            new = value if all(a is b for a, b in zip(news, value, strict=True)) else news
        else:
            continue
        if new is not value:
            changes[name] = new
    return node.with_changes(**changes) if changes else node
