"""The pool: one warm worker process per framework, started at its first job and used for all that follow."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import tempfile
import threading
from types import TracebackType
from typing import IO

from translator.errors import ProofError
from translator.knowledge.lenses import Side
from translator.proof.family import Family
from translator.proof.process import command, environment, last_lines
from translator.proof.wire import Message, receive, send

_START_SECONDS = 180.0
_NAMES: dict[Side, str] = {"torch": "PyTorch", "tensorflow": "TensorFlow"}


class Pool:
    """Workers for both frameworks; use it as a context manager, so that no process is left behind.

    `timeout` is what one job may take, in seconds. A worker that dies or hangs is ended and replaced at the next job.
    """

    def __init__(self, timeout: float = 60.0) -> None:
        self.timeout = timeout
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
        worker = self._worker(side)
        try:
            answer = worker.ask(job, self.timeout if timeout is None else timeout)
        except BaseException:
            # Also when interrupted: the next job must not meet the answer to this one.
            self._workers.pop(side).close()
            raise
        if "error" in answer.header:
            raise ProofError(f"{_NAMES[side]} raised:\n{answer.header['error']}")
        return answer

    def processes(self) -> dict[Side, int]:
        """The process number of each worker that runs."""
        return {side: worker.process.pid for side, worker in self._workers.items()}

    def close(self) -> None:
        """End all workers, with everything that they started."""
        while self._workers:
            self._workers.popitem()[1].close()

    def _worker(self, side: Side) -> _Worker:
        if side not in self._workers:
            self._workers[side] = _Worker(side)
        return self._workers[side]


class _Worker:
    """One process, the thread that reads its answers, and the file that takes what its programs print."""

    def __init__(self, side: Side) -> None:
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
        self.answers: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self.ready = False
        assert self.process.stdout is not None
        listener = threading.Thread(
            target=_listen, args=(self.process.stdout, self.answers), daemon=True
        )
        listener.start()
        self.listener = listener

    def ask(self, job: Message, timeout: float) -> Message:
        if not self.ready:
            self._receive(_START_SECONDS)
            self.ready = True
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # then there is no answer either
            send(self.process.stdin, job)
        return self._receive(timeout)

    def _receive(self, timeout: float) -> Message:
        try:
            answer = self.answers.get(timeout=timeout)
        except queue.Empty:
            raise ProofError(f"{_NAMES[self.side]}: no answer within {timeout:g} s.") from None
        if answer is None:
            raise ProofError(
                f"The {_NAMES[self.side]} process died.\n{self._last_words()}".rstrip()
            )
        return answer

    def _last_words(self) -> str:
        self.errors.seek(0, 2)
        self.errors.seek(max(0, self.errors.tell() - 4000))
        return last_lines(self.errors.read().decode(errors="replace"))

    def close(self) -> None:
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
