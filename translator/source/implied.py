"""The axis that torch takes by itself where none is stated: `nn.Softmax()` works along the last of one or two axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from translator.findings import Code
from translator.knowledge.lenses import Axis
from translator.source.bound import Arguments
from translator.source.literals import literal_value

if TYPE_CHECKING:
    from translator.source.interpreter import Interpreter

_WHY = (
    "which axis dim=None means follows from the number of axes, which is not known here: state it"
)


def is_implied(run: Interpreter, bound: Arguments) -> bool:
    """True for a call of torch that leaves out an axis that it has to have."""
    lens = next((lens for lens in bound.record.args if isinstance(lens, Axis)), None)
    if lens is None or lens.needs != "implied" or run.side != "torch":
        return False
    given = bound.values.get(str(lens.torch))
    return given is None or literal_value(given) is None


def expect(run: Interpreter, node: cst.Call, bound: Arguments, *seen: int | None) -> None:
    """Note which axis such a call means, by the numbers of axes that it was seen with.

    With three axes it is the first, which is hardly ever what was meant.
    """
    if not is_implied(run, bound):
        return
    known = {rank for rank in seen if rank is not None}
    if known and known <= {1, 2}:
        run.facts.axes[id(node)] = -1
        run.facts.problems.pop(id(node), None)
    else:
        run.facts.axes.pop(id(node), None)
        run.facts.problems[id(node)] = (Code.UNSUPPORTED_ARGUMENT, _WHY)
