"""How each kind of expression is rewritten."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.registry import index
from translator.knowledge.training import metrics
from translator.rewrite import (
    build,
    by_hand,
    by_name,
    containers,
    devices,
    handed,
    handing_mode,
    layers,
    members,
    modes,
    named_parts,
    promotion,
    widths,
)
from translator.rewrite.constructs import rates
from translator.rewrite.constructs.initialising import presence
from translator.rewrite.fields import field_of as _field
from translator.rewrite.functions import function, left
from translator.rewrite.indexing import indexed
from translator.rewrite.products import product
from translator.rewrite.references import asked, compared_class, reference, unknown
from translator.rewrite.rest import without_names
from translator.rewrite.settings import is_argument
from translator.rewrite.torch_tensors import size_at
from translator.rewrite.trained import is_optimizer
from translator.source import tensor_arrays
from translator.source.classes import inherited
from translator.source.duck import AMBIGUOUS, of_text
from translator.source.literals import literal_value
from translator.source.objects import Built, ClassValue, ObjectValue, ParametersValue, SuperValue
from translator.source.parts import CONTAINERS
from translator.source.shown import shown
from translator.source.subscripts import is_ellipsis, shape_holder
from translator.source.values import (
    UNKNOWN,
    BatchesValue,
    BatchShare,
    Dictionary,
    Fields,
    GradientValue,
    LayerValue,
    MethodValue,
    MetricValue,
    NumpyArray,
    ShapeOf,
    TapeValue,
    TensorArrayValue,
    TensorValue,
    Unsure,
)

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def _name(rewriter: Rewriter, node: cst.Name) -> cst.BaseExpression:
    value = rewriter.facts.value(node)
    if isinstance(value, Unsure):
        message = f"{node.value} may be something else than {value.name} here; convert it by hand"
        rewriter.leave(node, Code.UNSUPPORTED_CODE, message)
    name = rewriter.spelled(node)
    if name is not None:
        return reference(rewriter, node, name)
    if node.value == "training" and rewriter.target == "torch":
        return modes.mode_name(rewriter.functions) or node
    return members.bound_name(rewriter, node)


def _attribute(rewriter: Rewriter, node: cst.Attribute) -> cst.BaseExpression:
    name = rewriter.spelled(node)
    if name is not None:
        return reference(rewriter, node, name)
    written = by_hand.attribute(rewriter, node)
    if written is None and rewriter.target == "tensorflow":
        written = handing_mode.mode_argument(rewriter, node)
    if written is not None:
        return written
    position = named_parts.place(rewriter, node)
    if position is not None:
        model = rewriter.expression(node.value)
        return build.expression(f"model.layers[{position}]", model=model)
    if (fetched := named_parts.fetched(rewriter, node)) is not None:
        return fetched
    owner = rewriter.facts.value(node.value)
    if isinstance(owner, Fields) and node.attr.value in owner.names:
        return _field(rewriter, node, node.value, owner.names.index(node.attr.value))
    if isinstance(owner, Dictionary) and node.attr.value in owner.keys:
        if not hasattr(dict, node.attr.value):  # a ModuleDict has its layers as attributes as well
            held = build.parenthesized(rewriter.expression(node.value))
            return build.expression(f'held["{node.attr.value}"]', held=held)
    member = rewriter.facts.value(node)
    if isinstance(member, MethodValue) and id(node) not in rewriter.called:
        if found := _unknown_member(rewriter, member):
            rewriter.todo(node, *found)
    return members.member(rewriter, node)


def _call(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    outer, rewriter.silent = rewriter.silent, _only_reads(rewriter, node)
    new = widths.passed(rewriter, node, _written_call(rewriter, node))
    rewriter.silent = outer
    return new


def _only_reads(rewriter: Rewriter, node: cst.Call) -> bool:
    """True for `print(x)` and `float(x)`, and for what is computed inside of them."""
    builtin = type(node.func) is cst.Name and node.func.value in _READING
    return rewriter.silent or (builtin and rewriter.facts.value(node.func) == UNKNOWN)


_READING = frozenset({"print", "float", "int", "str", "len", "round", "bool"})


def _formatted(rewriter: Rewriter, node: cst.FormattedString) -> cst.BaseExpression:
    outer, rewriter.silent = rewriter.silent, True
    new = rewriter.parts(node)
    rewriter.silent = outer
    if new is node or len(node.quote) != 1:
        return new
    quoted = new.visit(_OtherQuotes(node.quote))
    assert isinstance(quoted, cst.FormattedString)
    return quoted


class _OtherQuotes(cst.CSTTransformer):
    """Writes the strings inside of a formatted one with the other quotes: before Python 3.12 its own would end it."""

    def __init__(self, quote: str) -> None:
        super().__init__()
        self.quote = quote
        self.other = "'" if quote == '"' else '"'

    def leave_SimpleString(
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.BaseExpression:
        text = updated_node.raw_value
        if updated_node.quote != self.quote or self.other in text:
            return updated_node
        return updated_node.with_changes(
            value=f"{updated_node.prefix}{self.other}{text}{self.other}"
        )


def _written_call(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    rewriter.called.add(id(node.func))
    written = by_hand.call(rewriter, node)
    if written is not None:
        return written
    builtin = type(node.func) is cst.Name and node.func.value in _ITERATING
    if builtin and rewriter.api(node.func) is None:
        arguments = [a.with_changes(value=rewriter.iterated(a.value)) for a in node.args]
        return node.with_changes(args=arguments)
    if type(node.func) is cst.Name and node.func.value == "next" and len(node.args) == 1:
        if isinstance(rewriter.facts.value(node.args[0].value), ParametersValue):
            listed = rewriter.expression(node.args[0].value)
            return build.expression("next(iter(parameters))", parameters=listed)
    if type(node.func) is cst.Name and node.func.value == "len" and len(node.args) == 1:
        given = node.args[0].value
        counted = containers.as_list(rewriter, given)
        if counted is not None:
            return node.with_changes(args=[node.args[0].with_changes(value=counted)])
        tensor = isinstance(rewriter.facts.value(given), TensorValue)
        if tensor and rewriter.target == "tensorflow" and modes.serves_model(rewriter):
            return size_at(rewriter, rewriter.expression(given), cst.Integer("0"))
    if type(node.func) is cst.Name and node.func.value == "int" and len(node.args) == 1:
        share = isinstance(rewriter.facts.value(node.args[0].value), BatchShare)
        if share and rewriter.target == "tensorflow" and modes.in_graph(rewriter):
            text = rewriter.naming.spell("tf.cast(x, tf.int32)")
            return build.expression(text, x=rewriter.expression(node.args[0].value))
    if type(node.func) is cst.Name and node.func.value == "hasattr" and len(node.args) == 2:
        owner, asked_for = rewriter.api(node.args[0].value), literal_value(node.args[1].value)
        if owner is not None and isinstance(asked_for, str):
            return cst.Name(str(f"{owner}.{asked_for}" in index(rewriter.side)))
        if (named := named_parts.asked(rewriter, node)) is not None:
            return named
    if type(node.func) is cst.Name and node.func.value in ("isinstance", "issubclass"):
        return asked(rewriter, node)
    if rewriter.target == "torch":
        node = without_names(rewriter, modes.without_training(rewriter, node))
    node = members.by_name(rewriter, node)
    if id(node) in rewriter.facts.chosen:
        return handed.chosen(rewriter, node)
    if id(node) in rewriter.facts.partials:
        return handed.partial(rewriter, node)
    problem = rewriter.facts.problems.get(id(node))
    if problem is not None:
        return left(rewriter, node, *problem)
    bound = rewriter.facts.calls.get(id(node))
    if bound is not None:
        if bound.spelling.name in CONTAINERS:
            new = containers.container(rewriter, node, bound)
            made = rewriter.facts.value(node.func)
            by_class = isinstance(made, MethodValue | ClassValue)  # super().__init__, Block(...)
            if by_class and isinstance(new, cst.Call) and new is not node:
                return new.with_changes(func=rewriter.parts(node.func))
            return new
        if bound.spelling.kind == "layer":
            return layers.constructor(rewriter, node, bound)
        return function(rewriter, node, bound)
    if id(node) in rewriter.facts.layer_calls:
        containers.check_alone(rewriter, node.func)
        return layers.call(rewriter, node, *rewriter.facts.layer_calls[id(node)])
    name = rewriter.api(node.func)
    if name is not None:
        return left(rewriter, node, *unknown(rewriter, name, name))
    method = rewriter.facts.value(node.func)
    if isinstance(method, MethodValue) and (found := _unknown_member(rewriter, method)):
        return left(rewriter, node, *found)
    if type(node.func) is cst.Attribute and devices.moves(rewriter, node):
        return rewriter.expression(node.func.value)
    if method == UNKNOWN and (supposed := handed.supposed(rewriter, node)) is not None:
        return supposed
    if type(node.func) is cst.Attribute and method == UNKNOWN:
        _doubtful(rewriter, node, node.func)
    new = rewriter.parts(node)
    if rewriter.target == "torch" and isinstance(method, ObjectValue) and method.info.is_module:
        new = new.with_changes(
            args=[a.with_changes(value=layers.operand(rewriter, a.value)) for a in node.args]
        )
    new = handing_mode.handing_on(rewriter, node, by_name.passed(rewriter, method, node, new))
    return handing_mode.with_training(rewriter, method, new, node)


def _doubtful(rewriter: Rewriter, node: cst.Call, func: cst.Attribute) -> None:
    """Say that a method may be a tensor's or a model's, where nothing is known of what it is called on."""
    name = func.attr.value
    in_place = rewriter.side == "torch" and name[-1] == "_" and name[0] != "_"  # `p.copy_(x)`
    doubtful = in_place or name in AMBIGUOUS[rewriter.side]
    doubtful = doubtful and not of_text(rewriter.facts, node, name)
    if doubtful and rewriter.facts.value(func.value) == UNKNOWN:
        owner = shown(func.value)
        rewriter.todo(
            node,
            Code.UNKNOWN_TYPE,
            f"{name} is left: it is not known what {owner} is; an annotation would tell",
        )


_ITERATING = frozenset({"zip", "enumerate", "list", "tuple", "sum", "map", "reversed", "iter"})
"""Builtins that run through what they are given."""


def _unknown_member(rewriter: Rewriter, method: MethodValue) -> tuple[Code, str] | None:
    """Why a member stays, where it is one of something of the frameworks and no rule knows it."""
    owner = _owner(method)
    if not owner or (rewriter.facts.mixed and _is_written(rewriter, method)):
        return None
    kind = ""
    if isinstance(method.receiver, TensorValue | GradientValue):
        kind = "torch.Tensor" if rewriter.side == "torch" else "tf.Tensor"
    elif isinstance(method.receiver, Built | ObjectValue | SuperValue):
        kind = "torch.nn.Module" if rewriter.side == "torch" else "keras.Model"
    return unknown(rewriter, f"{kind}.{method.name}", f"{owner} {method.name}")


def _is_written(rewriter: Rewriter, method: MethodValue) -> bool:
    """True for a member that only the target has, in a file that was converted in part before."""
    if isinstance(method.receiver, TensorValue):
        kind = "torch.Tensor" if rewriter.target == "torch" else "tf.Tensor"
        return f"{kind}.{method.name}" in index(rewriter.target) or by_hand.reads(rewriter, method)
    if isinstance(method.receiver, Built) and rewriter.target == "torch":
        return is_optimizer(method.receiver) and method.name in ("step", "zero_grad")
    return False


def _owner(method: MethodValue) -> str:
    """What a member belongs to, "" for what is none of the frameworks'."""
    receiver = method.receiver
    if isinstance(receiver, TensorValue | GradientValue):
        return "the tensor's"
    if isinstance(receiver, TapeValue):
        return "the tape's"
    if isinstance(receiver, TensorArrayValue):
        return "" if tensor_arrays.is_known(method.name) else "the tensor array's"
    if isinstance(receiver, MetricValue):
        return "" if method.name in metrics.METHODS else "the metric's"
    if isinstance(receiver, ShapeOf):
        return "the shape's"
    if isinstance(receiver, BatchesValue):
        return "the data set's"
    if isinstance(receiver, ParametersValue):
        return "the parameters'"
    if isinstance(receiver, Built):
        written = getattr(receiver.site.record, "methods", ())
        return "" if method.name in written else f"{receiver.site.record.title}'s"
    if isinstance(receiver, LayerValue):
        return "the layer's" if is_argument(receiver, method.name) else ""
    if isinstance(receiver, ObjectValue | SuperValue) and not method.name.startswith("__"):
        return "the module's" if inherited(receiver, method.name) else ""
    return ""


