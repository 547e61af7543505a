"""The argument rules of a record: each relates one parameter of one side to the other and is read both ways.

A lens is data only, and nothing changes one. How it moves an expression is written once, in `rewrite/moves/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Side = Literal["torch", "tensorflow"]
Needs = Literal["", "value", "implied", "number", "one"]
Fill = Literal["zeros", "lowest", "counted", "left out"]


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Lens:
    """`torch` and `tf` name the parameters that correspond; None where a side has none."""

    torch: str | None
    tf: str | None

    def name(self, side: Side) -> str | None:
        """The parameter's name on one side."""
        return self.torch if side == "torch" else self.tf


class Same(Lens):
    """The expression passes as it is."""

    __slots__ = ()


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Tensor(Lens):
    """A tensor operand.

    `counted`: torch takes booleans as numbers where TensorFlow needs them cast. `known`: it must be seen to be a
    tensor, because a number in its place means something else. `classes`: it holds the numbers of classes, for which
    torch wants 64 bits. `rank`: what is known to have another number of axes does not fit. `value`: a variable of
    Keras does not do, only the tensor in it.
    """

    counted: bool = False
    known: bool = False
    classes: bool = False
    rank: int | None = None
    value: bool = False


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Optional(Same):
    """Of a pattern: the expression as it is, left out where the source leaves it out, because the defaults agree."""


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Tensors(Same):
    """A list of tensors of one rank, which all come in one axis order: that of the target where they can."""


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Axis(Lens):
    """An axis or a tuple of axes: renumbered where the tensor has the target's axis order.

    `needs` "value": None is no axis here. "implied": the same, but torch chooses one for None by the number of axes.
    "number": it must be seen to be a number, because a tensor or several axes
    in its place mean something else. "one": the same, or None.
    """

    needs: Needs = ""


class Rest(Lens):
    """Keyword arguments of any name, which pass as they are."""

    __slots__ = ()


class Number(Lens):
    """A Python number, seen to be one: a tensor in its place is written in another way."""

    __slots__ = ()


class Real(Lens):
    """A number; TensorFlow takes the type of the result from it, so that a whole one is written as a float there."""

    __slots__ = ()


class Whole(Same):
    """A whole number, or several: `2.0` is 2, and what is seen to be another number does not fit."""


class Listed(Lens):
    """Several sizes, seen to be a list: a number in its place means something else."""

    __slots__ = ()


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Dtype(Lens):
    """An element type: torch's own, or TensorFlow's, numpy's or its name as a string.

    `counted` names torch's parameters that the type follows where none is given: of whole numbers torch makes 64 bits
    and TensorFlow 32. `bounds`: they are those of a range.
    """

    counted: tuple[str, ...] = ()
    bounds: bool = False


class Sizes(Lens):
    """A shape: `x.view(2, -1)` and `x.view((2, -1))` on one side, one sequence on the other."""

    __slots__ = ()


class Complement(Lens):
    """One minus the other: batch norm's momentum."""

    __slots__ = ()


class Squared(Lens):
    """TensorFlow's value is the square of torch's: an epsilon under the root and beside it."""

    __slots__ = ()


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Element(Lens):
    """A parameter of Keras that is one element of a pair of torch's: `beta_1` of `betas`."""

    at: int = 0


class Negated(Lens):
    """A flag with the opposite meaning."""

    __slots__ = ()


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Choice(Lens):
    """A literal of one side for a literal of the other; what is not listed is not converted.

    `values` pairs torch text with TensorFlow text, as written in code: `("'mean'", "'sum_over_batch_size'")`.
    `alike`: the side that takes these alone, and calls them as the other does: what is not stated there passes.
    """

    values: tuple[tuple[str, str], ...] = ()
    alike: Side | None = None


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Inferred(Lens):
    """A torch parameter that Keras takes from the input: the size of its axis `axis` (torch's axis order)."""

    axis: int = -1


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Groups(Same):
    """The groups of a convolution, fewer than its channels: with one for each channel it is a layer of its own."""


