"""Calls of functions and methods, written as the target's function, method or pattern; or left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.lenses import Lens, Tensor, Tensors
from translator.knowledge.records import Function, Pair, Record
from translator.knowledge.signature import Signature
from translator.rewrite import (
    build,
    devices,
    members,
)
from translator.rewrite.arrange import arrange
from translator.rewrite.constructs.reading import of_kind
from translator.rewrite.fields import together
from translator.rewrite.moves.arguments import move
from translator.rewrite.patterns import written_pattern
from translator.source.bound import Arguments
from translator.source.reference import counterpart
from translator.source.tree import nodes
from translator.source.values import (
    Api,
    TensorValue,
)

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def left(rewriter: Rewriter, node: cst.Call, code: Code, message: str) -> cst.BaseExpression:
    """A call that stays: its function keeps its name, its arguments are rewritten."""
    rewriter.todo(node, code, message)
    if rewriter.spelled(node.func) is not None:
        rewriter.keep(node.func)
        func = node.func
    elif isinstance(node.func, cst.Attribute):
        func = members.member(rewriter, node.func)
    else:
        func = rewriter.expression(node.func)
    return node.with_changes(func=func, args=[rewriter.parts(argument) for argument in node.args])


def function(rewriter: Rewriter, node: cst.Call, bound: Arguments) -> cst.BaseExpression:
    """A call of a function or method, written as the target's function, method or pattern."""
    record = bound.record
    if record.caution:
        rewriter.note(node, Code.NUMERIC, f"{record.title}: {record.caution}", record.title)
    note_ranks(rewriter, node, bound, record.args)
    axes = rewriter.facts.turns.get(id(node))
    if isinstance(record, Pair):
        return _pattern(rewriter, node, bound, record, held=axes is not None)
    if axes is not None:
        return _turned(rewriter, bound, axes)
    kind = "method" if _is_called_on_tensor(rewriter, bound) else "function"
    signature = rewriter.target_spelling(record, kind)
    if signature is None:
        return left(rewriter, node, Code.UNSUPPORTED_CODE, f"{record.title} is only a layer there")
    new = _with_variable(rewriter, node, written(rewriter, node, bound, signature))
    if record.gives == "tensors" and _is_changed(rewriter, node):
        return build.call(cst.Name("list"), [cst.Arg(new)])  # torch gives a tuple
    return new


def _is_changed(rewriter: Rewriter, node: cst.Call) -> bool:
    """True where the list that a function of TensorFlow gives is changed in place."""
    around = rewriter.functions[-1].node if rewriter.functions else None
    if rewriter.target != "torch" or around is None:
        return False
    code = list(nodes(around.body))
    made = next((n for n in of_kind(code, cst.Assign) if n.value is node), None)
    target = None if made is None else made.targets[0].target
    if not isinstance(target, cst.Name):
        return False
    holders = [
        n.target.value
        for n in of_kind(code, cst.AssignTarget)
        if isinstance(n.target, cst.Subscript)
    ]
    holders += [
        n.func.value
        for n in of_kind(code, cst.Call)
        if isinstance(n.func, cst.Attribute) and n.func.attr.value in _CHANGING
    ]
    return any(isinstance(h, cst.Name) and h.value == target.value for h in holders)


_CHANGING = frozenset({"append", "extend", "insert", "pop", "reverse", "remove"})


def note_ranks(
    rewriter: Rewriter, node: cst.Call, bound: Arguments, lenses: Sequence[Lens]
) -> None:
    """Say so where a loss of classes holds for (batch, classes), and its call alone says that it is that."""
    operands = [lens for lens in lenses if isinstance(lens, Tensor)]
    if rewriter.side == "tensorflow" or not any(lens.classes for lens in operands):
        return
    for lens in operands:
        given = bound.values.get(str(lens.torch))
        if lens.rank and given is not None and not _is_known(rewriter, given):
            title = bound.record.title
            why = f"{title} takes (batch, classes) there; whether it is given that is not seen here"
            rewriter.note(node, Code.NUMERIC, why, title)


