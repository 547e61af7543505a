"""Lists and dicts of layers that a model keeps: Keras tracks them by itself, torch's have classes of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.records import Function, Layer, Record
from translator.knowledge.signature import kind_of
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
    if rewriter.target != "torch" or inner is None:
        return None
    if why := _put_in(rewriter, inner):
        rewriter.leave(inner, Code.UNSUPPORTED_CODE, why)
        return [node]
    if not isinstance(inner, cst.Assign | cst.AnnAssign):
        return None
    targets = [t.target for t in inner.targets] if isinstance(inner, cst.Assign) else [inner.target]
    held = [_held(rewriter, target) for target in targets]
    tracked = next((value for value in held if value is not None and _holds_modules(value)), None)
    if tracked is None or inner.value is None:
        return None
    given = rewriter.facts.value(inner.value)
    if not isinstance(given, Items | Each | Dictionary):
        return None
    if why := _problem(tracked, len(targets)) or _hold_lists(rewriter, inner.value):
        rewriter.leave(inner, Code.UNSUPPORTED_CODE, why)
        return [node]
    func = _class(rewriter, tracked)
    new = rewriter.parts(inner)
    assert new.value is not None and isinstance(node, cst.SimpleStatementLine)
    stated = isinstance(inner.value, cst.List | cst.Dict | cst.Tuple)
    called = isinstance(inner.value, cst.Call) and not inner.value.args  # `list()`
    empty = not members(given) and (stated or called)
    value = build.call(func, [] if empty else [cst.Arg(new.value)])
    return [node.with_changes(body=[new.with_changes(value=value)])]


def _class(rewriter: Rewriter, value: Value) -> cst.BaseExpression:
    kind = "ModuleDict" if isinstance(value, Dictionary) else "ModuleList"
    return rewriter.naming.target(f"torch.nn.{kind}")


def _put_in(rewriter: Rewriter, line: cst.BaseSmallStatement) -> str:
    """A list of layers that is put into one that a model keeps is one of torch's as well; why it cannot be, else ""."""
    if isinstance(line, cst.AugAssign):
        return _hold_lists(rewriter, line.value) if _keeps(rewriter, line.target) else ""
    if isinstance(line, cst.Assign):
        places = (target.target for target in line.targets)
        kept = any(isinstance(p, cst.Subscript) and _keeps(rewriter, p.value) for p in places)
        return _as_list(rewriter, line.value) if kept else ""
    call = line.value if isinstance(line, cst.Expr) else None
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute) or not call.args:
        return ""
    put = {"append": _as_list, "insert": _as_list, "extend": _hold_lists}.get(call.func.attr.value)
    kept = put is not None and _keeps(rewriter, call.func.value)
    return put(rewriter, call.args[-1].value) if put is not None and kept else ""


def _keeps(rewriter: Rewriter, place: cst.BaseExpression) -> bool:
    """True for an attribute of a model with layers in it."""
    held = _held(rewriter, place)
    return held is not None and _holds_modules(held)


def _hold_lists(rewriter: Rewriter, node: cst.BaseExpression) -> str:
    """Have the lists in a list written as torch's; what keeps one from it, else ""."""
    inner: list[cst.BaseExpression] = []
    if isinstance(node, cst.List | cst.Tuple | cst.Set):
        inner = [element.value for element in node.elements]
    elif isinstance(node, cst.ListComp):
        inner = [node.elt]
    elif isinstance(node, cst.Dict):
        inner = [element.value for element in node.elements]
    elif any(map(_holds_modules, members(rewriter.facts.value(node)))):
        return _WRITTEN_OUT
    return next(filter(None, (_as_list(rewriter, part) for part in inner)), "")


def _as_list(rewriter: Rewriter, node: cst.BaseExpression) -> str:
    """Have what goes into a list written as torch's list or dict of modules, where it is one."""
    value = rewriter.facts.value(node)
    if not _holds_modules(value):
        return ""
    if not isinstance(node, cst.List | cst.Tuple | cst.ListComp | cst.Dict):
        return _WRITTEN_OUT
    if why := _problem(value, 1) or _hold_lists(rewriter, node):
        return why
    func = _class(rewriter, value)
    rewriter.instead[id(node)] = lambda: build.call(func, [cst.Arg(rewriter.parts(node))])
    return ""


_WRITTEN_OUT = "a list of layers in another one has to be written out where it is put in"


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
        record, spelling = value.site.record, value.site.arguments.spelling
        return spelling.name.startswith(_MODULES) and _is_layer_there(record)
    return isinstance(value, ObjectValue) and value.info.is_module


def _is_layer_there(record: Record) -> bool:
    """True where torch has a module for it, and no expression in its place."""
    if isinstance(record, Function):
        return any(kind_of(text) == "layer" for text in record.spellings("torch"))
    return isinstance(record, Layer)


_MODULES = ("keras.layers.", "keras.Sequential", "keras.Model")


def _problem(value: Value, targets: int) -> str:
    """Why torch has no such list or dict, "" where it has."""
    if targets > 1:
        return "one list of layers under two names becomes two in torch"
    if not all(_is_module(member) or _holds_modules(member) for member in members(value)):
        return "torch's lists and dicts of modules hold nothing else"
    if isinstance(value, Dictionary) and not all(_is_key(key) for key in value.keys):
        return "the keys of torch's dicts of modules are words"
    return ""


def _is_key(key: object) -> bool:
    return isinstance(key, str) and key != "" and "." not in key
