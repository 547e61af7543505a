"""Lists and dicts of layers that a model keeps: Keras tracks them by itself, torch's have classes of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.records import Layer
from translator.rewrite import build
from translator.rewrite.constructs.reading import small
from translator.source.joins import members
from translator.source.objects import Built, ObjectValue
from translator.source.values import Dictionary, Each, Items, OneOf, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def statement(rewriter: Rewriter, node: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """`self.parts = [...]` as an `nn.ModuleList`, `self.parts = {...}` as an `nn.ModuleDict`."""
    inner = small(node)
    if rewriter.target != "torch" or not isinstance(inner, cst.Assign | cst.AnnAssign):
        return None
    targets = [t.target for t in inner.targets] if isinstance(inner, cst.Assign) else [inner.target]
    held = [_held(rewriter, target) for target in targets]
    tracked = next((value for value in held if value is not None and _holds_modules(value)), None)
    if tracked is None or inner.value is None:
        return None
    given = rewriter.facts.value(inner.value)
    if not isinstance(given, Items | Each | Dictionary):
        return None
    if why := _problem(tracked, len(targets)):
        rewriter.leave(inner, Code.UNSUPPORTED_CODE, why)
        return [node]
    name = "ModuleDict" if isinstance(tracked, Dictionary) else "ModuleList"
    func = rewriter.naming.target(f"torch.nn.{name}")
    new = rewriter.parts(inner)
    assert new.value is not None and isinstance(node, cst.SimpleStatementLine)
    empty = not members(given) and isinstance(inner.value, cst.List | cst.Dict | cst.Tuple)
    value = build.call(func, [] if empty else [cst.Arg(new.value)])
    return [node.with_changes(body=[new.with_changes(value=value)])]


def _held(rewriter: Rewriter, target: cst.BaseExpression) -> Value | None:
    """What an attribute of a model holds, all assignments and additions together."""
    if not isinstance(target, cst.Attribute):
        return None
    owner = rewriter.facts.value(target.value)
    if not isinstance(owner, ObjectValue) or not owner.info.is_module:
        return None
    return owner.info.attribute(target.attr.value)


def _holds_modules(value: Value) -> bool:
    """True for a list or dict with layers in it, at any depth."""
    if not isinstance(value, Items | Each | Dictionary):
        return False
    return any(_is_module(member) or _holds_modules(member) for member in members(value))


def _is_module(value: Value) -> bool:
    if isinstance(value, OneOf):
        return all(_is_module(option) for option in value.options)
    if isinstance(value, Built):
        name = value.site.arguments.spelling.name
        return isinstance(value.site.record, Layer) and name.startswith(_MODULES)
    return isinstance(value, ObjectValue) and value.info.is_module


_MODULES = ("keras.layers.", "keras.Sequential", "keras.Model")


def _problem(value: Value, targets: int) -> str:
    """Why torch has no such list or dict, "" where it has."""
    if targets > 1:
        return "one list of layers under two names becomes two in torch"
    if not all(_is_module(member) for member in members(value)):
        return "torch's lists and dicts of modules hold nothing else"
    if isinstance(value, Dictionary) and not all(_is_key(key) for key in value.keys):
        return "the keys of torch's dicts of modules are words"
    return ""


def _is_key(key: object) -> bool:
    return isinstance(key, str) and key != "" and "." not in key