def _subscript(rewriter: Rewriter, node: cst.Subscript) -> cst.BaseExpression:
    """`model[0]` of a container is `model.layers[0]` in Keras, counted with what was put between."""
    if (rate := rates.read(rewriter, node)) is not None:
        return rate
    owner = rewriter.facts.value(node.value)
    element = node.slice[0].slice
    if rewriter.annotating and rewriter.spelled(node.value) == "torch.jit.Final":
        return rewriter.parts(element.value) if isinstance(element, cst.Index) else node
    if isinstance(owner, ShapeOf):
        return _size(rewriter, node)
    axes = rewriter.facts.axes.get(id(node))
    if isinstance(owner, TensorValue) and isinstance(axes, tuple):
        return _ranges(rewriter, node, axes)
    if isinstance(owner, TensorValue) and rewriter.target == "tensorflow":
        return indexed(rewriter, node, rewriter.expression(node.value))
    element = node.slice[0].slice
    if isinstance(owner, Fields) and len(node.slice) == 1 and isinstance(element, cst.Index):
        index = literal_value(element.value)
        if type(index) is int and -len(owner.names) <= index < len(owner.names):
            return _field(rewriter, node, node.value, index % len(owner.names))
    position = containers.member_position(rewriter, node)
    if position is None:
        owner = rewriter.facts.value(node.value)
        if isinstance(owner, Built) and owner.site.arguments.spelling.name in CONTAINERS:
            why = f"which layers of the container {shown(node)} means is not known here"
            rewriter.todo(node, Code.UNSUPPORTED_CODE, why)
        return rewriter.parts(node)
    holder = node.value
    if isinstance(holder, cst.Attribute) and rewriter.side == "tensorflow":
        holder = holder.value
    text = f"model.layers[{position}]" if rewriter.target == "tensorflow" else f"model[{position}]"
    return build.expression(text, model=rewriter.expression(holder))


