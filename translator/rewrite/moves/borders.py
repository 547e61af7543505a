"""How paddings move: the widths of a border, and the names that stand for them."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.knowledge.lenses import Borders, Explicit, Overlap, Padding, Sides, Tensor
from translator.knowledge.records import Pair
from translator.rewrite import build
from translator.rewrite.borders import border, crop
from translator.rewrite.moves.move import Move, Moved
from translator.source.borders import padded
from translator.source.borders import sides as sides_of
from translator.source.facts import to_target
from translator.source.literals import literal_value
from translator.source.values import TensorValue


def padding(move: Move[Padding]) -> Moved | None:
    """The padding of a layer; a border that the target does not know is made before it, and none is stated here."""
    found = border(move.rewriter, move.bound)
    if found.kind == "same":
        return build.expression('"same"'), False
    if found.kind == "half":
        alike = len(set(found.widths)) == 1
        return build.expression(str(found.widths[0] if alike else found.widths)), False
    if found.kind == "given" and move.given is not None:
        return move.written(move.given), False
    return None


def explicit(move: Move[Explicit]) -> Moved | None:
    """The padding of a function."""
    if move.target == "torch":
        return padding(move)
    found = border(move.rewriter, move.bound)
    if found.kind != "given":
        return build.expression('"SAME"' if found.kind == "same" else '"VALID"'), False
    given, axes = move.bound.values["padding"], (move.bound.record.rank or 4) - 2
    parts = (
        [part.value for part in given.elements]
        if isinstance(given, cst.Tuple | cst.List)
        else [given]
    )
    widths = [move.written(part) for part in parts * (axes if len(parts) == 1 else 1)]
    pairs = "".join(f", [w{axis}, w{axis}]" for axis in range(len(widths)))
    holes = {f"w{axis}": width for axis, width in enumerate(widths)}
    return build.expression(f"[[0, 0]{pairs}, [0, 0]]", **holes), False


def overlap(move: Move[Overlap]) -> Moved | None:
    """The padding or output padding of a transposed convolution."""
    found = crop(move.rewriter, move.bound)
    if move.target == "tensorflow":
        said = found.same and move.lens.tf == "padding"
        return (build.expression('"same"'), False) if said else None
    numbers = found.padding if move.lens.torch == "padding" else found.output_padding
    if not any(numbers):
        return None
    text = str(numbers[0] if len(set(numbers)) == 1 else numbers)
    return build.expression(text), False


def sides(move: Move[Sides]) -> Moved | None:
    """The widths of a border in the target's order."""
    given = move.given
    if given is None:
        given = build.expression(str(move.default))
    axes = (move.bound.record.rank or 4) - 2
    pairs = sides_of(given, move.rewriter.side, axes)
    if pairs is None:
        return move.written(given), True
    moved = [tuple(move.written(width) for width in pair) for pair in pairs]
    flat = [width for pair in reversed(moved) for width in pair]
    if all(build.same_code(width, flat[0]) for width in flat):
        return flat[0], True
    if move.target == "torch":
        return _tuple(flat), True
    if axes == 1 and not isinstance(move.bound.record, Pair):
        return _tuple(moved[0]), True
    even = all(build.same_code(*pair) for pair in moved)
    one_by_one = even and axes > 1
    return _tuple([pair[0] if one_by_one else _tuple(pair) for pair in moved]), True


def every_axis(move: Move[Borders]) -> Moved | None:
    """The widths that a tensor is padded by, axis by axis in the order in which it is held."""
    side = move.rewriter.side
    operand = next(lens for lens in move.bound.record.args if isinstance(lens, Tensor))
    tensor = move.bound.values[str(operand.name(side))]
    held = move.value(tensor)
    rank = held.rank if isinstance(held, TensorValue) else None
    pairs = padded(move.bound.values[str(move.lens.name(side))], side, rank)
    assert pairs is not None
    none = (build.expression("0"), build.expression("0"))
    axes: list[Sequence[cst.BaseExpression]] = [tuple(map(move.written, pair)) for pair in pairs]
    if rank is not None and isinstance(held, TensorValue):
        axes = [none] * (rank - len(axes)) + axes
        axes = [axes[axis] for axis in to_target(side, rank)] if held.target_order else axes
    if move.target == "tensorflow":
        listed = cst.List([cst.Element(cst.List(list(map(cst.Element, pair)))) for pair in axes])
        if rank is not None:
            return listed, True
        text = f"[[0, 0]] * (len(x.shape) - {len(axes)}) + widths"
        return build.expression(text, x=move.written(tensor), widths=listed), True
    while len(axes) > 1 and all(literal_value(width) == 0 for width in axes[0]):
        axes.pop(0)
    return _tuple([width for pair in reversed(axes) for width in pair]), True


def _tuple(parts: Sequence[cst.BaseExpression]) -> cst.Tuple:
    return cst.Tuple([cst.Element(part) for part in parts])
