"""Borders that a layer makes or cuts off and its counterpart does not: a layer of their own before or behind it.

In a container it is one part more; of `self.conv` it is `self.conv_pad`, called inside the call of `self.conv`, or
`self.conv_crop`, called around it; with a layer that is handed around it stands in a small container.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.layers.borders import CROPPING, FILLED, SAME
from translator.knowledge.lenses import Padding
from translator.rewrite import build
from translator.source.borders import Border, border_of
from translator.source.bound import Arguments
from translator.source.crops import Crop, crop_of, stated
from translator.source.literals import literal_value
from translator.source.objects import ClassInfo, ClassValue, Site

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def border(rewriter: Rewriter, bound: Arguments) -> Border:
    """The border of a layer, as the target has to write it."""
    return border_of(bound.record, rewriter.side, bound, literal_value)


def crop(rewriter: Rewriter, bound: Arguments) -> Crop:
    """What a transposed convolution cuts off, as the target has to write it."""
    return crop_of(bound.record, rewriter.side, bound, stated(rewriter.facts.value, literal_value))


def makes_border(rewriter: Rewriter, site: Site) -> bool:
    """True where a layer that makes its border has to stand before this one."""
    return border(rewriter, site.arguments).kind in ("before", "causal")


def cuts_border(rewriter: Rewriter, site: Site) -> bool:
    """True where a layer that cuts its border off has to stand behind this one."""
    return bool(crop(rewriter, site.arguments).cut)


def surrounded(
    rewriter: Rewriter, site: Site, layer: cst.BaseExpression
) -> list[cst.BaseExpression]:
    """A layer between those that make its border and cut it off."""
    parts = [layer]
    if makes_border(rewriter, site):
        made = _in_keras if rewriter.target == "tensorflow" else _in_torch
        parts.insert(0, made(rewriter, site.arguments))
    if cuts_border(rewriter, site):
        parts.append(_cut_off(rewriter, site.arguments))
    return parts


def _cut_off(rewriter: Rewriter, bound: Arguments) -> cst.BaseExpression:
    cut = crop(rewriter, bound).cut
    alike = len({width for pair in cut for width in pair}) == 1
    if rewriter.target == "tensorflow":
        layer = rewriter.naming.target(f"keras.layers.Cropping{len(cut)}D")
        text = str(cut[0][0] if alike else cut[0] if len(cut) == 1 else cut)
    else:
        name, code = CROPPING
        layer = rewriter.naming.helper(name, rewriter.naming.spell(code))
        text = str(tuple(width for pair in reversed(cut) for width in pair))
    return build.call(layer, [build.argument(build.expression(text))])


def _in_keras(rewriter: Rewriter, bound: Arguments) -> cst.BaseExpression:
    lens = next(lens for lens in bound.record.args if isinstance(lens, Padding))
    mode, ends = border(rewriter, bound).mode, border(rewriter, bound).ends
    widths = build.expression(str(ends)) if ends else _stated(rewriter, bound.values["padding"])
    fill = "lowest" if lens.fill == "lowest" else mode
    if fill in FILLED:
        name, code = FILLED[fill]
        layer = rewriter.naming.helper(name, rewriter.naming.spell(code))
    else:
        axes = (bound.record.rank or 4) - 2
        layer = rewriter.naming.target(f"keras.layers.ZeroPadding{axes}D")
    return build.call(layer, [build.argument(widths)])


def _stated(rewriter: Rewriter, given: cst.BaseExpression) -> cst.BaseExpression:
    if isinstance(given, cst.Tuple) and len(given.elements) == 1:
        return rewriter.expression(given.elements[0].value)
    return rewriter.expression(given)


def _is_valid(node: cst.BaseExpression) -> bool:
    value = literal_value(node)
    return isinstance(value, str) and value.lower() == "valid"


def _in_torch(rewriter: Rewriter, bound: Arguments) -> cst.BaseExpression:
    def given(torch: str) -> cst.BaseExpression | None:
        lens = next((lens for lens in bound.record.args if lens.torch == torch), None)
        value = None if lens is None or lens.tf is None else bound.values.get(lens.tf)
        return None if value is None else rewriter.expression(value)

    window, stride, gap = given("kernel_size"), given("stride"), given("dilation")
    if window is None:  # the default of a pooling
        window = build.expression("2")
    if border(rewriter, bound).kind == "causal":
        width = build.expression("n - 1", n=window)
        known = literal_value(window)
        if type(known) is int:
            width = build.expression(str(known - 1))
        if gap is not None:
            width = build.expression("(width) * gap", width=width, gap=gap)
        text = rewriter.naming.spell("nn.ZeroPad1d((width, 0))")
        return build.expression(text, width=width)
    lens = next(lens for lens in bound.record.args if isinstance(lens, Padding))
    if stride is None and lens.fill != "zeros":
        stride = window
    arguments = [build.argument(window)]
    if stride is not None:
        arguments.append(build.argument(stride))
    if gap is not None and literal_value(gap) not in (1, (1, 1)):
        arguments.append(build.argument(gap, "dilation"))
    if lens.fill == "lowest":
        arguments.append(build.argument(build.expression('float("-inf")'), "value"))
    name, code = SAME
    made = build.call(rewriter.naming.helper(name, rewriter.naming.spell(code)), arguments)
    if border(rewriter, bound).mode != "asked":
        return made
    stated = bound.values["padding"]
    if isinstance(stated, cst.IfExp) and _is_valid(stated.orelse):
        text = rewriter.naming.spell("made if test else nn.Identity()")
        return build.expression(text, made=made, test=rewriter.expression(stated.test))
    holes = {"made": made, "padding": rewriter.expression(stated)}
    text = 'made if padding.lower() == "same" else nn.Identity()'
    return build.expression(rewriter.naming.spell(text), **holes)


def _held(rewriter: Rewriter, site: Site, ending: str) -> str:
    """The name of a layer that stands beside this one, "" where it cannot have one of its own."""
    target = site.target
    if isinstance(target, cst.Attribute):
        name, called = target.attr.value, f".{target.attr.value}"
    elif isinstance(target, cst.Name):
        name = called = target.value
    else:
        return ""
    if not site.followed or site.called_as != {called} or _overridden(rewriter, site, name):
        return ""
    beside = f"{name}_{ending}"
    return "" if beside in rewriter.naming.mentioned else beside


def _overridden(rewriter: Rewriter, site: Site, name: str) -> bool:
    """True if another class that is related to this one has such an attribute too."""
    owners = [info for info in rewriter.facts.classes.values() if name in info.attributes]
    own = [info for info in owners if info.name == site.scope.partition(".")[0]]
    related = [info for info in owners if any(_below(info, o) or _below(o, info) for o in own)]
    return len({id(info) for info in [*own, *related]}) > 1


def _below(info: ClassInfo, other: ClassInfo) -> bool:
    return any(
        isinstance(base, ClassValue) and (base.info is other or _below(base.info, other))
        for base in info.bases
    )


def stated_beside(rewriter: Rewriter, site: Site, parts: list[cst.BaseExpression]) -> bool:
    """Assign what makes and cuts off the border around the layer's own assignment; False where it cannot be."""
    if wraps(rewriter, site):
        return False
    assert isinstance(site.target, cst.Attribute | cst.Name)
    for is_there, ending, part, lines in (
        (makes_border, "pad", parts[0], rewriter.before),
        (cuts_border, "crop", parts[-1], rewriter.after),
    ):
        if is_there(rewriter, site):
            target = _beside(rewriter, site.target, _held(rewriter, site, ending))
            lines.append(build.statement("target = layer", target=target, layer=part))
    return True


