"""What the layers of a Keras model take and give, call by call."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import keras
import tensorflow as tf

from translator.proof.keras_runner import is_tensor, values_of
from translator.proof.live.plan import Trace, layers
from translator.proof.outcome import leaves
from translator.weights.keras_side import read_state

L = keras.layers


@contextlib.contextmanager
def traced(model: Any) -> Iterator[Trace]:
    """Note what each layer takes and gives, and what a fused activation takes."""
    trace = Trace()
    paths = {id(node.handle): path for path, node in layers(read_state(model)).items()}

    def note(when: str, path: str, value: Any) -> None:
        with contextlib.suppress(TypeError):
            tensors = [
                x
                for x in leaves(value, is_tensor)
                if isinstance(x, tf.Tensor) and hasattr(x, "numpy")
            ]
            trace.add(when, path, tensors, values_of)

    def noting(call: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(call)
        def noted(self: Any, *args: Any, **kwargs: Any) -> Any:
            path = paths.get(id(self))
            if path is None:
                return call(self, *args, **kwargs)
            given = {name: value for name, value in kwargs.items() if name != "training"}
            note("enter", path, [*args, *given.values()])
            result = call(self, *args, **kwargs)
            note("leave", path, result)
            return result

        return noted

    def before(path: str, activation: Callable[..., Any]) -> Callable[..., Any]:
        def noted(value: Any, *args: Any, **kwargs: Any) -> Any:
            note("inside", path, value)
            return activation(value, *args, **kwargs)

        return noted

    handles = {path: node.handle for path, node in layers(read_state(model)).items()}
    classes = {type(h) for h in handles.values() if not isinstance(h, L.Layer)} | {L.Layer}
    originals = [(cls, cls.__dict__["__call__"]) for cls in classes if "__call__" in cls.__dict__]
    fused = [(p, h, h.activation) for p, h in handles.items() if _fuses(h)]
    for cls, original in originals:
        cls.__call__ = noting(original)
    for path, handle, activation in fused:
        handle.activation = before(path, activation)
    try:
        yield trace
    finally:
        for cls, original in originals:
            cls.__call__ = original
        for _, handle, activation in fused:
            handle.activation = activation


def _fuses(layer: Any) -> bool:
    activation = getattr(layer, "activation", None)
    alone = isinstance(layer, L.RNN | L.Activation)
    return (
        inspect.isfunction(activation) and activation is not keras.activations.linear and not alone
    )
