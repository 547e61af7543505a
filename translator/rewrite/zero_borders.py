"""Zeros around what a convolution is given, from Keras to torch: the convolution makes them by itself.

`self.conv(self.pad(x))` becomes `self.conv(x)` with `padding=1`: no larger copy of the tensor is made first.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import of_kind, small
from translator.source.bound import Arguments
from translator.source.literals import literal_value
from translator.source.objects import Site

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

Call = tuple[Site, Arguments]
_CONVOLUTIONS = {f"torch.nn.Conv{axes}d": f"torch.nn.ZeroPad{axes}d" for axes in (1, 2, 3)}
_WRITTEN = frozenset(
    "filters kernel_size strides padding dilation_rate groups activation use_bias name "
    "kernel_initializer".split()
)
"""The arguments with which a convolution is certain to be written."""
_BEHIND = frozenset({"dilation", "groups", "bias"})
"""The arguments of torch's convolutions that stand behind `padding`."""


def find(rewriter: Rewriter) -> None:
    """Note which convolutions pad by themselves, before anything is written."""
    if rewriter.target != "torch":
        return
    found: dict[int, list[Call]] = {}
    for site, bound in rewriter.facts.layer_calls.values():
        if site.record.title in _CONVOLUTIONS:
            found.setdefault(id(site), []).append((site, bound))
    folded: dict[int, list[int]] = {}
    for calls in found.values():
        site, given = calls[0][0], [_padded(rewriter, *call) for call in calls]
        widths = {width for _, _, width in filter(None, given)}
        if None in given or len(widths) > 1 or not _pads_nothing(rewriter, site, len(calls)):
            continue
        rewriter.padding[id(site.node)] = next(iter(widths))
        for call, pad, _ in filter(None, given):
            inner = rewriter.facts.layer_calls[id(call)][1].values["inputs"]
            rewriter.instead[id(call)] = functools.partial(rewriter.expression, inner)
            folded.setdefault(id(pad), []).append(id(call))
    if folded:
        _drop(rewriter, folded)


def _padded(
    rewriter: Rewriter, site: Site, bound: Arguments
) -> tuple[cst.Call, Site, tuple[int, ...]] | None:
    """The call, the layer and the widths of the border, where a convolution is called with `pad(x)`."""
    given = bound.values.get("inputs")
    if type(given) is not cst.Call or id(given) in rewriter.facts.reorders:
        return None
    pad, inner = rewriter.facts.layer_calls.get(id(given), (None, None))
    if pad is None or inner is None or "inputs" not in inner.values:
        return None
    if pad.record.title != _CONVOLUTIONS[site.record.title]:
        return None
    stated = pad.arguments.values
    width = literal_value(stated["padding"]) if "padding" in stated else 1
    if stated.keys() - {"padding", "name"}:
        return None
    widths = _widths(width, int(site.record.title[-2]))
    return None if widths is None else (given, pad, widths)


def _widths(width: object, axes: int) -> tuple[int, ...] | None:
    """The width of the border along each axis, None where both ends differ or it is not known."""
    sides = width if isinstance(width, tuple) else (width,) * axes
    same = [side[0] if isinstance(side, tuple) and len(set(side)) == 1 else side for side in sides]
    known = [side for side in same if type(side) is int]
    return tuple(known) if len(known) == axes == len(sides) else None


def _pads_nothing(rewriter: Rewriter, site: Site, calls: int) -> bool:
    """True for a convolution without padding of its own, all calls of which are known."""
    stated = site.arguments.values
    padding = literal_value(stated["padding"]) if "padding" in stated else "valid"
    return (
        padding == "valid"
        and site.followed
        and not site.member
        and len({call for call, _ in site.seen if call}) == calls
        and not stated.keys() - _WRITTEN
        and id(site.node) not in rewriter.facts.problems
    )


def _drop(rewriter: Rewriter, folded: dict[int, list[int]]) -> None:
    """Take out the layers that nothing calls any more."""
    called: dict[int, set[int]] = {}
    for call, (site, _) in rewriter.facts.layer_calls.items():
        called.setdefault(id(site), set()).add(call)
    pads = {id(site.node): site for site, _ in rewriter.facts.layer_calls.values()}
    for line in of_kind(rewriter.naming.code, cst.SimpleStatementLine):
        made = small(line)
        if type(made) is not cst.Assign or len(made.targets) > 1:
            continue
        pad = pads.get(id(made.value))
        if pad is not None and set(folded.get(id(pad), ())) == called[id(pad)] and pad.followed:
            rewriter.absorbed |= {id(line), id(made.value)}


def padding(rewriter: Rewriter, site: Site, layer: cst.BaseExpression) -> cst.BaseExpression:
    """A convolution as it is built, with the border that it makes by itself."""
    widths = rewriter.padding.get(id(site.node))
    if widths is None:
        return layer
    assert isinstance(layer, cst.Call)
    alike = len(set(widths)) == 1
    width = build.expression(str(widths[0])) if alike else build.numbers(widths, "()")
    names = [argument.keyword and argument.keyword.value for argument in layer.args]
    place = next((i for i, name in enumerate(names) if name in _BEHIND), len(names))
    given = [*layer.args[:place], build.argument(width, "padding"), *layer.args[place:]]
    return layer.with_changes(args=given)