class Deepened(Lens):
    """torch's number of channels that come out, Keras's number for each one that goes in."""

    __slots__ = ()


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Fixed(Lens):
    """A parameter of one side that the other lacks and that must have this value for the record to hold.

    `others` are values that mean the same.
    """

    value: str = ""
    others: tuple[str, ...] = ()


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Padding(Lens):
    """A number or "same" in torch, "valid" or "same" in Keras; where they part, a layer before it makes the border.

    `fill` says what a window finds in the border: the zeros of a convolution, what never wins a maximum, zeros that
    an average counts, or nothing, so that an average leaves it out.
    """

    fill: Fill = "zeros"


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Explicit(Padding):
    """The padding of a function: TensorFlow takes "VALID", "SAME", or pairs for every axis."""


class Filled(Lens):
    """What torch's convolutions fill their border with; Keras knows zeros alone, a layer before it the rest."""

    __slots__ = ()


class Trailing(Lens):
    """The last axes that a layer normalises: torch names their sizes, Keras their numbers, counted from the end."""

    __slots__ = ()


class Slopes(Lens):
    """How many slopes an activation learns in torch, one or one for each channel; the axes that share one in Keras."""

    __slots__ = ()


class Start(Lens):
    """A number that torch's weights start from; Keras's initialiser of them."""

    __slots__ = ()


class Overlap(Lens):
    """What a transposed convolution cuts off: numbers in torch, "same" or nothing in Keras, or a layer behind it."""

    __slots__ = ()


class Borders(Lens):
    """Widths to pad a tensor by: torch's from the last axis on, TensorFlow's pairs for every axis from the first on."""

    __slots__ = ()


class Sides(Lens):
    """Widths of a border: one number, or torch's (left, right, top, bottom), last axis first, and Keras's pairs."""

    __slots__ = ()


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Follows(Lens):
    """A parameter that takes the value of another where it is missing: a pooling's stride."""

    other: str = ""


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Only(Lens):
    """A parameter of one side that changes no number (`inplace`, `name`): dropped, with a note if `note`."""

    reason: str = ""
    note: bool = False


@dataclass(eq=False, repr=False, match_args=False, slots=True)
class Beside(Lens):
    """A parameter of one side that becomes something of its own beside the layer of the other."""

    written: str = ""


def beside(tf: str, written: str) -> Beside:
    """A Keras parameter that torch writes elsewhere; `written` says as what."""
    return Beside(None, tf, written)


def apart(torch: str, written: str) -> Beside:
    """A torch parameter that Keras writes elsewhere; `written` says as what."""
    return Beside(torch, None, written)


INSIDE: tuple[Lens, ...] = (
    beside("activation", "a call or a module of its own"),
    beside("kernel_initializer", "a call of nn.init"),
    beside("bias_initializer", "a call of nn.init"),
    beside("input_shape", "the input size of the module"),
    beside("input_dim", "the input size of the module"),
)
"""What Keras layers with a kernel take and torch's do not."""


def same(torch: str, tf: str | None = None) -> Same:
    """The same value under two names (`tf` defaults to `torch`)."""
    return Same(torch, tf or torch)


def tensor(
    torch: str,
    tf: str,
    counted: bool = False,
    known: bool = False,
    classes: bool = False,
    rank: int | None = None,
    value: bool = False,
) -> Tensor:
    """A tensor operand."""
    return Tensor(torch, tf, counted, known, classes, rank, value)


def tensors(torch: str, tf: str) -> Tensors:
    """A list of tensors of one rank."""
    return Tensors(torch, tf)


def axis(torch: str = "dim", tf: str = "axis", needs: Needs = "") -> Axis:
    """An axis argument."""
    return Axis(torch, tf, needs)


def rest(name: str) -> Rest:
    """Keyword arguments of any name."""
    return Rest(name, name)


