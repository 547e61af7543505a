"""The optimizers of a verification: torch's formulas, written once, for the tensors of either framework.

The frameworks' own differ (Adam's epsilon stands before the bias correction in one and behind it in the other), which
says nothing about a model; so both sides learn by these.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

RATES = {"sgd": 0.01, "momentum": 0.01, "adam": 0.001, "adamw": 0.001, "rmsprop": 0.001}
"""Their names, and the learning rates that are used."""

_EPSILON = 1e-8
_DECAY = 0.01


class Optimizer:
    """Gives each parameter its next value; what it remembers of a parameter is kept under the parameter's name."""

    def __init__(self, name: str) -> None:
        self.rate = RATES[name]
        self._step: Callable[[list[Any], Any, Any, int], Any] = getattr(self, f"_{name}")
        self._memory: dict[str, list[Any]] = {}

    def next(self, name: str, value: Any, gradient: Any, step: int) -> Any:
        """The value after a step, counted from 1, along a gradient."""
        memory = self._memory.setdefault(name, [0.0, 0.0])
        return self._step(memory, value, gradient, step)

    def _sgd(self, memory: list[Any], value: Any, gradient: Any, step: int) -> Any:
        return value - self.rate * gradient

    def _momentum(self, memory: list[Any], value: Any, gradient: Any, step: int) -> Any:
        memory[0] = 0.9 * memory[0] + gradient
        return value - self.rate * memory[0]

    def _adam(self, memory: list[Any], value: Any, gradient: Any, step: int) -> Any:
        memory[0] = 0.9 * memory[0] + 0.1 * gradient
        memory[1] = 0.999 * memory[1] + 0.001 * gradient * gradient
        root = (memory[1] / (1.0 - 0.999**step)) ** 0.5
        return value - self.rate / (1.0 - 0.9**step) * memory[0] / (root + _EPSILON)

    def _adamw(self, memory: list[Any], value: Any, gradient: Any, step: int) -> Any:
        return self._adam(memory, value * (1.0 - self.rate * _DECAY), gradient, step)

    def _rmsprop(self, memory: list[Any], value: Any, gradient: Any, step: int) -> Any:
        memory[1] = 0.99 * memory[1] + 0.01 * gradient * gradient
        return value - self.rate * gradient / (memory[1] ** 0.5 + _EPSILON)
