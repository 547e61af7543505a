"""The pool: one warm worker process per framework, started at its first job and used for all that follow."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import tempfile
import threading
from types import TracebackType
from typing import IO

from translator.errors import ProofError
from translator.knowledge.lenses import Side
from translator.proof.family import Family
from translator.proof.process import command, ending, environment, last_lines
from translator.proof.watched import Guard, Limits
from translator.proof.wire import Message, receive, send

_START_SECONDS = 180.0
_INTERVAL = 0.1
_NAMES: dict[Side, str] = {"torch": "PyTorch", "tensorflow": "TensorFlow"}


class Pool:
    """Workers for both frameworks; use it as a context manager, so that no process is left behind.

    `timeout` is what one job may take, in seconds; `limits` are for workers that run users' code.
    A worker that dies or hangs is ended and replaced at the next job.
    """

    def __init__(self, timeout: float = 60.0, limits: Limits | None = None) -> None:
        self.timeout = timeout
        self.limits = limits
        self._workers: dict[Side, _Worker] = {}

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start both workers without waiting for them, so that the frameworks are imported side by side."""
        for side in _NAMES:
            self._worker(side)

    def ask(self, side: Side, job: Message, timeout: float | None = None) -> Message:
        """Give one job to the worker of a framework and wait for its answer.

        Raises:
            ProofError: the program failed, the worker died, or there was no answer in time.
        """
        self.post(side, job)
        return self.collect(side, timeout)

    def post(self, side: Side, job: Message) -> None:
        """Give one job to the worker of a framework; it is done when those before it are."""
        self._worker(side).post(job)

    def collect(self, side: Side, timeout: float | None = None) -> Message:
        """Wait for the answer to the job that was given first of those that are not answered.

        Raises:
            ProofError: the program failed, the worker died, or there was no answer in time.
        """
        try:
            answer = self._worker(side).collect(self.timeout if timeout is None else timeout)
        except BaseException:
            # Also when interrupted: the next job must not meet the answer to this one.
            self.drop(side)
            raise
        if "error" in answer.header:
            raise ProofError(f"{_NAMES[side]} raised:\n{answer.header['error']}")
        return answer

    def drop(self, side: Side) -> None:
        """End the worker of a framework; the next job starts another."""
        if side in self._workers:
            self._workers.pop(side).close()

    def processes(self) -> dict[Side, int]:
        """The process number of each worker that runs."""
        return {side: worker.process.pid for side, worker in self._workers.items()}

    def close(self) -> None:
        """End all workers, with everything that they started."""
        while self._workers:
            self._workers.popitem()[1].close()

    def _worker(self, side: Side) -> _Worker:
        if side not in self._workers:
            self._workers[side] = _Worker(side, self.limits)
        return self._workers[side]


class _Worker:
    """One process, the thread that reads its answers, and the file that takes what its programs print."""

    def __init__(self, side: Side, limits: Limits | None) -> None:
        self.side = side
        self.errors: IO[bytes] = tempfile.TemporaryFile("a+b")  # noqa: SIM115  # closed below
        try:
            self.family = Family(
                command("translator.proof.worker", side),
                environment(side),
                stdin=subprocess.PIPE,
                stderr=self.errors.fileno(),
            )
        except ProofError:
            self.errors.close()
            raise
        self.process = self.family.process
        self.guard = None if limits is None else Guard(self.family, limits, self._printed)
        self.answers: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self.ready = False
        assert self.process.stdout is not None
        listener = threading.Thread(
            target=_listen, args=(self.process.stdout, self.answers), daemon=True
        )
        listener.start()
        self.listener = listener

    def post(self, job: Message) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # then there is no answer either
            send(self.process.stdin, job)

    def collect(self, timeout: float) -> Message:
        if not self.ready:
            self._receive(_START_SECONDS)
            self.ready = True
        return self._receive(timeout)

    def _receive(self, timeout: float) -> Message:
        answer = self._wait(timeout)
        if answer is None:
            name, excess = _NAMES[self.side], self._excess()
            if excess is not None:
                raise ProofError(f"{name}: {excess}.")
            died = f"The {name} process died: {ending(self.process.wait())}."
            raise ProofError(f"{died}\n{self._last_words()}".rstrip())
        return answer

    def _wait(self, timeout: float) -> Message | None:
        """The next answer, None from a process that has ended."""
        try:
            return self.answers.get(timeout=timeout)
        except queue.Empty:
            raise ProofError(f"{_NAMES[self.side]}: no answer within {timeout:g} s.") from None

    def _printed(self) -> int:
        return os.fstat(self.errors.fileno()).st_size

    def _excess(self) -> str | None:
        """How the process went too far, if it did."""
        if self.guard is None:
            return None
        self.guard.ended.wait(_INTERVAL)
        return self.guard.failure

    def _last_words(self) -> str:
        self.errors.seek(0, 2)
        self.errors.seek(max(0, self.errors.tell() - 4000))
        return last_lines(self.errors.read().decode(errors="replace"))

    def close(self) -> None:
        if self.guard is not None:
            self.guard.close()
        self.family.end()
        self.listener.join()
        for stream in (self.process.stdin, self.process.stdout, self.errors):
            # What was still to be written to a dead process is lost, and no harm done.
            with contextlib.suppress(BrokenPipeError):
                if stream is not None:
                    stream.close()


def _listen(stream: IO[bytes], answers: queue.SimpleQueue[Message | None]) -> None:
    try:
        while True:
            answers.put(receive(stream))
    except (EOFError, ValueError, OSError):
        answers.put(None)
