"""Calls whose value no signature expresses: parameters, optimizers at work, tapes, whole models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from translator.knowledge.shapes import Shape, Size
from translator.source.arrays import literal_shape
from translator.source.expressions import literal_value, size_of, size_of_axis
from translator.source.values import (
    PLAIN,
    UNKNOWN,
    BatchesValue,
    Built,
    Each,
    GradientValue,
    HistoryValue,
    InputValue,
    Items,
    MethodValue,
    NumpyArray,
    ParametersValue,
    ShapeOf,
    TapeValue,
    TensorValue,
    Value,
    source_order,
)

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter


def argument(node: cst.Call, position: int, name: str) -> cst.BaseExpression | None:
    """The argument at a position or under a keyword."""
    for index, given in enumerate(node.args):
        if given.keyword is not None and given.keyword.value == name:
            return given.value
        if given.keyword is None and not given.star and index == position:
            return given.value
    return None


def as_leaf(run: Interpreter, node: cst.Call, value: Value) -> Value:
    """`torch.zeros(3, requires_grad=True)`: a trainable tensor."""
    asked = argument(node, -1, "requires_grad")
    if asked is not None and literal_value(asked) is True and isinstance(value, TensorValue):
        return replace(value, leaf=True, tracked=True)
    return value


def _variable(run: Interpreter, node: cst.Call) -> Value:
    """`nn.Parameter(t)`, `tf.Variable(v)`, `autograd.Variable(t)`."""
    for given in node.args:
        run.in_order(given.value, run.facts.value(given.value), target=False)
    inner = run.facts.value(node.args[0].value) if node.args else UNKNOWN
    known = inner.shape if isinstance(inner, TensorValue | NumpyArray) else None
    shape = known if known is not None else literal_shape(node.args[0].value if node.args else None)
    return TensorValue(shape, tracked=True, leaf=True, dtype="float")


def _legacy_variable(run: Interpreter, node: cst.Call) -> Value:
    value = _variable(run, node)
    asked = argument(node, 1, "requires_grad")
    leaf = asked is not None and literal_value(asked) is True
    assert isinstance(value, TensorValue)
    return replace(value, leaf=leaf, tracked=leaf)


def _constant(run: Interpreter, node: cst.Call) -> Value:
    value = _variable(run, node)
    assert isinstance(value, TensorValue)
    return replace(value, tracked=False, leaf=False)


def _plain(run: Interpreter, node: cst.Call) -> Value:
    for given in node.args:
        run.in_order(given.value, run.facts.value(given.value), target=False)
    return PLAIN


def _tape(run: Interpreter, node: cst.Call) -> Value:
    return TapeValue()


def _decorator(run: Interpreter, node: cst.Call) -> Value:
    return run.facts.value(node.args[0].value) if node.args else PLAIN


def _input(run: Interpreter, node: cst.Call) -> Value:
    given = argument(node, 0, "shape")
    return InputValue(None if given is None else stated_shape(run, given))


def stated_shape(run: Interpreter, node: cst.BaseExpression) -> tuple[Size, ...] | None:
    """The shape that `shape=` or `input_shape=` states, with the batch axis in front."""
    if isinstance(node, cst.Name):
        origin = run.constants.get(node.value)
        return None if origin is None else stated_shape(run, origin)
    if not isinstance(node, cst.Tuple | cst.List):
        return None
    return (None, *(size_of(run, element.value) for element in node.elements))


def _tensor(run: Interpreter, node: cst.Call) -> Value:
    """`torch.tensor(data)`, `torch.Tensor(2, 3)`, `tf.constant(data)`."""
    return as_leaf(run, node, _constant(run, node))


def _slices(run: Interpreter, node: cst.Call) -> Value:
    """`TensorDataset(x, y)`, `from_tensor_slices((x, y))`."""
    _plain(run, node)
    values = [run.facts.value(given.value) for given in node.args]
    if len(values) == 1 and isinstance(values[0], Items):
        values = list(values[0].items)
    known = [value.shape if isinstance(value, TensorValue | NumpyArray) else None for value in values]
    return BatchesValue(batched=False, items=tuple(known))


def _batches(run: Interpreter, node: cst.Call) -> Value:
    """`DataLoader(dataset, ...)`."""
    _plain(run, node)
    dataset = run.facts.value(node.args[0].value) if node.args else UNKNOWN
    return BatchesValue(items=dataset.items if isinstance(dataset, BatchesValue) else ())


def _gradients(run: Interpreter, node: cst.Call) -> Value:
    """`torch.autograd.grad(loss, variables)`."""
    _plain(run, node)
    sources = run.facts.value(node.args[1].value) if len(node.args) > 1 else UNKNOWN
    if isinstance(sources, Items):
        return Items(tuple(GradientValue(s.shape if isinstance(s, TensorValue) else None) for s in sources.items))
    return Items((GradientValue(),)) if isinstance(sources, TensorValue) else Each(GradientValue())


def _init(run: Interpreter, node: cst.Call) -> Value:
    """`torch.nn.init.zeros_(w)`."""
    _plain(run, node)
    if all(known is not node for known, _ in run.facts.init_calls):
        run.facts.init_calls.append((node, run.scope.function.qualified))
    return run.facts.value(node.args[0].value) if node.args else UNKNOWN


def _held(node: cst.Call) -> cst.BaseExpression:
    assert isinstance(node.func, cst.Attribute)
    return node.func.value


def _same_tensor(run: Interpreter, node: cst.Call) -> Value:
    """A method that returns its tensor's values: `to`, `cpu`, `contiguous`."""
    value = run.facts.value(_held(node))
    _plain(run, node)
    return value


