"""Understanding a file: the abstract run, again where it took for granted what turned out not to be known."""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst

from translator.knowledge.lenses import Side
from translator.source.facts import Facts
from translator.source.inputs import Inputs
from translator.source.instances import needing, unknown
from translator.source.interpreter import Interpreter

_RUNS = 3
"""How often a file is run before no class is told the width of what it is given."""


def understood(
    tree: cst.Module,
    side: Side,
    exact: bool,
    inputs: Mapping[int, Inputs] | None = None,
    asked: frozenset[str] = frozenset(),
) -> Facts:
    """What there is to know of a file; `asked` are classes that have to be told the width of what they are given."""
    untold: frozenset[str] = frozenset()
    for _ in range(_RUNS):
        facts = Interpreter(side, exact, inputs, untold, asked).run(tree)
        told = needing(facts, asked)
        lost = unknown(facts, told) - asked
        if not lost:
            facts.told = frozenset(told)
            return facts
        untold |= lost
    everything = frozenset(info.name for info in facts.classes.values()) - asked
    facts = Interpreter(side, exact, inputs, everything, asked).run(tree)
    facts.told = asked
    return facts
