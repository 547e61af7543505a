"""Containers of layers: their members, what stands between them, the place of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build, named_parts
from translator.rewrite.activation import activation_for
from translator.rewrite.borders import cuts_border, makes_border, surrounded
from translator.rewrite.first_weights import filled
from translator.rewrite.layers import behind, built
from translator.source.bound import Arguments
from translator.source.classes import as_container
from translator.source.layers import built_here
from translator.source.literals import literal_value
from translator.source.objects import Built, ClassValue, Site
from translator.source.parts import CONTAINERS
from translator.source.shown import shown
from translator.source.values import (
    UNKNOWN,
    Dictionary,
    Each,
    InputValue,
    Items,
    MethodValue,
    Value,
)

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


_PERMUTE = '''
class Permute(nn.Module):
    """Reorders the axes of its input."""

    def __init__(self, *dims):
        super().__init__()
        self.dims = dims

    def forward(self, x):
        return x.permute(self.dims)
'''


def permutation(rewriter: Rewriter, axes: tuple[int, ...]) -> cst.BaseExpression:
    """A layer that permutes axes: Keras's own, or a helper in torch."""
    if rewriter.target == "tensorflow":
        inner = ", ".join(map(str, axes[1:]))
        return build.expression(rewriter.naming.spell(f"keras.layers.Permute(({inner}))"))
    rewriter.naming.target("torch.nn.Module")
    name = rewriter.naming.helper("Permute", rewriter.naming.spell(_PERMUTE))
    return build.call(name, _numbers(axes))


def _numbers(axes: tuple[int, ...]) -> list[cst.Arg]:
    return [cst.Arg(build.expression(str(axis))) for axis in axes]


