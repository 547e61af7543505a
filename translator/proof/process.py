"""What the processes that run user code are started with: their command line and their environment."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import traceback
from pathlib import Path

from translator.knowledge.lenses import Side

_ROOT = str(Path(__file__).resolve().parents[2])
_PACKAGE = str(Path(__file__).resolve().parents[1])

_PR_SET_PDEATHSIG = 1

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


def follow_parent() -> None:
    """Have the system kill this process when its parent is killed and can end nothing itself; Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def told(error: BaseException) -> str:
    """An exception of a user's code as Python shows it, from where that code begins."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_PACKAGE):
        trace = trace.tb_next
    shown = "".join(traceback.format_exception(type(error), error, trace or error.__traceback__))
    asks = isinstance(error, EOFError) and "EOF when reading a line" in str(error)
    return f"{shown}It asks for input, and there is none.\n" if asks else shown


def ending(code: int) -> str:
    """How a process ended, from its exit code; one that lacks memory is killed by the system."""
    if code >= 0:
        return f"it ended with exit code {code}"
    name = signal.Signals(-code).name
    return f"it was ended by {name}{', as for lack of memory' if name == 'SIGKILL' else ''}"


def last_lines(text: str, count: int = 8) -> str:
    """The last lines of a message, without empty ones."""
    return "\n".join([line for line in text.splitlines() if line.strip()][-count:])
