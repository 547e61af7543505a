"""Running a TensorFlow/Keras program in a worker. Imported by the worker of that framework only."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from translator.proof.outcome import Cotangent, Outcome, leaves
from translator.weights.keras_side import read_state as read_state
from translator.weights.tree import Values

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


def differentiate(model: Any, inputs: Mapping[str, Values], cotangent: Cotangent) -> Outcome:
    """Run forward in evaluation mode and backward from `cotangent`; no gradient is the same as zero."""
    tensors = {name: tf.convert_to_tensor(values) for name, values in inputs.items()}
    real = {name: tensor for name, tensor in tensors.items() if tensor.dtype.is_floating}
    parameters = {p: a.handle for p, a in read_state(model).arrays().items() if a.trainable}
    with tf.GradientTape() as tape:
        tape.watch(list(real.values()))
        results = leaves(_plain(model(*tensors.values())), _is_tensor)
        total = tf.zeros((), tf.float64)
        for position, leaf in enumerate(results):
            if _is_tensor(leaf) and tf.as_dtype(leaf.dtype).is_floating:
                weights = cotangent(position, tuple(leaf.shape))
                total += tf.reduce_sum(tf.cast(leaf, tf.float64) * weights)
    wanted = [*real.values(), *map(_variable, parameters.values())]
    found = tape.gradient(total, wanted, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    gradients = [_values(gradient) for gradient in found] if wanted else []
    return Outcome(
        [_values(leaf) for leaf in results],
        dict(zip(parameters, gradients[len(real) :], strict=True)),
        dict(zip(real, gradients[: len(real)], strict=True)),
    )


def _is_tensor(value: Any) -> bool:
    return isinstance(value, tf.Tensor | tf.Variable | tf.IndexedSlices | keras.Variable)


def _variable(handle: Any) -> Any:
    return handle.value if isinstance(handle, keras.Variable) else handle


def _plain(value: Any) -> Any:
    """Shapes as lists of numbers; everything else as it is."""
    return value.as_list() if isinstance(value, tf.TensorShape) else value


def _values(leaf: Any) -> Values:
    if not _is_tensor(leaf):
        return np.asarray(leaf)
    tensor = tf.convert_to_tensor(leaf)
    values = (tf.cast(tensor, tf.float32) if tensor.dtype == tf.bfloat16 else tensor).numpy()
    return np.asarray(values)
