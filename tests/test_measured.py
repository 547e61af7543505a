"""docs/measured.md: of the records that there are, and written as it says."""

from __future__ import annotations

import re

from benchmarks.measured import PAGE, Measured, counted, page
from translator.knowledge.registry import ENTRIES
from translator.proof.records import Proved


def test_the_page_is_about_the_records_that_there_are():
    """By kind; another case of a record that is there may wait until the page is written again."""
    rows = re.findall(r"^\| (\w+) \| (\d+) \| \d+ \|$", PAGE.read_text(), re.MULTILINE)
    found = [(kind, int(records)) for kind, records in rows]
    assert found == [(kind, records) for kind, records, _ in counted()], (
        "run: python -m benchmarks.measured"
    )


def test_the_worst_of_each_kind_is_shown():
    record = next(e.record for e in ENTRIES if e.record.cases and not e.record.cases[0].script)
    case = record.cases[0]
    kind = type(record).__name__

    def measured(forward, gradient, precision="float64"):
        direction = "torch -> tensorflow"
        proved = Proved(record.title, case.text, direction, forward, gradient, precision)
        return Measured(record, case, proved)

    precise = [measured(1e-16, 2e-15), measured(3e-16, 0.0), measured(4e-7, None, "float32")]
    text = page(precise, [measured(2e-7, 1e-7)], ["torch.full: x + 1"])
    assert f"| {kind} | 1 | 2 | 3.0e-16 | 2.0e-15 |" in text
    assert f"| {kind} | 1 | 1 | 4.0e-07 |  |" in text
    assert f"| {kind} | 1 | 1 | 2.0e-07 | 1.0e-07 |" in text
    assert "- `torch.full: x + 1`" in text
