"""Calls whose value no signature expresses: parameters, optimizers at work, tapes, whole models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.layers.same_pad import CORRECT_PAD, SAME_PAD
from translator.knowledge.registry import index
from translator.knowledge.shapes import Size
from translator.knowledge.signature import Signature, parse
from translator.source import initialisers, made, tensor_arrays
from translator.source.bind import bind
from translator.source.bound import Arguments
from translator.source.folding import HOW_ALONE, NEVER
from translator.source.gradients import gradient
from translator.source.joins import join
from translator.source.literals import literal_value
from translator.source.made import argument, held
from translator.source.objects import Built, ObjectValue
from translator.source.recurrent import WITH_ONE_BIAS
from translator.source.sequences import sample
from translator.source.sizes import size_of, stated_sizes
from translator.source.subscripts import size_of_axis
from translator.source.values import (
    PLAIN,
    UNKNOWN,
    BatchesValue,
    CallbackValue,
    DeviceValue,
    Dictionary,
    Each,
    Fields,
    FunctionalValue,
    GradientValue,
    InputValue,
    Items,
    Literal,
    MergeValue,
    NumpyArray,
    Plain,
    ShapeOf,
    TapeValue,
    TensorValue,
    Value,
)

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def in_source_order(run: Interpreter, node: cst.Call) -> Value:
    """A call that gives nothing of interest; its tensors are passed in the source\'s order."""
    for given in node.args:
        run.in_order(given.value, run.facts.value(given.value), target=False)
    return PLAIN


def _model(run: Interpreter, node: cst.Call) -> Value:
    in_source_order(run, node)
    return FunctionalValue() if node.args else UNKNOWN


def _merge(run: Interpreter, node: cst.Call) -> Value:
    """`keras.layers.Add()`."""
    in_source_order(run, node)
    return MergeValue(node)


def _callback(run: Interpreter, node: cst.Call) -> Value:
    """`keras.callbacks.EarlyStopping(patience=3)`."""
    in_source_order(run, node)
    return CallbackValue(node)


LOADING = ("keras.models.load_model", "keras.saving.load_model")
CALLBACKS = (
    "EarlyStopping ModelCheckpoint ReduceLROnPlateau LearningRateScheduler CSVLogger TensorBoard TerminateOnNaN "
    "LambdaCallback History ProgbarLogger BackupAndRestore RemoteMonitor"
)


def _optimizer(run: Interpreter, node: cst.Call) -> Value:
    """`keras.optimizers.get("adam")`: an optimizer by its name, as it is by default; any other is what it is given."""
    from translator.source import layers

    name = literal_value(node.args[0].value) if len(node.args) == 1 else None
    if not isinstance(name, str):
        in_source_order(run, node)
        return run.facts.value(node.args[0].value) if len(node.args) == 1 else UNKNOWN
    for record, _ in index("tensorflow").get(name, ()):
        spelled = next((t for t in record.spellings("tensorflow") if "(" in t), "")
        if spelled.startswith("keras.optimizers."):
            bound = bind(record, spelled, run.side, None, (), literal_value, run.facts.value)
            run.facts.calls[id(node)] = bound
            return layers.build(run, node, bound)
    in_source_order(run, node)
    return UNKNOWN


def place_of(path: cst.BaseExpression) -> str | None:
    """The text or the name of a path, by which what is saved there is found again."""
    stated = literal_value(path)
    if isinstance(stated, str):
        return stated
    return path.value if isinstance(path, cst.Name) else None


def _loaded(run: Interpreter, node: cst.Call) -> Value:
    """`keras.models.load_model("model.keras")`."""
    in_source_order(run, node)
    given = argument(node, 0, "filepath")
    name = None if given is None else place_of(given)
    return UNKNOWN if name is None else run.facts.saved_models.get(name, UNKNOWN)


def _device(run: Interpreter, node: cst.Call) -> Value:
    """`torch.device("cuda")`."""
    in_source_order(run, node)
    return DeviceValue()


