"""Models as people write them: converted, and compared with their source from weights to training.

Each file under `models` is one test; its head says how the model is built and what it is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from translator import convert
from translator.findings import Severity
from translator.proof.models import verify
from translator.proof.pool import Pool

MODELS = sorted((Path(__file__).resolve().parent / "models").glob("*.py"))


@pytest.fixture(scope="module")
def workers() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


@pytest.mark.parametrize("path", MODELS, ids=[path.stem for path in MODELS])
def test_model(path: Path, workers: Pool, tmp_path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    conversion = convert(source, to="tensorflow")
    left = [
        f"{f.span.line}: {f.message}" for f in conversion.findings if f.severity is Severity.TODO
    ]
    assert conversion.complete, left
    target = tmp_path / path.name
    target.write_text(conversion.code, encoding="utf-8")
    head = dict(re.findall(r"^# (model|inputs): (.+)$", source, re.MULTILINE))
    model = head["model"]
    found = verify(path, target, model=(model, model), inputs=head["inputs"], pool=workers)
    assert found.agree, (found.fault, found.failure, found.notes)
