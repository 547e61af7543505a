"""Layers, losses and containers: constructors, calls, activations that move out of or into a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.records import Layer, Record
from translator.knowledge.registry import index
from translator.knowledge.signature import Signature, parse
from translator.rewrite import build
from translator.rewrite.arguments import Moved, arrange, move
from translator.rewrite.modes import with_training
from translator.source.bind import Arguments
from translator.source.expressions import literal_value
from translator.source.layers import CONTAINERS
from translator.source.values import Built, InputValue, Site, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_ONE_INPUT = ("(input)", "(inputs)")
_PERMUTE = '''
class Permute(nn.Module):
    """Reorders the axes of its input."""

    def __init__(self, *dims):
        super().__init__()
        self.dims = dims

    def forward(self, x):
        return x.permute(self.dims)
'''


def constructor(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> cst.BaseExpression:
    """A layer where it is built; an activation that Keras applies inside stands beside it in torch."""
    if bound.spelling.name in CONTAINERS:
        return _container(rewriter, node, bound)
    site = rewriter.facts.sites[id(node)]
    layer = built(rewriter, node, bound)
    activation = _activation_layer(rewriter, site)
    if activation is None or not site.detached:
        return layer
    return build.call(
        rewriter.naming.target("torch.nn.Sequential"), [cst.Arg(layer), cst.Arg(activation)]
    )


def built(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> cst.BaseExpression:
    """The constructor call of the layer alone."""
    record = bound.record
    signature = rewriter.target_spelling(record, "layer")
    if signature is None:
        return _by_string(rewriter, node, record)
    moved = move(rewriter, node, bound, signature)
    if signature.parameter("params") is not None:
        trained = rewriter.trained(node)
        if trained is None:
            rewriter.todo(
                node,
                Code.UNSUPPORTED_CODE,
                "torch's optimizer needs its parameters: none were found",
            )
            rewriter.keep(node.func)
            return node
        moved["params"] = (trained, True)
    func = rewriter.naming.target(signature.name)
    names = rewriter.target_names(record, signature)
    missing = [
        p.name
        for p in signature.parameters
        if p.default is None and not p.star and p.name not in moved
    ]
    if missing and rewriter.target == "torch":
        func, signature = _lazy(rewriter, node, signature, missing[0])
    if isinstance(record, Layer) and record.initial and not _initial_given(rewriter, node, bound):
        rewriter.note(node, Code.INITIALIZER, f"{record.title}: {record.initial}", record.title)
    arguments = arrange(moved, signature, names) + _initializers(rewriter, node, bound)
    return build.call(func, arguments, node)


def _initial_given(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> bool:
    """True if the source says how all weights start."""
    if rewriter.target == "torch":
        return "kernel_initializer" in bound.values
    given = rewriter.initializers.get(id(node), {})
    biased = bound.values.get("bias")
    return "kernel" in given and ("bias" in given or (biased is not None and literal_value(biased) is False))


def _by_string(rewriter: Rewriter, node: cst.Call, record: Record) -> cst.BaseExpression:
    """An activation without a Keras layer of its own: `keras.layers.Activation("tanh")`."""
    text = rewriter.target_spelling(record, "string")
    if text is None:
        rewriter.todo(node, Code.UNSUPPORTED_CODE, f"{record.title} has no layer there")
        rewriter.keep(node.func)
        return node
    return build.expression(rewriter.naming.spell(f'keras.layers.Activation("{text.name}")'))


def _lazy(
    rewriter: Rewriter, node: cst.Call, signature: Signature, missing: str
) -> tuple[cst.BaseExpression, Signature]:
    """The variant of a torch module that learns its input size at its first call."""
    prefix, _, last = signature.name.rpartition(".")
    rewriter.note(
        node, Code.LAZY_SIZE, f"{missing} of {last} is not known from this file", signature.name
    )
    rest = tuple(p for p in signature.parameters if p.name != missing)
    return rewriter.naming.target(f"{prefix}.Lazy{last}"), Signature(
        signature.name, rest, signature.kind
    )


def _initializers(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> list[cst.Arg]:
    """`kernel_initializer=` for what `nn.init` calls in the source set."""
    given = rewriter.initializers.get(id(node), {})
    return [build.argument(value, f"{name}_initializer") for name, value in given.items()]


def call(rewriter: Rewriter, node: cst.Call, site: Site, bound: Arguments) -> cst.BaseExpression:
    """A call of a built layer or loss: its arguments by the other side's names, its activation applied."""
    record = site.record
    func = rewriter.expression(node.func)
    if record.called != _ONE_INPUT:
        signature = parse("call" + record.called[0 if rewriter.target == "torch" else 1])
        moved: dict[str, Moved] = {
            str(lens.name(rewriter.target)): (
                rewriter.expression(bound.values[str(lens.name(rewriter.side))]),
                True,
            )
            for lens in record.call_args
            if str(lens.name(rewriter.side)) in bound.values
        }
        arguments = arrange(moved, signature, {})
    else:
        values = [rewriter.expression(value) for value in bound.values.values()]
        arguments = [build.argument(value) for value in values]
    result: cst.BaseExpression = build.call(func, arguments, node)
    result = with_training(rewriter, Built(site), result)
    return result if site.detached else _activated(rewriter, site, result)


