"""Training and evaluation: an argument of each call in Keras, a state of the module in torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.records import Layer
from translator.rewrite import build
from translator.source.literals import literal_value
from translator.source.values import (
    UNKNOWN,
    Built,
    ClassInfo,
    ClassValue,
    FunctionValue,
    Items,
    ObjectValue,
    Value,
)

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def without_training(rewriter: Rewriter, node: cst.Call) -> cst.Call:
    """`model(x, training=False)`: the call without it, and the mode set before the statement where it matters."""
    given = next(
        (a for a in node.args if a.keyword is not None and a.keyword.value == "training"), None
    )
    called = rewriter.facts.value(node.func)
    if (
        given is None
        or isinstance(called, FunctionValue | ClassValue)
        or not isinstance(node.func, cst.Name | cst.Attribute)
    ):
        return node
    kept = [a for a in node.args if a is not given]
    if kept:
        kept[-1] = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    new = node.with_changes(args=kept)
    rewriter.facts.alias(node, new)
    if not _passed_on(rewriter, given.value) and (called == UNKNOWN or is_moded(called)):
        _set_mode(rewriter, node.func, given.value)
    return new


def _passed_on(rewriter: Rewriter, value: cst.BaseExpression) -> bool:
    """True for `training=training` inside `call`, whose argument falls away: the module's mode holds for its parts."""
    named = isinstance(value, cst.Name) and value.value == "training"
    return named and rewriter.inside_forward()


def _set_mode(rewriter: Rewriter, owner: cst.BaseExpression, value: cst.BaseExpression) -> None:
    model = rewriter.expression(owner)
    known = literal_value(value)
    if known is False:
        statement = build.statement("model.eval()", model=model)
    elif known is True:
        statement = build.statement("model.train()", model=model)
    else:
        statement = build.statement(
            "model.train(mode)", model=model, mode=rewriter.expression(value)
        )
    if not any(statement.deep_equals(other) for other in rewriter.before):
        rewriter.before.append(statement)


def is_moded(value: Value, seen: frozenset[ClassInfo] = frozenset()) -> bool:
    """True if something in a module behaves differently in training."""
    if isinstance(value, Built):
        record = value.site.record
        return (isinstance(record, Layer) and record.moded) or any(
            is_moded(part, seen) for part in value.site.parts
        )
    if isinstance(value, Items):
        return any(is_moded(item, seen) for item in value.items)
    if isinstance(value, ObjectValue) and value.info not in seen:
        deeper = seen | {value.info}
        return any(is_moded(attribute, deeper) for attribute in value.info.attributes.values())
    return False


def with_training(
    rewriter: Rewriter, called: Value, node: cst.BaseExpression
) -> cst.BaseExpression:
    """A call inside a tape of a module with dropout: torch is in training mode there, Keras has to be told."""
    if (
        not rewriter.recording
        or not isinstance(node, cst.Call)
        or not is_moded(called)
        or rewriter.inside_forward()
    ):
        return node
    return node.with_changes(args=[*node.args, build.argument(build.name("True"), "training")])
