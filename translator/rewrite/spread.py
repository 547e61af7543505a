"""Settings in a dict, `args = {"padding": "same"}`, that calls share, `Conv2D(8, 3, **args)`: each call has its own."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import of_kind, small, targets
from translator.source.literals import literal_value
from translator.source.tree import code_fields, is_node, nodes

Settings = dict[str, list[cst.Arg]]


def with_settings(tree: cst.Module) -> cst.Module:
    """The file with the settings of such dicts in the calls."""
    starred = {
        argument.value.value
        for call in of_kind(nodes(tree), cst.Call)
        for argument in call.args
        if argument.star == "**" and isinstance(argument.value, cst.Name)
    }
    if not starred:
        return tree
    new = _in_block(tree, tree.body, starred)
    assert isinstance(new, cst.Module)
    return new


def _in_block(owner: cst.CSTNode, body: Sequence[cst.CSTNode], starred: set[str]) -> cst.CSTNode:
    """A module or function whose own dicts are in the calls; those of the functions in it as well."""
    known: Settings = {}
    gone: set[int] = set()
    for statement in body:
        name, given = _dict(statement)
        if name in starred and given is not None and _is_only_spread(owner, body, name, given):
            known[name] = given
            gone.add(id(statement))
    return _changed(owner, known, gone, starred)


def _changed(node: cst.CSTNode, known: Settings, gone: set[int], starred: set[str]) -> cst.CSTNode:
    """A node with the dicts in its calls, without the lines that made them."""
    changes: dict[str, object] = {}
    for field in code_fields(type(node)):
        value = getattr(node, field)
        if is_node(value):
            new = _part(value, known, gone, starred)
            if new is not value:
                changes[field] = new
        elif isinstance(value, list | tuple) and value:
            news: list[cst.CSTNode] = []
            for part in value:
                if id(part) not in gone:
                    news += _spread(part, known) or [_part(part, known, gone, starred)]
            if len(news) != len(value) or any(a is not b for a, b in zip(news, value, strict=True)):
                changes[field] = news
    return node.with_changes(**changes) if changes else node


def _part(node: cst.CSTNode, known: Settings, gone: set[int], starred: set[str]) -> cst.CSTNode:
    changed = _changed(node, known, gone, starred)
    if isinstance(changed, cst.FunctionDef) and isinstance(changed.body, cst.IndentedBlock):
        return _in_block(changed, changed.body.body, starred)
    return changed


def _spread(node: cst.CSTNode, known: Settings) -> list[cst.CSTNode]:
    """The arguments that `**conv_args` stands for."""
    if not isinstance(node, cst.Arg) or node.star != "**" or not isinstance(node.value, cst.Name):
        return []
    given = known.get(node.value.value, [])
    return [*given[:-1], given[-1].with_changes(comma=node.comma)] if given else []


def _dict(statement: cst.CSTNode) -> tuple[str, list[cst.Arg] | None]:
    """The name and the items of `name = {"a": 1}` or `name = dict(a=1)`."""
    line = small(statement)
    if not isinstance(line, cst.Assign) or len(line.targets) != 1:
        return "", None
    target, value = line.targets[0].target, line.value
    if not isinstance(target, cst.Name):
        return "", None
    if isinstance(value, cst.Call) and build.code(value.func) == "dict":
        plain = all(a.keyword is not None for a in value.args)
        return target.value, [
            _bare(a.keyword.value, a.value) for a in value.args if a.keyword
        ] if plain else None
    if not isinstance(value, cst.Dict) or not value.elements:
        return "", None
    items: list[cst.Arg] = []
    for element in value.elements:
        key = literal_value(element.key) if isinstance(element, cst.DictElement) else None
        if not isinstance(key, str) or not key.isidentifier():
            return "", None
        items.append(_bare(key, element.value))
    return target.value, items


def _bare(name: str, value: cst.BaseExpression) -> cst.Arg:
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    return build.argument(value, name).with_changes(comma=comma)


def _is_only_spread(
    owner: cst.CSTNode, body: Sequence[cst.CSTNode], name: str, given: Sequence[cst.Arg]
) -> bool:
    """True for a dict that is made once, that nothing but calls takes apart, and whose values stay what they are."""
    code = list(nodes(owner))
    starred = {id(a.value) for a in of_kind(code, cst.Arg) if a.star == "**"}
    reads = [n for n in of_kind(code, cst.Name) if n.value == name and id(n) not in starred]
    parameters = [p for p in of_kind(code, cst.Param) if p.name.value == name]
    bound = [t for statement in body for t in targets(statement)]
    inner = {n.value for a in given for n in of_kind(nodes(a.value), cst.Name)}
    return len(reads) == 1 and not parameters and not any(bound.count(n) > 1 for n in inner)
