"""Whether a bound call has an equivalent: what lenses ask of the values and kinds of its arguments."""

from __future__ import annotations

from typing import Any

import libcst as cst

from translator.knowledge.lenses import (
    Axis,
    Borders,
    Choice,
    Complement,
    Deepened,
    Fixed,
    Follows,
    Groups,
    Lens,
    Listed,
    Number,
    Overlap,
    Padding,
    Rest,
    Side,
    Sides,
    Start,
    Tensor,
    Trailing,
    Whole,
)
from translator.knowledge.records import Pair, Record
from translator.knowledge.signature import Parameter, Signature, parse
from translator.source.borders import border_of, by_channel, padded, sides
from translator.source.bound import NOT_LITERAL, Arguments, Evaluate, Look, literal, primary_names
from translator.source.crops import crop_of, stated
from translator.source.shown import shown
from translator.source.values import Api, Each, Items, Literal, Plain, ShapeOf, TensorValue, Value


def conditions(
    record: Record,
    side: Side,
    signature: Signature,
    bound: Arguments,
    evaluate: Evaluate,
    look: Look,
) -> str:
    """What keeps a call from a record by the values of its arguments; "" where they fit."""
    names = {lens.name(side): lens for lens in record.args}
    for lens in record.args:
        name = lens.name(side)
        if name is None or not isinstance(lens, Fixed | Choice):
            continue
        parameter = signature.parameter(name)
        given = bound.values.get(name)
        if given is None and (parameter is None or parameter.default is None):
            continue
        value = literal(parameter.default if parameter else None)
        if given is not None:
            found = look(given)
            value = found.name if isinstance(found, Api) else evaluate(given)
            if name == "data_format" and value is NOT_LITERAL and isinstance(found, Literal):
                value = found.value  # the layers of a model have one, by whatever parameter
        if not _holds(lens, value, side):
            return f"{name}={_show(given, parameter)} of {signature.name} has no equivalent"
    if side == "tensorflow" and signature.name.startswith("tf.nn."):
        for name in ("ksize", "strides", "dilations"):
            sizes = bound.values.get(name)
            if isinstance(sizes, cst.List | cst.Tuple) and len(sizes.elements) == record.rank:
                return f"{name}={shown(sizes)} of {signature.name} reaches over the batch or the channels"
    for lens in record.args:
        if isinstance(lens, Padding):
            border = border_of(record, side, bound, evaluate)
            if border.problem:
                return f"{border.problem}: {signature.name}"
        if isinstance(lens, Borders) and (given := bound.values.get(str(lens.name(side)))):
            tensors = (lens.name(side) for lens in record.args if isinstance(lens, Tensor))
            tensor = bound.values.get(str(next(tensors, None)))
            value = None if tensor is None else look(tensor)
            if padded(given, side, value.rank if isinstance(value, TensorValue) else None) is None:
                return (
                    f"{lens.name(side)}={shown(given)} needs its widths written out, axis by axis"
                )
        if isinstance(lens, Start) and side == "tensorflow" and lens.tf in bound.values:
            if constant(bound.values[lens.tf], look) is None:
                return f"{lens.tf}={shown(bound.values[lens.tf])} of {signature.name} is not seen to be a constant"
        if isinstance(lens, Groups | Deepened) and side == "torch":
            if by_channel(bound, evaluate) != isinstance(lens, Deepened):
                return f"{signature.name} has a group for each channel or it has not"
        if isinstance(lens, Trailing) and (given := bound.values.get(str(lens.name(side)))):
            if isinstance(given, cst.Subscript) and isinstance(given.slice[0].slice, cst.Slice):
                return f"{lens.name(side)}={shown(given)} is not seen to be sizes: write them out"
        if (
            isinstance(lens, Overlap)
            and (crop := crop_of(record, side, bound, stated(look, evaluate))).problem
        ):
            return f"{crop.problem}: {signature.name}"
        if isinstance(lens, Sides) and (given := bound.values.get(str(lens.name(side)))):
            if not _is_width(given, record, side, look):
                return (
                    f"{lens.name(side)}={shown(given)} of {signature.name} is not seen to be widths"
                )
            if _cuts(evaluate(given)):
                return f"{lens.name(side)}={shown(given)} of {signature.name} cuts off: Keras has Cropping2D for that"
    for name, value in bound.values.items():
        if name not in names and not any(isinstance(lens, Rest) for lens in record.args):
            parameter = signature.parameter(name)
            if (
                parameter is None
                or parameter.default is None
                or evaluate(value) != literal(parameter.default)
            ):
                return f"argument {name!r} of {signature.name} is not supported"
    return ""


def kinds(record: Record, side: Side, signature: Signature, bound: Arguments, look: Look) -> str:
    """What keeps a call from a record by the kinds of its arguments; "" where they fit."""
    own = {first: name for name, first in primary_names(record, signature, side).items()}
    for lens in record.args:
        name = str(lens.name(side))
        parameter = signature.parameter(own.get(name, name))
        given = bound.values.get(name)
        if given is None and (parameter is None or parameter.default != "None"):
            continue
        value = Literal(None) if given is None else look(given)
        why = _misfit(record, side, lens, value)
        if why:
            return f"{name}={_show(given, parameter)} of {signature.name} {why}"
    return ""


