"""The callbacks of `fit` as lines of its loop."""

from __future__ import annotations

import libcst as cst

from translator.rewrite.fitting.fit import Fit
from translator.rewrite.fitting.refused import RefusedError
from translator.rewrite.fitting.text import Text
from translator.source.facts import Facts, Training
from translator.source.literals import literal_value


def add(
    facts: Facts, text: Text, fit: Fit, given: cst.BaseExpression | None, training: Training
) -> None:
    """Put what the callbacks of a call do into its loop."""
    if given is None or literal_value(given) in ([], ()):
        return
    raise RefusedError("fit with callbacks is not converted: write its loop by hand")
