"""Starting and ending the processes that run user code: their command line, their environment, their whole group."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from translator.knowledge.lenses import Side

_ROOT = str(Path(__file__).resolve().parents[2])

# Not `-m`: the working folder must not be searched, and the package need not be installed.
_START = (
    "import runpy, sys; sys.path[0] = sys.argv.pop(1); module = sys.argv.pop(1); "
    "runpy.run_module(module, run_name='__main__', alter_sys=True)"
)


def command(module: str, *arguments: str) -> list[str]:
    """The command line that runs a module of this package with `arguments`."""
    return [sys.executable, "-c", _START, _ROOT, module, *arguments]


def environment(side: Side) -> dict[str, str]:
    """The environment for one framework: on the CPU, quiet, and drawing into no window."""
    settings = {"CUDA_VISIBLE_DEVICES": "-1", "MPLBACKEND": "Agg", "PYTHONIOENCODING": "utf-8"}
    if side == "tensorflow":
        settings |= {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"}
    inherited = {name: value for name, value in os.environ.items() if name != "TF_USE_LEGACY_KERAS"}
    return inherited | settings


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process with everything that it started, and wait until it is gone; it leads its own session."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def last_lines(text: str, count: int = 8) -> str:
    """The last lines of a message, without empty ones."""
    return "\n".join([line for line in text.splitlines() if line.strip()][-count:])
