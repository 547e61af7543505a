"""Running users' scripts, each in a process of its own, and comparing what two of them print and learn."""

from __future__ import annotations

import ast
import contextlib
import math
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from translator.errors import ProofError, SourceError, UsageError
from translator.knowledge.lenses import Side
from translator.proof.compare import error
from translator.proof.printed import TOLERANCE, Line, compare_printed
from translator.proof.process import command, environment
from translator.proof.watched import LIMITS, Limits, Watched
from translator.proof.wire import receive, unpack
from translator.weights.match import match
from translator.weights.tree import Node, State, Values

_ROOTS: dict[str, Side] = {"torch": "torch", "tensorflow": "tensorflow", "keras": "tensorflow"}
_TURN_SECONDS = 0.02
_SHIFT = 101  # any number: what matters is that seeds become others


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


@dataclass(frozen=True, slots=True)
class Row:
    """One thing compared: its worst error, relative to max(1, |a|), and whether that is within the tolerance."""

    what: str
    error: float
    tolerance: float
    ok: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two scripts side by side. `reason` says why no numbers are compared; `notes` what was left out of it."""

    rows: tuple[Row, ...]
    reason: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def agree(self) -> bool:
        """True if something was compared and all of it is within its tolerance."""
        return bool(self.rows) and self.reason is None and all(row.ok for row in self.rows)


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
    with _Started(path, framework, limits, shift) as started:
        started.process.wait()
        return started.result()


def compare_scripts(a: Path, b: Path, limits: Limits = LIMITS) -> Comparison:
    """Run two scripts side by side, and compare the numbers that they print and the weights that they learn.

    Raises:
        SourceError: one of them cannot be read as Python.
        UsageError: one of them imports neither framework, or both.
    """
    paths = (a, b)
    try:
        return _compare(paths, limits)
    except _FailedError as failure:
        return Comparison((), str(failure))


def _compare(paths: tuple[Path, Path], limits: Limits) -> Comparison:
    runs = _run_both(paths, limits, 0)
    rows = [*_printed(runs[0].stdout, runs[1].stdout)]
    learned, notes = _learned(runs[0], runs[1])
    still = [path for path, run in zip(paths, runs, strict=True) if run.moved is False]
    notes += tuple(f"{path}: no parameter moved, in any step of its optimizers." for path in still)
    comparison = Comparison((*rows, *learned), None, notes)
    if comparison.rows and not comparison.agree:
        # Numbers drawn by a framework never agree with the other's: find out whether these are such.
        again = _run_both(paths, limits, _SHIFT)
        for path, run, other in zip(paths, runs, again, strict=True):
            if _differ(run, other):
                return Comparison(
                    (), f"{path} draws random numbers: no numbers are compared.", notes
                )
    return comparison


class _FailedError(Exception):
    """One of two scripts failed; the message is the reason of the comparison."""


class _Started:
    """A script that runs, and the file that will take its weights."""

    def __init__(self, path: Path, framework: Side, limits: Limits, shift: int) -> None:
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="translator-"))
            self.output = Path(folder) / "state"
            arguments = (framework, str(path), str(self.output), str(shift))
            line = command("translator.proof.script_process", *arguments)
            self.process = stack.enter_context(Watched(line, environment(framework), limits))
            self.held = stack.pop_all()

    def __enter__(self) -> _Started:
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


def _run_both(paths: tuple[Path, Path], limits: Limits, shift: int) -> list[ScriptRun]:
    """Run both at the same time; when one fails, the other is ended, because nobody needs it then."""
    sides = [framework_of_script(path) for path in paths]
    with contextlib.ExitStack() as stack:
        pairs = zip(paths, sides, strict=True)
        started = [stack.enter_context(_Started(p, s, limits, shift)) for p, s in pairs]
        runs: dict[_Started, ScriptRun] = {}
        while len(runs) < len(started):
            for path, one in zip(paths, started, strict=True):
                if one not in runs and one.process.wait(_TURN_SECONDS):
                    runs[one] = one.result()
                    if runs[one].error is not None:
                        raise _FailedError(f"{path} failed: {runs[one].error}")
        return [runs[one] for one in started]


def _printed(a: str, b: str) -> list[Row]:
    lines = list(compare_printed(a, b))
    good = [line for line in lines if line.ok]
    rows = [
        Row(line.what, line.error, line.tolerance, False, line.reason)
        for line in lines
        if not line.ok
    ]
    if good:
        worst: Line = max(good, key=lambda line: line.error)
        tolerance = max(line.tolerance for line in good)
        rows.insert(0, Row(f"printed, {len(good)} lines", worst.error, tolerance, True))
    return rows


def _learned(a: ScriptRun, b: ScriptRun) -> tuple[list[Row], tuple[str, ...]]:
    if a.state is None or b.state is None:
        return [], ()
    source, target = _aligned(a.state, b.state)
    matching = match(source, target)
    ours, theirs = source.values(), target.values()
    rows = []
    for link in matching.links:
        carried = link.carry(tuple(ours[path] for path in link.sources))
        for path, values in zip(link.targets, carried, strict=True):
            what = f"weight {', '.join(link.sources) if len(link.targets) == 1 else path}"
            try:
                found = error(values, theirs[path], path)
            except ProofError as failure:
                rows.append(Row(what, math.inf, TOLERANCE, False, str(failure)))
            else:
                rows.append(Row(what, found, TOLERANCE, found <= TOLERANCE))
    return rows, matching.problems


def _aligned(a: State, b: State) -> tuple[State, State]:
    """Where each script has one model, the two correspond whatever they are called."""
    if len(a.root.children) == len(b.root.children) == 1:
        (name,), (other,) = a.root.children, b.root.children
        return a, State(b.side, Node("", b.root.arrays, {name: b.root.children[other]}))
    return a, b


def _differ(a: ScriptRun, b: ScriptRun) -> bool:
    """Whether two runs of one script gave other numbers."""
    if not all(line.ok for line in compare_printed(a.stdout, b.stdout)):
        return True
    ours, theirs = a.weights, b.weights
    shapes = [
        {path: values.shape for path, values in weights.items()} for weights in (ours, theirs)
    ]
    return shapes[0] != shapes[1] or any(error(ours[p], theirs[p], p) > TOLERANCE for p in ours)
