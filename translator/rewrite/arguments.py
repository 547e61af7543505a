"""How each lens moves an argument from a call of one side to a call of the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.lenses import (
    Axis,
    Borders,
    Choice,
    Complement,
    Deepened,
    Dtype,
    Element,
    Explicit,
    Fixed,
    Follows,
    Groups,
    Inferred,
    Lens,
    Listed,
    Negated,
    Number,
    Optional,
    Overlap,
    Padding,
    Real,
    Rest,
    Same,
    Sides,
    Sizes,
    Slopes,
    Squared,
    Start,
    Tensor,
    Tensors,
    Trailing,
)
from translator.knowledge.records import Pair, Record
from translator.knowledge.signature import Parameter, Signature
from translator.rewrite import build, numbers, operands
from translator.rewrite.borders import border, every_axis, overlap, widths
from translator.rewrite.operands import Moved, default_text, equal, given_for, stated
from translator.source.bound import NOT_LITERAL, Arguments, literal, rest
from translator.source.fits import constant, trailing
from translator.source.literals import literal_value
from translator.source.objects import Site
from translator.source.values import Literal

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def move(
    rewriter: Rewriter, call: cst.Call | None, bound: Arguments, target: Signature
) -> dict[str, Moved]:
    """The target's arguments by the parameter names of the record's first target spelling."""
    moved: dict[str, Moved] = {}
    names = {} if isinstance(bound.record, Pair) else rewriter.target_names(bound.record, target)
    for lens in bound.record.args:
        name = lens.name(rewriter.target)
        parameter = target.parameter(names.get(name, name)) if name is not None else None
        if name is None:
            continue
        result = (
            _MOVES[type(lens)](rewriter, call, bound, lens, parameter)
            if type(lens) in _MOVES
            else None
        )
        if result is not None:
            moved[name] = result
    return _in_row(bound.record, target, moved)


def _in_row(record: Record, target: Signature, moved: dict[str, Moved]) -> dict[str, Moved]:
    """`nn.Linear(3, 4)`, not `nn.Linear(3, out_features=4)`, where the first of the two is written for torch alone."""
    if not any(
        isinstance(lens, Inferred | Trailing) and lens.torch in moved for lens in record.args
    ):
        return moved
    required = {p.name for p in target.parameters if p.default is None}
    return {name: (value, own or name in required) for name, (value, own) in moved.items()}


def _negated(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    given = given_for(rewriter, bound, lens)
    known = stated(rewriter, bound, lens)
    if isinstance(known, bool):
        text = str(not known)
        return (
            None
            if parameter is not None and parameter.default == text
            else (build.expression(text), False)
        )
    assert given is not None
    return build.expression("not value", value=rewriter.expression(given)), False


def _choice(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    assert isinstance(lens, Choice)
    given = given_for(rewriter, bound, lens)
    known = stated(rewriter, bound, lens)
    if given is not None and known is NOT_LITERAL:
        return rewriter.expression(given), False
    column = 0 if rewriter.side == "torch" else 1
    text = next(row[1 - column] for row in lens.values if literal(row[column]) == known)
    if parameter is not None and parameter.default is not None and equal(text, parameter.default):
        return None
    return build.expression(text.replace("'", '"')), False


def _padding(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    found = border(rewriter, bound)
    if found.kind == "same":
        return build.expression('"same"'), False
    if found.kind == "half":
        alike = len(set(found.widths)) == 1
        return build.expression(str(found.widths[0] if alike else found.widths)), False
    given = given_for(rewriter, bound, lens)
    if found.kind == "given" and given is not None:
        return rewriter.expression(given), False
    return None


def _explicit(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    """The padding of a function."""
    found = border(rewriter, bound)
    if rewriter.target == "torch":
        return _padding(rewriter, call, bound, lens, parameter)
    if found.kind != "given":
        return build.expression('"SAME"' if found.kind == "same" else '"VALID"'), False
    given, axes = bound.values["padding"], (bound.record.rank or 4) - 2
    parts = (
        [part.value for part in given.elements]
        if isinstance(given, cst.Tuple | cst.List)
        else [given]
    )
    widths = [rewriter.expression(part) for part in parts * (axes if len(parts) == 1 else 1)]
    pairs = "".join(f", [w{axis}, w{axis}]" for axis in range(len(widths)))
    holes = {f"w{axis}": width for axis, width in enumerate(widths)}
    return build.expression(f"[[0, 0]{pairs}, [0, 0]]", **holes), False


def _follows(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    assert isinstance(lens, Follows)
    given = given_for(rewriter, bound, lens)
    if given is None or literal_value(given) is None:
        other = next(x for x in bound.record.args if x.torch == lens.other)
        given = bound.values.get(str(other.name(rewriter.side)))
    if given is None:
        return None
    return rewriter.expression(given), True


def _fixed(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    assert isinstance(lens, Fixed)
    if (
        parameter is not None
        and parameter.default is not None
        and equal(lens.value, parameter.default)
    ):
        return None
    return build.expression(lens.value.replace("'", '"')), False


def _inferred(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    """torch's input size, read off what reaches the layer; None where it is not known."""
    if rewriter.target == "tensorflow" or call is None or call_site(rewriter, call) is None:
        return None
    size = rewriter.input_size(call)
    return None if size is None else (size, True)


