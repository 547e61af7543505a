"""Inputs of functional models, each under one name: `x = image = Input(...)`, `inputs = {"image": Input(...)}`."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import of_kind, small, targets, used_names
from translator.rewrite.functional.changing import replaced
from translator.rewrite.layout import leading, led
from translator.source.literals import literal_value
from translator.source.tree import nodes

Named = dict[str, str]
"""The names of the inputs in a dict, by their keys."""


def with_names(tree: cst.Module) -> cst.Module:
    """The file with a line and a name for each input."""
    body = [_in_definition(s) if isinstance(s, _DEFINITIONS) else s for s in tree.body]
    new = _block([s for s in body if isinstance(s, cst.BaseStatement)], tree)
    same = len(new) == len(tree.body) and all(map(_is, new, tree.body))
    return tree if same else tree.with_changes(body=new)


_DEFINITIONS = (cst.FunctionDef, cst.ClassDef)


def _is(a: object, b: object) -> bool:
    return a is b


def _in_definition(node: cst.CSTNode) -> cst.CSTNode:
    """A function, or the methods of a class, with such lines."""
    suite = getattr(node, "body", None)
    if not isinstance(suite, cst.IndentedBlock):
        return node
    inner = [s for s in suite.body if isinstance(s, cst.BaseStatement)]
    if isinstance(node, cst.ClassDef):
        body = [_in_definition(s) if isinstance(s, cst.FunctionDef) else s for s in inner]
    else:
        body = list(_block(inner, node))
    if len(body) == len(inner) and all(map(_is, body, inner)):
        return node
    return node.with_changes(body=suite.with_changes(body=body))


def _block(body: Sequence[cst.BaseStatement], owner: cst.CSTNode) -> list[cst.BaseStatement]:
    named: dict[str, Named] = {}
    written: list[cst.BaseStatement] = []
    for statement in body:
        lines = _several(statement) or _keyed(statement, owner, named)
        if lines:
            lines = [led(lines[0], leading(statement)), *lines[1:]]
        written += lines or [statement]
    if not named:
        return written
    new = [replaced(statement, lambda part: _by_name(part, named)) for statement in written]
    return [statement for statement in new if isinstance(statement, cst.BaseStatement)]


def _is_input(node: cst.BaseExpression | None) -> bool:
    if not isinstance(node, cst.Call):
        return False
    name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
    return isinstance(name, cst.Name) and name.value == "Input"


def _several(statement: cst.BaseStatement) -> list[cst.BaseStatement]:
    """`x = image = Input(...)` as two lines."""
    inner = small(statement)
    if not isinstance(inner, cst.Assign) or len(inner.targets) < 2 or not _is_input(inner.value):
        return []
    *others, last = inner.targets
    if not all(isinstance(target.target, cst.Name) for target in inner.targets):
        return []
    first = cst.SimpleStatementLine([inner.with_changes(targets=[last])])
    more = [inner.with_changes(targets=[target], value=last.target) for target in others]
    return [first, *(cst.SimpleStatementLine([line]) for line in more)]


def _keyed(
    statement: cst.BaseStatement, owner: cst.CSTNode, named: dict[str, Named]
) -> list[cst.BaseStatement]:
    """A dict of inputs as a line for each, where the file takes it apart or gives all of it to the model."""
    inner = small(statement)
    if not isinstance(inner, cst.Assign) or not isinstance(inner.value, cst.Dict):
        return []
    target = inner.targets[0].target
    pairs = [e for e in inner.value.elements if isinstance(e, cst.DictElement)]
    keys = [literal_value(pair.key) for pair in pairs]
    whole = len(pairs) == len(inner.value.elements) > 0 and len(inner.targets) == 1
    if not whole or not isinstance(target, cst.Name) or not all(_is_input(p.value) for p in pairs):
        return []
    if not all(isinstance(key, str) and key.isidentifier() for key in keys):
        return []
    code = list(nodes(owner))
    if not _is_taken_apart(code, target.value, [str(key) for key in keys]):
        return []
    taken = used_names(code)
    own = {str(key): str(key) if key not in taken else f"{key}_input" for key in keys}
    named[target.value] = own
    lines: list[cst.BaseStatement] = []
    for pair, key in zip(pairs, keys, strict=True):
        lines.append(build.statement(f"{own[str(key)]} = made", made=pair.value))
    return lines


def _is_taken_apart(code: Sequence[cst.CSTNode], name: str, keys: Sequence[str]) -> bool:
    """True where all reads of a dict that is set once are by its keys, or give it to a model."""
    if sum(name in targets(n) for n in of_kind(code, cst.SimpleStatementLine)) != 1:
        return False
    reads = sum(n.value == name for n in of_kind(code, cst.Name))
    keyed = sum(_key(n, name) in keys for n in of_kind(code, cst.Subscript))
    whole = sum(
        isinstance(a.value, cst.Name) and a.value.value == name
        for call in of_kind(code, cst.Call)
        if build.code(call.func).rpartition(".")[2] == "Model"
        for a in call.args
    )
    return reads == 1 + keyed + whole


def _key(node: cst.BaseExpression, name: str) -> object:
    """The key of `name["key"]`."""
    if not isinstance(node, cst.Subscript) or len(node.slice) != 1:
        return None
    index = node.slice[0].slice
    own = isinstance(node.value, cst.Name) and node.value.value == name
    return literal_value(index.value) if own and isinstance(index, cst.Index) else None


def _by_name(node: cst.BaseExpression, named: dict[str, Named]) -> cst.BaseExpression:
    """An expression with the names of the inputs."""
    for name, own in named.items():
        if (key := _key(node, name)) in own:
            return cst.Name(own[str(key)])
        if isinstance(node, cst.Name) and node.value == name:
            inputs = ", ".join(f'"{key}": {each}' for key, each in own.items())
            return build.expression(f"{{{inputs}}}")
    new = replaced(node, lambda part: _by_name(part, named))
    assert isinstance(new, cst.BaseExpression)
    return new