def _activated(rewriter: Rewriter, site: Site, value: cst.BaseExpression) -> cst.BaseExpression:
    """The activation of a Keras layer, applied to what its torch counterpart returns."""
    found = activation_record(rewriter, site)
    if found is None:
        return value
    signature = rewriter.target_spelling(found, "function")
    if signature is None:
        return value
    arguments = [cst.Arg(value)]
    if signature.parameter("dim") is not None:
        arguments.append(build.argument(_channel_axis(site), "dim"))
    return build.call(rewriter.naming.target(signature.name), arguments)


def _channel_axis(site: Site) -> cst.BaseExpression:
    """The axis that Keras has last: the channels, which torch's images have second."""
    return build.expression("1" if site.record.order == "wants" else "-1")


def activation_record(rewriter: Rewriter, site: Site) -> Record | None:
    """The record behind `activation=`; a finding where it is not known."""
    given = site.arguments.values.get("activation")
    if given is None or rewriter.side != "tensorflow":
        return None
    name = given.raw_value if isinstance(given, cst.SimpleString) else rewriter.api(given)
    if isinstance(given, cst.Name) and given.value == "None" or name == "linear":
        return None
    rows = index("tensorflow").get(str(name), ())
    if not rows:
        rewriter.todo(
            given, Code.UNSUPPORTED_ARGUMENT, f"activation={build.code(given)} has no record"
        )
        return None
    return rows[0][0]


def _activation_layer(rewriter: Rewriter, site: Site) -> cst.BaseExpression | None:
    found = activation_record(rewriter, site)
    if found is None:
        return None
    signature = rewriter.target_spelling(found, "layer")
    if signature is None:
        rewriter.todo(
            site.node, Code.UNSUPPORTED_ARGUMENT, f"the activation {found.title} has no module"
        )
        return None
    arguments = [build.argument(_channel_axis(site), "dim")] if signature.parameter("dim") else []
    return build.call(rewriter.naming.target(signature.name), arguments)


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


