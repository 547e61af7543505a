"""Indexing by tensors: TensorFlow's brackets take slices, numbers and one mask, all else is a function there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.source.dtypes import kind
from translator.source.literals import literal_value
from translator.source.values import TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_AT_PLACES = '''
def at_places(x, *places):
    """`x[i, j]` for tensors of places, which are broadcast together."""
    shape = tf.shape(places[0])
    for index in places[1:]:
        shape = tf.broadcast_dynamic_shape(shape, tf.shape(index))
    whole = [tf.broadcast_to(tf.cast(index, tf.int64), shape) for index in places]
    return tf.gather_nd(x, tf.stack(whole, axis=-1))
'''
_WHOLE = cst.Slice(lower=None, upper=None)


def indexed(
    rewriter: Rewriter, node: cst.Subscript, tensor: cst.BaseExpression
) -> cst.BaseExpression:
    """`x[index]` of `tensor`, which stands in the place of `x`."""
    parts = [_as_range(element.slice) for element in node.slice]
    kinds = [_kind(rewriter, part) for part in parts]
    if "places" in kinds:
        kinds = ["places" if each == "unsure" else each for each in kinds]
    masks, places = kinds.count("mask"), kinds.count("places")
    if not masks + places or kinds == ["mask"]:
        pairs = zip(node.slice, parts, strict=True)
        written = [element.with_changes(slice=rewriter.parts(part)) for element, part in pairs]
        return node.with_changes(value=build.parenthesized(tensor), slice=written)
    if masks + places == 1:
        return _along_one(rewriter, tensor, parts, kinds)
    at_front = set(kinds[:places]) == {"places"} and not masks
    if not at_front or not all(_is_whole(part) for part in parts[places:]):
        why = "several tensors that index axes behind others have no equivalent: bring those axes to the front"
        rewriter.leave(node, Code.UNSUPPORTED_CODE, why)
        return node
    given = [_value(part) for part in parts[:places]]
    if places == 2 and _counts(rewriter, given[0]) and _rank(rewriter, given[1]) == 1:
        text = rewriter.naming.spell("tf.gather(x, places, batch_dims=1)")
        return build.expression(text, x=tensor, places=rewriter.expression(given[1]))
    func = rewriter.naming.helper("at_places", rewriter.naming.spell(_AT_PLACES))
    return build.call(func, [cst.Arg(each) for each in (tensor, *map(rewriter.expression, given))])


def _along_one(
    rewriter: Rewriter,
    tensor: cst.BaseExpression,
    parts: Sequence[cst.BaseSlice],
    kinds: Sequence[str],
) -> cst.BaseExpression:
    """One tensor that indexes one axis, or a mask, behind whatever slices and numbers stand beside it."""
    at = next(i for i, each in enumerate(kinds) if each in ("mask", "places"))
    rest = [rewriter.parts(part) for part in parts]
    rest[at] = _WHOLE
    while rest and _is_whole(rest[-1]):
        rest.pop()
    if rest:
        tensor = cst.Subscript(
            build.parenthesized(tensor), [cst.SubscriptElement(part) for part in rest]
        )
    if "rest" in kinds[:at]:
        axis = -1 - sum(each in ("slice", "new") for each in kinds[at + 1 :])
    else:
        axis = sum(each in ("slice", "new") for each in kinds[:at])
    name = (
        "tf.gather(x, places, axis=n)"
        if kinds[at] == "places"
        else "tf.boolean_mask(x, places, axis=n)"
    )
    text = name.replace(", axis=n", f", axis={axis}" if axis else "")
    return build.expression(
        rewriter.naming.spell(text), x=tensor, places=rewriter.expression(_value(parts[at]))
    )


def _kind(rewriter: Rewriter, part: cst.BaseSlice) -> str:
    if isinstance(part, cst.Slice):
        return "slice"
    inner = _value(part)
    if isinstance(inner, cst.Ellipsis):
        return "rest"
    stated = literal_value(inner)
    if stated is None:
        return "new"
    if isinstance(stated, list) and stated and all(type(n) is int and n >= 0 for n in stated):
        return "places"
    value = rewriter.facts.value(inner)
    if not isinstance(value, TensorValue) or value.rank == 0:
        return "number"
    if value.dtype == "bool":
        return "mask"
    if kind(value.dtype) == "int":
        return "places"
    return "number" if value.rank is None else "unsure"


def _as_range(part: cst.BaseSlice) -> cst.BaseSlice:
    """`x[:, [-1]]` as `x[:, -1:]`: one place that stays an axis."""
    stated = literal_value(part.value) if isinstance(part, cst.Index) else None
    if not isinstance(stated, list) or len(stated) != 1 or type(stated[0]) is not int:
        return part
    first, last = stated[0], stated[0] + 1
    upper = build.expression(str(last)) if last else None
    return cst.Slice(lower=build.expression(str(first)), upper=upper)


def _value(part: cst.BaseSlice) -> cst.BaseExpression:
    assert isinstance(part, cst.Index)
    return part.value


def _is_whole(part: cst.BaseSlice) -> bool:
    if isinstance(part, cst.Slice):
        return not (part.lower or part.upper or part.step)
    return isinstance(part, cst.Index) and isinstance(part.value, cst.Ellipsis)


def _counts(rewriter: Rewriter, node: cst.BaseExpression) -> bool:
    """True for `torch.arange(n)`."""
    return isinstance(node, cst.Call) and rewriter.api(node.func) == "torch.arange"


def _rank(rewriter: Rewriter, node: cst.BaseExpression) -> int | None:
    value = rewriter.facts.value(node)
    return value.rank if isinstance(value, TensorValue) else None
