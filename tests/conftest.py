from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from translator.proof.pool import Pool


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """One worker per framework for the whole run, each started at its first job."""
    with Pool() as pool:
        yield pool


@pytest.fixture
def gone() -> Callable[[int], bool]:
    """A function that tells whether a process is killed, be it that nobody has collected it yet."""
    return _gone


def _gone(number: int) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.kill(number, 0)
            if Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False
