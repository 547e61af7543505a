"""TensorFlow calls and attributes that are written by hand in torch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.layers.augmentation import ADAPTED
from translator.knowledge.layers.named import NAMED
from translator.knowledge.records import holding
from translator.rewrite import (
    applications,
    build,
    keras_initialisers,
    one_hot,
    torch_data,
    torch_sizes,
)
from translator.rewrite.activation import layer_itself, named, settings
from translator.rewrite.by_hand import Tables, first, forward, itself, receiver
from translator.rewrite.constructs import added, arrays, fit
from translator.rewrite.constructs.optimizers import is_rate, rate
from translator.rewrite.fitting.fit import BOARD, PLATEAU
from translator.rewrite.tensor_arrays import made as arrays_of_tensors
from translator.rewrite.torch_creation import constant, variable
from translator.source import tensor_arrays
from translator.source.activations import activation_of, is_linear
from translator.source.classes import VARIABLES
from translator.source.initialisers import GET, NAMES
from translator.source.joins import members
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.objects import Built, ClassInfo, ObjectValue, ParametersValue
from translator.source.special import LOADING
from translator.source.values import (
    HistoryValue,
    MethodValue,
    NumpyArray,
    TensorValue,
    Value,
)

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def _seed(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    rewriter.note(node, Code.RANDOM_STREAM, "the same seed draws other numbers here")
    given = first(node)
    if given is None:
        return None
    return build.call(
        rewriter.naming.target("torch.manual_seed"), [cst.Arg(rewriter.expression(given))]
    )


def _generator(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`keras.random.SeedGenerator(1337)`."""
    given = first(node) or argument(node, 0, "seed")
    if given is None or literal_value(given) is None:
        return build.expression(rewriter.naming.spell("torch.Generator()"))
    text = rewriter.naming.spell("torch.Generator().manual_seed(seed)")
    return build.expression(text, seed=rewriter.expression(given))


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
    given = argument(node, 0, "activation")
    if given is None:
        return None
    found = activation_of(rewriter.facts, given)
    if found is None and is_linear(rewriter.facts, given):
        return build.call(rewriter.naming.target("torch.nn.Identity"), [])
    if found is None:
        return None
    axis = rewriter.facts.axes.get(id(node), -1)
    assert isinstance(axis, int)
    signature = rewriter.target_spelling(found.record, "layer")
    if found.record is NAMED or signature is None:
        return named(rewriter, found.values.get("function", given), axis)
    dim = build.expression(str(axis))
    made = rewriter.naming.target(signature.name)
    return build.call(made, settings(rewriter, found, signature, dim))