def _rest(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    return [
        build.argument(rewriter.expression(node), name) for name, node in rest(bound).items()
    ], False


def _deepened(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    """The channels that come out of a depthwise convolution: those that go in, times its multiplier."""
    if rewriter.target == "tensorflow":
        times = _multiplier(rewriter, bound)
        return None if literal_value(times) == 1 else (times, False)
    size = None if call is None else rewriter.input_size(call)
    if size is None:
        return None
    given = given_for(rewriter, bound, lens)
    if given is None or literal_value(given) == 1:
        return size, True
    known, by = literal_value(size), literal_value(given)
    if type(known) is int and type(by) is int:
        return build.expression(str(known * by)), True
    return build.expression("size * by", size=size, by=rewriter.expression(given)), True


def _multiplier(rewriter: Rewriter, bound: Arguments) -> cst.BaseExpression:
    """How many channels come out of a depthwise convolution for each one that goes in."""
    inner, outer = bound.values["in_channels"], bound.values["out_channels"]
    known, deep = literal_value(inner), literal_value(outer)
    if type(known) is int and type(deep) is int and known:
        return build.expression(str(deep // known))
    if build.same_code(inner, outer):
        return build.expression("1")
    if isinstance(outer, cst.BinaryOperation) and isinstance(outer.operator, cst.Multiply):
        for one, other in ((outer.left, outer.right), (outer.right, outer.left)):
            if build.same_code(one, inner):
                return rewriter.expression(other)
    holes = {"deep": rewriter.expression(outer), "known": rewriter.expression(inner)}
    return build.expression("deep // known", **holes)


def _slopes(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    """The slopes that an activation learns, by what reaches it."""
    site = None if call is None else call_site(rewriter, call)
    shape = None if site is None else site.inputs
    if call is None or shape is None:
        return None
    given = given_for(rewriter, bound, lens)
    if rewriter.target == "tensorflow":
        one = given is None or literal_value(given) == 1
        shared = range(1, len(shape) if one else len(shape) - 1)
        return (build.numbers(shared), False) if shared else None
    axes = [] if given is None else literal_value(given)
    if not isinstance(axes, list | tuple) or list(axes) not in (
        list(range(1, len(shape))),
        list(range(1, len(shape) - 1)),
    ):
        why = "torch learns one slope, or one for each channel, and none for single pixels"
        rewriter.todo(call, Code.UNSUPPORTED_ARGUMENT, why)
        return None
    size = rewriter.input_size(call)
    if len(axes) == len(shape) - 1:
        return None
    if size is None:
        rewriter.todo(call, Code.UNSUPPORTED_ARGUMENT, "how many channels it has is not known here")
        return None
    return size, True


def _start(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    """The number that weights start from."""
    given = given_for(rewriter, bound, lens)
    if rewriter.target == "torch":
        value = None if given is None else constant(given, rewriter.facts.value)
        return (build.expression("0.0") if value is None else rewriter.expression(value)), False
    text = default_text(rewriter, bound, lens)
    number = build.expression(str(text)) if given is None else rewriter.expression(given)
    return build.call(
        rewriter.naming.target("keras.initializers.Constant"), [build.argument(number)]
    ), False


def _trailing(
    rewriter: Rewriter,
    call: cst.Call | None,
    bound: Arguments,
    lens: Lens,
    parameter: Parameter | None,
) -> Moved | None:
    """The last axes by their numbers, or their sizes, read off what reaches the layer."""
    given = given_for(rewriter, bound, lens)
    value = Literal(-1) if given is None else rewriter.facts.value(given)
    count = trailing(value, rewriter.side) or 1
    if rewriter.target == "tensorflow":
        return None if count == 1 else (build.numbers(range(-count, 0)), False)
    if call is None or call_site(rewriter, call) is None:
        return None
    sizes = [rewriter.input_size(call, axis) for axis in range(-count, 0)]
    known = [size for size in sizes if size is not None]
    if len(known) < count:
        return None
    return (known[0] if count == 1 else cst.Tuple([cst.Element(size) for size in known])), True


def call_site(rewriter: Rewriter, call: cst.Call) -> Site | None:
    """The site that a constructor call built."""
    return rewriter.facts.sites.get(id(call))


Move = Callable[
    ["Rewriter", "cst.Call | None", Arguments, Lens, "Parameter | None"], "Moved | None"
]

_MOVES: dict[type[Lens], Move] = {
    Same: operands.same,
    Groups: operands.same,
    Optional: operands.same,
    Tensors: operands.same,
    Tensor: operands.tensor,
    Number: operands.same,
    Listed: operands.same,
    Real: operands.real,
    Dtype: operands.element_type,
    Axis: operands.axis,
    Sizes: operands.sizes,
    Sides: widths,
    Borders: every_axis,
    Overlap: overlap,
    Complement: numbers.complement,
    Squared: numbers.squared,
    Element: numbers.element,
    Negated: _negated,
    Choice: _choice,
    Padding: _padding,
    Explicit: _explicit,
    Follows: _follows,
    Fixed: _fixed,
    Inferred: _inferred,
    Trailing: _trailing,
    Slopes: _slopes,
    Start: _start,
    Deepened: _deepened,
    Rest: _rest,
}
