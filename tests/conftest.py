from __future__ import annotations

from collections.abc import Iterator

import pytest

from translator.proof.pool import Pool


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """One worker per framework for the whole run, each started at its first job."""
    with Pool() as pool:
        yield pool