def number(torch: str, tf: str) -> Number:
    """A Python number."""
    return Number(torch, tf)


def real(torch: str, tf: str) -> Real:
    """A number that gives the result its type."""
    return Real(torch, tf)


def whole_number(torch: str, tf: str) -> Whole:
    """A whole number, or several."""
    return Whole(torch, tf)


def listed(torch: str, tf: str) -> Listed:
    """A list of sizes."""
    return Listed(torch, tf)


def dtype(torch: str = "dtype", tf: str = "dtype", *counted: str, bounds: bool = False) -> Dtype:
    """An element type."""
    return Dtype(torch, tf, counted, bounds)


def sizes(torch: str, tf: str) -> Sizes:
    """A shape argument."""
    return Sizes(torch, tf)


def complement(torch: str, tf: str) -> Complement:
    """torch's value is one minus TensorFlow's."""
    return Complement(torch, tf)


def squared(torch: str, tf: str) -> Squared:
    """TensorFlow's value is the square of torch's."""
    return Squared(torch, tf)


def elements(torch: str, *tf: str) -> tuple[Element, ...]:
    """Parameters of Keras that torch takes together."""
    return tuple(Element(torch, name, at) for at, name in enumerate(tf))


def negated(torch: str, tf: str) -> Negated:
    """torch's flag is the opposite of TensorFlow's."""
    return Negated(torch, tf)


def choice(torch: str, tf: str, *values: tuple[str, str], alike: Side | None = None) -> Choice:
    """Literals that correspond, as written in code, torch's first."""
    return Choice(torch, tf, values, alike)


def inferred(torch: str, axis: int = -1) -> Inferred:
    """A torch parameter that Keras reads off its input."""
    return Inferred(torch, None, axis)


def optional(torch: str, tf: str) -> Optional:
    """An argument of a pattern whose defaults agree."""
    return Optional(torch, tf)


def groups() -> Groups:
    """The groups of a convolution."""
    return Groups("groups", "groups")


def deepened(torch: str, tf: str) -> Deepened:
    """The channels of a depthwise convolution."""
    return Deepened(torch, tf)


def fixed(side: Side, name: str, value: str, *others: str) -> Fixed:
    """A parameter of `side` alone that must be `value`, as written in code, or one of `others` that mean the same."""
    return Fixed(name, None, value, others) if side == "torch" else Fixed(None, name, value, others)


def padding(fill: Fill = "zeros") -> Padding:
    """The padding of a convolution or pooling."""
    return Padding("padding", "padding", fill)


def explicit(fill: Fill = "zeros") -> Explicit:
    """The padding of a function."""
    return Explicit("padding", "padding", fill)


def filled(torch: str) -> Filled:
    """torch's `padding_mode`."""
    return Filled(torch, None)


def slopes(torch: str, tf: str) -> Slopes:
    """The slopes that an activation learns."""
    return Slopes(torch, tf)


def start(torch: str, tf: str) -> Start:
    """The number that weights start from."""
    return Start(torch, tf)


def trailing(torch: str, tf: str) -> Trailing:
    """The last axes."""
    return Trailing(torch, tf)


def overlap(name: str) -> Overlap:
    """The padding or the output padding of a transposed convolution."""
    return Overlap(name, name)


def borders(torch: str, tf: str) -> Borders:
    """The widths to pad a tensor by."""
    return Borders(torch, tf)


def sides(torch: str, tf: str) -> Sides:
    """The widths of a border."""
    return Sides(torch, tf)


def follows(torch: str, tf: str, other: str) -> Follows:
    """A parameter that is `other` (torch's name) where torch leaves it out."""
    return Follows(torch, tf, other)


def only(side: Side, name: str, reason: str, note: bool = False) -> Only:
    """A parameter of `side` alone that the other side does without."""
    return Only(name, None, reason, note) if side == "torch" else Only(None, name, reason, note)