def _tape(run: Interpreter, node: cst.Call) -> Value:
    return TapeValue(id(node))


def _decorator(run: Interpreter, node: cst.Call) -> Value:
    return run.facts.value(node.args[0].value) if node.args else PLAIN


def _input(run: Interpreter, node: cst.Call) -> Value:
    given = argument(node, 0, "shape") or argument(node, -1, "input_shape")
    return InputValue(None if given is None else stated_shape(run, given))


def stated_shape(run: Interpreter, node: cst.BaseExpression) -> tuple[Size, ...] | None:
    """The shape that `shape=` or `input_shape=` states, with the batch axis in front."""
    if isinstance(node, cst.Name):
        origin = run.constants.get(node.value)
        return None if origin is None else stated_shape(run, origin)
    if not isinstance(node, cst.Tuple | cst.List):
        return None
    return (None, *(size_of(run, element.value) for element in node.elements))


def stated_input(run: Interpreter, node: cst.Call, spelling: Signature) -> tuple[Size, ...] | None:
    """The input shape that a layer states by `input_shape=`, `input_dim=` or, of an embedding, `input_length=`."""
    named = "input_dim" if spelling.parameter("input_dim") is None else "input_length"
    shape, width = argument(node, -1, "input_shape"), argument(node, -1, named)
    if shape is not None:
        return stated_shape(run, shape)
    return None if width is None else (None, size_of(run, width))


def _distributed(run: Interpreter, node: cst.Call) -> Value:
    """`TimeDistributed(layer)`: the layer itself, where it works on the last axis alone."""
    in_source_order(run, node)
    given = argument(node, 0, "layer")
    value = UNKNOWN if given is None else run.facts.value(given)
    if isinstance(value, Built) and value.site.record.title in _ON_LAST_AXIS:
        return value
    why = "a layer that sees more than the last axis: fold the steps into the batch around it"
    run.facts.problems[id(node)] = (Code.UNSUPPORTED_CODE, why)
    return UNKNOWN


def _padding(run: Interpreter, node: cst.Call) -> Value:
    """The layer that `correct_pad` stands for in classes that the conversion has written."""
    from translator.source import layers

    in_source_order(run, node)
    if len(node.args) != 1:
        why = "the widths of the border depend on sizes that are not known here"
        run.facts.problems[id(node)] = (Code.UNSUPPORTED_CODE, why)
        return UNKNOWN
    signature = parse(SAME_PAD.spellings("tensorflow")[0])
    given = {"kernel_size": node.args[0].value}
    return layers.build(run, node, Arguments(SAME_PAD, signature, given))


def _image_shape(run: Interpreter, node: cst.Call) -> Value:
    """The shape of images, whatever their sizes are."""
    in_source_order(run, node)
    return Items((UNKNOWN, UNKNOWN, UNKNOWN))


def _activation(run: Interpreter, node: cst.Call) -> Value:
    from translator.source.activations import activation_call

    return activation_call(run, node)


_ON_LAST_AXIS = frozenset({"torch.nn.Linear", "torch.nn.Dropout", "torch.nn.LayerNorm"})


def _slices(run: Interpreter, node: cst.Call) -> Value:
    """`TensorDataset(x, y)`, `from_tensor_slices((x, y))`."""
    in_source_order(run, node)
    values = [run.facts.value(given.value) for given in node.args]
    if len(values) == 1 and isinstance(values[0], Items):
        values = list(values[0].items)
    items = tuple(map(sample, values))
    return BatchesValue(batched=False, items=items, alone=len(items) == 1)


def _batches(run: Interpreter, node: cst.Call) -> Value:
    """`DataLoader(dataset, ...)`."""
    in_source_order(run, node)
    given = argument(node, 0, "dataset")
    dataset = None if given is None else _samples(run, run.facts.value(given))
    own = argument(node, -1, "collate_fn")
    if dataset is None or (own is not None and literal_value(own) is not None):
        return BatchesValue()
    return replace(dataset, batched=True, alone=False)


