"""Whether a file changes the rates of its optimizers, under which momentum is not the same on both sides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from translator.knowledge.records import Layer
from translator.source.literals import literal_value

if TYPE_CHECKING:
    from translator.source.bound import Arguments
    from translator.source.facts import Facts
    from translator.source.interpreter import Interpreter

_CHANGES = {
    "torch": re.compile(r"\b(lr_scheduler|param_groups)\b"),
    "tensorflow": re.compile(
        r"\b(schedules|LearningRate(Schedule|Scheduler)|ReduceLROnPlateau|set_value)\b"
        r"|(?<!\bself)\.(learning_rate|lr)(\.assign\w*\(|\s*[-+*/]?=(?!=))"
    ),
}
"""What such a file says; what merely looks so costs a class that would not be needed."""


WHY = "with momentum, a change of the rate acts otherwise there"


def parted(run: Interpreter, bound: Arguments) -> bool:
    """True for an optimizer with momentum whose rate is changed: the other side's keeps the rate in its momentum."""
    return bool(momenta(bound)) and _changed(run.facts, run)


def momenta(bound: Arguments) -> list[str]:
    """The arguments of an optimizer under which both sides agree only as long as the rate stays as it is."""
    record = bound.record
    names = record.steady if isinstance(record, Layer) else ()
    return [
        name for name in names if name in bound.values and literal_value(bound.values[name]) != 0
    ]


def _changed(facts: Facts, run: Interpreter) -> bool:
    if facts.rates_change is None:
        facts.rates_change = _CHANGES[run.side].search(run.tree.code) is not None
    return facts.rates_change
