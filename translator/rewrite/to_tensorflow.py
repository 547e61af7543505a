"""torch calls and attributes that are written by hand in TensorFlow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.records import holding
from translator.rewrite import (
    build,
    casts,
    devices,
    draws,
    precision,
    products,
    splitting,
    tensorflow_data,
    torch_tensors,
)
from translator.rewrite.activation import layer_itself
from translator.rewrite.by_hand import Tables, first, forward, itself, receiver
from translator.rewrite.constructs import initialising, of_parameters, tracking
from translator.rewrite.functions import function
from translator.rewrite.moves.tensors import dtype as element_type
from translator.rewrite.settings import is_known_setting, setting
from translator.rewrite.torch_tensors import weight_name
from translator.source.folding import NEVER, PLACES
from translator.source.literals import counted
from translator.source.made import argument
from translator.source.objects import Built
from translator.source.recurrent import WITH_ONE_BIAS
from translator.source.values import (
    GradientValue,
    TensorValue,
)

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def _parameter(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`nn.Parameter(t)`: a variable; Keras tracks only its own as an attribute of a model."""
    given = first(node)
    if given is None:
        return None
    if rewriter.classes and rewriter.classes[-1].is_module:
        from translator.rewrite.constructs.parameters import module_weight

        return module_weight(rewriter, node, given, None)
    kind = "keras.Variable" if id(node) in rewriter.facts.owned else "tf.Variable"
    return build.call(rewriter.naming.target(kind), [cst.Arg(rewriter.expression(given))])


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
        arguments.append(build.argument(element_type(rewriter, dtype), "dtype"))
    elif counted(given):
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
        return build.expression(text, x=value, dtype=element_type(rewriter, dtype))
    return build.call(rewriter.naming.target("tf.convert_to_tensor"), [build.argument(value)])


