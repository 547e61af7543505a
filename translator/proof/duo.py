"""The two sides of a verification as workers: asked one by one or both at once, within one time limit."""

from __future__ import annotations

import time
from typing import Literal

from translator.errors import ProofError
from translator.knowledge.lenses import Side
from translator.proof.pool import Pool
from translator.proof.verification import Failure
from translator.proof.wire import Message

Which = Literal["source", "target"]
BOTH: tuple[Which, Which] = ("source", "target")


class FailedError(Exception):
    """A side did not do what it was asked."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure))
        self.failure = failure


class Duo:
    """Two workers of a pool, the source's and the target's."""

    def __init__(self, pool: Pool, sides: tuple[Side, Side], timeout: float) -> None:
        self.pool = pool
        self.sides: dict[Which, Side] = {"source": sides[0], "target": sides[1]}
        self.timeout = timeout
        self._deadline = time.monotonic() + timeout
        self._open: dict[Which, int] = {"source": 0, "target": 0}

    def ask(self, which: Which, job: Message, doing: str) -> Message:
        """Give one side a job and wait for its answer; `doing` says in messages what it is about.

        Raises:
            FailedError: the side raised something, died or took too long.
        """
        self.post(which, job)
        return self.collect(which, doing)

    def post(self, which: Which, job: Message) -> None:
        """Give one side a job."""
        self._open[which] += 1
        self.pool.post(self.sides[which], Message({"job": "model", **job.header}, job.arrays))

    def collect(self, which: Which, doing: str) -> Message:
        """Wait for the answer to the first job of a side that is not answered."""
        self._open[which] -= 1
        left = self._deadline - time.monotonic()
        try:
            return self.pool.collect(self.sides[which], max(left, 0.01))
        except ProofError as error:
            message = str(error)
            if "no answer within" in message:
                message = f"it did not end within {self.timeout:g} s"
            raise FailedError(Failure(which, doing, message)) from None

    def settle(self) -> None:
        """End a worker that still owes an answer: nobody waits for it any more."""
        for which, owed in self._open.items():
            if owed:
                self.pool.drop(self.sides[which])
                self._open[which] = 0
