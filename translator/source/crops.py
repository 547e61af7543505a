"""What the padding of a transposed convolution, which cuts off what windows reach beyond, is on the other side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import libcst as cst

from translator.knowledge.lenses import Overlap, Side
from translator.knowledge.records import Record
from translator.source.borders import LEAPS, Asked
from translator.source.bound import Arguments, Evaluate, Look
from translator.source.values import Literal


@dataclass(frozen=True, slots=True)
class Crop:
    """How it is written: `same` in Keras, `padding` and `output_padding` in torch, `cut` by a layer behind it.

    All three are by axis; `cut` holds what goes before and after.
    """

    same: bool = False
    padding: tuple[int, ...] = ()
    output_padding: tuple[int, ...] = ()
    cut: tuple[tuple[int, int], ...] = ()
    problem: str = ""


def stated(look: Look, evaluate: Evaluate) -> Evaluate:
    """Reads numbers that are written out, and those that an attribute holds alone."""

    def read(node: cst.BaseExpression) -> Any:
        value = look(node) if isinstance(node, cst.Attribute) else None
        number = value.value if isinstance(value, Literal) else None
        return number if type(number) is int else evaluate(node)

    return read


_NOT_STATED = (
    "what is cut off depends on kernel, stride and padding, which have to be stated as numbers here"
)


def crop_of(record: Record, side: Side, bound: Arguments, evaluate: Evaluate) -> Crop:
    """The border that a call cuts off, as the other side writes it."""
    if not any(isinstance(lens, Overlap) for lens in record.args):
        return Crop()
    asked = Asked(record, side, bound, evaluate)
    sizes, gaps = asked.each("kernel_size"), asked.each("dilation")
    if side == "tensorflow" and asked.value("output_padding") is not None:
        return Crop(problem="output_padding has another meaning in Keras: leave it out")
    numbers = (*sizes, *gaps, *asked.strides)
    if not all(type(number) is int for number in numbers):
        return Crop(problem=_NOT_STATED)
    beyond = [
        gap * (size - 1) + 1 - step
        for size, gap, step in zip(sizes, gaps, asked.strides, strict=True)
    ]
    return _in_keras(asked, beyond) if side == "torch" else _in_torch(asked, beyond)


def _in_keras(asked: Asked, beyond: list[int]) -> Crop:
    """`beyond`: by how much a window is wider than a step."""
    if asked.leaps:
        return Crop(problem=LEAPS)
    widths, more = asked.each("padding", 0), asked.each("output_padding", 0)
    if not all(type(number) is int for number in (*widths, *more)):
        return Crop(problem=_NOT_STATED)
    if all(
        2 * width == max(wide, 0) and extra == max(-wide, 0)
        for width, extra, wide in zip(widths, more, beyond, strict=True)
    ):
        return Crop(same=any(widths) or any(more))
    cut = tuple(
        (width, width - extra + max(-wide, 0))
        for width, extra, wide in zip(widths, more, beyond, strict=True)
    )
    if any(after < 0 for _, after in cut):
        return Crop(problem="output_padding beyond padding has no equivalent")
    return Crop(cut=cut if any(width for pair in cut for width in pair) else ())


def _in_torch(asked: Asked, beyond: list[int]) -> Crop:
    padding = str(asked.value("padding")).lower()
    if padding not in ("valid", "same"):
        return Crop(problem="whether the padding is 'same' is not known here")
    more = tuple(max(-wide, 0) for wide in beyond)
    if padding == "valid":
        return Crop(output_padding=more)
    halves = tuple(max(wide, 0) // 2 for wide in beyond)
    odd = tuple((0, max(wide, 0) % 2) for wide in beyond)
    return Crop(False, halves, more, odd if any(after for _, after in odd) else ())
