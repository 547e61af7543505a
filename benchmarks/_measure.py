"""What the benchmarks share: clocks, whole processes, and a table with the limits beside the figures."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True)
class Figure:
    """One line of a benchmark's table; `limit` is empty where there is none to keep."""

    what: str
    value: str
    limit: str = ""
    kept: bool = True


def report(figures: Sequence[Figure]) -> int:
    """Print the table; the exit code is 1 if a limit is not kept."""
    width = max(len(figure.what) for figure in figures)
    for figure in figures:
        verdict = "kept" if figure.kept else "NOT KEPT"
        limit = f"   limit: {figure.limit}: {verdict}" if figure.limit else ""
        print(f"{figure.what:<{width}}  {figure.value:>14}{limit}")
    return 0 if all(figure.kept for figure in figures) else 1


def cpu_seconds(call: Callable[[], Result]) -> tuple[float, Result]:
    """The CPU time of a call and its result, which is let go of only after the clock has stopped."""
    start = time.process_time()
    result = call()
    return time.process_time() - start, result


def peak_megabytes() -> float:
    """The most memory that this process has held so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def process_medians(commands: Sequence[Sequence[str]], rounds: int, folder: str) -> list[float]:
    """CPU seconds of whole processes, in turns; the first round fills the caches and does not count.

    Compiled modules are kept in a folder of their own, whatever the environment says: an installed package has them.
    """
    seconds: list[list[float]] = [[] for _ in commands]
    with tempfile.TemporaryDirectory() as compiled:
        environment = os.environ | {"PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
        for turn in range(rounds + 1):
            for command, times in zip(commands, seconds, strict=True):
                taken = process_seconds(command, folder, environment)
                if turn:
                    times.append(taken)
    return [statistics.median(times) for times in seconds]


def process_seconds(command: Sequence[str], folder: str, environment: Mapping[str, str]) -> float:
    """The CPU time of one process: what it takes on the clock where nothing else runs beside it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):  # 1: converted, with something left for a person
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
