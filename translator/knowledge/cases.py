"""The inputs on which a record is proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from translator.knowledge.lenses import Side


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Array:
    """One input: drawn from a normal distribution, or integers below `high`; `positive` for logarithms and roots.

    `shape` is in the axis order of the side on which the case is written.
    """

    shape: tuple[int, ...]
    high: int | None = None
    positive: bool = False


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Case:
    """One program of one expression, or of a whole script, written for one side and proved on both.

    A layer is called with `inputs` in order; a function's text names them: `torch.sum(x, dim=1)` with `x=`.
    A `script` is run as it is and compared by what it prints. `one_way`: why it is not converted back as well.
    `body`: what the forward pass does with the layer, `self.layer`, where that is more than one call.
    """

    text: str
    inputs: tuple[tuple[str, Array], ...]
    side: Side
    script: bool = False
    one_way: str = ""
    body: str = ""


def f32(*shape: int) -> Array:
    """Real numbers, drawn from a normal distribution."""
    return Array(shape)


def positive(*shape: int) -> Array:
    """Real numbers in (0, 1)."""
    return Array(shape, positive=True)


def ints(*shape: int, high: int) -> Array:
    """Integers from 0 up to, not including, `high`."""
    return Array(shape, high=high)


def case(
    text: str,
    *positional: Array,
    side: Side = "torch",
    one_way: str = "",
    body: str = "",
    **named: Array,
) -> Case:
    """A case of one expression: a layer's constructor with its inputs, or a call with named inputs."""
    numbered = [(f"x{i}", array) for i, array in enumerate(positional)]
    return Case(text, (*numbered, *named.items()), side, one_way=one_way, body=body)


def named_case(text: str, arrays: Mapping[str, Array], one_way: str = "") -> Case:
    """A torch case of a call whose inputs come as a table."""
    return Case(text, tuple(arrays.items()), "torch", one_way=one_way)


def script(text: str, side: Side = "torch", one_way: str = "") -> Case:
    """A case of a whole script, compared by the lines that it prints."""
    return Case(text, (), side, script=True, one_way=one_way)