def _samples(run: Interpreter, dataset: Value) -> BatchesValue | None:
    """What the samples of a data set hold, of one that the file has written as well."""
    if isinstance(dataset, BatchesValue):
        return dataset
    getter = dataset.info.method("__getitem__") if isinstance(dataset, ObjectValue) else None
    if getter is None:
        return None
    run.depend(getter)
    if getter.dirty and not getter.active:
        run.run_function(getter)
    given = getter.result
    several = isinstance(given, Items) and not isinstance(given, Fields)
    parts = given.items if several and isinstance(given, Items) else (given or UNKNOWN,)
    return BatchesValue(batched=False, items=tuple(map(_in_batch, parts)))


def _in_batch(part: Value) -> Value:
    """A part of a sample, as it is put together with others."""
    if isinstance(part, TensorValue):
        return replace(part, leaf=False, origin=None)
    if isinstance(part, NumpyArray):
        return TensorValue(part.shape)
    if isinstance(part, Dictionary):
        return replace(part, values=tuple(map(_in_batch, part.values)))
    if isinstance(part, Literal) and isinstance(part.value, int | float):
        return TensorValue((), dtype="int64" if isinstance(part.value, int) else "float64")
    return TensorValue()


def _subset(run: Interpreter, node: cst.Call) -> Value:
    """`Subset(dataset, indices)`, `ConcatDataset([a, b])`."""
    in_source_order(run, node)
    given = run.facts.value(node.args[0].value) if node.args else UNKNOWN
    if isinstance(given, Items) and given.items:
        given = given.items[0]
    return _samples(run, given) or BatchesValue(batched=False)


def _parted(run: Interpreter, node: cst.Call) -> Value:
    """`random_split(dataset, lengths)`."""
    return Each(_subset(run, node))


def _backward(run: Interpreter, node: cst.Call) -> Value:
    """`loss.backward()`."""
    run.scope.function.steps = True
    return in_source_order(run, node)


def _gradients(run: Interpreter, node: cst.Call) -> Value:
    """`torch.autograd.grad(loss, variables)`."""
    run.scope.function.steps = True
    in_source_order(run, node)
    given, kept = argument(node, 1, "inputs"), argument(node, 4, "create_graph")
    sources = run.facts.value(given) if given is not None else UNKNOWN
    recorded = kept is not None and literal_value(kept) is True
    if isinstance(sources, Items):
        return Items(tuple(gradient(source, recorded) for source in sources.items))
    if isinstance(sources, TensorValue):
        return Items((gradient(sources, recorded),))
    return Each(GradientValue())


def _init(run: Interpreter, node: cst.Call) -> Value:
    """`torch.nn.init.zeros_(w)`."""
    in_source_order(run, node)
    if not node.args:
        return UNKNOWN
    _note_first_values(run, node, node.args[0].value)
    return run.facts.value(node.args[0].value)


def _filled(run: Interpreter, node: cst.Call) -> Value:
    """`w.fill_(0.5)`, `w.zero_()`."""
    value = run.facts.value(held(node))
    _note_first_values(run, node, held(node))
    in_source_order(run, node)
    return value


def _note_first_values(run: Interpreter, node: cst.Call, weight: cst.BaseExpression) -> None:
    """Remember a call that sets the first values of a layer's weight: nothing may have used the ones before them."""
    if isinstance(weight, cst.Attribute) and weight.attr.value == "data":
        weight = weight.value
    layer = run.facts.value(weight.value) if isinstance(weight, cst.Attribute) else UNKNOWN
    run.facts.unbuilt.setdefault(id(node), not run.facts.layer_calls)
    if not isinstance(layer, Built):
        return
    run.facts.first_values.add(id(weight))
    run.facts.first_calls[id(node)] = (node, run.scope.function)
    if any(known is node for known, _ in run.facts.init_calls):
        return
    touched = any(
        site is layer.site and key not in run.facts.first_values
        for key, site in run.facts.touched.items()
    )
    called = any(call and not place for call, place in layer.site.seen)
    if not touched and not called and layer.site.branch == run.branch:
        run.facts.init_calls.append((node, run.scope.function.qualified))


