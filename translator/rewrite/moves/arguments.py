"""All arguments of a call, each moved as its lens says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import libcst as cst

from translator.knowledge import lenses
from translator.knowledge.records import Pair, Record
from translator.knowledge.signature import Signature
from translator.rewrite.moves import borders, inferred, tensors, values
from translator.rewrite.moves.move import Move, Moved
from translator.source.bound import Arguments

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter


def move(
    rewriter: Rewriter, call: cst.Call | None, bound: Arguments, target: Signature
) -> dict[str, Moved]:
    """The target's arguments by the parameter names of the record's first target spelling."""
    moved: dict[str, Moved] = {}
    names = {} if isinstance(bound.record, Pair) else rewriter.target_names(bound.record, target)
    for lens in bound.record.args:
        name = lens.name(rewriter.target)
        if name is None or type(lens) not in _MOVES:
            continue
        parameter = target.parameter(names.get(name, name))
        result = _MOVES[type(lens)](Move(rewriter, call, bound, lens, parameter))
        if result is not None:
            moved[name] = result
    return _in_row(bound.record, target, moved)


def _in_row(record: Record, target: Signature, moved: dict[str, Moved]) -> dict[str, Moved]:
    """`nn.Linear(3, 4)`, not `nn.Linear(3, out_features=4)`, where the first of the two is written for torch alone."""
    if not any(
        isinstance(lens, lenses.Inferred | lenses.Trailing) and lens.torch in moved
        for lens in record.args
    ):
        return moved
    required = {p.name for p in target.parameters if p.default is None}
    return {name: (value, own or name in required) for name, (value, own) in moved.items()}


_MOVES: dict[type[lenses.Lens], Callable[[Move[Any]], Moved | None]] = {
    lenses.Same: values.same,
    lenses.Groups: values.same,
    lenses.Optional: values.same,
    lenses.Tensors: tensors.several,
    lenses.Number: values.same,
    lenses.Listed: values.same,
    lenses.Whole: values.whole,
    lenses.Real: values.real,
    lenses.Rest: values.rest,
    lenses.Negated: values.negated,
    lenses.Choice: values.choice,
    lenses.Fixed: values.fixed,
    lenses.Follows: values.follows,
    lenses.Complement: values.complement,
    lenses.Squared: values.squared,
    lenses.Element: values.element,
    lenses.Tensor: tensors.tensor,
    lenses.Dtype: tensors.element_type,
    lenses.Axis: tensors.axis,
    lenses.Sizes: tensors.sizes,
    lenses.Padding: borders.padding,
    lenses.Explicit: borders.explicit,
    lenses.Overlap: borders.overlap,
    lenses.Sides: borders.sides,
    lenses.Borders: borders.every_axis,
    lenses.Inferred: inferred.inferred,
    lenses.Deepened: inferred.deepened,
    lenses.Slopes: inferred.slopes,
    lenses.Start: inferred.start,
    lenses.Trailing: inferred.trailing,
}
