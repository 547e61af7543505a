"""Running a PyTorch program in a worker. Imported by the worker of that framework only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from translator.knowledge.lenses import Side
from translator.proof.outcome import Cotangent, Outcome, leaves
from translator.weights.torch_side import read_state as read_state
from translator.weights.tree import Values

SIDE: Side = "torch"


def reset(precision: str, seed: int) -> None:
    """Start afresh: the default dtype ("float32" or "float64") and the seed."""
    torch.set_default_dtype(getattr(torch, precision))
    torch.manual_seed(seed)


def call(model: Any, inputs: Mapping[str, Values]) -> None:
    """Run once in evaluation mode and forget the result: lazy modules get their weights."""
    model.eval()
    with torch.no_grad():
        model(*[torch.tensor(values) for values in inputs.values()])


def differentiate(
    model: Any, inputs: Mapping[str, Values], cotangent: Cotangent, training: bool = False
) -> Outcome:
    """Run forward in one mode and backward from `cotangent`; no gradient is the same as zero."""
    model.train(training)
    tensors = {name: torch.tensor(values) for name, values in inputs.items()}
    real = {n: t.requires_grad_() for n, t in tensors.items() if t.is_floating_point()}
    parameters = {p: a.handle for p, a in read_state(model).arrays().items() if a.trainable}
    # Clones, because the program may write to its inputs and PyTorch forbids that to leaves.
    results = leaves(model(*[t.clone() for t in tensors.values()]), torch.is_tensor)
    total = torch.zeros((), dtype=torch.float64)
    for position, leaf in enumerate(results):
        if torch.is_tensor(leaf) and leaf.is_floating_point():
            weights = torch.tensor(cotangent(position, tuple(leaf.shape)))
            total = total + (leaf.double() * weights).sum()
    gradients = _gradients(total, [*real.values(), *parameters.values()])
    return Outcome(
        [values_of(leaf) for leaf in results],
        dict(zip(parameters, gradients[len(real) :], strict=True)),
        dict(zip(real, gradients[: len(real)], strict=True)),
    )


def _gradients(total: torch.Tensor, wanted: list[torch.Tensor]) -> list[Values]:
    if not wanted:
        return []
    if not total.requires_grad:
        return [values_of(torch.zeros_like(tensor)) for tensor in wanted]
    found = torch.autograd.grad(total, wanted, allow_unused=True, materialize_grads=True)
    return [values_of(gradient) for gradient in found]


def values_of(leaf: Any) -> Values:
    """A tensor, or a number among the results, as an array."""
    if not torch.is_tensor(leaf):
        return np.asarray(leaf)
    plain = leaf.detach().resolve_conj().resolve_neg()
    if plain.is_sparse:
        plain = plain.to_dense()
    values: Values = (plain.float() if plain.dtype == torch.bfloat16 else plain).numpy()
    return values