def _detached(run: Interpreter, node: cst.Call) -> Value:
    value = run.facts.value(_held(node))
    return replace(value, tracked=False, leaf=False) if isinstance(value, TensorValue) else UNKNOWN


def _drawn(run: Interpreter, node: cst.Call) -> Value:
    """`torch.Tensor(2, 3).uniform_(-a, a)`."""
    return _detached(run, node)


def _numpy(run: Interpreter, node: cst.Call) -> Value:
    value = run.facts.value(_held(node))
    run.in_order(_held(node), value, target=False)
    return PLAIN if isinstance(value, TensorValue) and value.rank == 0 else NumpyArray()


def _size(run: Interpreter, node: cst.Call) -> Value:
    value = run.facts.value(_held(node))
    run.facts.axes.pop(id(node), None)
    assert isinstance(value, TensorValue)
    if not node.args:
        run.in_order(_held(node), value, target=False)
        return ShapeOf(source_order(value))
    return size_of_axis(run, node, node, value, literal_value(node.args[0].value))


def _transposed(run: Interpreter, node: cst.Call) -> Value:
    value = run.facts.value(_held(node))
    assert isinstance(value, TensorValue)
    return replace(
        value, shape=None if value.shape is None else value.shape[::-1], leaf=False, origin=None
    )


def _shape_of(run: Interpreter, node: cst.Call) -> Value:
    given = node.args[0].value if node.args else None
    value = run.facts.value(given) if given is not None else UNKNOWN
    if isinstance(value, TensorValue):
        run.in_order(given, value, target=False)  # type: ignore[arg-type]
        return ShapeOf(source_order(value))
    return UNKNOWN


_INITS = "zeros_ ones_ constant_ normal_ uniform_ xavier_uniform_ xavier_normal_ kaiming_uniform_ kaiming_normal_"

