"""Pairs: patterns of target code whose holes are filled with the arguments of a call."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.lenses import Inferred, Optional, Padding, Tensor
from translator.knowledge.records import Pair
from translator.knowledge.signature import Signature
from translator.rewrite import build, layers, once
from translator.rewrite.constructs import own_layers
from translator.rewrite.moves.arguments import move
from translator.rewrite.moves.move import default_text
from translator.source.bound import Arguments
from translator.source.shown import shown
from translator.source.values import NumpyArray

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_LAYER_CALL = re.compile(r"keras\.layers\.(?P<name>\w+)\(\)\((?P<input>\w+)\)")
_NONE = Signature("", (), "function")
"""A pattern has no parameters of its own, so that every default is written out."""


def pattern(
    rewriter: Rewriter, text: str, holes: dict[str, cst.BaseExpression]
) -> cst.BaseExpression:
    """A pattern of target code with its holes filled and its names imported."""
    return build.expression(rewriter.naming.spell(text), **holes)


def without_arguments(rewriter: Rewriter, record: Pair) -> cst.BaseExpression:
    """What a pair stands for where nothing is given: a loss that Keras knows by a string."""
    text = _ask_for_helper(rewriter, record, record.spellings(rewriter.target)[0])
    return pattern(rewriter, text, {})


def _ask_for_helper(rewriter: Rewriter, record: Pair, text: str) -> str:
    """The pattern by the name that its helper has in this file."""
    name, code = record.helper
    if not name:
        return text
    written = rewriter.naming.helper(name, rewriter.naming.spell(code))
    return re.sub(rf"\b{name}\b", build.code(written), text)


def written_pattern(
    rewriter: Rewriter, node: cst.Call, bound: Arguments, text: str, **known: cst.BaseExpression
) -> cst.BaseExpression:
    """A pattern for a call; `known` are holes that are filled otherwise."""
    if isinstance(bound.record, Pair):
        text = _ask_for_helper(rewriter, bound.record, text)
    text = _without(text, _left_out(rewriter, bound))
    for lens, given in _costly(rewriter, bound, text, frozenset(known)):
        held = once.named(rewriter, given)
        if held is None:
            needed = f"{bound.spelling.name} needs {shown(given)} more than once"
            rewriter.leave(node, Code.UNSUPPORTED_CODE, f"{needed}: give it a name")
            return node
        known[str(lens.name(rewriter.target))] = held
    holes = _holes(rewriter, node, bound)
    unknown = [lens for lens in bound.record.args if isinstance(lens, Inferred)]
    if rewriter.target == "torch" and any(lens.torch not in holes for lens in unknown):
        why = f"the input size of {bound.spelling.name} is not known from this file"
        rewriter.leave(node, Code.UNSUPPORTED_CODE, why)
        return node
    borders = (
        lens.name(rewriter.target) for lens in bound.record.args if isinstance(lens, Padding)
    )
    text = _without(text, frozenset(str(name) for name in borders if name not in holes))
    holes |= known
    layer = _LAYER_CALL.fullmatch(text)
    if layer is not None:
        return own_layers.called(rewriter, layer["name"], holes[layer["input"]])
    return pattern(rewriter, text, holes)


def _costly(
    rewriter: Rewriter, bound: Arguments, text: str, known: frozenset[str]
) -> list[tuple[Tensor, cst.BaseExpression]]:
    """The operands that a pattern holds more than once although they cost something to compute."""
    found = []
    for lens in bound.record.args:
        given, name = bound.values.get(str(lens.name(rewriter.side))), lens.name(rewriter.target)
        if not isinstance(lens, Tensor) or given is None or name in known:
            continue
        if not once.is_simple(given) and len(re.findall(rf"(?<![\w.]){name}\b(?!=)", text)) > 1:
            found.append((lens, given))
    return found


def _holes(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> dict[str, cst.BaseExpression]:
    moved = move(rewriter, node, bound, _NONE)
    holes = {
        name: value for name, (value, _) in moved.items() if isinstance(value, cst.BaseExpression)
    }
    for lens in bound.record.args:
        given = bound.values.get(str(lens.name(rewriter.side)))
        if given is None or not isinstance(lens, Tensor) or bound.spelling.name.startswith("tf."):
            continue
        if isinstance(rewriter.facts.value(given), NumpyArray):
            holes[str(lens.name(rewriter.target))] = layers.operand(rewriter, given)
    target, outputs = bound.values.get("y_true"), bound.values.get("y_pred")
    if rewriter.target == "torch" and target is not None and outputs is not None:
        written = layers.as_outputs(rewriter, node, target, outputs, holes["y_true"])
        holes["y_true"] = written
    return holes


def _left_out(rewriter: Rewriter, bound: Arguments) -> frozenset[str]:
    """The holes of arguments that the call leaves out, and that mean nothing: None and False."""
    return frozenset(
        str(lens.name(rewriter.target))
        for lens in bound.record.args
        if lens.name(rewriter.side) not in bound.values
        and (isinstance(lens, Optional) or default_text(rewriter, bound, lens) in ("None", "False"))
    )


@functools.lru_cache(maxsize=256)
def _without(text: str, names: frozenset[str]) -> str:
    """A pattern without the keyword arguments that hold one of the names."""
    return build.code(cst.parse_expression(text).visit(_Dropped(names))) if names else text  # type: ignore[arg-type]


class _Dropped(cst.CSTTransformer):
    def __init__(self, names: frozenset[str]) -> None:
        super().__init__()
        self.names = names

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        kept = [
            a
            for a in updated_node.args
            if a.keyword is None
            or not isinstance(a.value, cst.Name)
            or a.value.value not in self.names
        ]
        if len(kept) == len(updated_node.args):
            return updated_node
        if kept:
            kept[-1] = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        if len(kept) == 1 and build.code(updated_node.func) == "functools.partial":
            return kept[0].value  # nothing is left to hold
        return updated_node.with_changes(args=kept)
