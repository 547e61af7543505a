"""Layers whose arrays correspond although no record converts the one into the other: for carrying weights alone."""

from __future__ import annotations

from dataclasses import dataclass

from translator.knowledge.weights import Alike, Needs, Spread, Weight, weight


@dataclass(frozen=True, slots=True)
class Join:
    """The names of two layers, their weight rules, and what has to hold of them."""

    torch: str
    keras: str
    weights: tuple[Weight, ...]
    given: tuple[Needs | Alike, ...] = ()


JOINS = (Join("torch.nn.PReLU", "keras.layers.PReLU", (weight("weight", "alpha", Spread()),)),)