def _permute(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`keras.layers.Permute((2, 1))` counts its axes from 1, without the batch axis."""
    from translator.rewrite.containers import permutation

    given = first(node) or argument(node, 0, "dims")
    axes = literal_value(given)
    return permutation(rewriter, (0, *axes)) if isinstance(axes, tuple) else None


def _distributed(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`TimeDistributed(Dense(4))`: torch's layers work on the last axis of any tensor."""
    given = first(node) or argument(node, 0, "layer")
    known = given is not None and isinstance(rewriter.facts.value(node), Built)
    return rewriter.expression(given) if known and given is not None else None


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
        if any(weight.steps for weight in getattr(value.site.record, "weights", ())):
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


def _epsilon(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`keras.backend.epsilon()`: the number that it is unless it was set."""
    return cst.Float("1e-7")


def _to_numpy(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`keras.ops.convert_to_numpy(x)`."""
    given = first(node)
    return given and build.expression("x.detach().numpy()", x=rewriter.expression(given))


def _print(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`tf.print("loss", loss)`."""
    if any(a.keyword is not None and a.keyword.value not in ("sep", "end") for a in node.args):
        return None
    return node.with_changes(
        func=cst.Name("print"),
        args=[a.with_changes(value=rewriter.expression(a.value)) for a in node.args],
    )


def _cond(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`tf.cond(test, lambda: a, lambda: b)`: a choice of Python's."""
    given = [argument(node, i, name) for i, name in enumerate(("pred", "true_fn", "false_fn"))]
    if len(node.args) != 3 or None in given:
        return None
    test, *ways = (part for part in given if part is not None)
    first, other = (_run(rewriter, way) for way in ways)
    return build.expression("a if test else b", a=first, test=rewriter.expression(test), b=other)


def _run(rewriter: Rewriter, function: cst.BaseExpression) -> cst.BaseExpression:
    """What a function without parameters gives; of a lambda, its body."""
    new = rewriter.expression(function)
    if isinstance(new, cst.Lambda):
        return build.bare(new.body)
    return build.call(build.parenthesized(new), [])


def _attribute(rewriter: Rewriter, node: cst.Attribute) -> cst.BaseExpression | None:
    owner = rewriter.facts.value(node.value)
    name = node.attr.value
    if is_rate(rewriter, node):
        return rate(rewriter, node)
    if (gathered := added.losses(rewriter, node)) is not None:
        return gathered
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
        weight = holding(owner.site.record, "tensorflow", name)
        if weight is not None and not weight.plain:
            rewriter.leave(node, Code.UNSUPPORTED_CODE, f"torch stores {name} in another form")
            return node
        if weight is not None:
            layer = layer_itself(rewriter, owner.site, rewriter.expression(node.value))
            value = cst.Attribute(build.parenthesized(layer), cst.Name(weight.torch[0]))
            return (
                value
                if weight.axes is None or rewriter.raw_weights
                else rewriter.permuted(value, weight.axes)
            )
    return None


_TRAINING = (
    "compile",
    "fit",
    "evaluate",
    "predict",
    "train_on_batch",
    "test_on_batch",
    "compute_loss",
    "compiled_loss",
)
_PENALTIES = ("l1", "L1", "l2", "L2", "l1_l2", "L1L2")


def _adapted(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`normalization.adapt(data)` with an array; what it means for images is a matter of their axis order."""
    layer = rewriter.facts.value(receiver(node))
    if not isinstance(layer, Built) or layer.site.record is not ADAPTED or len(node.args) != 1:
        return None
    data = rewriter.facts.value(node.args[0].value)
    if not isinstance(data, NumpyArray | TensorValue):
        return None
    ranks = {len(shape) for shape in (*layer.site.seen.values(), data.shape) if shape is not None}
    return rewriter.parts(node) if ranks == {2} else None


TABLES = Tables(
    names={
        "tf.Variable": variable,
        "keras.Variable": variable,
        "tf.constant": constant,
        "tf.convert_to_tensor": constant,
        "tf.random.set_seed": _seed,
        "keras.utils.set_random_seed": _seed,
        "keras.random.SeedGenerator": _generator,
        "tf.shape": _shape,
        "tf.print": _print,
        "keras.backend.epsilon": _epsilon,
        "keras.config.epsilon": _epsilon,
        "keras.ops.convert_to_numpy": _to_numpy,
        "tf.cond": _cond,
        "keras.ops.cond": _cond,
        "keras.ops.shape": _shape,
        "keras.ops.convert_to_tensor": constant,
        "tf.TensorShape": torch_sizes.shape,
        "keras.ops.slice": torch_sizes.cut_out,
        **dict.fromkeys(("tf.transpose", "keras.ops.transpose"), torch_sizes.reversed_axes),
        **dict.fromkeys(("tf.sqrt", "tf.math.sqrt", "keras.ops.sqrt"), torch_sizes.root),
        "keras.ops.one_hot": one_hot.written,
        "tf.one_hot": one_hot.written,
        **dict.fromkeys((*NAMES, GET), keras_initialisers.function),
        **{f"keras.regularizers.{name}": added.penalty for name in _PENALTIES},
        "keras.regularizers.get": added.itself,
        "keras.constraints.get": added.itself,
        **dict.fromkeys(LOADING, arrays.loaded),
        PLATEAU: fit.plateau,
        BOARD: fit.board,
        "tf.data.Dataset.from_tensor_slices": torch_data.slices,
        "keras.layers.Activation": _activation,
        "keras.layers.Permute": _permute,
        "keras.layers.TimeDistributed": _distributed,
        tensor_arrays.NAME: arrays_of_tensors,
        **applications.NAMES,
    },
    tensor_methods={"numpy": _numpy},
    module_methods={
        "add_weight": _add_weight,
        "get_weights": _get_weights,
        "call": forward,
        "adapt": _adapted,
        **dict.fromkeys(_TRAINING, fit.left),
    },
    array_methods={"item": _item},
    dataset_methods={
        **torch_data.STEPS,
        **dict.fromkeys(("prefetch", "cache", "with_options"), itself),
    },
    tape_methods={"gradient": _gradient},
    shape_methods={"as_list": _as_list},
    attribute=_attribute,
)
