"""What torch's layers are told and Keras's read off their input: sizes, and what follows from them."""

from __future__ import annotations

import libcst as cst

from translator.findings import Code
from translator.knowledge.lenses import Deepened, Inferred, Slopes, Start, Trailing
from translator.rewrite import build
from translator.rewrite.moves.move import Move, Moved
from translator.source.fits import constant
from translator.source.fits import trailing as trailing_axes
from translator.source.literals import literal_value
from translator.source.objects import Site
from translator.source.values import Literal


def inferred(move: Move[Inferred]) -> Moved | None:
    """torch's input size, read off what reaches the layer; None where it is not known."""
    if move.target == "tensorflow" or move.call is None or _site(move) is None:
        return None
    size = move.rewriter.input_size(move.call)
    return None if size is None else (size, True)


def _site(move: Move[Inferred | Slopes | Trailing]) -> Site | None:
    """The site that the constructor call built."""
    return move.rewriter.facts.sites.get(id(move.call))


def deepened(move: Move[Deepened]) -> Moved | None:
    """The channels that come out of a depthwise convolution: those that go in, times its multiplier."""
    if move.target == "tensorflow":
        times = _multiplier(move)
        return None if literal_value(times) == 1 else (times, False)
    size = None if move.call is None else move.rewriter.input_size(move.call)
    if size is None:
        return None
    given = move.given
    if given is None or literal_value(given) == 1:
        return size, True
    known, by = literal_value(size), literal_value(given)
    if type(known) is int and type(by) is int:
        return build.expression(str(known * by)), True
    return build.expression("size * by", size=size, by=move.written(given)), True


def _multiplier(move: Move[Deepened]) -> cst.BaseExpression:
    """How many channels come out of a depthwise convolution for each one that goes in."""
    inner, outer = move.bound.values["in_channels"], move.bound.values["out_channels"]
    known, deep = literal_value(inner), literal_value(outer)
    if type(known) is int and type(deep) is int and known:
        return build.expression(str(deep // known))
    if build.same_code(inner, outer):
        return build.expression("1")
    if isinstance(outer, cst.BinaryOperation) and isinstance(outer.operator, cst.Multiply):
        for one, other in ((outer.left, outer.right), (outer.right, outer.left)):
            if build.same_code(one, inner):
                return move.written(other)
    return build.expression("deep // known", deep=move.written(outer), known=move.written(inner))


def slopes(move: Move[Slopes]) -> Moved | None:
    """The slopes that an activation learns, by what reaches it."""
    call, site = move.call, _site(move)
    shape = None if site is None else site.inputs
    if call is None or shape is None:
        return None
    given = move.given
    if move.target == "tensorflow":
        one = given is None or literal_value(given) == 1
        shared = range(1, len(shape) if one else len(shape) - 1)
        return (build.numbers(shared), False) if shared else None
    axes = [] if given is None else literal_value(given)
    every, all_but_channels = list(range(1, len(shape))), list(range(1, len(shape) - 1))
    if not isinstance(axes, list | tuple) or list(axes) not in (every, all_but_channels):
        why = "torch learns one slope, or one for each channel, and none for single pixels"
        move.rewriter.todo(call, Code.UNSUPPORTED_ARGUMENT, why)
        return None
    size = move.rewriter.input_size(call)
    if list(axes) == every:
        return None
    if size is None:
        why = "how many channels it has is not known here"
        move.rewriter.todo(call, Code.UNSUPPORTED_ARGUMENT, why)
        return None
    return size, True


def start(move: Move[Start]) -> Moved | None:
    """The number that weights start from."""
    given = move.given
    if move.target == "torch":
        value = None if given is None else constant(given, move.rewriter.facts.value)
        return (build.expression("0.0") if value is None else move.written(value)), False
    number = build.expression(str(move.default)) if given is None else move.written(given)
    initializer = move.rewriter.naming.target("keras.initializers.Constant")
    return build.call(initializer, [build.argument(number)]), False


def trailing(move: Move[Trailing]) -> Moved | None:
    """The last axes by their numbers, or their sizes, read off what reaches the layer."""
    value = Literal(-1) if move.given is None else move.value(move.given)
    count = trailing_axes(value, move.rewriter.side) or 1
    if move.target == "tensorflow":
        return None if count == 1 else (build.numbers(range(-count, 0)), False)
    if move.call is None or _site(move) is None:
        return None
    sizes = [move.rewriter.input_size(move.call, axis) for axis in range(-count, 0)]
    known = [size for size in sizes if size is not None]
    if len(known) < count:
        return None
    return (known[0] if count == 1 else cst.Tuple([cst.Element(size) for size in known])), True