def bordered(
    rewriter: Rewriter, site: Site, func: cst.BaseExpression, given: cst.BaseExpression
) -> cst.BaseExpression:
    """What a layer is called with: the tensor behind its border, where that is made beside the layer."""
    name = _held(rewriter, site, "pad") if makes_border(rewriter, site) else ""
    if not name or not isinstance(func, cst.Attribute | cst.Name):
        return given
    return build.call(_beside(rewriter, func, name), [build.argument(given)])


def cropped(
    rewriter: Rewriter, site: Site, func: cst.BaseExpression, result: cst.BaseExpression
) -> cst.BaseExpression:
    """What a layer gives, without its border, where that is cut off beside the layer."""
    name = _held(rewriter, site, "crop") if cuts_border(rewriter, site) else ""
    if not name or not isinstance(func, cst.Attribute | cst.Name):
        return result
    return build.call(_beside(rewriter, func, name), [build.argument(result)])


def _beside(
    rewriter: Rewriter, node: cst.Attribute | cst.Name, name: str
) -> cst.Attribute | cst.Name:
    if isinstance(node, cst.Name):
        return cst.Name(name)
    return cst.Attribute(build.parenthesized(rewriter.expression(node.value)), cst.Name(name))


def wraps(rewriter: Rewriter, site: Site) -> bool:
    """True where a layer stands in a small container with what makes or cuts off its border."""
    if site.member:
        return False
    return (makes_border(rewriter, site) and not _held(rewriter, site, "pad")) or (
        cuts_border(rewriter, site) and not _held(rewriter, site, "crop")
    )
