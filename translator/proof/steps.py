"""Whether a script's training moves anything: the arrays of its optimizers, before the first step and at the end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from translator.knowledge.lenses import Side
from translator.weights.tree import Array


class Steps:
    """Notes from now on what each optimizer is about to change; made before the script runs.

    Only digests are kept: a copy of all weights could be more than the machine has room for.
    """

    def __init__(self, side: Side) -> None:
        self._starts: dict[int, tuple[Array, str]] = {}
        self._optimizers: list[Any] = []
        if side == "torch":
            self._watch_torch()
        else:
            self._watch_keras()

    def moved(self) -> bool | None:
        """False if steps were taken and all that they were to change is as it was; None if none was taken."""
        taken = any(int(each.iterations.numpy()) for each in self._optimizers)
        if not self._starts or (self._optimizers and not taken):
            return None
        return any(_digest(array) != start for array, start in self._starts.values())

    def _note(self, arrays: Iterable[tuple[Any, Array]]) -> None:
        for handle, array in arrays:
            if id(handle) not in self._starts:
                self._starts[id(handle)] = (array, _digest(array))

    def _watch_torch(self) -> None:
        from torch.optim.optimizer import register_optimizer_step_pre_hook

        from translator.weights.torch_side import array_of

        def before(optimizer: Any, *_: object) -> None:
            held = [each for group in optimizer.param_groups for each in group["params"]]
            self._note((each, array_of(each)) for each in held)

        register_optimizer_step_pre_hook(before)

    def _watch_keras(self) -> None:
        import keras
        import tensorflow as tf

        from translator.weights.keras_side import array_of

        build = keras.optimizers.Optimizer.build

        def noted(optimizer: Any, variables: Any) -> None:
            self._optimizers.append(optimizer)
            with tf.init_scope():  # `fit` builds it inside of a graph
                self._note((each, array_of(each)) for each in variables)
            build(optimizer, variables)

        keras.optimizers.Optimizer.build = noted


def _digest(array: Array) -> str:
    return hashlib.sha256(np.ascontiguousarray(array.read()).data).hexdigest()