def _misfit(record: Record, side: Side, lens: Lens, value: Value) -> str:
    """Why a value cannot be what a lens takes, "" where it can."""
    none = value == Literal(None)
    if none and _needs_value(record, side, lens):
        return "has no equivalent"
    if none and isinstance(lens, Complement):
        return "has no equivalent: an average over all batches"
    if isinstance(lens, Number) or (isinstance(lens, Axis) and lens.needs in ("number", "one")):
        if not _is_number(value) and not none:
            return "is not seen to be a number"
    if isinstance(lens, Whole) and not _may_be_whole(value):
        return "is not a whole number"
    if isinstance(lens, Listed) and not isinstance(value, Items | Each):
        return "is not seen to be a list"
    if isinstance(lens, Trailing) and not none and trailing(value, side) is None:
        return "is not seen to be sizes" if side == "torch" else "is not seen to be the last axes"
    if isinstance(lens, Tensor) and lens.rank and isinstance(value, TensorValue):
        if value.rank not in (None, lens.rank):
            return f"has {value.rank} axes, not {lens.rank}"
    if isinstance(lens, Tensor) and lens.known and not isinstance(value, TensorValue):
        return "is not seen to be a tensor"
    if isinstance(lens, Tensor) and lens.classes and of_shares(side, value):
        return "is no number of a class"
    return ""


def of_shares(side: Side, value: Value) -> bool:
    """True for targets of torch that are shares of the classes: Keras has floats for their numbers as well."""
    known = value.dtype if isinstance(value, TensorValue) else None
    return side == "torch" and (known or "").startswith("float")


def trailing(value: Value, side: Side) -> int | None:
    """How many of the last axes sizes of torch or axes of Keras mean; None where that is not seen."""
    if isinstance(value, Items):
        numbers = [item.value if isinstance(item, Literal) else None for item in value.items]
        count = len(numbers)
        return count if side == "torch" or numbers == list(range(-count, 0)) else None
    if side == "tensorflow":
        return 1 if value == Literal(-1) else None
    return None if isinstance(value, Each | ShapeOf | TensorValue) else 1


def _is_number(value: Value) -> bool:
    if isinstance(value, Literal):
        return isinstance(value.value, int | float) and not isinstance(value.value, bool)
    return isinstance(value, Plain)


def _may_be_whole(value: Value) -> bool:
    """False for a number, or several, that are seen not to be whole."""
    if isinstance(value, Items):
        return all(map(_may_be_whole, value.items))
    return not isinstance(value, Literal) or (_is_number(value) and value.value == int(value.value))


def _needs_value(record: Record, side: Side, lens: Lens) -> bool:
    """True where None means something that the other side cannot say: it has no default there."""
    if isinstance(lens, Axis) and lens.needs in ("value", "number"):
        return True
    if isinstance(lens, Axis) and lens.needs == "implied":
        return side == "tensorflow"
    other: Side = "tensorflow" if side == "torch" else "torch"
    name = lens.name(other)
    if name is None or isinstance(record, Pair) or isinstance(lens, Fixed | Choice | Follows):
        return False
    target = parse(record.spellings(other)[0]).parameter(name)
    return target is not None and target.default is None and target.star != "*"


def constant(node: cst.BaseExpression, look: Look) -> cst.BaseExpression | None:
    """The number that an initialiser of Keras gives, None where that is not one number."""
    value = look(node.func if isinstance(node, cst.Call) else node)
    name = str(value.value if isinstance(value, Literal) else getattr(value, "name", ""))
    kind = name.rpartition(".")[2].lower()
    if kind == "constant" and isinstance(node, cst.Call):
        return node.args[0].value if len(node.args) == 1 else None
    return {"zeros": cst.Float("0.0"), "ones": cst.Float("1.0")}.get(kind)


def _is_width(node: cst.BaseExpression, record: Record, side: Side, look: Look) -> bool:
    """True for one number or for written out widths. What is unknown may be a tuple, which Keras would not take."""
    if isinstance(node, cst.Tuple | cst.List):
        return sides(node, side, (record.rank or 4) - 2) is not None
    value = look(node)
    return _is_number(value) or (side == "torch" and not isinstance(value, Items | Each | ShapeOf))


def _cuts(widths: Any) -> bool:
    """True for widths of which one is negative: torch takes so much away."""
    if isinstance(widths, tuple | list):
        return any(map(_cuts, widths))
    return isinstance(widths, int) and widths < 0


def _holds(lens: Lens, value: Any, side: Side) -> bool:
    if isinstance(lens, Fixed):
        return value is not NOT_LITERAL and any(
            value == literal(text) for text in (lens.value, *lens.others)
        )
    if isinstance(lens, Choice):
        column = 0 if side == "torch" else 1
        if value is NOT_LITERAL and lens.alike == side:
            return True
        return any(
            value is not NOT_LITERAL and value == literal(row[column]) for row in lens.values
        )
    return True


def _show(given: cst.BaseExpression | None, parameter: Parameter | None) -> str:
    if given is None:
        return str(parameter.default if parameter else None)
    return shown(given)