def container(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> cst.BaseExpression:
    """`nn.Sequential(a, b)` and `keras.Sequential([a, b])`."""
    listed = bound.values.get("layers") if rewriter.side == "tensorflow" else None
    if listed is not None and not isinstance(listed, cst.List | cst.Tuple):
        func = rewriter.naming.target("torch.nn.Sequential")
        return cst.Call(func, [cst.Arg(build.parenthesized(rewriter.expression(listed)), star="*")])
    shaped, names = named_parts.listed(rewriter, node)
    members = _members(rewriter, shaped, listed)
    if len(members) == 1 and isinstance(rewriter.facts.value(members[0].value), Dictionary):
        return _of_dict(rewriter, node, members[0].value)
    if not members and rewriter.target == "tensorflow" and not _may_grow(rewriter, node):
        return cst.Call(rewriter.naming.target("keras.layers.Identity"))  # an empty one has no call
    permuted = rewriter.facts.parts.get(id(node), {})
    elements: list[cst.BaseExpression | cst.StarredElement] = []
    layouts: list[cst.BaseElement | cst.Arg] = []
    index_of_part = 0
    separator = _separator(members)
    for member in members:
        value = rewriter.facts.value(member.value)
        if isinstance(value, InputValue):
            continue
        if index_of_part in permuted:
            elements.append(permutation(rewriter, permuted[index_of_part]))
            layouts.append(separator)
        index_of_part += 1
        _check(rewriter, member.value, value)
        name = build.expression(f'"{names[index_of_part - 1]}"') if names else None
        parts = named_parts.with_name(rewriter, member_parts(rewriter, member, value), name)
        elements += parts
        layouts += [separator] * (len(parts) - 1) + [member]
    if index_of_part in permuted:
        elements.append(permutation(rewriter, permuted[index_of_part]))
        layouts.append(separator)
    return _contain(rewriter, shaped, elements, layouts)


def _of_dict(rewriter: Rewriter, node: cst.Call, held: cst.BaseExpression) -> cst.BaseExpression:
    """`nn.Sequential(d)` of a dict that has been filled before."""
    if not isinstance(rewriter.facts.value(held), Dictionary) or node.args[0].star:
        why = "the members of this container are not followed: list them one by one"
        rewriter.leave(node, Code.UNSUPPORTED_CODE, why)
        return node
    func = rewriter.naming.target("keras.Sequential")
    members = build.expression("list(d.values())", d=build.parenthesized(rewriter.expression(held)))
    axes = rewriter.facts.parts.get(id(node), {}).get(0)
    if axes is None:
        return build.call(func, [cst.Arg(members)])
    elements = [cst.Element(permutation(rewriter, axes)), cst.StarredElement(members)]
    return build.call(func, [cst.Arg(cst.List(elements))])


_GROWING = frozenset({"append", "add_module", "extend", "insert", "add", "register_module"})


def _may_grow(rewriter: Rewriter, node: cst.Call) -> bool:
    """True for a container that gets its members later, or that no attribute or name holds where it is made."""
    target = rewriter.facts.sites[id(node)].target
    if target is None or isinstance(rewriter.facts.value(node.func), MethodValue | ClassValue):
        return True
    return any(
        owner.endswith(build.code(target).rpartition(".")[2])
        for owner in rewriter.naming.receivers(_GROWING)
    )


def _check(rewriter: Rewriter, member: cst.BaseExpression, value: Value) -> None:
    """Say so where a member comes from neither the file nor the framework: it stays what it is."""
    check_alone(rewriter, member)
    func = member.func if isinstance(member, cst.Call) else None
    if value == UNKNOWN and func is not None and rewriter.api(func) is None:
        why = f"it is not known what {shown(member)} is: the container there takes layers alone"
        rewriter.todo(member, Code.UNKNOWN_TYPE, why)


def check_alone(rewriter: Rewriter, node: cst.BaseExpression) -> None:
    """Say so where a layer is taken out of its container without the border that stands beside it there."""
    holder = node.value if isinstance(node, cst.Subscript | cst.Attribute) else None
    if holder is None or rewriter.target != "tensorflow":
        return
    owner, value = as_container(rewriter.facts.value(holder)), rewriter.facts.value(node)
    held = isinstance(owner, Built) and owner.site.arguments.spelling.name in CONTAINERS
    if not held or not isinstance(value, Built) or not value.site.member:
        return
    if makes_border(rewriter, value.site) or cuts_border(rewriter, value.site):
        why = f"the border of {shown(node)} is a layer of its own there, beside it: name the layer"
        rewriter.todo(node, Code.UNSUPPORTED_CODE, why)


def _separator(members: list[cst.Arg | cst.BaseElement]) -> cst.Arg | cst.BaseElement:
    """The layout of what is put between members: their line break, not their comments."""
    plain = cst.Arg(cst.Name("_"))
    broken = next(
        (c for m in members if isinstance(c := build.bare_comma(m.comma), cst.Comma)), None
    )
    return plain if broken is None else plain.with_changes(comma=broken)


def _members(
    rewriter: Rewriter, node: cst.Call, listed: cst.List | cst.Tuple | None
) -> list[cst.Arg | cst.BaseElement]:
    if rewriter.side == "torch":
        return list(node.args)
    return [] if listed is None else list(listed.elements)


def member_parts(
    rewriter: Rewriter, member: cst.Arg | cst.BaseElement, value: Value
) -> list[cst.BaseExpression]:
    """One member of a container: itself, and its activation beside it."""
    star = getattr(member, "star", "") or isinstance(member, cst.StarredElement)
    if star:
        return [cst.StarredElement(rewriter.expression(member.value))]
    inner = member.value
    if (
        isinstance(value, Built)
        and built_here(rewriter.facts, value, inner)
        and value.site.arguments.spelling.name not in CONTAINERS
    ):
        site = value.site
        known = id(site.node) in rewriter.facts.calls
        if known:
            after = behind(rewriter, site)
            around = makes_border(rewriter, site) or cuts_border(rewriter, site)
            if around or after is not None:
                layer = filled(rewriter, value, built(rewriter, site.node, site.arguments))
                rest = [] if after is None else [after]
                return [*surrounded(rewriter, site, layer), *rest]
    return [rewriter.expression(inner)]


def _contain(
    rewriter: Rewriter,
    node: cst.Call,
    elements: list[cst.BaseExpression | cst.StarredElement],
    layouts: list[cst.BaseElement | cst.Arg],
) -> cst.BaseExpression:
    torch = rewriter.target == "torch"
    func = rewriter.naming.target("torch.nn.Sequential" if torch else "keras.Sequential")
    source = node.args[0].value if node.args else None
    if not torch and len(elements) == 1 and isinstance(elements[0], cst.StarredElement):
        return build.call(func, [cst.Arg(elements[0].value)])  # any iterable of layers will do
    pairs = list(zip(elements, layouts, strict=True))
    if torch:
        return _as_arguments(func, node, source, [_argument(*pair) for pair in pairs])
    placed = [_element(*pair) for pair in pairs]
    if not isinstance(node.whitespace_before_args, cst.ParenthesizedWhitespace) and not any(
        "#" in build.code(member.comma) for member in placed if isinstance(member.comma, cst.Comma)
    ):
        placed = [member.with_changes(comma=cst.MaybeSentinel.DEFAULT) for member in placed]
        return cst.Call(func, [cst.Arg(cst.List(placed))])
    opening = cst.LeftSquareBracket(whitespace_after=node.whitespace_before_args)
    closing = cst.RightSquareBracket()
    if node.args and placed:
        last = node.args[-1]
        placed[-1] = placed[-1].with_changes(comma=last.comma)
        closing = cst.RightSquareBracket(whitespace_before=last.whitespace_after_arg)
    return cst.Call(func, [cst.Arg(cst.List(placed, lbracket=opening, rbracket=closing))])


def _as_arguments(
    func: cst.BaseExpression,
    node: cst.Call,
    source: cst.BaseExpression | None,
    placed: list[cst.Arg],
) -> cst.Call:
    """The members of a list as arguments, on lines as the list has them."""
    if not isinstance(source, cst.List) or not placed:
        return cst.Call(func, placed)
    placed[-1] = placed[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    inner, outer = source.lbracket.whitespace_after, node.whitespace_before_args
    if not isinstance(inner, cst.ParenthesizedWhitespace):
        aligned = cst.Call(func, placed)  # below what stands in the first line
        return aligned if "#" in build.code(aligned) else build.on_one_line(aligned)
    if not isinstance(outer, cst.ParenthesizedWhitespace):
        outer, closing = inner, source.rbracket.whitespace_before
    else:
        comma = node.args[-1].comma
        closing = (
            comma.whitespace_after
            if isinstance(comma, cst.Comma)
            else node.args[-1].whitespace_after_arg
        )
    excess = len(inner.last_line.value) - len(outer.last_line.value)
    placed = [
        argument.with_changes(comma=build.shifted(argument.comma, excess)) for argument in placed
    ]
    if isinstance(source.elements[-1].comma, cst.Comma):
        end = cst.Comma(whitespace_after=source.rbracket.whitespace_before)
        behind = build.commented(cst.Comma(whitespace_after=closing), build.shifted(end, excess))
        placed[-1] = placed[-1].with_changes(comma=behind)
    else:
        placed[-1] = placed[-1].with_changes(whitespace_after_arg=closing)
    made = cst.Call(func, placed, whitespace_before_args=outer)
    flat = build.on_one_line(made)
    return flat if "#" not in build.code(made) and len(build.code(flat)) <= build.SHORT else made


def _argument(
    value: cst.BaseExpression | cst.StarredElement, layout: cst.BaseElement | cst.Arg
) -> cst.Arg:
    if isinstance(value, cst.StarredElement):
        return cst.Arg(value.value, star="*", comma=layout.comma)
    return cst.Arg(value, comma=layout.comma)


def _element(
    value: cst.BaseExpression | cst.StarredElement, layout: cst.BaseElement | cst.Arg
) -> cst.BaseElement:
    if isinstance(value, cst.StarredElement):
        return value.with_changes(comma=layout.comma)
    return cst.Element(value, comma=layout.comma)


def as_list(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """A torch container that is run through or counted, as the list of its layers; None for anything else."""
    owner = rewriter.facts.value(node)
    if rewriter.side != "torch" or not isinstance(owner, Built):
        return None
    if owner.site.arguments.spelling.name not in CONTAINERS:
        return None
    model = rewriter.expression(node)
    if rewriter.facts.parts.get(id(owner.site.node)):
        why = "layers that reorder axes stand between those of this container: name them one by one"
        rewriter.todo(node, Code.UNSUPPORTED_CODE, why)
    return build.expression("model.layers", model=model)


def positions_of(rewriter: Rewriter, site: Site) -> list[tuple[int, Value]]:
    """The parts of a container with their places in the target's, where what is put between them counts too."""
    permuted = rewriter.facts.parts.get(id(site.node), {})
    positions: list[tuple[int, Value]] = []
    place = 0
    for index_of_part, part in enumerate(site.parts):
        member = part.site if isinstance(part, Built) and part.site.member else None
        place += index_of_part in permuted
        place += member is not None and makes_border(rewriter, member)
        positions.append((place, part))
        place += 1
        place += member is not None and cuts_border(rewriter, member)
        place += member is not None and _has_part_behind(rewriter, member)
    return positions


def _has_part_behind(rewriter: Rewriter, site: Site) -> bool:
    recurrent = rewriter.target == "torch" and site.record.states > 0
    return recurrent or activation_for(rewriter, site) is not None


def member_position(rewriter: Rewriter, node: cst.Subscript) -> int | None:
    """The place in the target's container of `model[1]` or `model.layers[1]`, None where it is no such thing."""
    holder = node.value
    if rewriter.side == "tensorflow":
        if not isinstance(holder, cst.Attribute) or holder.attr.value != "layers":
            return None
        holder = holder.value
    owner = rewriter.facts.value(holder)
    element = node.slice[0].slice
    if not isinstance(owner, Built) or len(node.slice) != 1 or not isinstance(element, cst.Index):
        return None
    given = literal_value(element.value)
    if owner.site.arguments.spelling.name not in CONTAINERS or type(given) is not int:
        return None
    if not owner.site.counted or any(isinstance(p, Items | Each) for p in owner.site.parts):
        return None  # how many layers a starred list holds is not known
    places = [place for place, _ in positions_of(rewriter, owner.site)]
    return places[given] if -len(places) <= given < len(places) else None
