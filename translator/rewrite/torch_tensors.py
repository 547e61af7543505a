"""Methods of torch tensors that are written by hand in TensorFlow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.records import holding
from translator.rewrite import build
from translator.rewrite.activation import layer_itself
from translator.rewrite.by_hand import first, receiver
from translator.rewrite.constructs import of_parameters, own_layers, stopped
from translator.rewrite.draws import bounds
from translator.rewrite.modes import in_graph
from translator.rewrite.once import is_simple, named
from translator.source.counts import is_number
from translator.source.literals import literal_value
from translator.source.objects import Built
from translator.source.values import Api, Literal, Real, TensorValue

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def untransposed(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression for a consumer that does not see how a weight is laid out."""
    owner = rewriter.facts.value(node.value) if isinstance(node, cst.Attribute) else None
    if isinstance(node, cst.Attribute) and isinstance(owner, Built):
        kernel = weight_name(rewriter, node)
        if kernel is not None:
            layer = layer_itself(rewriter, owner.site, rewriter.expression(node.value))
            return node.with_changes(value=layer, attr=cst.Name(kernel[0]))
    return read(rewriter, node)


def numpy(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`x.numpy()`."""
    return build.expression("x.numpy()", x=read(rewriter, receiver(node)))


def read(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression:
    """A tensor of which only the numbers are wanted: no gradient has to be stopped."""
    outer, rewriter.silent = rewriter.silent, True
    new = rewriter.expression(node)
    rewriter.silent = outer
    return new


def detach(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`x.detach()`: nothing where no gradient can be recorded, else `tf.stop_gradient`."""
    value = rewriter.expression(receiver(node))
    if rewriter.silent or not stopped.may_record(rewriter):
        return value
    return stopped.stopped(rewriter, value, TensorValue())


def size(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`x.size()` and `x.size(1)`."""
    tensor = rewriter.expression(receiver(node))
    given = first(node)
    if given is None:
        return build.expression("x.shape", x=tensor)
    axis = rewriter.facts.axes.get(id(node))
    index = rewriter.expression(given) if axis is None else build.expression(str(axis))
    return size_at(rewriter, tensor, index)


def size_at(
    rewriter: Rewriter, tensor: cst.BaseExpression, index: cst.BaseExpression
) -> cst.BaseExpression:
    """One size: inside a model the batch size is known only when the graph runs."""
    known = type(literal_value(index)) is int and literal_value(index) != 0
    if known or not in_graph(rewriter):
        return build.expression("x.shape[i]", x=tensor, i=index)
    return build.expression(rewriter.naming.spell("tf.shape(x)[i]"), x=tensor, i=index)


def view(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`x.view(x.size(0), -1)`: the flattening of all but the batch axis."""
    if len(node.args) == 1 and isinstance(rewriter.facts.value(node.args[0].value), Api):
        why = "a tensor's memory is not read as another type: use tf.bitcast"
        rewriter.leave(node, Code.UNSUPPORTED_ARGUMENT, why)
        return node
    if len(node.args) != 2 or any(a.star or a.keyword for a in node.args):
        return None
    if literal_value(node.args[1].value) != -1 or not _batch_size(
        node.args[0].value, receiver(node)
    ):
        return None
    return own_layers.called(rewriter, "Flatten", rewriter.expression(receiver(node)))


def _batch_size(node: cst.BaseExpression, tensor: cst.BaseExpression) -> bool:
    text = build.code(node).replace(" ", "")
    name = build.code(tensor).replace(" ", "")
    return text in (f"{name}.size(0)", f"{name}.shape[0]", f"len({name})", f"{name}.size()[0]")


def expanded(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`x.expand(n, -1, -1)`: -1 stands for the size that is there, which TensorFlow wants to be told."""
    given = [argument.value for argument in node.args if argument.keyword is None]
    if len(given) == 1 and isinstance(given[0], cst.Tuple | cst.List):
        given = [element.value for element in given[0].elements]
    kept = [literal_value(size) == -1 for size in given]
    starred = any(isinstance(size, cst.StarredElement) for size in given)
    if not given or starred or len(node.args) != len([a for a in node.args if not a.star]):
        return None
    tensor: cst.BaseExpression | None
    if any(kept) and not is_simple(receiver(node)):
        tensor = named(rewriter, receiver(node))
    else:
        tensor = rewriter.expression(receiver(node))
    if tensor is None:
        message = "expand needs its tensor's sizes: give it a name"
        rewriter.leave(node, Code.UNSUPPORTED_CODE, message)
        return node
    if len(given) == 1 and not _is_number(rewriter, given[0]):
        text = rewriter.naming.spell("tf.broadcast_to(x, shape)")
        return build.expression(text, x=tensor, shape=rewriter.expression(given[0]))
    sizes = [
        build.expression(f"x.shape[{position - len(given)}]", x=tensor)
        if keeps
        else rewriter.expression(size)
        for position, (size, keeps) in enumerate(zip(given, kept, strict=True))
    ]
    shape = cst.List([cst.Element(size) for size in sizes])
    return build.expression(
        rewriter.naming.spell("tf.broadcast_to(x, shape)"), x=tensor, shape=shape
    )


def transposed(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`x.t()`."""
    return build.call(
        rewriter.naming.target("tf.transpose"), [cst.Arg(rewriter.expression(receiver(node)))]
    )


def drawn(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`torch.Tensor(2, 3).uniform_(-a, a)`, `torch.empty(2, 3).normal_()`: a draw of that shape."""
    made, given = _made(rewriter, receiver(node)), bounds(rewriter, node)
    if made is None or given is None or not isinstance(node.func, cst.Attribute):
        return None
    (shape, dtype), (low, high) = made, given
    name = node.func.attr.value.rstrip("_")
    stated = ", low, high" if node.args else ""
    text = f"tf.random.{name}(shape{stated}{'' if dtype is None else ', dtype=kind'})"
    holes = {"shape": shape, "low": low, "high": high, "kind": dtype or shape}
    return build.expression(rewriter.naming.spell(text), **holes)


def filled(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`torch.empty(2, 3).fill_(value)`: a tensor of that shape and value."""
    made = _made(rewriter, receiver(node))
    if made is None or len(node.args) != 1 or node.args[0].star:
        return None
    shape, dtype = made
    text = f"tf.fill(shape, {'float(value)' if dtype is None else 'tf.cast(value, kind)'})"
    value = rewriter.expression(node.args[0].value)
    kind = rewriter.facts.value(node.args[0].value)
    real = isinstance(kind, Real) or (isinstance(kind, Literal) and type(kind.value) is float)
    given = node.args[0].value
    real |= isinstance(given, cst.BinaryOperation) and isinstance(given.operator, cst.Divide)
    if dtype is None and real:
        text = "tf.fill(shape, value)"
    holes = {"shape": shape, "value": value, "kind": dtype or shape}
    return build.expression(rewriter.naming.spell(text), **holes)


def _made(
    rewriter: Rewriter, node: cst.BaseExpression
) -> tuple[cst.BaseExpression, cst.BaseExpression | None] | None:
    """The shape and type of a tensor that is made only to be filled: `torch.empty(2, 3)`, `x.new_empty(shape)`."""
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
        return None
    name = node.func.attr.value
    if name in _AS_IT_IS:
        return _made(rewriter, node.func.value)
    of_another = name in ("new", "new_empty", "new_zeros", "new_ones")
    given = [a.value for a in node.args if a.keyword is None]
    if rewriter.api(node.func) in _ALIKE and len(node.args) == len(given) == 1:
        like = read(rewriter, given[0])
        shape = build.expression(rewriter.naming.spell("tf.shape(x)"), x=like)
        return (shape, build.expression("x.dtype", x=like)) if is_simple(given[0]) else None
    known = rewriter.api(node.func) in _MAKERS or of_another
    if not known or any(
        a.star or (a.keyword and a.keyword.value not in _STATED) for a in node.args
    ):
        return None
    if not given:
        return None
    whole = len(given) == 1 and not _is_number(rewriter, given[0])
    sizes = [rewriter.expression(size) for size in given]
    shape = sizes[0] if whole else cst.List([cst.Element(size) for size in sizes])
    stated = next((a.value for a in node.args if a.keyword and a.keyword.value == "dtype"), None)
    if stated is not None:
        return shape, rewriter.expression(stated)
    if of_another:
        return shape, _type_of(rewriter, node.func.value)
    return shape, None


_MAKERS = frozenset(
    {"torch.empty", "torch.zeros", "torch.ones", "torch.Tensor", "torch.FloatTensor"}
)
_AS_IT_IS = frozenset({"float", "cpu", "cuda"})
"""Methods that leave what such a call makes as it is: these are floats."""
_ALIKE = frozenset({"torch.empty_like", "torch.zeros_like", "torch.ones_like"})
_STATED = frozenset({"dtype", "device", "requires_grad"})


def made_like(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`x.new_zeros(2, 3)`: the type of `x` is named; the values of `new_empty` are nobody's."""
    assert isinstance(node.func, cst.Attribute)
    if any(a.star or (a.keyword and a.keyword.value not in _PLACED) for a in node.args):
        return None
    given = [rewriter.expression(a.value) for a in node.args if a.keyword is None]
    if not given:
        return None
    one = len(given) == 1 and not _is_number(rewriter, node.args[0].value)
    shape = given[0] if one else cst.List([cst.Element(size) for size in given])
    name = "ones" if node.func.attr.value == "new_ones" else "zeros"
    text = rewriter.naming.spell(f"tf.{name}(shape, dtype=kind)")
    return build.expression(text, shape=shape, kind=_type_of(rewriter, receiver(node)))


_PLACED = frozenset({"device", "requires_grad"})


def _type_of(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression:
    """`x.dtype`; of any parameter of a model it is the model's own."""
    model = of_parameters.model_of(rewriter, node)
    if model is not None:
        return build.expression("model.variable_dtype", model=rewriter.expression(model))
    return build.expression("x.dtype", x=read(rewriter, node))


def zeroed(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`x.new(2, 3).zero_()`, `torch.Tensor(2, 3).zero_()`: zeros of that shape."""
    made = _made(rewriter, receiver(node))
    if made is None:
        return None
    arguments = [build.argument(made[0])]
    if made[1] is not None:
        arguments.append(build.argument(made[1], "dtype"))
    return build.call(rewriter.naming.target("tf.zeros"), arguments)


def flipped(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`x.bernoulli_(p)`: one with probability `p`, else zero."""
    given = [a.value for a in node.args if a.keyword is None or a.keyword.value == "p"]
    if len(given) != len(node.args) or len(given) > 1:
        return None
    chance = rewriter.expression(given[0]) if given else build.expression("0.5")
    if (made := _made(rewriter, receiver(node))) is not None:
        dtype = made[1] or build.expression(rewriter.naming.spell("tf.float32"))
        text = rewriter.naming.spell("tf.cast(tf.random.uniform(shape) < p, dtype)")
        return build.expression(text, shape=made[0], p=chance, dtype=dtype)
    if not is_simple(receiver(node)):
        return None
    text = rewriter.naming.spell("tf.cast(tf.random.uniform(tf.shape(x)) < p, x.dtype)")
    return build.expression(text, x=read(rewriter, receiver(node)), p=chance)


def weight_name(
    rewriter: Rewriter, node: cst.Attribute
) -> tuple[str, tuple[int, ...] | None] | None:
    """Keras's name for a layer's weight and the permutation from Keras's layout to torch's."""
    owner = rewriter.facts.value(node.value)
    if not isinstance(owner, Built):
        return None
    weight = holding(owner.site.record, "torch", node.attr.value)
    if weight is None or not weight.plain or owner.site.record.states:
        return None
    return weight.keras[0], weight.back


def sized(rewriter: Rewriter, node: cst.Call) -> bool:
    """True for `torch.Tensor(2, 3)` and, where a number is known to be one, `torch.Tensor(n)`: no data."""
    given = [a.value for a in node.args if a.keyword is None]
    if len(given) != 1:
        return len(given) > 1
    return not isinstance(given[0], cst.Float) and _is_number(rewriter, given[0])


def _is_number(rewriter: Rewriter, node: cst.BaseExpression) -> bool:
    return is_number(rewriter.facts, rewriter.naming.tree, node)
