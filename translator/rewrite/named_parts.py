"""Members of a container that have names: torch takes them in a dict or one by one, Keras as layers with a `name`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.source import mappings
from translator.source.classes import as_container
from translator.source.literals import literal_value
from translator.source.objects import Built, Site
from translator.source.parts import CONTAINERS

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_BESIDE = ("ZeroPadding", "Cropping", "Permute")
"""Layers that are put beside one that has a name."""


def listed(rewriter: Rewriter, node: cst.Call) -> tuple[cst.Call, list[str]]:
    """`nn.Sequential(OrderedDict([("a", x)]))` as `nn.Sequential(x)`, laid out as the dict is, and the names."""
    held = node.args[0].value if len(node.args) == 1 else None
    stated = None if held is None else mappings.pairs(held)
    if stated is None or held is None:
        return node, []
    if isinstance(held, cst.Call) and isinstance(held.func, cst.Name):
        rewriter.dissolved.add(held.func.value)
    members = [cst.Arg(value, comma=layout.comma) for _, value, layout in stated]  # type: ignore[attr-defined]
    inner, closing = _spaces(held)
    outer = node.whitespace_before_args
    if isinstance(inner, cst.ParenthesizedWhitespace):
        if isinstance(outer, cst.ParenthesizedWhitespace):
            excess = len(inner.last_line.value) - len(outer.last_line.value)
            members = [m.with_changes(comma=build.shifted(m.comma, excess)) for m in members]
            closing = _end(node)
        else:
            outer = inner
    if members and isinstance(outer, cst.ParenthesizedWhitespace):
        members[-1] = _last(members[-1], closing)
    named = node.with_changes(args=members, whitespace_before_args=outer)
    return named, [name for name, _, _ in stated]


def _spaces(
    node: cst.BaseExpression,
) -> tuple[cst.BaseParenthesizableWhitespace, cst.BaseParenthesizableWhitespace]:
    """The space behind the opening bracket around the members, and that before the closing one."""
    if isinstance(node, cst.List | cst.Tuple):
        left = node.lbracket if isinstance(node, cst.List) else node.lpar[0]
        right = node.rbracket if isinstance(node, cst.List) else node.rpar[0]
        return left.whitespace_after, right.whitespace_before
    if isinstance(node, cst.Dict):
        return node.lbrace.whitespace_after, node.rbrace.whitespace_before
    assert isinstance(node, cst.Call)
    if len(node.args) == 1 and node.args[0].keyword is None:
        return _spaces(node.args[0].value)
    return node.whitespace_before_args, _end(node)


def _end(node: cst.Call) -> cst.BaseParenthesizableWhitespace:
    """The space before the closing bracket of a call."""
    last = node.args[-1]
    return (
        last.comma.whitespace_after
        if isinstance(last.comma, cst.Comma)
        else last.whitespace_after_arg
    )


def _last(member: cst.Arg, closing: cst.BaseParenthesizableWhitespace) -> cst.Arg:
    if isinstance(member.comma, cst.Comma):
        return member.with_changes(comma=member.comma.with_changes(whitespace_after=closing))
    return member.with_changes(whitespace_after_arg=closing)


def with_name(
    rewriter: Rewriter, parts: list[cst.BaseExpression], name: cst.BaseExpression | None
) -> list[cst.BaseExpression]:
    """What one member became, the layer of Keras among it under the member's name."""
    if name is None or rewriter.target != "tensorflow":
        return parts
    for place, part in enumerate(parts):
        func = build.code(part.func) if isinstance(part, cst.Call) else ""
        if not isinstance(part, cst.Call) or ".layers." not in func:
            continue
        if not func.rpartition(".")[2].startswith(_BESIDE):
            called = build.call(part.func, [*part.args, build.argument(name, "name")], part)
            return [*parts[:place], called, *parts[place + 1 :]]
    return parts


def place(rewriter: Rewriter, node: cst.Attribute) -> int | None:
    """The place in the target's container of `model.conv`, None where it is no such thing."""
    from translator.rewrite.containers import positions_of

    owner = as_container(rewriter.facts.value(node.value))
    if not isinstance(owner, Built) or owner.site.arguments.spelling.name not in CONTAINERS:
        return None
    index = owner.site.names.get(node.attr.value)
    return None if index is None else positions_of(rewriter, owner.site)[index][0]


def fetched(rewriter: Rewriter, node: cst.Attribute) -> cst.BaseExpression | None:
    """`model.conv` whose place in the container is not known, by its name; None where it is no such thing."""
    if not has(rewriter, node.value, node.attr.value):
        return None
    model = build.parenthesized(rewriter.expression(node.value))
    return build.expression(f'model.get_layer("{node.attr.value}")', model=model)


def asked(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`hasattr(model, "conv")` of a container; None where its parts do not have that name."""
    holder, name = node.args[0].value, literal_value(node.args[1].value)
    if not isinstance(name, str) or not has(rewriter, holder, name):
        return None
    model = build.parenthesized(rewriter.expression(holder))
    each = rewriter.naming.fresh("layer")
    return build.expression(f'any({each}.name == "{name}" for {each} in model.layers)', model=model)


def has(rewriter: Rewriter, holder: cst.BaseExpression, name: str) -> bool:
    """True for a container of torch that may have a part of this name, which Keras's layer is told."""
    owner = as_container(rewriter.facts.value(holder))
    if rewriter.target != "tensorflow" or not isinstance(owner, Built):
        return False
    return name in owner.site.by_name and name not in owner.site.names


def told(rewriter: Rewriter, site: Site, parts: list[cst.BaseExpression]) -> bool:
    """Give a layer the name by which it is fetched; False where it is not one layer that can have it."""
    named = with_name(rewriter, parts, build.expression(f'"{site.named}"'))
    alone = len(parts) == 1 and named != parts
    parts[:] = named
    return alone