HANDLERS: dict[str, Callable[[Interpreter, cst.Call], Value]] = {
    "torch.nn.Parameter": _variable,
    "torch.autograd.Variable": _legacy_variable,
    "torch.tensor": _tensor,
    "torch.from_numpy": _tensor,
    "torch.as_tensor": _tensor,
    "torch.Tensor": _tensor,
    "torch.FloatTensor": _tensor,
    "torch.empty": _tensor,
    "torch.manual_seed": _plain,
    "torch.no_grad": _plain,
    "torch.enable_grad": _plain,
    "torch.inference_mode": _plain,
    "torch.utils.data.TensorDataset": _slices,
    "torch.autograd.grad": _gradients,
    "torch.utils.data.DataLoader": _batches,
    **{f"torch.nn.init.{name}": _init for name in _INITS.split()},
    **{
        f"torch.Tensor.{name}": _same_tensor
        for name in ("to", "cpu", "cuda", "float", "contiguous", "requires_grad_")
    },
    **{f"torch.Tensor.{name}": _plain for name in ("item", "backward", "tolist", "dim", "numel")},
    **{f"torch.Tensor.{name}": _drawn for name in ("uniform_", "normal_")},
    "torch.Tensor.detach": _detached,
    "torch.Tensor.numpy": _numpy,
    "torch.Tensor.size": _size,
    "torch.Tensor.t": _transposed,
    "tf.Variable": _variable,
    "keras.Variable": _variable,
    "tf.constant": _tensor,
    "tf.convert_to_tensor": _tensor,
    "tf.shape": _shape_of,
    "tf.random.set_seed": _plain,
    "keras.utils.set_random_seed": _plain,
    "tf.GradientTape": _tape,
    "tf.data.Dataset.from_tensor_slices": _slices,
    "tf.function": _decorator,
    "tf.Tensor.numpy": _numpy,
    **{f"tf.Tensor.{name}": _same_tensor for name in ("assign", "assign_add", "assign_sub")},
    "keras.Input": _input,
    "keras.layers.InputLayer": _input,
}


def _parameters(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    return ParametersValue(method.owner, method.receiver)


def _itself(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    _plain(run, node)
    return method.receiver


def _add_weight(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    given = argument(node, 0, "shape")
    shape = None
    if isinstance(given, cst.Tuple | cst.List):
        shape = tuple(size_of(run, element.value) for element in given.elements)
    return TensorValue(shape, tracked=True, leaf=True, dtype="float")


def _gradient(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    given = argument(node, 1, "sources")
    sources = run.facts.value(given) if given is not None else UNKNOWN
    if isinstance(sources, Items):
        return Items(
            tuple(
                GradientValue(s.shape if isinstance(s, TensorValue) else None)
                for s in sources.items
            )
        )
    return GradientValue() if isinstance(sources, TensorValue) else Each(GradientValue())


def _add(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    from translator.source.layers import CONTAINERS, add_parts

    _plain(run, node)
    receiver = method.receiver
    if (
        isinstance(receiver, Built)
        and receiver.site.arguments.spelling.name in CONTAINERS
        and node.args
    ):
        add_parts(run, receiver.site, [run.facts.value(node.args[0].value)])
    return PLAIN


def _dataset_step(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    """`dataset.shuffle(n)`, `.batch(n)`, `.prefetch(n)`."""
    _plain(run, node)
    dataset = method.receiver
    if not isinstance(dataset, BatchesValue):
        return UNKNOWN
    batched, shuffled = method.name == "batch", method.name == "shuffle"
    return BatchesValue(dataset.batched or batched, dataset.shuffled or shuffled, dataset.items)


def _predict(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    _plain(run, node)
    return NumpyArray()


def _apply_gradients(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    """Note what an optimizer trains: the second part of `zip(gradients, variables)`."""
    _plain(run, node)
    pairs = node.args[0].value if node.args else None
    if isinstance(method.receiver, Built) and isinstance(pairs, cst.Call) and len(pairs.args) == 2:
        known = run.facts.optimized.setdefault(id(method.receiver.site.node), [])
        variables = pairs.args[1].value
        if all(seen is not variables for seen, _ in known):
            known.append((variables, run.scope.function.qualified))
    return PLAIN


def _fit(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    _plain(run, node)
    return HistoryValue()


def _unseen(run: Interpreter, node: cst.Call, method: MethodValue) -> Value:
    _plain(run, node)
    return PLAIN


METHODS: dict[str, Callable[[Interpreter, cst.Call, MethodValue], Value]] = {
    "parameters": _parameters,
    "add_weight": _add_weight,
    "gradient": _gradient,
    "add": _add,
    "append": _add,
    "predict": _predict,
    "apply_gradients": _apply_gradients,
    "fit": _fit,
    **dict.fromkeys(("shuffle", "batch", "prefetch", "cache"), _dataset_step),
    **dict.fromkeys(("train", "eval", "to", "cuda", "cpu", "float", "double"), _itself),
    **dict.fromkeys(
        ("zero_grad", "step", "compile", "build", "summary", "watch"),
        _unseen,
    ),
}
