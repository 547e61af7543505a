"""The axis orders that a conversion changed, as its caller has to know them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Orders:
    """The axis order of one function's tensors after conversion: the permutation of each argument that changed.

    `arguments["x"] == (0, 2, 3, 1)` says: call it with `x.transpose(0, 2, 3, 1)`; `results` likewise, by position.
    """

    arguments: Mapping[str, tuple[int, ...]]
    results: Mapping[int, tuple[int, ...]]
