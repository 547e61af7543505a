"""`get_config` of a model: what its constructor was given, by which a `.keras` file builds it again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import bound_names, method_call, of_kind
from translator.rewrite.wrapping import wrapped
from translator.source.bound import NOT_LITERAL
from translator.source.functions import parameters
from translator.source.literals import literal_value
from translator.source.objects import ClassInfo, ClassValue, FunctionInfo, SuperValue
from translator.source.tree import nodes
from translator.source.values import (
    Api,
    Each,
    Items,
    Literal,
    MethodValue,
    Plain,
    TensorValue,
    Value,
)

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_ATTRIBUTE = "config"
_SHORT = cst.SimpleStatementLine([cst.Pass()])
_PLAIN_TYPES = frozenset(
    "int float str bool None Optional Union Tuple tuple List list Sequence Iterable".split()
)


def with_config(rewriter: Rewriter, info: ClassInfo, node: cst.ClassDef) -> cst.ClassDef:
    """A model whose constructor keeps what it is given, and that tells it; other classes as they are."""
    names = _kept(rewriter, info)
    if names is None or not isinstance(node.body, cst.IndentedBlock):
        return node
    if not names:
        return _with_options(node)
    own = parameters(_constructor(info))[0].name.value
    pairs = ", ".join(f'"{name}": {name}' for name in names)
    kept = wrapped(build.statement(f"{own}.{_ATTRIBUTE} = {{{pairs}}}"), _SHORT, 8)
    body: list[cst.BaseStatement] = []
    for statement in node.body.body:
        assert isinstance(statement, cst.BaseStatement)
        if isinstance(statement, cst.FunctionDef) and statement.name.value == "__init__":
            statement = _keeping(statement, kept)
        body.append(statement)
    told = f"def get_config(self):\n    return dict(self.{_ATTRIBUTE})"
    method = build.statements(told)[0].with_changes(leading_lines=[cst.EmptyLine(indent=False)])
    return node.with_changes(body=node.body.with_changes(body=[*body, method]))


def _with_options(node: cst.ClassDef) -> cst.ClassDef:
    """A model without arguments of its own, which is built again with what Keras keeps of it: its name, its type."""
    options = cst.Param(cst.Name("kwargs"), star="**")
    body: list[cst.CSTNode] = []
    for statement in node.body.body:
        if isinstance(statement, cst.FunctionDef) and statement.name.value == "__init__":
            assert isinstance(statement.body, cst.IndentedBlock)
            params = statement.params.with_changes(star_kwarg=options)
            lines = [_handing_on(line) for line in statement.body.body]
            block = statement.body.with_changes(body=lines)
            statement = statement.with_changes(params=params, body=block)
        body.append(statement)
    return node.with_changes(body=node.body.with_changes(body=body))


def _handing_on(line: cst.CSTNode) -> cst.CSTNode:
    found = method_call(line)
    if found is None or found[1].attr.value != "__init__" or found[0].args:
        return line
    call = found[0].with_changes(args=[cst.Arg(cst.Name("kwargs"), star="**")])
    assert isinstance(line, cst.SimpleStatementLine)
    return line.with_changes(body=[cst.Expr(call)])


def _constructor(info: ClassInfo) -> cst.FunctionDef:
    node = info.methods["__init__"].node
    assert isinstance(node, cst.FunctionDef)
    return node


def _keeping(method: cst.FunctionDef, kept: cst.BaseStatement) -> cst.FunctionDef:
    """The constructor with one more line behind the call of the base class's."""
    assert isinstance(method.body, cst.IndentedBlock)
    at = next(i for i, line in enumerate(method.body.body) if _calls_base(line)) + 1
    lines = method.body.body
    return method.with_changes(body=method.body.with_changes(body=[*lines[:at], kept, *lines[at:]]))


def _calls_base(line: cst.BaseStatement | cst.BaseSmallStatement) -> bool:
    found = method_call(line)
    return found is not None and found[1].attr.value == "__init__"