def _ranges(rewriter: Rewriter, node: cst.Subscript, axes: tuple[int, ...]) -> cst.BaseExpression:
    """Ranges of a tensor whose axes stand in another order: an ellipsis for all axes before a range of the last."""
    whole = cst.Slice(lower=None, upper=None)
    given: list[cst.BaseSlice] = []
    for element in node.slice:
        missing = len(axes) - len(node.slice) + 1
        spread = is_ellipsis(element.slice)
        given += [whole] * missing if spread else [rewriter.parts(element.slice)]
    given += [whole] * (len(axes) - len(given))
    moved = [given[axis] for axis in axes]
    while len(moved) > 1 and moved[-1].deep_equals(whole):
        moved.pop()
    if len(moved) == len(axes) and all(part.deep_equals(whole) for part in moved[:-1]):
        moved = [cst.Index(cst.Ellipsis()), moved[-1]]
    parts = [cst.SubscriptElement(part) for part in moved]
    return cst.Subscript(build.parenthesized(rewriter.expression(node.value)), parts)


def _size(rewriter: Rewriter, node: cst.Subscript) -> cst.BaseExpression:
    """`x.shape[1]`, `x.size()[1]`, `tf.shape(x)[1]`."""
    element = node.slice[0].slice
    holder = shape_holder(node.value)
    if holder is None or len(node.slice) != 1 or not isinstance(element, cst.Index):
        return rewriter.parts(node)
    axis = rewriter.facts.axes.get(id(node))
    index = rewriter.expression(element.value) if axis is None else build.expression(str(axis))
    tensor = rewriter.expression(holder)
    if rewriter.target == "tensorflow":
        return size_at(rewriter, tensor, index)
    return build.expression("x.shape[i]", x=tensor, i=index)


