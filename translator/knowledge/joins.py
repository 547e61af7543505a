"""Layers whose arrays correspond although no record converts the one into the other: for carrying weights alone."""

from __future__ import annotations

from dataclasses import dataclass

from translator.knowledge.weights import Alike, Needs, Reshaped, Spread, Weight, weight


@dataclass(frozen=True, slots=True)
class Join:
    """The names of two layers, their weight rules, and what has to hold of them."""

    torch: str
    keras: str
    weights: tuple[Weight, ...]
    given: tuple[Needs | Alike, ...] = ()


def _depthwise(axes: int) -> Join:
    """torch has it as a convolution with a group for each channel: one group's outputs stand side by side in Keras."""
    kernel = weight("weight", "kernel", (*range(2, axes + 2), 0, 1), Reshaped())
    return Join(
        f"torch.nn.Conv{axes}d",
        f"keras.layers.DepthwiseConv{axes}D",
        (kernel, weight("bias", "bias")),
        (Alike("in_channels", "features"), Alike("groups", "features")),
    )


JOINS = (
    _depthwise(1),
    _depthwise(2),
    Join("torch.nn.PReLU", "keras.layers.PReLU", (weight("weight", "alpha", Spread()),)),
)
