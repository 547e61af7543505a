"""Reading a PyTorch module into a tree, and writing into it. The only file of this folder that imports torch."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import torch
from torch.nn.modules.lazy import LazyModuleMixin
from torch.nn.parameter import UninitializedBuffer, UninitializedParameter

from translator.weights.tree import Array, Node, State, Values, plain_options

_COUNTERS = frozenset({"num_batches_tracked"})


def read_state(module: Any) -> State:
    """The tree of a `torch.nn.Module`: its parameters, and its buffers as not trainable."""
    return State("torch", _node(module, {}))


def array_of(tensor: Any, *, trainable: bool | None = None, needed: bool = True) -> Array:
    """One tensor, readable and writable in place; bfloat16 is read as float32, which holds it exactly."""
    return Array(
        shape=tuple(tensor.shape),
        dtype=str(tensor.dtype).removeprefix("torch."),
        read=functools.partial(_read, tensor),
        write=functools.partial(_write, tensor),
        trainable=bool(tensor.requires_grad) if trainable is None else trainable,
        needed=needed,
        handle=tensor,
    )


def build(module: Any, features: list[int]) -> bool:
    """Give a lazy module its parameters, for inputs with so many channels; False if it is of another kind."""
    if not isinstance(module, LazyModuleMixin):
        return False
    lazy: Any = module  # its methods are typed for classes of torch's own
    axes = lazy._get_num_spatial_dims() if hasattr(lazy, "_get_num_spatial_dims") else 0
    lazy._infer_parameters(lazy, (torch.empty((1, *features, *(1,) * axes)),))
    return True


def _node(module: Any, known: dict[int, Array]) -> Node:
    node = Node(kind_of(type(module)), handle=module, title=type(module).__name__)
    if node.is_layer:
        node.options = plain_options(vars(module))
    derived = module._non_persistent_buffers_set
    tensors = [(*item, True) for item in module._parameters.items()]
    tensors += [(*item, False) for item in module._buffers.items()]
    for name, tensor, is_parameter in tensors:
        if tensor is None:
            continue
        if isinstance(tensor, UninitializedParameter | UninitializedBuffer) or tensor.is_meta:
            node.built = False
            continue
        if id(tensor) not in known:  # one `Array` for a tensor that is tied in several places
            needed = is_parameter or not (name in derived or name in _COUNTERS)
            trainable = None if is_parameter else False
            known[id(tensor)] = array_of(tensor, trainable=trainable, needed=needed)
        node.arrays[name] = known[id(tensor)]
    for name, child in module._modules.items():
        if child is not None:
            node.children[name] = _node(child, known)
    return node


def kind_of(cls: type) -> str:
    """The public name of the nearest class of PyTorch itself, "" if that is only `Module`."""
    for base in cls.__mro__:
        if base is torch.nn.Module:
            break
        # A layer with a parametrization gets a class of its own on top of its class; a lazy one has a second base.
        if base.__module__ == "torch.nn.utils.parametrize" or base is LazyModuleMixin:
            continue
        if base.__module__.partition(".")[0] == "torch":
            public = getattr(torch.nn, base.__name__, None) is base
            return f"torch.nn.{base.__name__}" if public else f"{base.__module__}.{base.__name__}"
    return ""


def _read(tensor: Any) -> Values:
    plain = tensor.detach().cpu()
    values: Values = (plain.float() if plain.dtype == torch.bfloat16 else plain).numpy()
    return values


def _write(tensor: Any, values: Values) -> None:
    with torch.no_grad():
        # torch warns of arrays that it may not write to, though here it only reads them.
        tensor.copy_(torch.from_numpy(np.require(values, requirements=["W"])))
