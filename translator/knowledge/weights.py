"""The weight rules of a record: how arrays of a layer are stored on both sides.

A rule names the arrays that correspond, one or several on each side, and a chain of steps that leads from torch's to
Keras's. Steps are data only and are read both ways; what they do to numbers stands in `weights/steps.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from translator.knowledge.lenses import Side

Names = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step from torch's arrays to Keras's. Where it says nothing else, it does the same to each array."""


@dataclass(frozen=True, slots=True)
class Transposed(Step):
    """`keras = numpy.transpose(torch, axes)`."""

    axes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Gates(Step):
    """Blocks of equal size along an axis, in another order: `Gates("r z n", "z r n")`."""

    torch: str
    keras: str
    axis: int = 0

    @property
    def order(self) -> tuple[int, ...]:
        """The place in torch's array of each block of Keras's."""
        names = self.torch.split()
        return tuple(names.index(name) for name in self.keras.split())


@dataclass(frozen=True, slots=True)
class Split(Step):
    """One array of torch holds `count` of Keras's, one behind the other along an axis."""

    count: int
    axis: int = 0


class Stacked(Step):
    """Several arrays of torch are one of Keras, along a new first axis."""

    __slots__ = ()


class Summed(Step):
    """Keras has the sum of torch's arrays alone. Backwards the first gets all of it and the others zeros."""

    __slots__ = ()


class Reshaped(Step):
    """The same values in the same order, in the shape that the other side has: heads, groups of channels."""

    __slots__ = ()


class Spread(Step):
    """Keras has axes of size 1 beside torch's: a slope for each channel."""

    __slots__ = ()


class Normed(Step):
    """Keras has `magnitude * direction / norm(direction)`, torch the two apart.

    The norm is taken over the axes that the magnitude has not. Backwards the direction is the array itself, and ones
    where that is all zeros.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Weight:
    """The arrays of both sides that a chain of steps joins, by their names in the layer: `cell.kernel`.

    Without steps they are laid out alike. `trainable` False marks running statistics.
    """

    torch: tuple[str, ...]
    keras: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    trainable: bool = True

    def names(self, side: Side) -> tuple[str, ...]:
        """The names of one side."""
        return self.torch if side == "torch" else self.keras

    @property
    def plain(self) -> bool:
        """True where one array is one array, with its axes in another order at most: what code can say in a word."""
        axes_only = all(isinstance(step, Transposed) for step in self.steps)
        return len(self.torch) == len(self.keras) == 1 and len(self.steps) < 2 and axes_only

    @property
    def axes(self) -> tuple[int, ...] | None:
        """The permutation of a plain rule from torch's layout to Keras's; None where both are one."""
        return next((step.axes for step in self.steps if isinstance(step, Transposed)), None)

    @property
    def back(self) -> tuple[int, ...] | None:
        """The permutation of a plain rule from Keras's layout to torch's."""
        return None if self.axes is None else inverse(self.axes)


@dataclass(frozen=True, slots=True)
class Needs:
    """What has to hold for the rules to hold, and why: an option of one side's layer has this value."""

    side: Side
    option: str
    value: object
    why: str


@dataclass(frozen=True, slots=True)
class Alike:
    """What has to hold for the rules to hold: an option is the same on both sides."""

    torch: str
    keras: str


def words(step: Step, to_keras: bool) -> str:
    """What a step does in one direction, for the look-up and for the report."""
    match step:
        case Transposed(axes):
            return f"axes {axes if to_keras else inverse(axes)}"
        case Gates(torch, keras):
            return f"gates {torch} -> {keras}" if to_keras else f"gates {keras} -> {torch}"
        case Split(count):
            return f"split into {count}" if to_keras else f"{count} joined"
        case Stacked():
            return "stacked" if to_keras else "taken apart"
        case Summed():
            return "summed" if to_keras else "all in the first, zeros in the others"
        case Reshaped() | Spread():
            return "reshaped"
        case Normed():
            return "magnitude * direction" if to_keras else "norm and direction"
        case _:
            raise TypeError(step)


def weight(torch: Names, keras: Names, *steps: Step | tuple[int, ...]) -> Weight:
    """A parameter: torch's names, Keras's, and the steps between; a bare tuple of axes is `Transposed`."""
    chain = tuple(Transposed(step) if isinstance(step, tuple) else step for step in steps)
    return Weight(_several(torch), _several(keras), chain)


def statistic(torch: str, keras: str) -> Weight:
    """A running statistic: no gradient."""
    return Weight((torch,), (keras,), trainable=False)


def inverse(axes: tuple[int, ...]) -> tuple[int, ...]:
    """The permutation that undoes `axes`."""
    return tuple(axes.index(axis) for axis in range(len(axes)))


def _several(names: Names) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else names