def _binary(rewriter: Rewriter, node: cst.BinaryOperation) -> cst.BaseExpression:
    """An operator; torch does not take a numpy array beside a tensor, TensorFlow does."""
    if rewriter.target == "tensorflow" and isinstance(node.operator, cst.MatrixMultiply):
        if (vectors := product(rewriter, node.left, node.right)) is not None:
            return vectors
    new = rewriter.parts(node)
    if rewriter.target != "torch":
        return promotion.binary(rewriter, node, new)
    left, right = rewriter.facts.value(node.left), rewriter.facts.value(node.right)
    if isinstance(left, TensorValue) and isinstance(right, NumpyArray):
        return new.with_changes(right=by_hand.as_tensor(rewriter, new.right))
    if isinstance(right, TensorValue) and isinstance(left, NumpyArray):
        return new.with_changes(left=by_hand.as_tensor(rewriter, new.left))
    return new


def _comparison(rewriter: Rewriter, node: cst.Comparison) -> cst.BaseExpression:
    asked: cst.BaseExpression | None = compared_class(rewriter, node)
    if asked is None and rewriter.target == "tensorflow":
        asked = presence(rewriter, node)
    if asked is not None:
        return asked
    new = rewriter.parts(node)
    return new if rewriter.target == "torch" else promotion.comparison(rewriter, node, new)


def _sequence(rewriter: Rewriter, node: cst.Tuple | cst.List) -> cst.BaseExpression:
    """The names that a shape is unpacked to stand in the order of the axes that the tensor has there."""
    new, axes = rewriter.parts(node), rewriter.facts.axes.get(id(node))
    if not isinstance(axes, tuple):
        return new
    values = [new.elements[axis].value for axis in axes]
    pairs = zip(new.elements, values, strict=True)
    return new.with_changes(elements=[part.with_changes(value=value) for part, value in pairs])


def _comprehension(rewriter: Rewriter, node: cst.ListComp) -> cst.BaseExpression:
    return rates.listed(rewriter, node) or rewriter.parts(node)


HANDLERS: dict[type[cst.CSTNode], Callable[..., cst.BaseExpression]] = {
    cst.ListComp: _comprehension,
    cst.Tuple: _sequence,
    cst.List: _sequence,
    cst.Name: _name,
    cst.Attribute: _attribute,
    cst.Call: _call,
    cst.FormattedString: _formatted,
    cst.BinaryOperation: _binary,
    cst.Comparison: _comparison,
    cst.Subscript: _subscript,
}
