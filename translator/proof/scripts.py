"""Running users' scripts, each in a process of its own."""

from __future__ import annotations

import ast
import contextlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from translator.errors import SourceError, UsageError
from translator.knowledge.lenses import Side
from translator.proof.process import command, environment
from translator.proof.watched import LIMITS, Limits, Watched
from translator.proof.wire import receive, unpack
from translator.weights.tree import State, Values

_ROOTS: dict[str, Side] = {"torch": "torch", "tensorflow": "tensorflow", "keras": "tensorflow"}


@dataclass(frozen=True, slots=True)
class ScriptRun:
    """One script's run: what it printed, why it failed (None if it did not), and the weights that it left behind.

    `moved` is False if its optimizers took steps and changed nothing, None if none took a step.
    """

    stdout: str
    error: str | None
    state: State | None = field(default=None, repr=False)
    moved: bool | None = None

    @property
    def weights(self) -> dict[str, Values]:
        """Every array of the script's module-level models, by global name and dotted path."""
        return self.state.values() if self.state is not None else {}


def framework_of_script(path: Path) -> Side:
    """The framework that a script imports.

    Raises:
        SourceError: it cannot be read as Python.
        UsageError: it imports neither framework, or both.
    """
    try:
        tree = ast.parse(path.read_bytes(), filename=str(path))
    except (SyntaxError, ValueError) as failure:
        raise SourceError(
            f"cannot be read as Python: {failure}", getattr(failure, "lineno", None)
        ) from failure
    found: set[Side] = set()
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module]
        found |= {_ROOTS[root] for name in names if (root := name.partition(".")[0]) in _ROOTS}
    if len(found) != 1:
        raise UsageError(f"{path} imports {'both frameworks' if found else 'neither framework'}.")
    return found.pop()


def run_script(
    path: Path, framework: Side, limits: Limits = LIMITS, *, shift: int = 0
) -> ScriptRun:
    """Run a script in a fresh process, as `python path` would, with nothing to read and no window to draw in.

    Args:
        path: the script; the working folder stays the caller's.
        framework: the one that it uses.
        limits: the time, the memory and the output that it may take.
        shift: added to every seed that it gives the framework: results that change with it are random.
    """
    with Started(path, framework, limits, shift) as started:
        started.process.wait()
        return started.result()


class Started:
    """A script that runs, and the file that will take its weights."""

    def __init__(self, path: Path, framework: Side, limits: Limits, shift: int) -> None:
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="translator-"))
            self.output = Path(folder) / "state"
            arguments = (framework, str(path), str(self.output), str(shift))
            line = command("translator.proof.script_process", *arguments)
            self.process = stack.enter_context(Watched(line, environment(framework), limits))
            self.held = stack.pop_all()

    def __enter__(self) -> Started:
        return self

    def __exit__(self, *_: object) -> None:
        self.held.close()

    def result(self) -> ScriptRun:
        """What came out of a script that has ended."""
        failure = self.process.failure()
        printed = self.process.printed()
        if failure is not None or not self.output.exists():
            return ScriptRun(printed, failure or "it ended before its last line")
        with self.output.open("rb") as stream:
            left = receive(stream)
        return ScriptRun(printed, None, unpack(left), left.header["moved"])
