"""One variant of a model for `benchmarks.running`: builds it, then runs what its standard input asks for.

It writes one line when it is ready, the shape of the result with its axes sorted, and one for each phase: the CPU
seconds of a step.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SECONDS = 0.3
RATE = 1e-3

Steps = dict[str, Callable[[], object]]


def main(kind: str, file: str, make: str, shape: str, tokens: str) -> None:
    """Build the model and serve."""
    os.environ["OMP_NUM_THREADS"] = "1"
    if kind == "keras on torch":
        os.environ["KERAS_BACKEND"] = "torch"
    sizes = tuple(map(int, shape.split("x")))
    build = {"keras": _keras, "torch": _torch, "keras on torch": _keras_on_torch}[kind]
    result, steps = build(_loader(file, make), sizes, int(tokens))
    print(",".join(map(str, sorted(result))), flush=True)
    counts: dict[str, int] = {}
    for line in sys.stdin:
        phase = line.strip()
        if phase not in counts:
            counts[phase] = max(1, round(SECONDS / _taken(steps[phase], 1)))
        print(_taken(steps[phase], counts[phase]), flush=True)


def _taken(step: Callable[[], object], count: int) -> float:
    if count == 1:
        step()
    start = time.process_time()
    for _ in range(count):
        step()
    return (time.process_time() - start) / count


def _loader(file: str, make: str) -> Callable[[], Any]:
    """What makes the model of a file; it is imported when it is called, below the framework's settings."""

    def load() -> Any:
        spec = importlib.util.spec_from_file_location(Path(file).stem, file)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return getattr(module, make)()

    return load


def _given(sizes: tuple[int, ...], tokens: int) -> Any:
    import numpy as np

    draw = np.random.default_rng(0)
    if tokens:
        return draw.integers(0, tokens, sizes)
    return draw.standard_normal(sizes).astype("float32")


def _keras(load: Callable[[], Any], sizes: tuple[int, ...], tokens: int) -> tuple[Any, Steps]:
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    import keras

    model = load()
    x = tf.constant(_given(sizes, tokens))
    result = model(x).shape
    optimizer = keras.optimizers.SGD(RATE)

    @tf.function
    def inference() -> Any:
        return model(x, training=False)

    @tf.function
    def training() -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(x, training=True)))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return loss

    return result, {"inference": inference, "training": training}


def _torch(load: Callable[[], Any], sizes: tuple[int, ...], tokens: int) -> tuple[Any, Steps]:
    import torch

    torch.set_num_threads(1)
    given = _given(sizes, tokens)
    x = torch.from_numpy(given.transpose(0, 3, 1, 2).copy() if len(sizes) == 4 else given)
    model = load()
    return model(x).shape, _steps(model, x, model.train, model.eval)


def _keras_on_torch(
    load: Callable[[], Any], sizes: tuple[int, ...], tokens: int
) -> tuple[Any, Steps]:
    import torch

    torch.set_num_threads(1)
    x = torch.from_numpy(_given(sizes, tokens))
    model = load()
    result = model(x).shape
    return result, _steps(model, x, lambda: None, lambda: None, training=True)


def _steps(
    model: Any,
    x: Any,
    train: Callable[[], Any],
    evaluate: Callable[[], Any],
    training: bool = False,
) -> Steps:
    """The steps of what runs in torch; `training`: the mode is an argument."""
    import torch

    optimizer = torch.optim.SGD(model.parameters(), RATE)
    modes = [{"training": mode} if training else {} for mode in (True, False)]

    def inference() -> None:
        evaluate()
        with torch.no_grad():
            model(x, **modes[1])

    def learning() -> None:
        train()
        optimizer.zero_grad()
        model(x, **modes[0]).square().mean().backward()
        optimizer.step()

    return {"inference": inference, "training": learning}


if __name__ == "__main__":
    main(*sys.argv[1:])
