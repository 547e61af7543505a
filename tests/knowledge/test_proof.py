"""Every case of every record, proved there and back."""

from __future__ import annotations

import pytest

from translator.knowledge.records import Refusal
from translator.knowledge.registry import ENTRIES
from translator.proof.records import prove

CASES = [(entry.record, case) for entry in ENTRIES for case in entry.record.cases]


def _id(record, case):
    """`Linear-torch.nn.Linear(3, 4)`, on one line, and not a whole script."""
    text = f"{case.side} script" if case.script else " ".join(case.text.split())
    return f"{record.title.rpartition('.')[2]}-{text}"


@pytest.mark.parametrize(
    ("record", "case"),
    [pytest.param(record, case, id=_id(record, case)) for record, case in CASES],
)
def test_record_is_proved(record, case, pool):
    there, *back = prove(record, case, pool)
    assert there.forward <= 1e-4
    assert [proved.case for proved in back] == ([] if case.one_way else [case.text])


def test_every_record_has_cases():
    proved = [entry.record for entry in ENTRIES if not isinstance(entry.record, Refusal)]
    assert [record.title for record in proved if not record.cases] == []
