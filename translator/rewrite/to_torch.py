"""TensorFlow calls and attributes that are written by hand in torch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.rewrite import build, metrics
from translator.rewrite.activation import layer_itself
from translator.rewrite.by_hand import Tables, first, forward, itself, receiver
from translator.rewrite.constructs.optimizers import is_rate, rate
from translator.rewrite.operands import dtype as element_type
from translator.source.classes import VARIABLES
from translator.source.joins import members
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.objects import Built, ClassInfo, ObjectValue, ParametersValue
from translator.source.values import (
    BatchesValue,
    HistoryValue,
    MethodValue,
    NumpyArray,
    TensorValue,
    Value,
)

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def _variable(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`tf.Variable(v)`: a parameter; of a tensor made on the spot."""
    given = first(node) or argument(node, 0, "initial_value")
    if given is None:
        return None
    trainable = argument(node, 1, "trainable")
    fixed = trainable is not None and literal_value(trainable) is False
    value = tensor(rewriter, given, argument(node, -1, "dtype"))
    arguments = [cst.Arg(value)]
    if fixed and not rewriter.classes:
        return value
    if fixed:
        arguments.append(build.argument(build.name("False"), "requires_grad"))
    elif _is_whole(rewriter, node, given):
        rewriter.leave(node, Code.UNSUPPORTED_CODE, "torch trains no integers: use a tensor")
        return node
    return build.call(rewriter.naming.target("torch.nn.Parameter"), arguments)


def _is_whole(rewriter: Rewriter, node: cst.Call, given: cst.BaseExpression) -> bool:
    """True for a variable that holds integers or booleans."""
    dtype = argument(node, -1, "dtype")
    if dtype is not None:
        name = str(rewriter.api(dtype) or literal_value(dtype))
        return name.rpartition(".")[2].lstrip("u").startswith(("int", "bool"))
    value = rewriter.facts.value(given)
    kind = value.dtype if isinstance(value, TensorValue) else None
    return kind in ("int", "bool") or _integers(given)


def tensor(
    rewriter: Rewriter, given: cst.BaseExpression, dtype: cst.BaseExpression | None
) -> cst.BaseExpression:
    """Data as a tensor of torch; `dtype` is the source's, where it names one."""
    value = rewriter.expression(given)
    if isinstance(rewriter.facts.value(given), TensorValue) and dtype is None:
        return value
    arguments = [cst.Arg(value)]
    if dtype is not None:
        arguments.append(build.argument(element_type(rewriter, dtype), "dtype"))
    elif isinstance(rewriter.facts.value(given), NumpyArray):
        return build.call(rewriter.naming.target("torch.as_tensor"), arguments)
    elif type(literal_value(given)) is int or _integers(given):
        arguments.append(build.argument(rewriter.naming.target("torch.int32"), "dtype"))
    return build.call(rewriter.naming.target("torch.tensor"), arguments)


def _integers(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.List | cst.Tuple):
        return bool(node.elements) and all(_integers(element.value) for element in node.elements)
    return type(literal_value(node)) is int