def _module_list(run: Interpreter, node: cst.Call) -> Value:
    """`nn.ModuleList(layers)`."""
    in_source_order(run, node)
    value = run.facts.value(node.args[0].value) if node.args else Items(())
    return value if isinstance(value, Items | Each) else UNKNOWN


def _module_dict(run: Interpreter, node: cst.Call) -> Value:
    """`nn.ModuleDict(layers)`."""
    in_source_order(run, node)
    value = run.facts.value(node.args[0].value) if node.args else Dictionary()
    return value if isinstance(value, Dictionary) else UNKNOWN


def _wrapped(run: Interpreter, node: cst.Call) -> Value:
    """`nn.DataParallel(model)`: the model."""
    return run.facts.value(node.args[0].value) if node.args else UNKNOWN


def _with_one_bias(run: Interpreter, node: cst.Call) -> Value:
    """`one_bias(layer)`: the layer."""
    layer = _wrapped(run, node)
    if isinstance(layer, Built):
        run.facts.one_bias.add(id(layer.site.node))
    return layer


def _spread(run: Interpreter, node: cst.Call) -> Value:
    """`data_parallel(model, x, devices)`: a call of the model."""
    return _called_so(run, node, node.args[1:2])


def _checkpointed(run: Interpreter, node: cst.Call) -> Value:
    """`checkpoint(f, x, use_reentrant=False)`: a call of the function."""
    own = {"use_reentrant", "preserve_rng_state", "context_fn", "determinism_check", "debug"}
    given = [a for a in node.args[1:] if a.keyword is None or a.keyword.value not in own]
    return _called_so(run, node, given)


def _called_so(run: Interpreter, node: cst.Call, given: Sequence[cst.Arg]) -> Value:
    """A call of what a call is given first; it is kept, to be written in the other's place."""
    from translator.source.calls import call

    if not node.args or node.args[0].keyword is not None:
        in_source_order(run, node)
        return UNKNOWN
    made = run.facts.instead.get(id(node))
    if made is None:
        args = [a.with_changes(comma=cst.MaybeSentinel.DEFAULT) for a in given]
        made = run.facts.instead[id(node)] = cst.Call(node.args[0].value, args)
    value = call(run, made)
    run.facts.values[id(made)] = value
    return value


def _expanded(run: Interpreter, node: cst.Call) -> Value:
    """`x.expand(n, -1)`."""
    value = run.in_order(held(node), run.facts.value(held(node)), target=False)
    in_source_order(run, node)
    if not isinstance(value, TensorValue):
        return UNKNOWN
    return replace(value, shape=None, leaf=False, origin=None, last=None)


def _same_tensor(run: Interpreter, node: cst.Call) -> Value:
    """A method that returns its tensor's values: `to`, `cpu`, `contiguous`."""
    value = run.facts.value(held(node))
    in_source_order(run, node)
    return value


def _detached(run: Interpreter, node: cst.Call) -> Value:
    value = run.facts.value(held(node))
    return replace(value, tracked=False, leaf=False) if isinstance(value, TensorValue) else UNKNOWN


def _drawn(run: Interpreter, node: cst.Call) -> Value:
    """`torch.Tensor(2, 3).uniform_(-a, a)`."""
    _note_first_values(run, node, held(node))
    return _detached(run, node)


