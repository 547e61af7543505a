"""A script in TensorFlow and Keras: which layers it makes, what they begin with, what it draws."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Iterator, Mapping
from typing import Any
from unittest import mock

import keras
import numpy as np
import tensorflow as tf

from translator.weights.keras_side import read_state
from translator.weights.tree import Node

from .shared import Draws

_FLOATING = ("zeros", "ones", "constant", "eye", "fill", "convert_to_tensor")


class KerasWatching:
    def __init__(self, given: Mapping[str, np.ndarray]) -> None:
        self.given = given
        self.made: list[keras.layers.Layer] = []
        self.began: dict[int, tuple[str, np.ndarray]] = {}
        self.held: list[Any] = []  # so that no `id` comes twice
        self.waiting: list[tuple[Any, int]] = []
        """Variables that were made, and that no layer was called after."""
        self.draws = Draws()

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        keras.config.set_floatx("float64")
        keras.config.set_dtype_policy("float64")
        init = keras.layers.Layer.__init__
        variable = keras.src.backend.Variable
        initialize = variable._initialize

        def noted(layer: keras.layers.Layer, *args: Any, **kwargs: Any) -> None:
            self.made.append(layer)
            init(layer, *args, **kwargs)

        def initialized(made: Any, value: Any) -> None:
            initialize(made, value)
            self.held.append(made)
            self._start(made, len(self.held) - 1)

        call = keras.layers.Layer.__call__

        def called(layer: Any, *args: Any, **kwargs: Any) -> Any:
            while (
                self.waiting
            ):  # what a constructor has assigned since they were made does not count, either
                self._start(*self.waiting.pop())
            return call(layer, *args, **kwargs)

        with contextlib.ExitStack() as stack:
            patched = {name: _floating(getattr(tf, name)) for name in _FLOATING}
            patched["cast"] = _cast
            stack.enter_context(mock.patch.object(keras.layers.Layer, "__init__", noted))
            stack.enter_context(mock.patch.object(keras.layers.Layer, "__call__", called))
            stack.enter_context(mock.patch.object(variable, "_initialize", initialized))
            stack.enter_context(mock.patch.multiple(tf, **patched))
            stack.enter_context(mock.patch.object(tf.nn, "leaky_relu", _leaky_relu))
            for random in (tf.random, keras.random):
                drawn = {"normal": self._normal, "uniform": self._uniform}
                stack.enter_context(mock.patch.multiple(random, **drawn))
            yield

    def _start(self, made: Any, number: int) -> None:
        key = str(number)
        if id(made) not in self.began:
            self.waiting.append((made, number))
        with tf.init_scope():
            if key in self.given:
                made._value.assign(self.given[key])
            self.began[id(made)] = (key, made._value.numpy())

    def trees(self) -> dict[str, Node]:
        return {str(index): read_state(layer).root for index, layer in enumerate(self.made)}

    def _normal(self, shape: Any, mean: Any = 0.0, stddev: Any = 1.0, *_: Any, **__: Any) -> Any:
        return self._drawn("normal", shape) * stddev + mean

    def _uniform(self, shape: Any, minval: Any = 0.0, maxval: Any = 1.0, *_: Any, **__: Any) -> Any:
        return self._drawn("uniform", shape) * (maxval - minval) + minval

    def _drawn(self, kind: str, shape: Any) -> Any:
        """A draw at each run, in a graph as well."""
        known = tf.convert_to_tensor(shape)
        draw = tf.numpy_function(lambda s: self.draws.draw(kind, tuple(s)), [known], tf.float64)
        static = tf.get_static_value(known)
        return tf.ensure_shape(draw, [None] * known.shape[0] if static is None else static)


_plain_cast = tf.cast


def _cast(x: Any, dtype: Any, name: str | None = None) -> Any:
    """Keras casts the settings of its optimizers to float64 by way of float32."""
    if isinstance(x, float) and tf.as_dtype(dtype) == tf.float64:
        return tf.constant(x, tf.float64)
    return _plain_cast(x, dtype, name)


def _leaky_relu(features: Any, alpha: float = 0.2, name: str | None = None) -> Any:
    """TensorFlow keeps the slope in float32."""
    return tf.where(features > 0, features, alpha * features)


def _floating(function: Any) -> Any:
    """A function that makes tensors of float64 where it would make them of float32."""
    signature = inspect.signature(function)

    def made(*args: Any, **kwargs: Any) -> Any:
        given = signature.bind(*args, **kwargs).arguments
        result = function(*args, **kwargs)
        if given.get("dtype") is not None or result.dtype != tf.float32:
            return result
        if "dtype" in signature.parameters and not any(map(tf.is_tensor, args)):
            return function(
                **{**given, "dtype": tf.float64}
            )  # what is no binary fraction keeps its digits
        return tf.cast(result, tf.float64)

    return made
