"""What the padding of a convolution or pooling comes to on the other side: an argument, or a layer before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import libcst as cst

from translator.knowledge.lenses import Explicit, Filled, Padding, Side
from translator.knowledge.records import Record
from translator.source import printed
from translator.source.bound import NOT_LITERAL, Arguments, Evaluate, literal
from translator.source.shown import shown

LEAPS = "Keras has no strides beside a dilation: tf.nn.convolution has"
Kind = Literal["none", "same", "half", "given", "before", "causal"]


@dataclass(frozen=True, slots=True)
class Border:
    """How a padding is written: left out, "same", half of the window in numbers, as it stands, or as a layer before.

    `widths` are the numbers of a half. `mode` is torch's name for what fills the border, "asked" where only the program
    knows whether there is one. `problem` says why there is no way to write it.
    """

    kind: Kind = "none"
    widths: tuple[int, ...] = ()
    mode: str = "zeros"
    ends: tuple[tuple[int, int], ...] = ()
    """Of a layer before, where both ends differ: their widths by axis."""
    problem: str = ""


def border_of(record: Record, side: Side, bound: Arguments, evaluate: Evaluate) -> Border:
    """The border that a call asks for, as the other side writes it."""
    lens = next((lens for lens in record.args if isinstance(lens, Padding)), None)
    if lens is None:
        return Border()
    asked = Asked(record, side, bound, evaluate)
    if isinstance(lens, Explicit):
        return _of_function(lens, asked)
    return _in_keras(lens, asked) if side == "torch" else _in_torch(lens, asked)


@dataclass(frozen=True, slots=True)
class Asked:
    """The arguments of a call by torch's names."""

    record: Record
    side: Side
    bound: Arguments
    evaluate: Evaluate

    def value(self, torch: str) -> Any:
        """What the call states for a parameter, `NOT_LITERAL` where it is no literal; None where there is none."""
        rule = next((lens for lens in self.record.args if lens.torch == torch), None)
        name = None if rule is None else rule.name(self.side)
        if name is None:
            return None
        if name in self.bound.values:
            return self.evaluate(self.bound.values[name])
        parameter = self.bound.spelling.parameter(name)
        return None if parameter is None else literal(parameter.default)

    def each(self, torch: str, missing: int = 1) -> tuple[Any, ...]:
        """The numbers of a parameter by spatial axis; `NOT_LITERAL` where they are not stated."""
        value = self.value(torch)
        value = missing if value is None else value
        axes = (self.record.rank or 4) - 2
        numbers = tuple(value) if isinstance(value, tuple | list) else (value,) * axes
        return numbers * axes if len(numbers) == 1 else numbers

    @property
    def strides(self) -> tuple[Any, ...]:
        """The steps of the window: those of a pooling are its size where they are left out."""
        return self.each("kernel_size") if self.value("stride") is None else self.each("stride")

    @property
    def leaps(self) -> bool:
        """True for strides beside a dilation, which Keras has not."""
        pairs = (self.strides, self.each("dilation"))
        return all(any(type(n) is int and n > 1 for n in numbers) for numbers in pairs)

    @property
    def steps_by_one(self) -> bool:
        """True where the window is seen to stop at every place."""
        return all(stride == 1 for stride in self.strides)

    @property
    def halves(self) -> tuple[int, ...] | None:
        """Half of what an odd window reaches, by axis; None where the window is even or not stated."""
        sizes, gaps = self.each("kernel_size"), self.each("dilation")
        reaches = [
            gap * (size - 1) if type(size) is int and type(gap) is int else 1
            for size, gap in zip(sizes, gaps, strict=False)
        ]
        return None if any(reach % 2 for reach in reaches) else tuple(r // 2 for r in reaches)


def _in_keras(lens: Padding, asked: Asked) -> Border:
    padding, mode = asked.value("padding"), "zeros"
    if asked.leaps:
        return Border(problem=LEAPS)
    if any(isinstance(other, Filled) for other in asked.record.args):
        mode = asked.value("padding_mode")
        if mode not in ("zeros", "reflect", "replicate", "circular"):
            return Border(problem="what fills the border is not stated here")
    widths = asked.each("padding")
    if asked.value("ceil_mode") is True:
        return _rounded_up(asked)
    if padding in ("valid", None) or all(width == 0 for width in widths):
        return Border()
    if padding == "same" and mode == "zeros":
        return Border("same")
    if padding == "same":
        return Border(
            problem=f"padding='same' with padding_mode='{mode}' needs its widths: state them as numbers"
        )
    halved = asked.steps_by_one and asked.halves is not None and widths == asked.halves
    if halved and mode == "zeros" and lens.fill != "counted":
        return Border("same")
    if lens.fill == "left out":
        return Border(
            problem="an average that leaves its border out has no equivalent at these numbers"
        )
    return Border("before", mode=mode)


def _rounded_up(asked: Asked) -> Border:
    """Room at the end for one more window, which has to begin inside of the image."""
    ends = []
    for width, size, step in zip(
        asked.each("padding", 0), asked.each("kernel_size"), asked.strides, strict=False
    ):
        numbers = all(type(number) is int for number in (width, size, step))
        if not numbers or width > size - step:
            return Border(problem="what ceil_mode leaves over at the end is not stated here")
        ends.append((width, width + step - 1))
    return Border("before", ends=tuple(ends))


def _of_function(lens: Explicit, asked: Asked) -> Border:
    """The padding of a function, which no layer can stand before."""
    if asked.side == "torch":
        padding = asked.value("padding")
        if padding in ("valid", None) or all(width == 0 for width in asked.each("padding")):
            return Border()
        return Border("same") if padding == "same" else Border("given")
    given = asked.value("padding")
    if isinstance(given, tuple | list) and lens.fill in ("zeros", "lowest"):
        return _even(given)
    padding = str(given).lower()
    if padding == "valid":
        return Border()
    one = all(size == 1 for size in asked.each("kernel_size", 0))
    if padding == "same" and lens.fill == "zeros" and asked.steps_by_one:
        return Border() if one else Border("same")
    if padding == "same" and lens.fill == "lowest" and asked.steps_by_one and asked.halves:
        return Border("half", asked.halves)
    return Border(problem="torch has no such padding in one call: pad the tensor before")


def _even(pairs: Sequence[Any]) -> Border:
    """Widths that are the same at both ends of each axis of space, as torch's functions take them."""
    ends = [tuple(pair) if isinstance(pair, tuple | list) else () for pair in pairs]
    even = len(ends) > 2 and all(len(set(pair)) == 1 for pair in ends)
    if not even or ends[0] != (0, 0) or ends[-1] != (0, 0):
        return Border(problem="torch pads both ends alike: pad the tensor before")
    return Border("half", tuple(pair[0] for pair in ends[1:-1]))


def _in_torch(lens: Padding, asked: Asked) -> Border:
    padding = asked.value("padding")
    given = asked.bound.values.get("padding")
    if padding is NOT_LITERAL:
        if lens.fill == "zeros" and asked.steps_by_one:
            return Border("given")
        if lens.fill in ("zeros", "lowest") and asked.record.rank != 3:  # there it may be "causal"
            return Border("before", mode="asked")
        return Border(
            problem=f"whether padding={shown(given)} is 'same' is not known here" if given else ""
        )
    padding = str(padding).lower()
    if padding == "valid":
        return Border()
    if padding == "causal":
        return Border("causal")
    if all(size == 1 for size in asked.each("kernel_size")):
        return Border()
    if lens.fill == "zeros":
        return Border("same") if asked.steps_by_one else Border("before")
    if asked.steps_by_one and asked.halves is not None and lens.fill != "counted":
        return Border("half", asked.halves)
    if lens.fill == "lowest":
        return Border("before")
    return Border(
        problem="an average that leaves its border out has no equivalent at these numbers"
    )


Pair = tuple[cst.BaseExpression, cst.BaseExpression]


def padded(node: cst.BaseExpression, side: Side, rank: int | None) -> Sequence[Pair] | None:
    """The widths before and after the last axes that `pad` is given; None where they are not written out."""
    constant = isinstance(node, cst.Call) and len(node.args) == 1 and side == "tensorflow"
    if isinstance(node, cst.Call) and constant:  # `tf.constant([[1, 1], [0, 0]])`
        node = node.args[0].value
    count = len(node.elements) if isinstance(node, cst.Tuple | cst.List) else 0
    pairs = sides(node, side, count if side == "tensorflow" else count // 2)
    if pairs is None or (rank is not None and len(pairs) > rank):
        return None
    return pairs if side == "torch" or rank in (None, len(pairs)) else None


def sides(node: cst.BaseExpression, side: Side, axes: int) -> Sequence[Pair] | None:
    """The widths before and after each axis, from the first axis on; None where they are not written out so."""
    if not isinstance(node, cst.Tuple | cst.List):
        return None
    parts = [element.value for element in node.elements]
    if any(isinstance(element, cst.StarredElement) for element in node.elements):
        return None
    if side == "torch":
        last_first = list(zip(parts[::2], parts[1::2], strict=False))
        return last_first[::-1] if len(parts) == 2 * axes else None
    if axes == 1 and len(parts) == 2:
        return [(parts[0], parts[1])]
    pairs = [_pair(part) for part in parts]
    known = [pair for pair in pairs if pair is not None]
    return known if len(known) == len(parts) == axes else None


def _pair(node: cst.BaseExpression) -> Pair | None:
    """`(1, 2)`, or one number for both ends."""
    if not isinstance(node, cst.Tuple | cst.List):
        return node, node
    parts = [element.value for element in node.elements]
    return (parts[0], parts[1]) if len(parts) == 2 else None


def by_channel(bound: Arguments, evaluate: Evaluate) -> bool:
    """True for a convolution of torch that has a group for each channel, with equal steps: Keras's depthwise one."""
    channels, groups = bound.values.get("in_channels"), bound.values.get("groups")
    if channels is None or groups is None or evaluate(groups) == 1:
        return False
    return _text(channels) == _text(groups) and fits_depthwise(bound, evaluate)


def fits_depthwise(bound: Arguments, evaluate: Evaluate) -> bool:
    """True where Keras's depthwise convolution can have the border and the steps of one of torch."""
    filling = bound.values.get("padding_mode")
    stride = evaluate(bound.values["stride"]) if "stride" in bound.values else 1
    even = not isinstance(stride, tuple | list) or len(set(stride)) == 1
    return even and (filling is None or evaluate(filling) == "zeros")


def _text(node: cst.BaseExpression) -> str:
    return printed.text(node).replace(" ", "")