def _made_like(run: Interpreter, node: cst.Call) -> Value:
    """`x.new_zeros(2, 3)`: a tensor of the same type."""
    value = run.facts.value(held(node))
    in_source_order(run, node)
    given = [a.value for a in node.args if a.keyword is None]
    if len(given) == 1 and isinstance(given[0], cst.Tuple | cst.List):
        given = [element.value for element in given[0].elements]
    known = all(isinstance(run.facts.value(size), Literal | Plain) for size in given)
    shape = tuple(size_of(run, size) for size in given) if known and given else None
    if len(given) == 1 and isinstance(whole := run.facts.value(given[0]), Items):
        shape = stated_sizes(whole)
    return TensorValue(shape, dtype=value.dtype if isinstance(value, TensorValue) else None)


def _flipped(run: Interpreter, node: cst.Call) -> Value:
    """`x.bernoulli_(p)`: ones and zeros in the place of what was there."""
    value = run.facts.value(held(node))
    in_source_order(run, node)
    run.facts.in_place.add(id(node))
    return replace(value, tracked=False, leaf=False) if isinstance(value, TensorValue) else UNKNOWN


def _numpy(run: Interpreter, node: cst.Call) -> Value:
    value = run.facts.value(held(node))
    run.in_order(held(node), value, target=False)
    return NumpyArray(value.shape if isinstance(value, TensorValue) else None)


def _array_of(run: Interpreter, node: cst.Call) -> Value:
    """`keras.ops.convert_to_numpy(x)`."""
    in_source_order(run, node)
    value = run.facts.value(node.args[0].value) if node.args else UNKNOWN
    return NumpyArray(value.shape if isinstance(value, TensorValue) else None)


def _size(run: Interpreter, node: cst.Call) -> Value:
    value = run.facts.value(held(node))
    run.facts.axes.pop(id(node), None)
    if not isinstance(value, TensorValue):  # a gradient
        return PLAIN if node.args else UNKNOWN
    if not node.args:
        run.in_order(held(node), value, target=False)
        return ShapeOf(value)
    return size_of_axis(run, node, held(node), value, literal_value(node.args[0].value))


def _transposed(run: Interpreter, node: cst.Call) -> Value:
    value = run.facts.value(held(node))
    if not isinstance(value, TensorValue):  # a gradient
        return value
    return replace(
        value, shape=None if value.shape is None else value.shape[::-1], leaf=False, origin=None
    )


def _shape_of(run: Interpreter, node: cst.Call) -> Value:
    """`tf.shape(x)`; what it is given is a tensor."""
    from translator.source.functions import note_use

    given = node.args[0].value if node.args else None
    value = run.facts.value(given) if given is not None else UNKNOWN
    if given is not None and value == UNKNOWN:
        value = TensorValue()
        note_use(run, given, value)
    if not isinstance(value, TensorValue) or given is None:
        return UNKNOWN
    run.in_order(given, value, target=False)
    return ShapeOf(value)


MERGES = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot")
"""Layers of Keras that only compute with several tensors; `keras.layers.add` and its kin are their functions."""
_INITS = (
    "zeros_ ones_ constant_ normal_ uniform_ trunc_normal_ "
    "xavier_uniform_ xavier_normal_ kaiming_uniform_ kaiming_normal_ orthogonal_"
)


def _choice(run: Interpreter, node: cst.Call) -> Value:
    """`tf.cond(test, true_fn, false_fn)`: what either function gives."""
    from translator.source.calls import call

    in_source_order(run, node)
    found: Value | None = None
    for place, name in ((1, "true_fn"), (2, "false_fn")):
        function = argument(node, place, name)
        if function is None:
            return UNKNOWN
        made = run.facts.ways.setdefault(id(function), cst.Call(function))
        value = call(run, made)
        found = value if found is None else join(found, value)
    return UNKNOWN if found is None else found