def _constant(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`tf.constant(data)`, `tf.convert_to_tensor(data)`."""
    given = first(node) or argument(node, 0, "value")
    if given is None or argument(node, 2, "shape") is not None:
        return None
    return tensor(rewriter, given, argument(node, 1, "dtype"))


def _seed(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    rewriter.note(node, Code.RANDOM_STREAM, "the same seed draws other numbers here")
    given = first(node)
    if given is None:
        return None
    return build.call(
        rewriter.naming.target("torch.manual_seed"), [cst.Arg(rewriter.expression(given))]
    )


def _numpy(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`x.numpy()`: a number of a scalar, an array of anything else."""
    value = rewriter.facts.value(receiver(node))
    inner = rewriter.expression(receiver(node))
    if is_rate(rewriter, receiver(node)):
        return inner
    if isinstance(value, TensorValue) and value.rank == 0:
        return build.expression("x.item()", x=inner)
    tracked = not isinstance(value, TensorValue) or value.tracked
    if isinstance(value, TensorValue) and value.leaf and not rewriter.silent:
        # torch changes parameters in place, under the array that shows them; there it is a copy
        return build.expression("x.detach().numpy().copy()", x=inner)
    return build.expression("x.detach().numpy()" if tracked else "x.numpy()", x=inner)


def _item(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`w.numpy().item()`: torch needs no array for it, and the layout of one number cannot be seen."""
    made = receiver(node)
    if not isinstance(made, cst.Call) or not isinstance(
        rewriter.facts.value(made.func), MethodValue
    ):
        return None
    rewriter.raw_weights = True
    inner = rewriter.expression(receiver(made))
    rewriter.raw_weights = False
    return build.expression("x.item()", x=inner)


def _gradient(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`tape.gradient(loss, variables)` where it stands in an expression."""
    from translator.rewrite.constructs.tapes import returned_gradient

    return returned_gradient(rewriter, node)


def _add_weight(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    from translator.rewrite.constructs.parameters import torch_parameter

    return torch_parameter(rewriter, node)


def _shape(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    given = first(node)
    return None if given is None else build.expression("x.shape", x=rewriter.expression(given))


def _activation(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`keras.layers.Activation("relu")`."""
    from translator.knowledge.registry import index

    given = first(node)
    name = (
        given.raw_value
        if isinstance(given, cst.SimpleString)
        else rewriter.api(given)
        if given is not None
        else None
    )
    for record, _ in index("tensorflow").get(str(name), ()):
        signature = rewriter.target_spelling(record, "layer")
        if signature is not None:
            dim = (
                [build.argument(build.expression("-1"), "dim")]
                if signature.parameter("dim")
                else []
            )
            return build.call(rewriter.naming.target(signature.name), dim)
    rewriter.todo(node, Code.UNSUPPORTED_ARGUMENT, f"the activation {name} has no record")
    rewriter.keep(node.func)
    return node


def _permute(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`keras.layers.Permute((2, 1))` counts its axes from 1, without the batch axis."""
    from translator.rewrite.containers import permutation

    given = first(node) or argument(node, 0, "dims")
    axes = literal_value(given)
    return permutation(rewriter, (0, *axes)) if isinstance(axes, tuple) else None


def _slices(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`tf.data.Dataset.from_tensor_slices((x, y))`."""
    given = first(node)
    if given is None:
        return None
    parts = (
        [e.value for e in given.elements] if isinstance(given, cst.Tuple | cst.List) else [given]
    )
    func = rewriter.naming.target("torch.utils.data.TensorDataset")
    return build.call(func, [build.argument(_sliced(rewriter, part)) for part in parts])


def _sliced(rewriter: Rewriter, node: cst.BaseExpression) -> cst.BaseExpression:
    """A part of a data set: torch's takes tensors alone."""
    value = rewriter.expression(node)
    if isinstance(rewriter.facts.value(node), TensorValue):
        return value
    return build.call(rewriter.naming.target("torch.as_tensor"), [build.argument(value)])


def _batch(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`dataset.shuffle(n).batch(16)` is one loader."""
    inner, shuffled = receiver(node), False
    while (
        isinstance(inner, cst.Call)
        and isinstance(inner.func, cst.Attribute)
        and inner.func.attr.value in _CHAIN
    ):
        shuffled = shuffled or inner.func.attr.value == "shuffle"
        inner = inner.func.value
    value = rewriter.facts.value(inner)
    size = first(node) or argument(node, 0, "batch_size")
    if not isinstance(value, BatchesValue) or value.shuffled or value.batched or size is None:
        return _unchained(rewriter, node)
    arguments = [
        build.argument(rewriter.expression(inner)),
        build.argument(rewriter.expression(size), "batch_size"),
    ]
    if shuffled:
        arguments.append(build.argument(build.name("True"), "shuffle"))
    drop = argument(node, 1, "drop_remainder")
    if drop is not None:
        arguments.append(build.argument(rewriter.expression(drop), "drop_last"))
    return build.call(rewriter.naming.target("torch.utils.data.DataLoader"), arguments)


_CHAIN = frozenset({"shuffle", "cache"})


def _shuffle(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    return _unchained(rewriter, node)


def _unchained(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    rewriter.leave(node, Code.UNSUPPORTED_CODE, "this chain of data set steps is not followed yet")
    return node


def _parameters(rewriter: Rewriter, node: cst.Attribute) -> cst.BaseExpression:
    """`model.trainable_variables`: torch's are in its own layouts."""
    value = rewriter.facts.value(node)
    assert isinstance(value, ParametersValue)
    if not rewriter.raw_weights and _transposes(value.model):
        message = (
            "kernels among the parameters are stored transposed: do not read their axes as there"
        )
        rewriter.note(node, Code.TRANSPOSED, message)
    return build.expression("list(model.parameters())", model=rewriter.expression(node.value))


def _transposes(value: Value, seen: frozenset[ClassInfo] = frozenset()) -> bool:
    """True for a model with a weight that torch lays out in another way."""
    parts: Iterable[Value] = members(value)
    if isinstance(value, Built):
        parts = value.site.parts
        if any(weight.axes is not None for weight in getattr(value.site.record, "weights", ())):
            return True
    elif isinstance(value, ObjectValue) and value.info not in seen:
        parts, seen = value.info.attributes.values(), seen | {value.info}
    return any(_transposes(part, seen) for part in parts)


def _as_list(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`x.shape.as_list()`."""
    return build.expression("list(shape)", shape=rewriter.expression(receiver(node)))


def _get_weights(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    from translator.rewrite.constructs.arrays import taken

    return taken(rewriter, node)


def _predict(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`model.predict(x)`: the outputs as an array, without gradients."""
    given = first(node) or argument(node, 0, "x")
    known = ("x", "batch_size", "verbose")
    plain = all(a.keyword is None or a.keyword.value in known for a in node.args)
    if given is None or not plain or sum(a.keyword is None for a in node.args) > 1:
        return None
    text = rewriter.naming.spell("model(torch.as_tensor(x, dtype=torch.float32)).detach().numpy()")
    return build.expression(
        text, model=rewriter.expression(receiver(node)), x=rewriter.expression(given)
    )


def _attribute(rewriter: Rewriter, node: cst.Attribute) -> cst.BaseExpression | None:
    owner = rewriter.facts.value(node.value)
    name = node.attr.value
    if is_rate(rewriter, node):
        return rate(rewriter, node)
    if isinstance(owner, HistoryValue) and name == "history":
        return rewriter.expression(node.value)
    if isinstance(owner, HistoryValue):
        rewriter.leave(node, Code.UNKNOWN_API, f"{name} of what fit returns has no record")
        return node
    if isinstance(rewriter.facts.value(node), ParametersValue) and name in VARIABLES:
        return _parameters(rewriter, node)
    if isinstance(owner, Built):
        if name == "layers" and rewriter.facts.value(node) != owner:
            return rewriter.expression(node.value)
        for weight in getattr(owner.site.record, "weights", ()):
            if weight.keras == name:
                layer = layer_itself(rewriter, owner.site, rewriter.expression(node.value))
                value = cst.Attribute(build.parenthesized(layer), cst.Name(weight.torch))
                return (
                    value
                    if weight.axes is None or rewriter.raw_weights
                    else rewriter.permuted(value, weight.axes)
                )
    return None


TABLES = Tables(
    names={
        "tf.Variable": _variable,
        "keras.Variable": _variable,
        "tf.constant": _constant,
        "tf.convert_to_tensor": _constant,
        "tf.random.set_seed": _seed,
        "keras.utils.set_random_seed": _seed,
        "tf.shape": _shape,
        "keras.metrics.Mean": metrics.mean,
        "tf.data.Dataset.from_tensor_slices": _slices,
        "keras.layers.Activation": _activation,
        "keras.layers.Permute": _permute,
    },
    tensor_methods={"numpy": _numpy},
    module_methods={
        "add_weight": _add_weight,
        "predict": _predict,
        "get_weights": _get_weights,
        "call": forward,
    },
    array_methods={"item": _item},
    dataset_methods={"batch": _batch, "prefetch": itself, "cache": itself, "shuffle": _shuffle},
    tape_methods={"gradient": _gradient},
    shape_methods={"as_list": _as_list},
    attribute=_attribute,
)
