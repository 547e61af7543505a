"""A process under watch: its output is caught, its time, memory and output are limited, and it never outlives that."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from translator.proof.family import Family, memory_allowed
from translator.proof.process import ending, last_lines

_INTERVAL = 0.05
_READ_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a process may go together with all that it starts.

    `memory` is in bytes, None for a share of what is free when it starts; `output` in bytes on either stream.
    """

    seconds: float = 300.0
    memory: int | None = None
    output: int = 10_000_000
    processes: int = 1000


LIMITS = Limits()


class Guard:
    """Watches a family from a thread, so that several are watched at once, and ends it when it goes too far.

    `printed` measures an output that goes to a file; who reads one from a pipe sets `full`.
    `failure` says how it did, None while it did not; `ended` is set when the process is gone, by itself or not.
    """

    def __init__(
        self, family: Family, limits: Limits, printed: Callable[[], int] | None = None
    ) -> None:
        self.family, self.limits, self._printed = family, limits, printed
        self.failure: str | None = None
        self.full = threading.Event()
        self.ended = threading.Event()
        self._memory = memory_allowed() if limits.memory is None else limits.memory
        self._too_large = False
        self._deadline = time.monotonic() + limits.seconds
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while self.family.process.poll() is None and self.failure is None:
            self.full.wait(_INTERVAL)
            self.failure = self._excess()
        self.family.end()
        self.ended.set()

    def _excess(self) -> str | None:
        limits = self.limits
        if self._printed is not None and self._printed() > limits.output:
            self.full.set()
        if (overflow := self.overflow()) is not None:
            return overflow
        if time.monotonic() > self._deadline:
            return f"it did not end within {limits.seconds:g} s"
        if len(self.family.members()) > limits.processes:
            return f"it started more than {limits.processes} processes"
        # Twice in a row, because processes that fork or end meanwhile are not all seen at one time.
        before, self._too_large = self._too_large, self._is_too_large()
        if before and self._too_large:
            return f"it took more than {self._memory / 1e9:.2g} GB of memory"
        return None

    def _is_too_large(self) -> bool:
        if not self._memory or self.family.memory() <= self._memory:
            return False
        return self.family.memory_shared_out() > self._memory

    def overflow(self) -> str | None:
        """Why it failed, if it printed too much, be it with its last breath."""
        return (
            f"it printed more than {self.limits.output / 1e6:g} MB" if self.full.is_set() else None
        )

    def close(self) -> None:
        """End the family; returns when it is gone."""
        self.family.end()
        self._thread.join()


class Watched:
    """A started process with nothing to read; a context manager, at whose end the process is gone.

    Raises:
        ProofError: it cannot be started.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], limits: Limits
    ) -> None:
        self.family = Family(command, environment)
        self.guard = Guard(self.family, limits)
        process = self.family.process
        assert process.stdout is not None and process.stderr is not None
        self.streams = tuple(
            _Stream(pipe, limits.output, self.guard.full)
            for pipe in (process.stdout, process.stderr)
        )

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self.guard.close()
        for stream in self.streams:
            stream.close()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it has ended, by itself or because it went too far; False if it runs on after `seconds`."""
        return self.guard.ended.wait(seconds)

    def failure(self) -> str | None:
        """Why it failed, None if it did not; for a process that has ended."""
        for stream in self.streams:
            stream.reader.join(_READ_SECONDS)
        return self.guard.failure or self.guard.overflow() or self._exit()

    def printed(self) -> str:
        """Standard output so far."""
        return self.streams[0].text()

    def _exit(self) -> str | None:
        code = self.family.process.returncode
        if code == 0:
            return None
        # One that is killed had no time to say why.
        complaint = last_lines(self.streams[1].text()) if code > 0 else ""
        return complaint or ending(code)


class _Stream:
    """One pipe, read by a thread of its own up to the limit."""

    def __init__(self, pipe: IO[bytes], limit: int, full: threading.Event) -> None:
        self.pipe, self.limit, self.full = pipe, limit, full
        self.parts: list[bytes] = []
        self.reader = threading.Thread(target=self._drain, daemon=True)
        self.reader.start()

    def _drain(self) -> None:
        size = 0
        while data := self.pipe.read1(65536):  # type: ignore[attr-defined]  # pipes have it
            size += len(data)
            if size > self.limit:
                self.full.set()
                return
            self.parts.append(data)

    def text(self) -> str:
        return b"".join(self.parts).decode(errors="replace")

    def close(self) -> None:
        self.reader.join(_READ_SECONDS)
        if not self.reader.is_alive():
            self.pipe.close()
