"""A live Keras model or `tf.Module`: what it takes, its runs forward and backward, its training and its traces."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator
from typing import Any

import keras
import tensorflow as tf

from translator.proof.keras_runner import called, is_tensor, values_of
from translator.proof.keras_runner import differentiate as differentiate
from translator.proof.keras_runner import reset as reset
from translator.proof.live.keras_trace import traced as traced
from translator.proof.live.optimizers import Optimizer
from translator.proof.live.plan import SIZES, Plan, class_weights, layers, trained
from translator.proof.outcome import leaves
from translator.weights.keras_side import read_state as read_state
from translator.weights.tree import Node, Values

L = keras.layers
_RATES = ("rate", "stddev", "dropout", "recurrent_dropout", "_dropout")
_DROPPING = (
    L.Dropout,
    L.SpatialDropout1D,
    L.SpatialDropout2D,
    L.SpatialDropout3D,
    L.AlphaDropout,
    L.GaussianDropout,
    L.GaussianNoise,
    L.RNN,
    L.MultiHeadAttention,
)


def quiet() -> None:
    """Turn the functional forms of dropout off, before the user's file takes hold of them."""
    for module in (tf.nn, keras.random):
        original = module.dropout
        module.dropout = functools.update_wrapper(lambda x, *_, **__: x, original)


def forget() -> None:
    """Have the names that Keras gives to layers start anew."""
    keras.utils.clear_session()


def is_model(value: Any) -> bool:
    """True for a layer, a model or a module, which variables are not."""
    return isinstance(value, L.Layer | tf.Module) and not is_tensor(value)


def is_model_class(value: Any) -> bool:
    """True for a class of them."""
    variable = (tf.Variable, keras.Variable)
    return (
        isinstance(value, type)
        and issubclass(value, L.Layer | tf.Module)
        and not issubclass(value, variable)
    )


def parts(model: Any) -> list[Any]:
    """The layers inside a model."""
    return [node.handle for node in _nodes(read_state(model).root)][1:]


def prepared(model: Any, precision: str) -> Any:
    """The model as it is: it has the precision that it was built in."""
    return model


def silence(model: Any) -> bool:
    """Turn dropout and noise off; True if there was any."""
    dropping = False
    for node in _nodes(read_state(model).root):
        layer = node.handle
        inside = [getattr(layer, "cell", None), getattr(layer, "_dropout_layer", None)]
        for part in [layer, *inside] if isinstance(layer, _DROPPING) else []:
            for name in _RATES:
                if isinstance(getattr(part, name, None), float) and getattr(part, name):
                    with contextlib.suppress(AttributeError):  # one of two names of the same
                        setattr(part, name, 0.0)
                    dropping = True
    return dropping


def _nodes(node: Node) -> Iterator[Node]:
    if node.handle is not None:
        yield node
    for child in node.children.values():
        yield from _nodes(child)


def method(model: Any) -> Any:
    """The function that a call of the model runs."""
    return model.call if isinstance(model, L.Layer) else model.__call__


def known_inputs(model: Any) -> list[list[dict[str, Any]]]:
    """Shapes to try, in order: those of a functional model, or of the embedding that comes first."""
    made_of = getattr(model, "inputs", None)
    if isinstance(model, keras.Model) and isinstance(made_of, list) and made_of:
        bounds = [n.handle.input_dim for n in _nodes(read_state(model).root) if _embeds(n.handle)]
        sizes = SIZES if any(None in tensor.shape[1:] for tensor in made_of) else SIZES[:1]
        return [[_given(tensor, size, bounds) for tensor in made_of] for size in sizes]
    first = next(
        (n for n in _nodes(read_state(model).root) if n.kind != "" and n.handle is not model), None
    )
    if first is not None and _embeds(first.handle):
        origin = "the first layer, an embedding"
        return [
            [{"shape": (7,), "dtype": "int64", "below": first.handle.input_dim, "origin": origin}]
        ]
    return []


def _given(tensor: Any, size: int, bounds: list[int]) -> dict[str, Any]:
    shape = tuple(size if axis is None else axis for axis in tensor.shape[1:])
    dtype = keras.backend.standardize_dtype(tensor.dtype)
    whole = "int" in dtype
    below = min(bounds, default=2) if whole or (bounds and len(shape) == 1) else None
    dtype = "int64" if below is not None else "float32"
    origin = f"the input {tensor.name}"
    channels = len(shape) > 2
    return {"shape": shape, "dtype": dtype, "below": below, "origin": origin, "channels": channels}


def _embeds(layer: Any) -> bool:
    return isinstance(layer, L.Embedding)


def forward(model: Any, arrays: list[Values], training: bool) -> list[Values]:
    """The results in one mode."""
    return [values_of(leaf) for leaf in _results(model, _tensors(arrays), training)]


def _results(model: Any, tensors: list[Any], training: bool) -> list[Any]:
    return leaves(called(model, tensors, training), is_tensor)


def train(model: Any, arrays: list[Values], plan: Plan) -> list[float]:
    """The loss before each of the steps."""
    parameters = trained(read_state(model), plan)
    values = [v.value if isinstance(v, keras.Variable) else v for v in parameters.values()]
    tensors = _tensors(arrays)
    optimizer = Optimizer(plan.optimizer)
    losses = []
    for step in range(1, plan.steps + 1):
        with tf.GradientTape() as tape:
            loss = _loss(_results(model, tensors, True), plan)
        losses.append(float(loss))
        if not parameters:
            continue
        gradients = tape.gradient(loss, values)
        for (name, variable), gradient in zip(parameters.items(), gradients, strict=True):
            if gradient is not None:
                value = optimizer.next(
                    name, tf.convert_to_tensor(variable), tf.convert_to_tensor(gradient), step
                )
                constraint = getattr(variable, "constraint", None)
                variable.assign(value if constraint is None else constraint(value))
    return losses


def added_losses(model: Any) -> int:
    """How many terms the model adds to the loss in `fit`: its regularisers, and what it adds by itself."""
    return len(model.losses) if isinstance(model, L.Layer) else 0


def _loss(results: list[Any], plan: Plan) -> Any:
    total = tf.zeros((), keras.config.floatx())
    for position, leaf in enumerate(results):
        if not is_tensor(leaf) or not tf.as_dtype(leaf.dtype).is_floating:
            continue
        leaf = tf.convert_to_tensor(leaf)
        shape = tuple(leaf.shape)
        if plan.loss == "cross entropy" and len(shape) > 1:
            axis = plan.classes[position]
            wanted = tf.constant(class_weights(plan.draws, position, shape, axis), leaf.dtype)
            logs = tf.nn.log_softmax(leaf, axis)
            part = -tf.reduce_sum(wanted * logs) / tf.reduce_sum(wanted)
        else:
            squares = (leaf - tf.constant(plan.draws(position, shape), leaf.dtype)) ** 2
            summed = plan.loss == "sum of squares"
            part = tf.reduce_sum(squares) if summed else tf.reduce_mean(squares)
        total += tf.cast(part, total.dtype)
    return total


def settings(model: Any) -> dict[str, dict[str, Any]]:
    """What each layer was built with, by path."""
    found = {}
    for path, node in layers(read_state(model)).items():
        config: dict[str, Any] = {}
        if node.is_layer:
            with contextlib.suppress(Exception):  # a layer of the user's own need not have one
                config = node.handle.get_config()
        found[path] = {name: value for name, value in config.items() if _is_plain(value)}
    return found


def _is_plain(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, bool | int | float | str)


def _tensors(arrays: list[Values]) -> list[Any]:
    return [tf.convert_to_tensor(values) for values in arrays]
