"""Two scripts side by side: what they print and what they learn."""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass
from pathlib import Path

from translator.errors import ProofError
from translator.proof.compare import error
from translator.proof.printed import TOLERANCE, Line, compare_printed
from translator.proof.scripts import ScriptRun, Started, framework_of_script
from translator.proof.verification import WeightPair
from translator.proof.watched import LIMITS, Limits
from translator.weights.match import match
from translator.weights.tree import Node, State

_TURN_SECONDS = 0.02
_SHOWN = 20
_SHIFT = 101  # any number: what matters is that seeds become others


@dataclass(frozen=True, slots=True)
class Row:
    """One thing compared: its worst error, relative to max(1, |a|), and whether that is within the tolerance."""

    what: str
    error: float
    tolerance: float
    agree: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two scripts side by side. `reason` says why no numbers are compared; `notes` what was left out of it.

    `random` is True if that is because one draws random numbers.
    `weights` has the weights that correspond, and `printed` what each side printed, as far as both ran to the end.
    """

    rows: tuple[Row, ...]
    reason: str | None = None
    notes: tuple[str, ...] = ()
    weights: tuple[WeightPair, ...] = ()
    printed: tuple[str, str] = ("", "")
    random: bool = False

    @property
    def agree(self) -> bool:
        """True if something was compared and all of it is within its tolerance."""
        return bool(self.rows) and self.reason is None and all(row.agree for row in self.rows)


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
    printed = (runs[0].stdout, runs[1].stdout)
    learned, weights, notes = _learned(*runs)
    rows = (*_printed(*printed), *learned)
    still = [path for path, run in zip(paths, runs, strict=True) if run.moved is False]
    notes += tuple(f"{path}: no parameter moved, in any step of its optimizers." for path in still)
    comparison = Comparison(rows, None, notes, tuple(weights), printed)
    if comparison.rows and not comparison.agree:
        # Numbers drawn by a framework never agree with the other's: find out whether these are such.
        again = _run_both(paths, limits, _SHIFT)
        for path, run, other in zip(paths, runs, again, strict=True):
            if _differ(run, other):
                reason = f"{path} draws random numbers: no numbers are compared."
                return Comparison((), reason, notes, (), printed, random=True)
    return comparison


class _FailedError(Exception):
    """One of two scripts failed; the message is the reason of the comparison."""


def _run_both(paths: tuple[Path, Path], limits: Limits, shift: int) -> list[ScriptRun]:
    """Run both at the same time; when one fails, the other is ended, because nobody needs it then."""
    sides = [framework_of_script(path) for path in paths]
    with contextlib.ExitStack() as stack:
        pairs = zip(paths, sides, strict=True)
        started = [stack.enter_context(Started(p, s, limits, shift)) for p, s in pairs]
        runs: dict[Started, ScriptRun] = {}
        while len(runs) < len(started):
            for path, one in zip(paths, started, strict=True):
                if one not in runs and one.process.wait(_TURN_SECONDS):
                    runs[one] = one.result()
                    if runs[one].error is not None:
                        raise _FailedError(f"{path} failed: {runs[one].error}")
        return [runs[one] for one in started]


def _printed(a: str, b: str) -> list[Row]:
    """One row for all lines that agree, and one for each of the first lines that do not."""
    lines = list(compare_printed(a, b))
    good = [line for line in lines if line.ok]
    bad = [line for line in lines if not line.ok]
    rows = [Row(line.what, line.error, line.tolerance, False, line.reason) for line in bad[:_SHOWN]]
    if len(bad) > _SHOWN:
        rows.append(_together(f"{len(bad) - _SHOWN} more lines", bad[_SHOWN:], False))
    return [_together(f"printed, {len(good)} lines", good, True), *rows] if good else rows


def _together(what: str, lines: list[Line], ok: bool) -> Row:
    return Row(what, max(line.error for line in lines), max(line.tolerance for line in lines), ok)


def _learned(a: ScriptRun, b: ScriptRun) -> tuple[list[Row], list[WeightPair], tuple[str, ...]]:
    """The weights that correspond, as rows and as pairs, and what has no counterpart."""
    rows: list[Row] = []
    pairs: list[WeightPair] = []
    if a.state is None or b.state is None:
        return rows, pairs, ()
    source, target = _aligned(a.state, b.state)
    matching = match(source, target)
    ours, theirs = source.values(), target.values()
    for link in matching.links:
        before = tuple(ours[path] for path in link.sources)
        for path, values in zip(link.targets, link.carry(before), strict=True):
            found, reason = math.inf, ""
            try:
                found = error(values, theirs[path], path)
            except ProofError as failure:
                reason = str(failure)
            names = ", ".join(link.sources)
            what = f"weight {names if len(link.targets) == 1 else path}"
            rows.append(Row(what, found, TOLERANCE, found <= TOLERANCE, reason))
            shapes = (before[0].shape, theirs[path].shape)
            pairs.append(WeightPair(names, path, *shapes, link.transformation, found))
    return rows, pairs, matching.problems


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
