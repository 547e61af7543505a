"""Room for deep nesting: the passes follow a tree by recursion, and Python's own limit is made for smaller ones."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TypeVar

from translator.errors import SourceError

Result = TypeVar("Result")

_DEPTH = 100_000
_STACK = 256 * 2**20
"""Bytes of a thread's stack that hold so many calls; the system hands out only what is used."""


def with_room(call: Callable[[], Result]) -> Result:
    """The result of a call; one that nests too deeply is made once more, on a thread with a large stack.

    Raises:
        SourceError: not even that was enough.
    """
    try:
        return call()
    except RecursionError:
        pass
    try:
        return _on_large_stack(call)
    except RecursionError:
        raise SourceError("nested too deeply to be converted") from None


def _on_large_stack(call: Callable[[], Result]) -> Result:
    from concurrent.futures import ThreadPoolExecutor

    limit, size = sys.getrecursionlimit(), threading.stack_size(_STACK)
    sys.setrecursionlimit(_DEPTH)
    try:
        with ThreadPoolExecutor(max_workers=1) as pool:
            return pool.submit(call).result()
    finally:
        threading.stack_size(size)
        sys.setrecursionlimit(limit)
