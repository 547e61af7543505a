"""`--exact` follows the source's optimizer: twenty steps in float64, number by number."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks._training import programs
from benchmarks.training import losses
from translator import convert
from translator.knowledge.records import Layer
from translator.knowledge.registry import ENTRIES
from translator.pipeline import other

TOLERANCE = 1e-9
CASES = [program for program in programs() if program.kind == "optimizer"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.side}: {case.made}")
def test_the_path_is_the_same(case, pool):
    result = convert(case.text, exact=True)
    assert result.complete, result.findings
    expected = losses(pool, case.side, case.text)
    actual = losses(pool, other(case.side), result.code)
    assert len(expected) == 20
    np.testing.assert_allclose(actual, expected, rtol=TOLERANCE, atol=0)


def test_every_exact_form_is_among_them():
    written = [convert(case.text, exact=True).code for case in CASES]
    records = [entry.record for entry in ENTRIES if isinstance(entry.record, Layer)]
    optimizers = [record for record in records if record.title.startswith("torch.optim.")]
    assert optimizers
    for form in [form for record in optimizers for form in record.exact]:
        name = form.spellings(form.side)[0].partition("(")[0]
        assert any(f"class {name}(" in code for code in written)