HANDLERS: dict[str, Callable[[Interpreter, cst.Call], Value]] = {
    **dict.fromkeys(("torch.nn.ModuleList", "torch.nn.ParameterList"), _module_list),
    **dict.fromkeys(("torch.nn.ModuleDict", "torch.nn.ParameterDict"), _module_dict),
    **made.HANDLERS,
    **initialisers.HANDLERS,
    **dict.fromkeys((*NEVER, *HOW_ALONE), in_source_order),
    "torch._assert": in_source_order,
    WITH_ONE_BIAS: _with_one_bias,
    tensor_arrays.NAME: tensor_arrays.made,
    "torch.nn.DataParallel": _wrapped,
    "torch.compile": _wrapped,
    "torch.jit.script": _wrapped,
    "torch.nn.parallel.DistributedDataParallel": _wrapped,
    "torch.nn.parallel.data_parallel": _spread,
    "torch.utils.checkpoint.checkpoint": _checkpointed,
    "torch.manual_seed": in_source_order,
    "torch.device": _device,
    "torch.cuda.is_available": in_source_order,
    "torch.cuda.device_count": in_source_order,
    "torch.backends.mps.is_available": in_source_order,
    "torch.no_grad": in_source_order,
    "torch.enable_grad": in_source_order,
    "torch.inference_mode": in_source_order,
    "torch.utils.data.TensorDataset": _slices,
    "torch.Tensor.backward": _backward,
    "torch.autograd.grad": _gradients,
    "torch.utils.data.DataLoader": _batches,
    **dict.fromkeys(("torch.utils.data.Subset", "torch.utils.data.ConcatDataset"), _subset),
    "torch.utils.data.random_split": _parted,
    **{f"torch.nn.init.{name}": _init for name in _INITS.split()},
    "torch.nn.init.calculate_gain": in_source_order,
    **{f"torch.Tensor.{name}": _same_tensor for name in ("cpu", "cuda", "contiguous")},
    "torch.Tensor.item": in_source_order,
    **{f"torch.Tensor.{name}": _drawn for name in ("uniform_", "normal_")},
    "torch.Tensor.bernoulli_": _flipped,
    **{f"torch.Tensor.new{name}": _made_like for name in ("", "_zeros", "_ones", "_empty")},
    "torch.Tensor.expand": _expanded,
    "torch.Tensor.detach": _detached,
    **{f"torch.Tensor.{name}": _filled for name in ("fill_", "zero_")},
    "torch.Tensor.numpy": _numpy,
    "torch.Tensor.size": _size,
    "torch.Tensor.t": _transposed,
    "tf.shape": _shape_of,
    "tf.TensorShape": _wrapped,
    **dict.fromkeys(("tf.cond", "keras.ops.cond"), _choice),
    "keras.ops.shape": _shape_of,
    "tf.random.set_seed": in_source_order,
    "keras.utils.set_random_seed": in_source_order,
    "keras.random.SeedGenerator": in_source_order,
    "tf.GradientTape": _tape,
    "keras.optimizers.get": _optimizer,
    **dict.fromkeys(LOADING, _loaded),
    **{f"keras.callbacks.{name}": _callback for name in CALLBACKS.split()},
    "keras.Model": _model,
    **{f"keras.layers.{name}": _merge for name in MERGES},
    "tf.data.Dataset.from_tensor_slices": _slices,
    "tf.function": _decorator,
    "tf.Tensor.numpy": _numpy,
    "keras.ops.convert_to_numpy": _array_of,
    **dict.fromkeys(
        ("keras.backend.epsilon", "keras.config.epsilon"), lambda run, node: Literal(1e-7)
    ),
    **{f"tf.Tensor.{name}": _same_tensor for name in ("assign", "assign_add", "assign_sub")},
    "keras.Input": _input,
    "keras.layers.InputLayer": _input,
    "keras.layers.TimeDistributed": _distributed,
    "keras.layers.Activation": _activation,
    "keras.utils.exists": in_source_order,
    "keras.utils.get_file": in_source_order,
    "tf.io.gfile.exists": in_source_order,
    "keras.applications.imagenet_utils.obtain_input_shape": _image_shape,
    CORRECT_PAD: _padding,
    "keras.applications.imagenet_utils.validate_activation": in_source_order,
}