def _float_tensor(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`torch.Tensor(data)` and `torch.FloatTensor(data)` make 32-bit floats; with sizes they hold no values yet."""
    given = first(node)
    if given is None or torch_tensors.sized(rewriter, node):
        rewriter.todo(
            node,
            Code.UNSUPPORTED_CODE,
            "a tensor without values has no equivalent: make it of zeros",
        )
        rewriter.keep(node.func)
        return node
    text = rewriter.naming.spell("tf.constant(value, dtype=tf.float32)")
    return build.expression(text, value=rewriter.expression(given))


def _long_tensor(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`torch.LongTensor(data)`."""
    given = first(node)
    if given is None or torch_tensors.sized(rewriter, node):
        return _float_tensor(rewriter, node)
    text = rewriter.naming.spell("tf.constant(value, dtype=tf.int64)")
    return build.expression(text, value=rewriter.expression(given))


def _grid(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`torch.meshgrid([x, y])`: what is in a list is given one by one."""
    given = first(node)
    bound = rewriter.facts.calls.get(id(node))
    if given is None or bound is None or len(bound.many.get("tensors", [])) != 1:
        return None
    if isinstance(rewriter.facts.value(given), TensorValue):
        return None
    written = function(rewriter, node, bound)
    assert isinstance(written, cst.Call)
    spread = written.args[0]
    if isinstance(spread.value, cst.List | cst.Tuple):
        inner = [cst.Arg(element.value) for element in spread.value.elements]
    else:
        inner = [spread.with_changes(star="*")]
    return written.with_changes(args=[*inner, *written.args[1:]])


def _seed(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    rewriter.note(node, Code.RANDOM_STREAM, "the same seed draws other numbers here")
    given = first(node)
    if given is None:
        return None
    return build.call(
        rewriter.naming.target("keras.utils.set_random_seed"), [cst.Arg(rewriter.expression(given))]
    )


def _variables(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    return build.expression("model.trainable_variables", model=rewriter.expression(receiver(node)))


_TRAINABLE = cst.Name("trainable")


def _attribute(rewriter: Rewriter, node: cst.Attribute) -> cst.BaseExpression | None:
    owner = rewriter.facts.value(node.value)
    name = node.attr.value
    if name in ("min", "max") and (bound := casts.limits(rewriter, node.value)) is not None:
        return cst.Attribute(bound, node.attr)
    if is_known_setting(rewriter, node):
        own = setting(rewriter, node)
        if own is None:
            rewriter.leave(node, Code.UNSUPPORTED_CODE, f"Keras's layer does not keep {name}")
        return own or node
    if isinstance(owner, Built):
        found = weight_name(rewriter, node)
        if found is None:
            if holding(owner.site.record, "torch", name) is None:
                return None
            rewriter.leave(node, Code.UNSUPPORTED_CODE, f"Keras stores {name} in another form")
            return node
        layer = layer_itself(rewriter, owner.site, rewriter.expression(node.value))
        kernel = cst.Attribute(build.parenthesized(layer), cst.Name(found[0]))
        return (
            kernel
            if found[1] is None or rewriter.raw_weights
            else rewriter.permuted(kernel, found[1])
        )
    if isinstance(owner, TensorValue) and owner.leaf and name == "requires_grad":
        return cst.Attribute(build.parenthesized(rewriter.expression(node.value)), _TRAINABLE)
    if isinstance(owner, TensorValue) and name == "data":
        return rewriter.expression(node.value)
    if isinstance(owner, TensorValue) and name == "dtype":
        model = of_parameters.model_of(rewriter, node.value)
        if model is not None:
            return build.expression("model.variable_dtype", model=rewriter.expression(model))
    if isinstance(owner, TensorValue) and name in PLACES:
        rewriter.note(node, Code.DROPPED, f"{name}: TensorFlow places tensors by itself")
        return cst.Name("False")
    if isinstance(owner, TensorValue) and name == "T":
        return build.call(
            rewriter.naming.target("tf.transpose"), [cst.Arg(rewriter.expression(node.value))]
        )
    if isinstance(owner, TensorValue) and name == "mT":
        text = rewriter.naming.spell("tf.linalg.matrix_transpose(x)")
        return build.expression(text, x=rewriter.expression(node.value))
    if isinstance(rewriter.facts.value(node), GradientValue):
        return rewriter.gradient(node)
    return None


def _module_list(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`nn.ModuleList([a, b])`: Keras tracks the layers of a plain list."""
    if not node.args:
        return cst.List([])
    given = rewriter.expression(node.args[0].value)
    if isinstance(given, cst.List | cst.ListComp):
        return given
    if isinstance(given, cst.GeneratorExp):
        return cst.ListComp(given.elt, given.for_in)
    return build.call(cst.Name("list"), [cst.Arg(given)])


def _module_dict(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`nn.ModuleDict({"a": a})`: Keras tracks the layers of a plain dict."""
    given = rewriter.expression(node.args[0].value) if node.args else cst.Dict([])
    plain = isinstance(given, cst.Dict | cst.DictComp) or _is_dict(given)
    return given if plain else build.call(cst.Name("dict"), [cst.Arg(given)])


def _is_dict(node: cst.BaseExpression) -> bool:
    """True for `dict(a=a)`."""
    called = node.func if isinstance(node, cst.Call) else None
    return isinstance(called, cst.Name) and called.value == "dict"


def _never(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`torch.jit.is_scripting()`."""
    return cst.Name("False")


def _alone(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`nn.DataParallel(model)`: the model, which Keras spreads by the strategy that it is made under."""
    if not node.args:
        return None
    rewriter.note(
        node, Code.DROPPED, "several devices: make the model under tf.distribute's strategy"
    )
    return rewriter.expression(node.args[0].value)


def _inside(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression:
    """`one_bias(layer)`: the layer, which has one bias there."""
    return rewriter.expression(node.args[0].value)


def _uncompiled(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`torch.compile(model)`: the model, whose calls tf.function compiles."""
    if not node.args or node.args[0].keyword is not None or node.args[0].star:
        return None
    name = rewriter.api(node.func)
    rewriter.note(node, Code.DROPPED, f"{name}: call the model under tf.function to compile it")
    return rewriter.expression(node.args[0].value)


def _called_so(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`checkpoint(f, x)`, `data_parallel(model, x)`: the call itself computes the same."""
    name = rewriter.api(node.func)
    made = rewriter.facts.instead.get(id(node))
    if made is None:
        return None
    rewriter.note(node, Code.DROPPED, f"{name}: the call is made without it")
    return rewriter.expression(made)


def _computed_again(rewriter: Rewriter, node: cst.Call) -> cst.BaseExpression | None:
    """`torch.utils.checkpoint(layer)`: a module that is called raises, and what was meant is the function in it."""
    if len(node.args) != 1 or node.args[0].keyword or node.args[0].star:
        return None
    why = (
        "torch.utils.checkpoint is a module, and calling it raises: what keras.remat does is meant"
    )
    rewriter.note(node, Code.NUMERIC, why)
    text = rewriter.naming.spell("keras.remat(x)")
    return build.expression(text, x=rewriter.expression(node.args[0].value))


TABLES = Tables(
    names={
        **dict.fromkeys(("torch.nn.ModuleList", "torch.nn.ParameterList"), _module_list),
        **dict.fromkeys(("torch.nn.ModuleDict", "torch.nn.ParameterDict"), _module_dict),
        **dict.fromkeys(NEVER, _never),
        WITH_ONE_BIAS: _inside,
        "torch.nn.DataParallel": _alone,
        "torch.compile": _uncompiled,
        "torch.jit.script": _uncompiled,
        "torch.nn.parallel.DistributedDataParallel": _alone,
        "torch.nn.parallel.data_parallel": _called_so,
        "torch.utils.checkpoint.checkpoint": _called_so,
        "torch.utils.checkpoint": _computed_again,
        "torch.nn.Parameter": _parameter,
        "torch.nn.init.calculate_gain": draws.gain,
        "torch.autograd.Variable": _legacy_variable,
        "torch.tensor": _constant,
        "torch.Tensor": _float_tensor,
        "torch.FloatTensor": _float_tensor,
        "torch.LongTensor": _long_tensor,
        "torch.from_numpy": _from_array,
        "torch.as_tensor": _from_array,
        "torch.split": splitting.pieces,
        **dict.fromkeys(("torch.matmul", "torch.bmm", "torch.mm"), products.matmul),
        "torch.manual_seed": _seed,
        "torch.meshgrid": _grid,
        "torch.device": devices.device,
        "torch.cuda.is_available": devices.available,
        "torch.backends.mps.is_available": devices.available,
        "torch.cuda.device_count": devices.count,
        "torch.utils.data.TensorDataset": tensorflow_data.dataset,
        "torch.utils.data.DataLoader": tensorflow_data.loader,
        "torch.utils.data.Subset": tensorflow_data.subset,
        "torch.utils.data.ConcatDataset": tensorflow_data.joined,
        "torch.utils.data.random_split": tensorflow_data.split,
    },
    tensor_methods={
        **casts.METHODS,
        **dict.fromkeys(("matmul", "bmm", "mm"), products.matmul),
        "requires_grad_": tracking.in_place,
        "numpy": torch_tensors.numpy,
        "detach": torch_tensors.detach,
        "size": torch_tensors.size,
        "view": torch_tensors.view,
        "reshape": torch_tensors.view,
        "expand": torch_tensors.expanded,
        "bernoulli_": torch_tensors.flipped,
        **dict.fromkeys(("new", "new_zeros", "new_ones", "new_empty"), torch_tensors.made_like),
        "zero_": torch_tensors.zeroed,
        "split": splitting.pieces,
        "t": torch_tensors.transposed,
        "uniform_": torch_tensors.drawn,
        "normal_": torch_tensors.drawn,
        "fill_": torch_tensors.filled,
        **dict.fromkeys(("cpu", "cuda", "contiguous"), itself),
    },
    module_methods={
        "parameters": _variables,
        "forward": forward,
        "modules": initialising.modules,
        **dict.fromkeys(("cpu", "cuda", "float", "train", "eval"), itself),
        **dict.fromkeys(precision.METHODS, precision.cast),
    },
    array_methods={},
    dataset_methods={},
    tape_methods={},
    shape_methods={},
    attribute=_attribute,
)
