"""torch calls and attributes that are written by hand in TensorFlow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build
from translator.rewrite.by_hand import Tables, first, itself, receiver
from translator.source.expressions import literal_value
from translator.source.special import argument
from translator.source.values import (
    Built,
    GradientValue,
    Literal,
    ObjectValue,
    Plain,
    TensorValue,
)

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def _parameter(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`nn.Parameter(t)` outside of a module: a variable."""
    given = first(node)
    if given is None:
        return None
    if rewriter.classes and rewriter.classes[-1].is_module:
        from translator.rewrite.constructs.parameters import module_weight

        return module_weight(rewriter, node, given, None)
    return build.call(rewriter.naming.target("tf.Variable"), [cst.Arg(rewriter.expression(given))])


def _legacy_variable(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`autograd.Variable(t)`: the tensor itself, or a variable where it asks for a gradient."""
    given = first(node)
    if given is None:
        return None
    value = rewriter.expression(given)
    found = rewriter.facts.value(node)
    if isinstance(found, TensorValue) and found.leaf:
        return build.call(rewriter.naming.target("tf.Variable"), [cst.Arg(value)])
    return value


def _constant(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`torch.tensor(data)`: integers are 64 bits wide in torch and 32 in TensorFlow, so the type is written."""
    given = first(node)
    if given is None:
        return None
    arguments = [cst.Arg(rewriter.expression(given))]
    dtype = argument(node, 1, "dtype")
    if dtype is not None:
        arguments.append(build.argument(rewriter.expression(dtype), "dtype"))
    elif _integers(given):
        arguments.append(build.argument(rewriter.naming.target("tf.int64"), "dtype"))
    found = rewriter.facts.value(node)
    if isinstance(found, TensorValue) and found.leaf:
        return build.call(rewriter.naming.target("tf.Variable"), arguments)
    return build.call(rewriter.naming.target("tf.constant"), arguments)


def _from_array(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`torch.from_numpy(x)`."""
    given, dtype = first(node), argument(node, 1, "dtype")
    if given is None or len(node.args) != (1 if dtype is None else 2):
        return None
    value = rewriter.expression(given)
    if dtype is not None:
        text = rewriter.naming.spell("tf.cast(x, dtype)")
        return build.expression(text, x=value, dtype=rewriter.expression(dtype))
    return build.call(rewriter.naming.target("tf.convert_to_tensor"), [build.argument(value)])


def _integers(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.List | cst.Tuple):
        return bool(node.elements) and all(_integers(element.value) for element in node.elements)
    return type(literal_value(node)) is int


def _float_tensor(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`torch.Tensor(data)` and `torch.FloatTensor(data)` make 32-bit floats; with sizes they hold no values yet."""
    given = first(node)
    if given is None or sized(rewriter, node):
        rewriter.todo(node, Code.UNSUPPORTED_CODE, "a tensor without values has no equivalent")
        rewriter.keep(node.func)
        return node
    text = rewriter.naming.spell("tf.constant(value, dtype=tf.float32)")
    return build.expression(text, value=rewriter.expression(given))


def sized(rewriter: Rewriter, node: cst.Call) -> bool:
    """True for `torch.Tensor(2, 3)`, which names sizes and not data."""
    return bool(node.args) and all(
        isinstance(rewriter.facts.value(a.value), Literal | Plain)
        and not isinstance(a.value, cst.Float)
        for a in node.args
    )


def _seed(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    rewriter.note(node, Code.RANDOM_STREAM, "the same seed draws other numbers here")
    given = first(node)
    if given is None:
        return None
    return build.call(
        rewriter.naming.target("keras.utils.set_random_seed"), [cst.Arg(rewriter.expression(given))]
    )


def _item(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`loss.item()`: a Python number."""
    value = rewriter.facts.value(receiver(node))
    inner = build.parenthesized(untransposed(rewriter, receiver(node)))
    if isinstance(value, TensorValue) and value.rank == 0 and value.dtype == "float":
        return build.expression("float(x)", x=inner)
    return build.expression("x.numpy().item()", x=inner)


def untransposed(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression for a consumer that does not see how a weight is laid out."""
    if isinstance(node, cst.Attribute) and (kernel := weight_name(rewriter, node)) is not None:
        return node.with_changes(value=rewriter.expression(node.value), attr=cst.Name(kernel[0]))
    return rewriter.expression(node)


def _numpy(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    return build.expression("x.numpy()", x=rewriter.expression(receiver(node)))


def _detach(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`x.detach()`: nothing where no gradient is recorded, else `tf.stop_gradient`."""
    value = rewriter.expression(receiver(node))
    if not rewriter.recording:
        return value
    return build.call(rewriter.naming.target("tf.stop_gradient"), [cst.Arg(value)])


def _size(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
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
    if known or not rewriter.classes:
        return build.expression("x.shape[i]", x=tensor, i=index)
    return build.expression(rewriter.naming.spell("tf.shape(x)[i]"), x=tensor, i=index)


def _view(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`x.view(x.size(0), -1)`: the flattening of all but the batch axis."""
    if len(node.args) != 2 or any(a.star or a.keyword for a in node.args):
        return None
    if literal_value(node.args[1].value) != -1 or not _batch_size(
        node.args[0].value, receiver(node)
    ):
        return None
    text = rewriter.naming.spell("keras.layers.Flatten()(x)")
    return build.expression(text, x=rewriter.expression(receiver(node)))


def _batch_size(node: cst.BaseExpression, tensor: cst.BaseExpression) -> bool:
    text = build.code(node).replace(" ", "")
    name = build.code(tensor).replace(" ", "")
    return text in (f"{name}.size(0)", f"{name}.shape[0]", f"len({name})", f"{name}.size()[0]")


def _transposed(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    return build.call(
        rewriter.naming.target("tf.transpose"), [cst.Arg(rewriter.expression(receiver(node)))]
    )


def _drawn(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`torch.Tensor(2, 3).uniform_(-a, a)`, `torch.empty(2, 3).normal_()`: a draw of that shape."""
    made = receiver(node)
    if not isinstance(made, cst.Call) or not isinstance(node.func, cst.Attribute):
        return None
    shape = cst.List(
        [cst.Element(rewriter.expression(a.value)) for a in made.args if a.keyword is None]
    )
    bounds = [rewriter.expression(a.value) for a in node.args]
    if node.func.attr.value == "uniform_":
        low, high = (
            bounds if len(bounds) == 2 else (build.expression("0.0"), build.expression("1.0"))
        )
        return build.expression(
            rewriter.naming.spell("tf.random.uniform(shape, low, high)"),
            shape=shape,
            low=low,
            high=high,
        )
    mean, scale = bounds if len(bounds) == 2 else (build.expression("0.0"), build.expression("1.0"))
    text = rewriter.naming.spell("tf.random.normal(shape, mean, stddev)")
    return build.expression(text, shape=shape, mean=mean, stddev=scale)


def _variables(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    return build.expression("model.trainable_variables", model=rewriter.expression(receiver(node)))


def _forward(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`model.forward(x)`: the call that Keras keeps track of; `super().forward(x)` stays a plain method."""
    assert isinstance(node.func, cst.Attribute)
    arguments = [rewriter.parts(a) for a in node.args]
    value = rewriter.expression(node.func.value)
    if isinstance(rewriter.facts.value(node.func.value), ObjectValue | Built):
        return node.with_changes(func=build.parenthesized(value), args=arguments)
    return node.with_changes(
        func=node.func.with_changes(value=value, attr=cst.Name("call")), args=arguments
    )


def _dataset(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`TensorDataset(x, y)`."""
    if any(a.star or a.keyword for a in node.args):
        return None
    parts = [cst.Element(rewriter.expression(a.value)) for a in node.args]
    given = (
        cst.Tuple(parts, lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        if len(parts) > 1
        else parts[0].value
    )
    return build.call(
        rewriter.naming.target("tf.data.Dataset.from_tensor_slices"), [cst.Arg(given)]
    )


def _loader(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`DataLoader(dataset, batch_size=16, shuffle=True)`."""
    known = {"dataset", "batch_size", "shuffle", "drop_last", "num_workers", "pin_memory"}
    given = first(node) or argument(node, 0, "dataset")
    if given is None or any(
        a.keyword is not None and a.keyword.value not in known for a in node.args
    ):
        return None
    if len([a for a in node.args if a.keyword is None]) > 3:
        return None
    dataset = rewriter.expression(given)
    size = argument(node, 1, "batch_size")
    shuffle = argument(node, 2, "shuffle")
    chain = dataset
    if shuffle is not None and literal_value(shuffle) is True:
        chain = build.expression("d.shuffle(len(d))", d=chain)
    elif shuffle is not None and literal_value(shuffle) is not False:
        return None
    batch = build.expression("1") if size is None else rewriter.expression(size)
    drop = argument(node, -1, "drop_last")
    if drop is not None and literal_value(drop) is True:
        return build.expression("d.batch(n, drop_remainder=True)", d=chain, n=batch)
    return build.expression("d.batch(n)", d=chain, n=batch)


def weight_name(
    rewriter: Rewriter, node: cst.Attribute
) -> tuple[str, tuple[int, ...] | None] | None:
    """Keras's name for a layer's weight and the permutation from Keras's layout to torch's."""
    owner = rewriter.facts.value(node.value)
    if not isinstance(owner, Built):
        return None
    for weight in getattr(owner.site.record, "weights", ()):
        if weight.torch == node.attr.value:
            back = (
                None
                if weight.axes is None
                else tuple(weight.axes.index(i) for i in range(len(weight.axes)))
            )
            return weight.keras, back
    return None


def _attribute(rewriter: Rewriter, node: cst.Attribute) -> cst.BaseExpression | None:
    owner = rewriter.facts.value(node.value)
    name = node.attr.value
    if isinstance(owner, Built):
        found = weight_name(rewriter, node)
        if found is None:
            return None
        kernel = cst.Attribute(
            build.parenthesized(rewriter.expression(node.value)), cst.Name(found[0])
        )
        return (
            kernel
            if found[1] is None or rewriter.raw_weights
            else rewriter.permuted(kernel, found[1])
        )
    if isinstance(owner, TensorValue) and name == "data":
        return rewriter.expression(node.value)
    if isinstance(owner, TensorValue) and name == "T":
        return build.call(
            rewriter.naming.target("tf.transpose"), [cst.Arg(rewriter.expression(node.value))]
        )
    if isinstance(rewriter.facts.value(node), GradientValue):
        return rewriter.gradient(node)
    if isinstance(owner, ObjectValue) and owner.info.is_module:
        renamed = rewriter.attribute_name(owner.info, name)
        if renamed != name:
            return node.with_changes(value=rewriter.expression(node.value), attr=cst.Name(renamed))
    return None


class Table(Tables):
    """From torch to TensorFlow."""

    NAMES = {
        "torch.nn.Parameter": _parameter,
        "torch.autograd.Variable": _legacy_variable,
        "torch.tensor": _constant,
        "torch.Tensor": _float_tensor,
        "torch.FloatTensor": _float_tensor,
        "torch.from_numpy": _from_array,
        "torch.as_tensor": _from_array,
        "torch.manual_seed": _seed,
        "torch.utils.data.TensorDataset": _dataset,
        "torch.utils.data.DataLoader": _loader,
    }
    TENSOR_METHODS = {
        "item": _item,
        "numpy": _numpy,
        "detach": _detach,
        "size": _size,
        "view": _view,
        "reshape": _view,
        "t": _transposed,
        "uniform_": _drawn,
        "normal_": _drawn,
        **dict.fromkeys(("cpu", "cuda", "to", "float", "contiguous", "requires_grad_"), itself),
    }
    MODULE_METHODS = {
        "parameters": _variables,
        "forward": _forward,
        **dict.fromkeys(("cpu", "cuda", "to", "float", "train", "eval"), itself),
    }
    ARRAY_METHODS = {}
    DATASET_METHODS = {}
    attribute = staticmethod(_attribute)
