"""One process under watch: its output is caught, its time and output are limited, and it never outlives that."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from typing import IO

from translator.errors import ProofError
from translator.proof.process import end, last_lines

OUTPUT_LIMIT = 10_000_000
"""Bytes that a process may print on either stream."""


class Watched:
    """A started process with nothing to read; a context manager, at whose end the process is gone.

    Raises:
        ProofError: it cannot be started.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], timeout: float
    ) -> None:
        self.timeout = timeout
        self.deadline = time.monotonic() + timeout
        self.full = threading.Event()
        try:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            raise ProofError(f"{command[0]} cannot be started: {error}") from error
        assert self.process.stdout is not None and self.process.stderr is not None
        self.streams = (
            _Stream(self.process.stdout, self.full),
            _Stream(self.process.stderr, self.full),
        )

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: object) -> None:
        end(self.process)
        for stream in self.streams:
            stream.close()

    def wait(self) -> str | None:
        """Wait until it ends, and end it when it goes too far; says why it failed, None if it did not."""
        failure = None
        while failure is None and self.process.poll() is None:
            if self.full.wait(0.02):
                failure = f"it printed more than {OUTPUT_LIMIT // 1_000_000} MB"
            elif time.monotonic() > self.deadline:
                failure = f"it did not end within {self.timeout:g} s"
        end(self.process)
        for stream in self.streams:
            stream.reader.join()
        return failure or self._exit()

    def printed(self) -> str:
        """Standard output so far."""
        return self.streams[0].text()

    def _exit(self) -> str | None:
        code = self.process.returncode
        if code == 0:
            return None
        if code < 0:
            name = signal.Signals(-code).name
            why = ", as for lack of memory" if name == "SIGKILL" else ""
            return f"it was ended by {name}{why}"
        return last_lines(self.streams[1].text()) or f"it ended with exit code {code}"


class _Stream:
    """One pipe, read by a thread of its own up to the limit."""

    def __init__(self, pipe: IO[bytes], full: threading.Event) -> None:
        self.pipe, self.full = pipe, full
        self.parts: list[bytes] = []
        self.reader = threading.Thread(target=self._drain, daemon=True)
        self.reader.start()

    def _drain(self) -> None:
        size = 0
        while data := self.pipe.read1(65536):  # type: ignore[attr-defined]  # pipes have it
            size += len(data)
            if size > OUTPUT_LIMIT:
                self.full.set()
                return
            self.parts.append(data)

    def text(self) -> str:
        return b"".join(self.parts).decode(errors="replace")

    def close(self) -> None:
        self.reader.join()
        self.pipe.close()
