"""Classes that are handed on: named with the settings that differ by default, called with what the source states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.lenses import Only
from translator.knowledge.records import Pair, Record
from translator.knowledge.registry import index
from translator.knowledge.signature import Signature, parse
from translator.rewrite import build
from translator.rewrite.arrange import arrange
from translator.rewrite.devices import repr_of
from translator.rewrite.moves.arguments import move
from translator.rewrite.moves.move import Moved
from translator.rewrite.recurrent.helpers import keras_class
from translator.source.bind import bind
from translator.source.bound import Arguments
from translator.source.handed import explicit
from translator.source.literals import literal_value
from translator.source.shown import shown

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def named(rewriter: Rewriter, name: str) -> cst.BaseExpression | None:
    """`nn.BatchNorm2d`, to be called later: `functools.partial(keras.layers.BatchNormalization, momentum=0.9)`."""
    record, text = _record(name)
    if record.states:  # all settings stand where it is called
        signature = rewriter.target_spelling(record, "layer")
        assert signature is not None
        return keras_class(rewriter, None, Arguments(record, parse(text)), signature.name)
    return _with_settings(rewriter, Arguments(record, parse(text)), None)


def chosen(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`getattr(nn, name)`: the classes by the names that the file knows."""
    names = rewriter.facts.chosen[id(node)]
    classes = {text: named(rewriter, name) for text, name in names.items()}
    elements = [
        cst.DictElement(build.expression(repr_of(text)), held)
        for text, held in classes.items()
        if held is not None
    ]
    if len(elements) < len(classes):
        missing = next(text for text, held in classes.items() if held is None)
        rewriter.leave(node, Code.UNSUPPORTED_CODE, f"nn.{missing} has no class there")
        return node
    given = node.args[1].value
    if len(elements) == 1 and isinstance(given, cst.SimpleString):
        return elements[0].value
    table = cst.Dict(elements)
    return build.expression("table[name]", table=table, name=rewriter.expression(given))


def partial(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`functools.partial(nn.LayerNorm, eps=1e-6)`."""
    name = rewriter.facts.partials[id(node)]
    record, text = _record(name)
    given, look = node.args[1:], rewriter.facts.value
    bound = bind(record, text, rewriter.side, None, given, literal_value, look, whole=False)
    new = None
    if not bound.problem:
        inner = node.args[0].value
        held = None if rewriter.spelled(inner) is not None else rewriter.expression(inner)
        func = rewriter.expression(node.func)
        new = _with_settings(rewriter, bound, func, held)
    if new is None:
        why = bound.problem or f"{name} has no class there"
        rewriter.leave(node, Code.UNSUPPORTED_ARGUMENT, why)
        return node
    return new


def built(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> cst.BaseExpression:
    """`norm_layer(planes)`: the arguments that the source states, by the target's names."""
    signature = _signature(rewriter, bound.record)
    if signature is None:
        why = f"{bound.spelling.name} has no class there: hand on a function that calls it"
        rewriter.leave(node, Code.UNSUPPORTED_CODE, why)
        return node
    stated = rewriter.facts.handed[id(node)]
    own = {
        lens.name(rewriter.target)
        for lens in bound.record.args
        if lens.name(rewriter.side) in stated
    }
    settled = move(rewriter, None, Arguments(bound.record, bound.spelling), signature)
    moved: dict[str, Moved] = {
        name: (value, alone and name not in settled)  # it may have been given by keyword already
        for name, (value, alone) in move(rewriter, node, bound, signature).items()
        if name in own
    }
    names = rewriter.target_names(bound.record, signature)
    func = rewriter.expression(node.func)
    return build.call(func, arrange(moved, signature, names), node)


def supposed(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """A call of something unknown by a name that holds classes of the framework elsewhere in the file.

    It is written as for one of those, where all of them take these arguments alike; None for any other call.
    """
    func = node.func
    name = f".{func.attr.value}" if type(func) is cst.Attribute else build.code(func)
    held = rewriter.facts.holders.get(name)
    if not held:
        return None
    written = [_as_class(rewriter, node, each) for each in sorted(held)]
    first = written[0]
    if first is not None and all(
        new is not None and build.same_code(first, new) for new in written
    ):
        return first
    message = f"what {shown(func)} is called with is a matter of the class that it holds"
    rewriter.todo(node, Code.UNKNOWN_TYPE, message)
    return rewriter.parts(node)


def _as_class(rewriter: Rewriter, node: cst.Call, name: str) -> cst.BaseExpression | None:
    """A call as one of a class of the framework; None where that does not take these arguments."""
    record, text = _record(name)
    look = rewriter.facts.value
    bound = bind(record, text, rewriter.side, None, node.args, literal_value, look)
    if bound.problem or record.states or _signature(rewriter, record) is None:
        return None
    stated = explicit(record, bound.spelling, list(node.args), rewriter.side)
    rewriter.facts.handed[id(node)] = stated
    return built(rewriter, node, bound)


def _record(name: str) -> tuple[Record, str]:
    return next(
        (record, text)
        for record, text in index("torch")[name]
        if parse(text).kind == "layer" and not isinstance(record, Pair)
    )


def _signature(rewriter: Rewriter, record: Record) -> Signature | None:
    """The class, or else the function that a string names, to which its layer takes no more than the string."""
    found = rewriter.target_spelling(record, "layer")
    return found or rewriter.target_spelling(record, "string")


def _with_settings(
    rewriter: Rewriter,
    bound: Arguments,
    func: cst.BaseExpression | None,
    held: cst.BaseExpression | None = None,
) -> cst.BaseExpression | None:
    signature = _signature(rewriter, bound.record)
    if signature is None:
        return None
    without = {lens.name(rewriter.side) for lens in bound.record.args if isinstance(lens, Only)}
    if signature.kind == "string" and bound.values.keys() - without:
        return None
    if signature.kind == "string":
        layer = rewriter.naming.target("keras.layers.Activation")
        arguments = [cst.Arg(layer), cst.Arg(build.expression(f'"{signature.name}"'))]
        return build.call(func or rewriter.naming.target("functools.partial"), arguments)
    moved = move(rewriter, None, bound, signature)
    if held is not None:  # what the class has by default it has already
        own = {lens.name(rewriter.side): lens.name(rewriter.target) for lens in bound.record.args}
        stated = {own.get(name) for name in bound.values}
        moved = {name: value for name, value in moved.items() if name in stated}
    layer = held or rewriter.naming.class_of(bound.record, signature.name)
    named: dict[str, Moved] = {name: (value, False) for name, (value, _) in moved.items()}
    settings = arrange(named, signature, rewriter.target_names(bound.record, signature))
    if not settings and func is None:
        return layer
    func = func or rewriter.naming.target("functools.partial")
    return build.call(func, [cst.Arg(layer), *settings])
