"""A process that runs user code, with everything that it starts: found, measured and ended together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from translator.errors import ProofError

_MARK = "TRANSLATOR_FAMILY"
_PROC = Path("/proc")
_FIRST_TO_GO = "1000"
_SHARE = 0.45  # of what is free: two run side by side, and something has to be left for the rest
_END_SECONDS = 10.0

Stream = IO[bytes] | int


class Family:
    """A started process, the leader of a session of its own, and all its descendants.

    They are found by a mark in their environment, which is inherited, so that a child is found that has left the
    session and whose parent is gone. Where there is no /proc, only the session is known, and its memory is not.

    Raises:
        ProofError: it cannot be started.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        stdin: Stream = subprocess.DEVNULL,
        stdout: Stream = subprocess.PIPE,
        stderr: Stream = subprocess.PIPE,
    ) -> None:
        mark = uuid.uuid4().hex
        self._mark = mark.encode()
        # Added to the mark that we may run under ourselves, which has to find these as well.
        marks = f"{environment.get(_MARK, '')} {mark}".lstrip()
        try:
            self.process = subprocess.Popen(
                command,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                env={**environment, _MARK: marks},
                start_new_session=True,
            )
        except OSError as error:
            raise ProofError(f"{command[0]} cannot be started: {error}") from error
        # Where the system runs out of memory before we see it, it shall end these and nothing else.
        with contextlib.suppress(OSError):
            (_PROC / str(self.process.pid) / "oom_score_adj").write_text(_FIRST_TO_GO)

    def members(self) -> list[int]:
        """The numbers of all processes that live."""
        found = []
        for folder in _PROC.glob("[0-9]*"):
            # One that has just ended, or that is not ours to look at; a zombie has no environment any more.
            with contextlib.suppress(OSError):
                if self._mark in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
        return found

    def memory(self) -> int:
        """The bytes that all of them hold; what they share counts once for each, so it is an upper bound."""
        return sum(_resident(number) for number in self.members())

    def memory_shared_out(self) -> int:
        """The bytes that all of them hold, with what is shared divided among those who share it; takes longer."""
        return sum(_proportional(number) for number in self.members())

    def end(self) -> None:
        """Kill all of them and wait until they are gone."""
        deadline = time.monotonic() + _END_SECONDS
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self.process.pid, signal.SIGKILL)  # all at once: none can fork meanwhile
            else:
                self.process.kill()
        while (left := self.members()) and time.monotonic() < deadline:
            for number in left:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(number, signal.SIGKILL)
            time.sleep(0.005)
        self.process.wait()


def memory_allowed() -> int:
    """The bytes that one of two families may hold on this machine, as much as is free now; 0 if that is not known."""
    free = [*_free_of_machine(), *_free_of_group()]
    return int(min(free) * _SHARE) if free else 0


def _free_of_machine() -> list[int]:
    with contextlib.suppress(OSError):
        for line in (_PROC / "meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return [int(line.split()[1]) * 1024]
    return []


def _free_of_group() -> list[int]:
    """What the control group of a container leaves, where it sets a limit."""
    folder = Path("/sys/fs/cgroup")
    for limit, used in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        # No such file, or "max": there is no limit.
        with contextlib.suppress(OSError, ValueError):
            return [int((folder / limit).read_text()) - int((folder / used).read_text())]
    return []


def _resident(number: int) -> int:
    with contextlib.suppress(OSError, IndexError):
        pages = int((_PROC / str(number) / "statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0


def _proportional(number: int) -> int:
    with contextlib.suppress(OSError):
        for line in (_PROC / str(number) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return _resident(number)
