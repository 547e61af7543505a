"""Running a TensorFlow/Keras program in a worker. Imported by the worker of that framework only."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from translator.knowledge.lenses import Side
from translator.proof.outcome import Cotangent, Outcome, leaves
from translator.weights.keras_side import read_state as read_state
from translator.weights.tree import Values

SIDE: Side = "tensorflow"
_CLEAR_AFTER = 500
_runs = itertools.count(1)


def reset(precision: str, seed: int) -> None:
    """Start afresh: the default dtype ("float32" or "float64") and the seed."""
    # Keras remembers the policy once a layer was made: setting floatx alone would change nothing.
    keras.config.set_floatx(precision)
    keras.config.set_dtype_policy(precision)
    keras.utils.set_random_seed(seed)
    if next(_runs) % _CLEAR_AFTER == 0:  # it takes a tenth of a second, so not each time
        keras.utils.clear_session()


def call(model: Any, inputs: Mapping[str, Values]) -> None:
    """Run once in evaluation mode and forget the result: layers get their weights."""
    model(*[tf.convert_to_tensor(values) for values in inputs.values()])


def differentiate(
    model: Any, inputs: Mapping[str, Values], cotangent: Cotangent, training: bool = False
) -> Outcome:
    """Run forward in one mode and backward from `cotangent`; no gradient is the same as zero."""
    tensors = {name: tf.convert_to_tensor(values) for name, values in inputs.items()}
    real = {name: tensor for name, tensor in tensors.items() if tensor.dtype.is_floating}
    parameters = {p: a.handle for p, a in read_state(model).arrays().items() if a.trainable}
    with tf.GradientTape() as tape:
        tape.watch(list(real.values()))
        results = leaves(_plain(called(model, [*tensors.values()], training)), is_tensor)
        total = tf.zeros((), tf.float64)
        for position, leaf in enumerate(results):
            if is_tensor(leaf) and tf.as_dtype(leaf.dtype).is_floating:
                weights = cotangent(position, tuple(leaf.shape))
                total += tf.reduce_sum(tf.cast(leaf, tf.float64) * weights)
    wanted = [*real.values(), *map(_variable, parameters.values())]
    found = tape.gradient(total, wanted, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    gradients = [values_of(gradient) for gradient in found] if wanted else []
    return Outcome(
        [values_of(leaf) for leaf in results],
        dict(zip(parameters, gradients[len(real) :], strict=True)),
        dict(zip(real, gradients[: len(real)], strict=True)),
    )


def called(model: Any, tensors: list[Any], training: bool) -> Any:
    """The results of a model in one mode; a functional model takes several inputs as the structure it was made of."""
    inputs = getattr(model, "inputs", None)
    if isinstance(inputs, list) and isinstance(model, keras.Model) and len(inputs) > 1:
        tensors = [keras.tree.pack_sequence_as(model.input, tensors)]
    if isinstance(model, keras.layers.Layer):
        return model(*tensors, training=training)
    moded = "training" in inspect.signature(model).parameters
    return model(*tensors, training=training) if moded else model(*tensors)


def is_tensor(value: Any) -> bool:
    """True for what TensorFlow computes with."""
    return isinstance(value, tf.Tensor | tf.Variable | tf.IndexedSlices | keras.Variable)


def _variable(handle: Any) -> Any:
    return handle.value if isinstance(handle, keras.Variable) else handle


def _plain(value: Any) -> Any:
    """Shapes as lists of numbers; everything else as it is."""
    return value.as_list() if isinstance(value, tf.TensorShape) else value


def values_of(leaf: Any) -> Values:
    """A tensor, or a number among the results, as an array."""
    if not is_tensor(leaf):
        return np.asarray(leaf)
    tensor = tf.convert_to_tensor(leaf)
    values = (tf.cast(tensor, tf.float32) if tensor.dtype == tf.bfloat16 else tensor).numpy()
    return np.asarray(values)
