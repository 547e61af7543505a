"""What layers were made with, read from them: `layer.out_features` is `layer.units` in Keras."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.lenses import Inferred, Same
from translator.knowledge.records import Record
from translator.knowledge.registry import index
from translator.knowledge.shapes import Symbol, number
from translator.knowledge.signature import parse
from translator.rewrite import build
from translator.rewrite.activation import layer_itself
from translator.rewrite.constructs.reading import targets
from translator.source.classes import is_setting, layer_records
from translator.source.literals import literal_value
from translator.source.objects import Built, ClassValue, Site
from translator.source.tree import nodes
from translator.source.values import LayerValue, Literal, TensorValue, Value

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_KEPT = frozenset(
    "units filters kernel_size strides groups dilation_rate epsilon rate input_dim output_dim".split()
)
"""What Keras's layers keep under the name that their constructors have for it."""


def setting(rewriter: Rewriter, node: cst.Attribute) -> cst.BaseExpression | None:
    """An argument of a layer's constructor as the layer has it; None where it is none, or Keras keeps it elsewhere."""
    owner, asked = rewriter.facts.value(node.value), node.attr.value
    records = _records(rewriter, node)
    names = {_name(record, asked) for record in records}
    name = next(iter(names), None) if len(names) == 1 else None
    if name in _KEPT and name is not None:
        layer = rewriter.expression(node.value)
        if isinstance(owner, Built):
            layer = layer_itself(rewriter, owner.site, layer)
        return cst.Attribute(build.parenthesized(layer), cst.Name(name))
    if isinstance(owner, Built) and _is_inferred(owner.site.record, asked):
        return _as_given(rewriter, owner.site, owner.site.arguments.values.get(asked))
    return None


def _as_given(
    rewriter: Rewriter, site: Site, given: cst.BaseExpression | None
) -> cst.BaseExpression | None:
    """What a constructor was given, where that can be written here: a number, or names that mean the same."""
    if given is None or type(literal_value(given)) is int:
        return given
    size = rewriter.facts.sizes.get(id(given))
    here = rewriter.functions[-1].qualified if rewriter.functions else ""
    if (
        isinstance(size, Symbol)
        and rewriter.facts.means_same(size, here)
        and _is_steady(rewriter, size)
    ):
        return build.parenthesized(build.expression(size.text))
    known = _made_with(rewriter, site, given)
    return None if known is None else build.expression(str(known))


def _made_with(rewriter: Rewriter, site: Site, given: cst.BaseExpression) -> int | None:
    """What the model around a layer has computed for it, where this function makes that model, and all are alike."""
    functions = rewriter.facts.functions.values()
    around = next((f for f in functions if f.qualified == site.scope), None)
    if around is None or not rewriter.functions or rewriter.functions[-1] not in around.callers:
        return None
    bound = set() if around.node is None else targets(around.node.body)
    known = {name: value for name, value in around.arguments.items() if name not in bound}
    size = number(rewriter.facts.sizes.get(id(given)))
    return _computed(given, known) if size is None else size


def _computed(node: cst.BaseExpression, known: Mapping[str, Value]) -> int | None:
    """Whole numbers computed with what the parameters of a function are."""
    if isinstance(node, cst.BinaryOperation) and type(node.operator) in _ARITHMETIC:
        left, right = _computed(node.left, known), _computed(node.right, known)
        if (
            left is None
            or right is None
            or (right == 0 and isinstance(node.operator, cst.FloorDivide))
        ):
            return None
        return _ARITHMETIC[type(node.operator)](left, right)
    value = known.get(node.value) if isinstance(node, cst.Name) else None
    if isinstance(node, cst.Attribute) and isinstance(node.value, cst.Name):
        owner = known.get(node.value.value)
        value = owner.info.attribute(node.attr.value) if isinstance(owner, ClassValue) else None
    number_there = value.value if isinstance(value, Literal) else literal_value(node)
    return number_there if type(number_there) is int else None


_ARITHMETIC: dict[type[cst.BaseBinaryOp], Callable[[int, int], int]] = {
    cst.Add: operator.add,
    cst.Subtract: operator.sub,
    cst.Multiply: operator.mul,
    cst.FloorDivide: operator.floordiv,
}


def _is_steady(rewriter: Rewriter, size: Symbol) -> bool:
    """True unless the size is read from attributes that are set in more places than one."""
    if not size.scope.endswith("."):
        return True
    owners = [i for i in rewriter.facts.classes.values() if f"{i.name}." == size.scope]
    held = [a for i in owners for n in nodes(i.node) for a in _set_by(n)]
    return all(held.count(name) == 1 for name in re.findall(r"\.(\w+)", size.text))


def _set_by(node: cst.CSTNode) -> list[str]:
    """The attribute that a statement sets."""
    if not isinstance(node, cst.AssignTarget | cst.AnnAssign | cst.AugAssign):
        return []
    return [node.target.attr.value] if isinstance(node.target, cst.Attribute) else []


def is_known_setting(rewriter: Rewriter, node: cst.Attribute) -> bool:
    """True for an argument of the constructor, whether Keras keeps it or not."""
    records = _records(rewriter, node)
    if isinstance(rewriter.facts.value(node), TensorValue):
        return False  # a weight of the same name
    return bool(records) and all(is_setting(record, node.attr.value) for record in records)


def _records(rewriter: Rewriter, node: cst.Attribute) -> list[Record]:
    owner = rewriter.facts.value(node.value)
    if isinstance(owner, LayerValue):
        return layer_records(owner, rewriter.side)
    return [owner.site.record] if isinstance(owner, Built) else []


def is_argument(owner: LayerValue, name: str) -> bool:
    """True for what constructors of torch's layers are given; any other attribute is one of the program's own."""
    signatures = (parse(text) for n in owner.names for _, text in index("torch").get(n, ()))
    return any(signature.parameter(name) is not None for signature in signatures)


def _name(record: Record, asked: str) -> str | None:
    return next((r.tf for r in record.args if r.torch == asked and isinstance(r, Same)), None)


def _is_inferred(record: Record, asked: str) -> bool:
    return any(isinstance(rule, Inferred) and rule.torch == asked for rule in record.args)