def _kept(rewriter: Rewriter, info: ClassInfo) -> list[str] | None:
    """The constructor's arguments where all are plain and no other model of the file makes this one; else None."""
    method = info.methods.get("__init__")
    if (
        rewriter.target != "tensorflow"
        or not info.is_module
        or info.container is not None
        or method is None
        or "get_config" in info.methods
        or _ATTRIBUTE in rewriter.naming.mentioned
        or not any(isinstance(base, Api) for base in info.bases)
        or any(caller.owner is not None and caller.owner.is_module for caller in method.callers)
    ):
        return None
    node = _constructor(info)
    params, names = node.params, [p.name.value for p in parameters(node)[1:]]
    starred = isinstance(params.star_arg, cst.Param) or params.star_kwarg is not None
    if starred or not isinstance(node.body, cst.IndentedBlock):
        return None
    if not _begins_plainly(rewriter, node.body.body, {*names}):
        return None
    plain = _Plain(rewriter)
    return names if all(plain.is_plain(method, name) for name in names) else None


def _begins_plainly(rewriter: Rewriter, body: Iterable[cst.CSTNode], names: set[str]) -> bool:
    """True if the base class's constructor is called before any of the arguments gets another value."""
    for line in body:
        found = method_call(line)
        method = None if found is None else rewriter.facts.value(found[1])
        if isinstance(method, MethodValue) and isinstance(method.receiver, SuperValue):
            return method.name == "__init__"
        if bound_names(nodes(line)) & names:
            return False
    return False


class _Plain:
    """Which parameters hold numbers, strings and the like: by what calls pass, by their annotation, by their use."""

    def __init__(self, rewriter: Rewriter) -> None:
        self.facts = rewriter.facts
        self.asked: set[tuple[int, str]] = set()

    def is_plain(self, method: FunctionInfo, name: str) -> bool:
        node = method.node
        if node is None or (id(node), name) in self.asked:
            return False
        self.asked.add((id(node), name))
        parameter = next((p for p in parameters(node) if p.name.value == name), None)
        if parameter is None:
            return False
        given = method.arguments.get(name)
        if given is not None:
            return _is_plain_value(given)
        if parameter.annotation is not None:
            return _is_plain_type(parameter.annotation.annotation)
        stated = literal_value(parameter.default)
        if stated is not NOT_LITERAL and stated is not None:
            return True
        return self._counts(node, name)

    def _counts(self, node: cst.FunctionDef | cst.Lambda, name: str) -> bool:
        """True if the function reckons with it, or hands it to a layer as a size."""
        counted = False
        for inner in nodes(node.body):
            if isinstance(inner, cst.BinaryOperation):
                sides = (inner.left, inner.right)
                beside = [other for other in sides if not _is_name(other, name)]
                counted |= len(beside) < 2 and not any(
                    isinstance(self.facts.value(other), TensorValue) for other in beside
                )
            elif isinstance(inner, cst.Attribute):
                if _is_name(inner.value, name):
                    return False
            elif isinstance(inner, cst.Call):
                if _is_name(inner.func, name):
                    return False
                counted |= self._takes_number(inner, name)
        return counted

    def _takes_number(self, call: cst.Call, name: str) -> bool:
        at = next((i for i, a in enumerate(call.args) if _is_name(a.value, name)), None)
        if at is None:
            return False
        if id(call) in self.facts.sites or (
            isinstance(call.func, cst.Name) and call.func.value == "range"
        ):
            return True
        made, keyword = self.facts.value(call.func), call.args[at].keyword
        if not isinstance(made, ClassValue) or (method := made.info.method("__init__")) is None:
            return False
        assert method.node is not None
        takes = [p.name.value for p in parameters(method.node)[1:]]
        place = keyword.value if keyword is not None else takes[at] if at < len(takes) else ""
        return self.is_plain(method, place)


def _is_name(node: cst.CSTNode, name: str) -> bool:
    return isinstance(node, cst.Name) and node.value == name


def _is_plain_value(value: Value) -> bool:
    if isinstance(value, Items):
        return all(map(_is_plain_value, value.items))
    return (
        _is_plain_value(value.item) if isinstance(value, Each) else type(value) in (Literal, Plain)
    )


def _is_plain_type(annotation: cst.BaseExpression) -> bool:
    return {name.value for name in of_kind(nodes(annotation), cst.Name)} <= _PLAIN_TYPES
