"""Reading a Keras model or a `tf.Module` into a tree, and writing into it; imports TensorFlow and Keras."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from translator.weights.tree import Array, Node, State, Values, plain_options

_PLAIN_BASES = (keras.Model, keras.layers.Layer, tf.Module)


def read_state(model: Any) -> State:
    """The tree of a Keras model, layer or `tf.Module`, by the names of its attributes.

    A functional model is read by the names of its layers, in the order in which they are called, a layer of Keras
    itself by the names of its variables.
    """
    return State("tensorflow", _Reader().node(model))


def array_of(variable: Any) -> Array:
    """One `keras.Variable` or `tf.Variable`; bfloat16 is read as float32, which holds it exactly."""
    dtype = tf.as_dtype(variable.dtype)
    return Array(
        shape=tuple(int(size) for size in variable.shape),
        dtype=dtype.name,
        read=functools.partial(_read, variable),
        write=lambda values: _write(variable, values),
        trainable=bool(variable.trainable),
        handle=variable,
    )


def build(
    layer: Any, features: list[int] | None, rank: int | None, options: Mapping[str, Any]
) -> bool:
    """Build one layer for inputs with these sizes of their last axes; False where more would have to be known.

    `rank` is that of the input, if it is known; `options` are those of the counterpart in torch.
    """
    if isinstance(layer, keras.layers.MultiHeadAttention):
        sizes = [options.get(name) for name in ("embed_dim", "vdim", "kdim")]
        if None not in sizes:
            layer.build(*((None, None, size) for size in sizes))
        return None not in sizes
    if isinstance(layer, keras.layers.Embedding):
        layer.build((None,))
        return True
    spec = layer.input_spec
    if spec is not None:
        rank = spec.ndim or spec.min_ndim
    elif features and isinstance(layer, _ANY_RANK):
        rank = len(features) + 1
    if features is None or rank is None:
        return False
    before = [None] * (rank - len(features))
    first = getattr(layer, "data_format", None) == "channels_first"
    layer.build((None, *features, *before[1:]) if first else (*before, *features))
    return True


_CELLS = (keras.layers.LSTMCell, keras.layers.GRUCell, keras.layers.SimpleRNNCell)
_ANY_RANK = (*_CELLS, keras.layers.LayerNormalization)
"""Layers whose weights and further life do not depend on the rank of the input that they are built with."""


class _Reader:
    """Walks attributes; remembers each variable, so that one tied in several places is one `Array`."""

    def __init__(self) -> None:
        self.known: dict[int, Array] = {}
        self.above: list[int] = []

    def node(self, layer: Any) -> Node:
        """The tree below a layer or module."""
        kind = kind_of(type(layer))
        built = getattr(layer, "built", True) or (not kind and _has_all(type(layer)))
        node = Node(kind, built=built, handle=layer, title=type(layer).__name__)
        if node.is_layer and isinstance(layer, keras.layers.Layer):
            node.options = _options(layer)
        self.above.append(id(layer))
        if kind == "keras.Sequential":
            self._fill(node, ((str(i), child) for i, child in enumerate(layer.layers)))
        elif kind == "keras.Model":
            # A subclass may keep its layers as attributes as well: those are the names that it chose.
            chosen = {id(value): name for name, value in _attributes(layer)}
            called = sorted(layer.layers, key=_first_call)
            self._fill(node, ((chosen.get(id(child), child.name), child) for child in called))
        else:
            self._fill(node, _attributes(layer))
        self.above.pop()
        return node

    def _fill(self, node: Node, members: Iterable[tuple[str, Any]]) -> None:
        for name, value in members:
            if _is_variable(value):
                # A layer of Keras keeps some variables under a private attribute: Dense has `_kernel`.
                own = value.name.rpartition("/")[2] if node.is_layer else name
                node.arrays[own] = self._array(node, own, value)
            elif isinstance(value, keras.layers.InputLayer) or id(value) in self.above:
                continue
            elif isinstance(value, keras.layers.Layer | tf.Module):
                node.children[name.lstrip("_") if node.is_layer else name] = self.node(value)
            elif isinstance(value, list | tuple | Mapping):
                held = self._container(value)
                if held.arrays or held.children:
                    node.children[name] = held

    def _array(self, node: Node, name: str, variable: Any) -> Array:
        if id(variable) not in self.known:
            array = array_of(variable)
            if node.kind == "keras.layers.Normalization":
                # It computes with what it derived from its variables, and how many samples they saw is no weight.
                write = functools.partial(_write_and_settle, node.handle, variable)
                read = array.read
                if name != "count":
                    read = functools.partial(_read_settled, node.handle, name, array.shape)
                array = replace(array, needed=name != "count", read=read, write=write)
            self.known[id(variable)] = array
        return self.known[id(variable)]

    def _container(self, value: Any) -> Node:
        node = Node("dict" if isinstance(value, Mapping) else "list")
        pairs = value.items() if isinstance(value, Mapping) else enumerate(value)
        self.above.append(id(value))
        self._fill(node, ((str(key), item) for key, item in pairs))
        self.above.pop()
        return node


def _has_all(cls: type) -> bool:
    """True for a class of the user's own without a `build`: what it will hold, it holds from the start."""
    return getattr(cls, "build", None) in (keras.layers.Layer.build, keras.Model.build)


