"""Convolutions whose groups are an argument: Keras has a layer of its own for one group for each channel.

That layer is several times as fast as a convolution of groups, so where a file is seen to ask for it, which of the two
is built is decided where it is built.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.lenses import Deepened, Groups
from translator.knowledge.registry import index
from translator.knowledge.signature import parse
from translator.rewrite import build
from translator.rewrite.arrange import arrange
from translator.rewrite.constructs.reading import of_kind, targets
from translator.rewrite.moves.arguments import move
from translator.source.borders import fits_depthwise
from translator.source.bound import Arguments
from translator.source.functions import parameters
from translator.source.literals import literal_value
from translator.source.objects import ClassValue, FunctionInfo, FunctionValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def either(
    rewriter: Rewriter, bound: Arguments, deep: cst.BaseExpression, plain: cst.BaseExpression
) -> cst.BaseExpression:
    """`DepthwiseConv2D(...) if groups == channels else Conv2D(...)`."""
    holes = {
        "groups": rewriter.expression(bound.values["groups"]),
        "channels": rewriter.expression(bound.values["in_channels"]),
    }
    text = "deep if groups == channels else plain"
    return build.expression(text, deep=deep, plain=plain, **holes)


def depthwise(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> cst.Call | None:
    """The call of Keras's layer with a group for each channel, where a convolution may be built so."""
    if rewriter.target != "tensorflow" or not _may_be_depthwise(rewriter, bound):
        return None
    rows = index(rewriter.side)[bound.spelling.name]
    record = next(r for r, _ in rows if any(isinstance(lens, Deepened) for lens in r.args))
    signature = parse(record.spellings(rewriter.target)[0])
    moved = move(rewriter, node, Arguments(record, bound.spelling, bound.values), signature)
    names = rewriter.target_names(record, signature)
    return build.call(rewriter.naming.target(signature.name), arrange(moved, signature, names))


def _may_be_depthwise(rewriter: Rewriter, bound: Arguments) -> bool:
    """True where a call in the file passes the same for the groups and for the channels."""
    if not any(isinstance(lens, Groups) for lens in bound.record.args) or not rewriter.functions:
        return False
    groups, channels = bound.values.get("groups"), bound.values.get("in_channels")
    function = rewriter.functions[-1]
    if not isinstance(groups, cst.Name) or not isinstance(channels, cst.Name):
        return False
    if function.node is None or not fits_depthwise(bound, literal_value):
        return False
    names = [parameter.name.value for parameter in parameters(function.node)]
    pair = (groups.value, channels.value)
    if not {*pair} <= {*names} or {*pair} & targets(function.node.body):
        return False
    names = names[function.owner is not None :]
    return any(_alike(call, names, *pair) for call in _calls(rewriter, function))


def _calls(rewriter: Rewriter, function: FunctionInfo) -> Iterator[cst.Call]:
    """The calls of a function, or of the class whose constructor it is."""
    for call in of_kind(rewriter.naming.code, cst.Call):
        called = rewriter.facts.value(call.func)
        if isinstance(called, FunctionValue) and called.info is function:
            yield call
        if isinstance(called, ClassValue) and called.info.methods.get("__init__") is function:
            yield call


def _alike(call: cst.Call, names: list[str], one: str, other: str) -> bool:
    """True if a call passes the same, and not 1, for two parameters."""
    given = {
        names[place] if a.keyword is None else a.keyword.value: a.value
        for place, a in enumerate(call.args)
        if a.keyword is not None or (not a.star and place < len(names))
    }
    if one not in given or other not in given or literal_value(given[one]) == 1:
        return False
    return build.same_code(given[one], given[other])