def _container(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> cst.BaseExpression:
    """`nn.Sequential(a, b)` and `keras.Sequential([a, b])`."""
    members = _members(rewriter, node)
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
        parts = member_parts(rewriter, member, value)
        elements += parts
        layouts += [separator] * (len(parts) - 1) + [member]
    return _contain(rewriter, node, elements, layouts)


def _separator(members: list[cst.Arg | cst.BaseElement]) -> cst.Arg | cst.BaseElement:
    """The layout of what is put between members: their line break, not their comments."""
    plain = cst.Arg(cst.Name("_"))
    broken = next((c for m in members if isinstance(c := build.bare_comma(m.comma), cst.Comma)), None)
    return plain if broken is None else plain.with_changes(comma=broken)


def _members(rewriter: Rewriter, node: cst.Call) -> list[cst.Arg | cst.BaseElement]:
    if rewriter.side == "torch":
        return list(node.args)
    first = node.args[0].value if node.args else None
    return list(first.elements) if isinstance(first, cst.List | cst.Tuple) else list(node.args[:1])


def member_parts(
    rewriter: Rewriter, member: cst.Arg | cst.BaseElement, value: Value
) -> list[cst.BaseExpression]:
    """One member of a container: itself, and its activation beside it."""
    star = getattr(member, "star", "") or isinstance(member, cst.StarredElement)
    if star:
        return [cst.StarredElement(rewriter.expression(member.value))]  # type: ignore[list-item]
    inner = member.value
    if (
        isinstance(value, Built)
        and value.site.node is inner
        and value.site.arguments.spelling.name not in CONTAINERS
    ):
        layer = (
            built(rewriter, value.site.node, value.site.arguments)
            if id(inner) in rewriter.facts.calls
            else None
        )
        activation = _activation_layer(rewriter, value.site)
        if layer is not None and activation is not None:
            return [layer, activation]
    return [rewriter.expression(inner)]


def _contain(
    rewriter: Rewriter,
    node: cst.Call,
    elements: list[cst.BaseExpression | cst.StarredElement],
    layouts: list[cst.BaseElement | cst.Arg],
) -> cst.BaseExpression:
    torch = rewriter.target == "torch"
    func = rewriter.naming.target("torch.nn.Sequential" if torch else "keras.Sequential")
    placed = [_placed(element, layout, torch) for element, layout in zip(elements, layouts, strict=True)]
    source = node.args[0].value if node.args else None
    if torch:
        return _as_arguments(func, node, source, placed)
    opening = cst.LeftSquareBracket(whitespace_after=node.whitespace_before_args)
    closing = cst.RightSquareBracket()
    if node.args and placed:
        last = node.args[-1]
        placed[-1] = placed[-1].with_changes(comma=last.comma)
        closing = cst.RightSquareBracket(whitespace_before=last.whitespace_after_arg)
    return cst.Call(func, [cst.Arg(cst.List(placed, lbracket=opening, rbracket=closing))])


def _as_arguments(
    func: cst.BaseExpression, node: cst.Call, source: cst.BaseExpression | None, placed: list[cst.Arg]
) -> cst.Call:
    """The members of a list as arguments, on lines as the list has them."""
    if not isinstance(source, cst.List) or not placed:
        return cst.Call(func, placed)
    placed[-1] = placed[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    inner, outer = source.lbracket.whitespace_after, node.whitespace_before_args
    if not isinstance(inner, cst.ParenthesizedWhitespace):
        return cst.Call(func, placed)
    if not isinstance(outer, cst.ParenthesizedWhitespace):
        outer, closing = inner, source.rbracket.whitespace_before
    else:
        comma = node.args[-1].comma
        closing = comma.whitespace_after if isinstance(comma, cst.Comma) else node.args[-1].whitespace_after_arg
    excess = len(inner.last_line.value) - len(outer.last_line.value)
    placed = [argument.with_changes(comma=_shifted(argument.comma, excess)) for argument in placed]
    if isinstance(source.elements[-1].comma, cst.Comma):
        placed[-1] = placed[-1].with_changes(comma=cst.Comma(whitespace_after=closing))
    else:
        placed[-1] = placed[-1].with_changes(whitespace_after_arg=closing)
    made = cst.Call(func, placed, whitespace_before_args=outer)
    flat = cst.Call(func, [a.with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=cst.SimpleWhitespace("")) for a in placed])
    return flat if "#" not in build.code(made) and len(build.code(flat)) <= build.SHORT else made


def _shifted(comma: object, excess: int) -> object:
    """A comma whose next line starts further left."""
    if not isinstance(comma, cst.Comma) or not isinstance(comma.whitespace_after, cst.ParenthesizedWhitespace):
        return comma
    space = comma.whitespace_after
    line = cst.SimpleWhitespace(space.last_line.value[excess:])
    return comma.with_changes(whitespace_after=space.with_changes(last_line=line))


def _placed(
    value: cst.BaseExpression | cst.StarredElement, layout: cst.BaseElement | cst.Arg, torch: bool
) -> cst.Arg | cst.BaseElement:
    comma = layout.comma
    if isinstance(value, cst.StarredElement):
        return (
            cst.Arg(value.value, star="*", comma=comma)
            if torch
            else value.with_changes(comma=comma)
        )
    return cst.Arg(value, comma=comma) if torch else cst.Element(value, comma=comma)


def positions_of(rewriter: Rewriter, site: Site) -> list[tuple[int, Value]]:
    """The parts of a container with their places in the target's, where what is put between them counts too."""
    permuted = rewriter.facts.parts.get(id(site.node), {})
    positions: list[tuple[int, Value]] = []
    place = 0
    for index_of_part, part in enumerate(site.parts):
        place += index_of_part in permuted
        positions.append((place, part))
        place += 1
        if isinstance(part, Built) and part.site.arguments.values.get("activation") is not None:
            place += activation_record(rewriter, part.site) is not None
    return positions


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
    places = [place for place, _ in positions_of(rewriter, owner.site)]
    return places[given] if -len(places) <= given < len(places) else None