def kind_of(cls: type) -> str:
    """The public name of the nearest class of Keras itself, "" if that is only a base class.

    `keras.Model` means a functional model: its members are known by the names of its layers.
    """
    for base in cls.__mro__:
        if base in _PLAIN_BASES:
            break
        if base.__module__.partition(".")[0] not in ("keras", "tensorflow"):
            continue
        if base is keras.Sequential:
            return "keras.Sequential"
        if base.__name__ == "Functional":
            return "keras.Model"
        public = getattr(keras.layers, base.__name__, None) is base
        return f"keras.layers.{base.__name__}" if public else f"{base.__module__}.{base.__name__}"
    return ""


def _first_call(layer: Any) -> int:
    """A number that grows with the calls of layers: Keras numbers the tensors that they return.

    `layers` of a model has another order where branches part: by their distance from the outputs.
    """
    outputs = (tensor for node in layer._inbound_nodes for tensor in node.output_tensors)
    numbers = (tensor.name.rpartition("_")[2] for tensor in outputs)
    return min((int(number) if number.isdecimal() else 0 for number in numbers), default=0)


def _options(layer: keras.layers.Layer) -> dict[str, Any]:
    """What the layer was made with, and the shape of the input that it was built with."""
    try:
        options = layer.get_config()
        shapes = list((layer.get_build_config() or {}).values()) if layer.built else []
    except Exception:  # a subclass with arguments of its own; what it holds is known all the same
        return {}
    if len(shapes) == 1 and isinstance(shapes[0], list | tuple) and shapes[0]:
        first = options.get("data_format") == "channels_first"
        options["features"] = shapes[0][1 if first else -1]
    return plain_options(options)


def _is_variable(value: Any) -> bool:
    return isinstance(value, tf.Variable | keras.Variable)


@functools.cache
def _bookkeeping() -> frozenset[str]:
    """The attributes with which Keras keeps its own books, read off a model that has nothing else."""
    return frozenset(vars(keras.Model())) | {"_functional", "_name", "_name_scope", "optimizer"}


def _attributes(layer: Any) -> Iterable[tuple[str, Any]]:
    own = _bookkeeping()
    if isinstance(layer, keras.layers.RNN):
        own |= {"states"}  # of a stateful layer: where it stands in its sequence
    for name, value in vars(layer).items():
        if name not in own and not name.startswith("_self_"):
            yield name, value


def _read(variable: Any) -> Values:
    tensor = tf.convert_to_tensor(variable)
    exact = tf.cast(tensor, tf.float32) if tensor.dtype == tf.bfloat16 else tensor
    return np.asarray(exact.numpy())


def _read_settled(layer: Any, name: str, shape: tuple[int, ...]) -> Values:
    values: Values = np.asarray(getattr(layer, name)).reshape(shape)
    return values


def _write_and_settle(layer: Any, variable: Any, values: Values) -> None:
    _write(variable, values)
    layer.finalize_state()


def _write(variable: Any, values: Values) -> None:
    # Cast before it is a tensor: two copies in the wider type would count at the peak of memory.
    dtype = tf.as_dtype(variable.dtype).as_numpy_dtype
    variable.assign(tf.convert_to_tensor(np.asarray(values, dtype)))
