"""A live PyTorch model: what it takes, its runs forward and backward, its training and its traces."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from translator.proof.live.optimizers import Optimizer
from translator.proof.live.plan import SIZES, Plan, Trace, class_weights, layers, trained
from translator.proof.outcome import leaves
from translator.proof.torch_runner import differentiate as differentiate
from translator.proof.torch_runner import reset as reset
from translator.proof.torch_runner import values_of
from translator.weights.torch_side import read_state as read_state
from translator.weights.tree import Values

nn = torch.nn
_TRIED = 60  # inputs: of a deep network not every layer is the first
_CHANNELED = (
    nn.modules.conv._ConvNd,
    nn.modules.batchnorm._BatchNorm,
    nn.modules.instancenorm._InstanceNorm,
    nn.GroupNorm,
)
_DROPOUTS = (
    "dropout",
    "dropout_",
    "dropout1d",
    "dropout2d",
    "dropout3d",
    "alpha_dropout",
    "feature_dropout",
    "feature_alpha_dropout",
)


def quiet() -> None:
    """Turn the functional forms of dropout off, before the user's file takes hold of them; modules go through them."""
    # The other half is for the other side: threads that wait for a core that is taken cost several times the work.
    torch.set_num_threads(max(1, (os.cpu_count() or 2) // 2))
    for name in _DROPOUTS:
        for module in (functional, torch):
            if hasattr(module, name):
                setattr(module, name, functools.update_wrapper(_unchanged, getattr(module, name)))
    attention = functional.scaled_dot_product_attention

    @functools.wraps(attention)
    def without(*args: Any, dropout_p: float = 0.0, **others: Any) -> Any:
        return attention(*args[:4], **others)

    functional.scaled_dot_product_attention = without


def _unchanged(input: Any, *_: Any, **__: Any) -> Any:
    return input


def forget() -> None:
    """PyTorch keeps no books of models."""


def is_model(value: Any) -> bool:
    """True for a module that is no loss."""
    return isinstance(value, nn.Module) and not _is_loss(type(value))


def is_model_class(value: Any) -> bool:
    """True for a class of modules."""
    return isinstance(value, type) and issubclass(value, nn.Module) and not _is_loss(value)


def _is_loss(cls: type) -> bool:
    return any(base.__module__ == "torch.nn.modules.loss" for base in cls.__mro__)


def parts(model: Any) -> list[Any]:
    """The modules inside a model."""
    return list(model.modules())[1:]


def prepared(model: Any, precision: str) -> Any:
    """The model in one precision, on the CPU."""
    return model.to("cpu", getattr(torch, precision))


def silence(model: Any) -> bool:
    """Turn off the dropout inside recurrent layers, which no function does; True if the model drops anything."""
    dropping = False
    for module in model.modules():
        if isinstance(module, nn.RNNBase) and module.dropout:
            module.dropout, dropping = 0.0, True
        dropping = dropping or isinstance(module, nn.modules.dropout._DropoutNd)
    return dropping


def method(model: Any) -> Any:
    """The function that a call of the model runs."""
    return model.forward


def known_inputs(model: Any) -> list[list[dict[str, Any]]]:
    """Shapes to try, in order: each what one of the first layers would take."""
    found: list[list[dict[str, Any]]] = []
    for path, module in model.named_modules():
        for shape, below in _taken(module):
            dtype = "float32" if below is None else "int64"
            origin = f"the first layer, {path or 'the model'}"
            one = {"shape": shape, "dtype": dtype, "below": below, "origin": origin}
            one["channels"] = isinstance(module, _CHANNELED)
            if [one] not in found:
                found.append([one])
    return found[:_TRIED]


def _taken(module: Any) -> Iterator[tuple[tuple[Any, ...], int | None]]:
    """Shapes of one sample for one layer, and the bound of whole numbers."""
    match module:
        case nn.Linear() | nn.Bilinear():
            width = getattr(module, "in_features", None) or module.in1_features
            yield from (((width,), None), ((7, width), None))
        case nn.Conv1d() | nn.Conv2d() | nn.Conv3d() | nn.ConvTranspose1d() | nn.ConvTranspose2d():
            axes = len(module.kernel_size)
            for size in SIZES if axes < 3 else (16, 8, 32):
                yield (module.in_channels, *[size] * axes), None
        case nn.Embedding() | nn.EmbeddingBag():
            yield (7,), module.num_embeddings
        case nn.RNNBase():
            yield (7, module.input_size), None
        case nn.RNNCellBase():
            yield (module.input_size,), None
        case nn.LayerNorm():
            yield tuple(module.normalized_shape), None
            yield (7, *module.normalized_shape), None
        case nn.MultiheadAttention():
            yield (7, module.embed_dim), None
        case nn.BatchNorm1d():
            yield from (((module.num_features,), None), ((module.num_features, 9), None))
        case nn.BatchNorm2d() | nn.GroupNorm() | nn.InstanceNorm2d():
            channels = getattr(module, "num_features", None) or module.num_channels
            yield from (((channels, size, size), None) for size in SIZES)


def forward(model: Any, arrays: list[Values], training: bool) -> list[Values]:
    """The results in one mode."""
    model.train(training)
    with torch.no_grad():
        results = leaves(model(*map(_tensor, arrays)), torch.is_tensor)
    return [values_of(leaf) for leaf in results]


def train(model: Any, arrays: list[Values], plan: Plan) -> list[float]:
    """The loss before each of the steps."""
    model.train()
    parameters = trained(read_state(model), plan)
    tensors = [_tensor(values) for values in arrays]
    optimizer = Optimizer(plan.optimizer)
    losses = []
    for step in range(1, plan.steps + 1):
        loss = _loss(leaves(model(*(t.clone() for t in tensors)), torch.is_tensor), plan)
        losses.append(float(loss.detach()))
        if not loss.requires_grad or not parameters:
            continue
        gradients = torch.autograd.grad(loss, list(parameters.values()), allow_unused=True)
        with torch.no_grad():
            for (name, parameter), gradient in zip(parameters.items(), gradients, strict=True):
                if gradient is not None:
                    parameter.copy_(optimizer.next(name, parameter, gradient, step))
    return losses


def added_losses(model: Any) -> int:
    """A module adds nothing to the loss by itself."""
    return 0


def _loss(results: list[Any], plan: Plan) -> Any:
    total = torch.zeros(())
    for position, leaf in enumerate(results):
        if not _is_real(leaf):
            continue
        shape = tuple(leaf.shape)
        if plan.loss == "cross entropy" and leaf.ndim > 1:
            axis = plan.classes[position]
            wanted = torch.tensor(class_weights(plan.draws, position, shape, axis)).to(leaf.dtype)
            logs = functional.log_softmax(leaf, axis)
            total = total - (wanted * logs).sum() / wanted.sum()
        else:
            squares = (leaf - torch.tensor(plan.draws(position, shape)).to(leaf.dtype)) ** 2
            total = total + (squares.sum() if plan.loss == "sum of squares" else squares.mean())
    return total


@contextlib.contextmanager
def traced(model: Any) -> Iterator[Trace]:
    """Note what each module takes and gives."""
    trace = Trace()
    hooks = []

    def note(when: str, path: str, value: Any) -> None:
        with contextlib.suppress(TypeError):
            tensors = [leaf for leaf in leaves(value, torch.is_tensor) if torch.is_tensor(leaf)]
            trace.add(when, path, tensors, lambda tensor: np.array(values_of(tensor)))

    def enter(path: str) -> Callable[..., None]:
        return lambda module, args, kwargs: note("enter", path, [*args, *kwargs.values()])

    def leave(path: str) -> Callable[..., None]:
        return lambda module, args, result: note("leave", path, result)

    for path, node in layers(read_state(model)).items():
        hooks.append(node.handle.register_forward_pre_hook(enter(path), with_kwargs=True))
        hooks.append(node.handle.register_forward_hook(leave(path)))
    try:
        yield trace
    finally:
        for hook in hooks:
            hook.remove()


def settings(model: Any) -> dict[str, dict[str, Any]]:
    """What each layer was built with, by path."""
    found = {}
    for path, node in layers(read_state(model)).items():
        values = {
            k: v for k, v in vars(node.handle).items() if not k.startswith("_") and _is_plain(v)
        }
        for name in ("bias", "weight"):
            if name in node.handle._parameters:
                values[name] = node.handle._parameters[name] is not None
        found[path] = values
    return found


def _is_plain(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, bool | int | float | str)


def _is_real(leaf: Any) -> bool:
    return torch.is_tensor(leaf) and leaf.is_floating_point()


def _tensor(values: Values) -> torch.Tensor:
    return torch.tensor(values)
