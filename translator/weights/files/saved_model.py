"""SavedModel folders: their variables are read as a checkpoint, and no graph is loaded. Imports TensorFlow."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

from translator.files import FileError
from translator.weights.files import Checkpoint, Tell
from translator.weights.keras_side import array_of
from translator.weights.tree import Array, Values

_VALUE = "/.ATTRIBUTES/VARIABLE_VALUE"
_LAST = "_CHECKPOINTABLE_OBJECT_GRAPH"
"""What is written last: where it can be read, nothing is cut off."""

_DAMAGED = (tf.errors.OpError, ValueError, RuntimeError, IndexError)
_EXPORTED = re.compile(r"variables/\d+")
"""Where Keras exports the variables of a model, in their order."""

_BESIDE = ("_all_variables/", "save_counter")
"""What stands beside a model's variables: Keras exports each once more, TensorFlow counts."""

_KERAS_2 = "keras_metadata.pb"
"""A file that only Keras 2 puts into the folder."""


def read(path: str) -> Checkpoint:
    """Read the names of the variables: where they stand in the object that was saved."""
    try:
        reader = tf.train.load_checkpoint(str(Path(path, "variables", "variables")))
        reader.get_tensor(_LAST)
    except _DAMAGED:
        raise FileError(path, "its variables are missing, truncated or damaged") from None
    shapes, dtypes = reader.get_variable_to_shape_map(), reader.get_variable_to_dtype_map()
    arrays = {
        key.removesuffix(_VALUE): Array(
            tuple(shapes[key]), dtypes[key].name, functools.partial(_values, reader, path, key)
        )
        for key in sorted(shapes, key=_in_order)
        if dtypes[key] != tf.string and not key.startswith(_BESIDE)
    }
    return Checkpoint(arrays)


def _in_order(key: str) -> list[tuple[int, str]]:
    """Sorts 10 after 9."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in key.split("/")]


def _values(reader: Any, path: str, key: str) -> Values:
    try:
        values = np.asarray(reader.get_tensor(key))
    except _DAMAGED:
        name = key.removesuffix(_VALUE)
        raise FileError(path, f"its variable {name} is truncated or damaged") from None
    return values.astype(np.float32) if values.dtype == tf.bfloat16.as_numpy_dtype else values


def slots(model: Any, path: str, found: Checkpoint) -> dict[str, Array]:
    """What a folder has to fill, by the names in it.

    Raises:
        FileError: the folder's variables stand in another order than the model's, or may do so.
    """
    if Path(path, _KERAS_2).exists():
        remedy = "save the model as .h5 there, which is read"
        raise FileError(
            path, f"was saved by Keras 2, which numbers variables differently; {remedy}"
        )
    if not all(_EXPORTED.fullmatch(name) for name in found.arrays):
        return {name: array_of(variable) for name, variable in _tracked(model)}
    names = _exported_names(path)
    wanted = {}
    for number, variable in enumerate(model.variables):
        place = f"variables/{number}"
        own, theirs = _last(variable.name), _last(names.get(place, variable.name))
        if own != theirs:
            what = f"its {place} is called {theirs!r}, the model's {own!r}"
            raise FileError(path, f"belongs to another model: {what}")
        wanted[place] = array_of(variable)
    return wanted


def _last(name: str) -> str:
    return name.rpartition("/")[2].partition(":")[0]


def _tracked(model: Any) -> list[tuple[str, Any]]:
    """The variables below an object by the shortest path of attributes, as a SavedModel names them."""
    view = tf.train.TrackableView(model)
    places: list[tuple[str, Any]] = [("", model)]
    found, seen = [], {id(model)}
    for place, item in places:
        for name, child in view.children(item).items():
            if id(child) in seen:
                continue
            seen.add(id(child))
            if isinstance(child, tf.Variable | keras.Variable):
                found.append((f"{place}{name}", child))
            else:
                places.append((f"{place}{name}/", child))
    return found


def _exported_names(path: str) -> dict[str, str]:
    """The names that exported variables had in their model."""
    content = saved_model_pb2.SavedModel()
    try:
        content.ParseFromString(Path(path, "saved_model.pb").read_bytes())
        nodes = content.meta_graphs[0].object_graph_def.nodes
        (held,) = (child for child in nodes[0].children if child.local_name == "variables")
        members = [(each.local_name, nodes[each.node_id]) for each in nodes[held.node_id].children]
        return {f"variables/{place}": node.variable.name for place, node in members}
    except Exception:  # protobuf raises what its implementation raises
        raise FileError(path, "its saved_model.pb is missing, truncated or damaged") from None


def save(model: Any, path: Path, tell: Tell) -> tuple[str, ...]:
    """Write a new folder; returns what there is to say of it."""
    tell(f"writing {path.name}", 0, 1)
    if not isinstance(model, keras.Model | keras.layers.Layer):
        tf.saved_model.save(model, str(path))
        return ()
    try:
        model.export(str(path), verbose=False)
    except (ValueError, AttributeError):
        # Without the shape of an input there is nothing to trace; the variables are laid out the same.
        values = [variable.value for variable in model.variables]
        tf.saved_model.save(tf.train.Checkpoint(variables=values), str(path))
        return ("the folder has no signature to serve, because the model was never called",)
    return ()