def _is_known(rewriter: Rewriter, node: cst.BaseExpression) -> bool:
    """True where the number of axes follows from more than the use as an operand."""
    value = rewriter.facts.value(node)
    supposed = any(
        isinstance(node, cst.Name) and node.value in f.used and node.value not in f.arguments
        for f in rewriter.functions[-1:]
    )
    return isinstance(value, TensorValue) and value.rank is not None and not supposed


def written(
    rewriter: Rewriter, node: cst.Call, bound: Arguments, signature: Signature
) -> cst.BaseExpression:
    """The call of one target spelling with the moved arguments."""
    moved = move(rewriter, node, bound, signature)
    names = rewriter.target_names(bound.record, signature)
    if signature.kind == "method":
        receiver, _ = moved.pop(next(name for name in moved))
        assert isinstance(receiver, cst.BaseExpression)
        if _is_method(bound.record):  # its few arguments are clear without their names
            moved = {name: (value, True) for name, (value, _) in moved.items()}
        func: cst.BaseExpression = cst.Attribute(
            build.parenthesized(receiver), cst.Name(signature.name.rpartition(".")[2])
        )
    elif _keeps_its_name(rewriter, node, signature):
        func = rewriter.expression(node.func)
    else:
        func = rewriter.naming.target(signature.name)
    arguments = arrange(moved, signature, names)
    return build.call(func, [*arguments, *_placed(rewriter, bound, signature)], node)


def _placed(rewriter: Rewriter, bound: Arguments, signature: Signature) -> list[cst.Arg]:
    """Where torch makes what no tensor is given for."""
    if any(isinstance(lens, Tensor | Tensors) for lens in bound.record.args):
        return []
    if signature.parameter("device") is None:
        return []
    device = devices.beside_inputs(rewriter)
    return [] if device is None else [build.argument(device, "device")]


def _is_method(record: Record) -> bool:
    return isinstance(record, Function) and record.as_method


def _is_called_on_tensor(rewriter: Rewriter, bound: Arguments) -> bool:
    """True where the call becomes one of a method, for which its operand has to be known as a tensor."""
    if rewriter.target != "torch" or not _is_method(bound.record):
        return False
    lens = next(lens for lens in bound.record.args if isinstance(lens, Tensor))
    given = bound.values.get(str(lens.name(rewriter.side)))
    return given is not None and isinstance(rewriter.facts.value(given), TensorValue)


def _keeps_its_name(rewriter: Rewriter, node: cst.Call, signature: Signature) -> bool:
    """True for a call of a variable that holds the function and will hold its counterpart."""
    called = rewriter.facts.value(node.func)
    if not isinstance(called, Api) or not called.held:
        return False
    return counterpart(called.name, rewriter.side) == signature.name


def _with_variable(
    rewriter: Rewriter, node: cst.Call, value: cst.BaseExpression
) -> cst.BaseExpression:
    """`torch.zeros(3, requires_grad=True)` is a variable."""
    found = rewriter.facts.value(node)
    if rewriter.target == "tensorflow" and isinstance(found, TensorValue) and found.leaf:
        return build.call(rewriter.naming.target("tf.Variable"), [cst.Arg(value)])
    return value


def _turned(rewriter: Rewriter, bound: Arguments, axes: Sequence[int]) -> cst.BaseExpression:
    """A tensor with its axes moved from the order in which it is held to the one that is asked for."""
    lens = next(lens for lens in bound.record.args if isinstance(lens, Tensor))
    new = rewriter.expression(bound.values[str(lens.name(rewriter.side))])
    return new if list(axes) == sorted(axes) else rewriter.permuted(new, axes)


def _pattern(
    rewriter: Rewriter, node: cst.Call, bound: Arguments, record: Pair, held: bool
) -> cst.BaseExpression:
    if record.fields:
        return together(rewriter, node, bound, record)
    pattern = record.held if held else record.spellings(rewriter.target)[0]
    return written_pattern(rewriter, node, bound, pattern)
