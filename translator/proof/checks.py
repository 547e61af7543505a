"""The table of a verification: two answers of the workers in one precision, compared stage by stage."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from translator.errors import ProofError
from translator.proof.alignment import distance
from translator.proof.gradients import parameter_gradients
from translator.proof.meeting import Met
from translator.proof.outcome import Axes, inverse
from translator.proof.unbiased import unbiased
from translator.proof.verification import Check, Mode, Precision, Stage, Verdict
from translator.proof.wire import Message
from translator.weights.links import Link
from translator.weights.tree import Values

TOLERANCES: dict[Precision, dict[Stage, float]] = {
    "float64": {"outputs": 1e-8, "gradients": 1e-7, "statistics": 1e-8, "training": 1e-6},
    "float32": {"outputs": 1e-4, "gradients": 1e-3, "statistics": 1e-4, "training": 1e-3},
}
"""Relative to the largest value. Frameworks hold some constants in 32 bits, which is 1e-9 of a result in float64."""

_FLOOR = 1e-3
# More than this is no rounding of one pass: the float32 path of a model then does something else.
_MOST_ROUNDING = 0.05
_LEARNING = "training"

Pair = tuple[str, Values, Values]


@dataclass(slots=True)
class Table:
    """Rows in one precision, and where the first that differs has its worst error."""

    rows: list[Check] = field(default_factory=list)
    parted: Check | None = None
    names: tuple[str, ...] = ()
    """The parameters or statistics that differ in the row that parted."""


def compare(
    met: Met,
    precision: Precision,
    source: Message,
    target: Message,
    skipped: Mapping[str, str],
    decides: bool = True,
) -> Table:
    """Compare outputs, gradients, statistics and training; `skipped` says of a mode why it is not compared.

    In the precision that decides, what comes after the first stage that differs is not compared.
    """
    table = Table()
    comparison = _Comparison(met, precision, source, target)
    for row, names in comparison.rows():
        if row.mode in skipped:
            row = replace(row, verdict=Verdict.SKIPPED, error=None, reason=skipped[row.mode])
        elif table.parted is not None and row.stage != "outputs":
            reason = f"the {table.parted.stage} part before"
            row = replace(row, verdict=Verdict.SKIPPED, error=None, worst="", reason=reason)
        elif decides and row.verdict is Verdict.DIFFER and table.parted is None:
            table.parted, table.names = row, names
        table.rows.append(row)
    return table


def rounded(precise: Table, coarse: Table) -> list[Check]:
    """The rows in float32, judged by those in float64: where those agree, a difference is rounding."""
    verdicts = {(row.stage, row.what, row.mode, row.batch): row.verdict for row in precise.rows}
    rows = []
    for row in coarse.rows:
        fine = verdicts.get((row.stage, row.what, row.mode, row.batch))
        if fine is Verdict.SKIPPED and row.verdict is not Verdict.SKIPPED:
            row = replace(row, verdict=fine, error=None, worst="", reason="not compared in float64")
        if row.verdict is Verdict.DIFFER and fine is Verdict.KNOWN:
            row = replace(row, verdict=Verdict.KNOWN)
        elif row.verdict is Verdict.DIFFER and fine is Verdict.AGREE:
            large = row.stage == "outputs" and (row.error or 0.0) > _MOST_ROUNDING
            if not large:
                row = replace(row, verdict=Verdict.ROUNDING, reason="agrees in float64")
        rows.append(row)
    return rows


class _Comparison:
    """Two answers to `measure`."""

    def __init__(self, met: Met, precision: Precision, source: Message, target: Message) -> None:
        self.met, self.precision = met, precision
        self.source, self.target = source, target
        self.batch = met.batch

    def rows(self) -> Iterator[tuple[Check, tuple[str, ...]]]:
        """The rows whose stages both sides have run."""
        modes: tuple[tuple[Mode, str], ...] = (
            ("evaluation", "evaluation"),
            ("training", _LEARNING),
        )
        for mode, stage in modes:
            for name, batch in ((stage, self.batch), (f"{stage}, other batch", self._other())):
                if self._ran(name):
                    yield self._row("outputs", "outputs", mode, batch, self._results(name))
        if self._ran(_LEARNING):
            yield self._row("gradients", "gradients", "training", self.batch, self._gradients())
            statistics = list(self._statistics())
            if statistics:
                yield self._statistics_row(statistics)
        if self._ran("steps"):
            losses = list(self._losses())
            yield self._row("training", "losses", "training", self.batch, losses)
            weights = list(self._weights())
            if weights:
                yield self._row("training", "weights after it", "training", self.batch, weights)

    def _ran(self, stage: str) -> bool:
        return stage in self.source.header and stage in self.target.header

    def _other(self) -> int:
        return len(self.met.inputs[0].draw(0, other_batch=True)) if self.batch else 0

    def _row(
        self, stage: Stage, what: str, mode: Mode, batch: int, pairs: Iterable[Pair]
    ) -> tuple[Check, tuple[str, ...]]:
        tolerance = TOLERANCES[self.precision][stage]
        try:
            listed = list(pairs)
        except ProofError as failure:  # numbers of results, or what is trained, differ
            reason = str(failure)
            name = reason.partition(" is trained")[0] if " is trained" in reason else ""
            row = Check(
                stage,
                what,
                mode,
                self.precision,
                batch,
                math.inf,
                tolerance,
                Verdict.DIFFER,
                name,
                reason,
            )
            return row, (name,) if name else ()
        errors = _distances(listed, relative=stage in ("gradients", "training"))
        worst = max(errors, key=lambda name: errors[name], default="")
        error = errors.get(worst, 0.0)
        verdict = Verdict.AGREE if error <= tolerance else Verdict.DIFFER
        count = f"{len(errors)} {what}" if stage in ("gradients", "statistics") else what
        reason = _shapes(listed, worst) if math.isinf(error) else ""
        row = Check(
            stage, count, mode, self.precision, batch, error, tolerance, verdict, worst, reason
        )
        return row, tuple(name for name, found in errors.items() if found > tolerance)

    def _results(self, stage: str) -> Iterator[Pair]:
        ours, theirs = self.source.part(f"{stage}/result"), self.target.part(f"{stage}/result")
        if len(ours) != len(theirs):
            raise ProofError(f"the source gives {len(ours)} results and the target {len(theirs)}")
        for place, values in ours.items():
            yield f"output {place}", values, _back(theirs[place], self.met.results.get(int(place)))

    def _gradients(self) -> Iterator[Pair]:
        ours = {part: self.source.part(f"{_LEARNING}/{part}") for part in ("parameter", "input")}
        theirs = {part: self.target.part(f"{_LEARNING}/{part}") for part in ("parameter", "input")}
        for place, values in ours["input"].items():
            axes = self.met.arrangement[int(place)]
            yield f"input {place}", values, _back(theirs["input"][place], axes)
        parameters = (ours["parameter"], theirs["parameter"])
        yield from parameter_gradients(*self.met.states, self.met.matching.links, *parameters)

    def _statistics(self) -> Iterator[Pair]:
        parts = (
            self.source.part(f"{_LEARNING}/statistic"),
            self.target.part(f"{_LEARNING}/statistic"),
        )
        return self._carried(*parts)

    def _weights(self) -> Iterator[Pair]:
        return self._carried(self.source.part("steps/weight"), self.target.part("steps/weight"))

    def _carried(self, ours: Mapping[str, Values], theirs: Mapping[str, Values]) -> Iterator[Pair]:
        for link in self.met.matching.links:
            known = all(path in ours for path in link.sources)
            if known and all(path in theirs for path in link.targets):
                yield from carried(link, ours, theirs)

    def _losses(self) -> Iterator[Pair]:
        ours, theirs = (side.header["steps"]["losses"] for side in (self.source, self.target))
        for step, (a, b) in enumerate(zip(ours, theirs, strict=True)):
            yield f"step {step}", np.array([a]), np.array([b])

    def _statistics_row(self, pairs: list[Pair]) -> tuple[Check, tuple[str, ...]]:
        row, names = self._row("statistics", "statistics", "training", self.batch, pairs)
        if row.verdict is not Verdict.DIFFER or self.met.matching.problems:
            return row, names
        torch, before = self._starts()
        found = {name: (a, b) for name, a, b in pairs}
        if all(unbiased(*found[name], before[name], torch) for name in names if name in before):
            reason = "torch keeps the unbiased variance of its batches, Keras the biased one"
            row = replace(row, verdict=Verdict.KNOWN, reason=reason)
        return row, names

    def _starts(self) -> tuple[bool, dict[str, Values]]:
        """Whether torch is the source, and the statistics before the step in the target's layout."""
        values = self.met.states[0].values()
        starts: dict[str, Values] = {}
        for link in self.met.matching.links:
            given = tuple(values[path] for path in link.sources)
            starts |= dict(zip(link.targets, link.carry(given), strict=True))
        return self.met.states[0].side == "torch", starts


def carried(link: Link, ours: Mapping[str, Values], theirs: Mapping[str, Values]) -> Iterator[Pair]:
    """The arrays of a link, the source's in the target's layout, by the target's path."""
    values = link.carry(tuple(ours[path] for path in link.sources))
    for path, given in zip(link.targets, values, strict=True):
        yield path, given, theirs[path]


def _distances(pairs: list[Pair], relative: bool) -> dict[str, float]:
    """By name; a gradient that is next to nothing beside the largest is measured by a thousandth of that one."""
    largest = max(
        (float(np.abs(a).max()) for _, a, _ in pairs if a.size and a.dtype.kind == "f"), default=0.0
    )
    floor = max(
        1e-6 if not relative else 1e-30, _FLOOR * largest if math.isfinite(largest) else 0.0
    )
    return {name: distance(a, b, floor if relative else 1e-6) for name, a, b in pairs}


def _shapes(pairs: list[Pair], worst: str) -> str:
    for name, a, b in pairs:
        if name == worst and a.shape != b.shape:
            return f"{worst} has shape {a.shape} in the source and {b.shape} in the target"
    return ""


def _back(values: Values, axes: Axes | None) -> Values:
    return values if axes is None or len(axes) != values.ndim else values.transpose(inverse(axes))
