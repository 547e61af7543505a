"""A command line under test: run in this process, where what it does can be watched and broken."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from translator import cli


@dataclass(frozen=True)
class Result:
    """What came out of one command."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def translator(capfdbinary, monkeypatch) -> Run:
    """Return a function that runs `translator` with arguments and bytes on standard input."""

    def run(*args: object, stdin: bytes = b"") -> Result:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = cli.run([str(arg) for arg in args])
        out, err = capfdbinary.readouterr()
        return Result(code, out.decode(), err.decode())

    return run


@pytest.fixture
def converted(monkeypatch) -> Callable[[str], None]:
    """Return a function that fixes what every conversion gives, for tests of what happens to it then."""

    def fix(code: str, *findings: object) -> None:
        from translator import pipeline

        def convert(source: str, to: object = None, *, exact: bool = False) -> pipeline.Conversion:
            return pipeline.Conversion(code, findings)  # type: ignore[arg-type]

        monkeypatch.setattr(pipeline, "convert", convert)
        monkeypatch.setattr(pipeline, "direction", lambda source: "tensorflow")

    return fix
