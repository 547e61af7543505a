"""docs/training.md: every optimizer, schedule and loss that is known has a row in it, or a reason why it has none."""

from __future__ import annotations

import re

import pytest

from benchmarks._training import programs
from benchmarks.training import FAMILIES, PAGE, known
from translator.knowledge.records import Refusal

KINDS = [(kind, side) for side, kinds in FAMILIES.items() for kind in kinds]


@pytest.mark.parametrize(("kind", "side"), KINDS)
def test_each_of_them_is_tried(kind, side):
    tried = {p.name for p in programs() if (p.kind, p.side) == (kind, side)}
    found = {n for n, record in known(kind, side).items() if not isinstance(record, Refusal)}
    assert found
    assert found <= tried, "add a program to benchmarks/_training.py"


def test_the_page_has_a_row_for_each_program_and_each_refusal():
    text = PAGE.read_text()
    rows = re.findall(r"^\| `(.*?)` \| `.*?` \| [\d.e+-]+ \| [\d.e+-]+ \|$", text, re.MULTILINE)
    made = [p.made.replace("torch.optim.lr_scheduler.", "") for p in programs()]
    assert sorted(rows) == sorted(made), "run: python -m benchmarks.training"
    refused = set(re.findall(r"^- `(\w+)`: ", text, re.MULTILINE))
    for kind, side in KINDS:
        for name, record in known(kind, side).items():
            assert name in refused or not isinstance(record, Refusal)
