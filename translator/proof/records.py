"""The proof of one record's case: converted, run in both frameworks with equal weights, and converted back."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from translator.errors import ProofError
from translator.findings import Severity
from translator.knowledge.cases import Case
from translator.knowledge.lenses import Side
from translator.knowledge.records import Record
from translator.pipeline import Conversion, convert, other
from translator.proof.agreement import compare
from translator.proof.outcome import Axes
from translator.proof.pool import Pool
from translator.proof.printed import compare_printed
from translator.proof.programs import NAME, draw, program
from translator.proof.verification import Precision
from translator.proof.wire import Message
from translator.source.orders import Orders

SEED = 20
# What frameworks say when a program itself insists on float32 (`tf.ones(3)`) beside inputs in float64.
_MIXED = re.compile(r"float64|float32|double|dtype", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Proved:
    """One case that holds in one direction.

    `direction` is "torch -> tensorflow", or "torch -> tensorflow -> torch" for there and back. The errors are the
    worst, relative to max(1, largest expected value); `gradient` is None where the case is a script, which is run in
    float32, as is a program that cannot do with float64.
    """

    title: str
    case: str
    direction: str
    forward: float
    gradient: float | None
    precision: Precision = "float64"

    def __str__(self) -> str:
        gradient = "" if self.gradient is None else f", gradient {self.gradient:.1e}"
        return f"{self.title}: {self.case}, {self.direction}: forward {self.forward:.1e}{gradient}"


@dataclass(frozen=True, slots=True)
class _Version:
    """One stage of a case's program: its text, its side, and its axis orders as seen from the case."""

    code: str
    side: Side
    arguments: Mapping[str, Axes]
    results: Mapping[int, Axes]
    left: str = ""


def prove(record: Record, case: Case, pool: Pool, *, rough: bool = False) -> tuple[Proved, ...]:
    """Prove a case there, and there and back; a case that is one way only there.

    `rough` runs it in float32 and allows any error: it tells how far rounding alone goes.

    Raises:
        ProofError: it is not converted completely, does not run, or computes something else; with the converted text.
    """
    stages = [_Version(program(case), case.side, {}, {})]
    proved = []
    directions = _directions(case.side)
    for direction in directions[:1] if case.one_way else directions:
        stages.append(_converted(stages[-1]))
        try:
            if stages[-1].left:
                raise ProofError(f"not converted completely: {stages[-1].left}")
            proved.append(_proved(record, case, direction, (stages[0], stages[-1]), pool, rough))
        except ProofError as failure:
            text = f"{record.title}, {case.text}, {direction}: {failure}\n\n{stages[-1].code}"
            raise ProofError(text) from failure
    return tuple(proved)


def _proved(
    record: Record,
    case: Case,
    direction: str,
    versions: tuple[_Version, _Version],
    pool: Pool,
    rough: bool,
) -> Proved:
    precision: Precision = "float32"
    gradient: float | None = None
    if case.script:
        forward = _compare_scripts(*versions, pool)
    elif rough:
        answers = _run_both(*versions, case, precision, pool)
        forward, gradient = compare(*answers, allowed=(math.inf, math.inf))
    else:
        answers, precision = _answers(*versions, case, pool)
        forward, gradient = compare(*answers, rounding=bool(record.rounding))
    return Proved(record.title, case.text, direction, forward, gradient, precision)


def _directions(side: Side) -> tuple[str, str]:
    there = f"{side} -> {other(side)}"
    return there, f"{there} -> {side}"


def _converted(version: _Version) -> _Version:
    conversion = convert(version.code, to=other(version.side))
    orders = _orders(conversion)
    arguments = {
        name: _then(version.arguments.get(name), orders.arguments.get(name))
        for name in {*version.arguments, *orders.arguments}
    }
    results = {
        position: _then(version.results.get(position), orders.results.get(position))
        for position in {*version.results, *orders.results}
    }
    side = other(version.side)
    todo = [found.message for found in conversion.findings if found.severity is Severity.TODO]
    return _Version(conversion.code, side, arguments, results, "; ".join(todo))


def _orders(conversion: Conversion) -> Orders:
    for method in ("forward", "call"):
        if f"{NAME}.{method}" in conversion.orders:
            return conversion.orders[f"{NAME}.{method}"]
    return Orders({}, {})


def _then(first: Axes | None, second: Axes | None) -> Axes:
    """The permutation that is `first` and then `second`: x.transpose(first).transpose(second)."""
    if first is None or second is None:
        return first or second or ()
    return tuple(first[axis] for axis in second)


def _answers(
    source: _Version, target: _Version, case: Case, pool: Pool
) -> tuple[tuple[Message, Message], Precision]:
    """Run both on the same inputs and weights, in float64 if the programs let themselves be run in it."""
    try:
        return _run_both(source, target, case, "float64", pool), "float64"
    except ProofError as failure:
        if not _MIXED.search(str(failure)):
            raise
        try:
            return _run_both(source, target, case, "float32", pool), "float32"
        except ProofError:
            raise failure from None


def _run_both(
    source: _Version, target: _Version, case: Case, precision: str, pool: Pool
) -> tuple[Message, Message]:
    reference = _run(source, case, precision, None, pool)
    return reference, _run(target, case, precision, reference, pool)


def _run(
    version: _Version, case: Case, precision: str, reference: Message | None, pool: Pool
) -> Message:
    """Run a program on the case's inputs; with the weights of `reference`, or pushed ones of its own."""
    drawn = draw(case, SEED, precision)
    job = Message(
        {
            "job": "run",
            "program": version.code,
            "name": NAME,
            "precision": precision,
            "seed": SEED,
            "arguments": version.arguments,
            "results": version.results,
        },
        {f"input/{name}": values for name, values in drawn.items()},
    )
    if reference is not None:
        job.header["state"] = reference.header["state"]
        job.arrays |= {k: v for k, v in reference.arrays.items() if k.startswith("state/")}
    return pool.ask(version.side, job)


def _compare_scripts(source: _Version, target: _Version, pool: Pool) -> float:
    printed = []
    for version in (source, target):
        job = Message({"job": "script", "program": version.code, "seed": SEED})
        printed.append(pool.ask(version.side, job).header["printed"])
    worst = 0.0
    for line in compare_printed(*printed):
        if not line.ok:
            raise ProofError(f"{line.what}: {line.reason}")
        worst = max(worst, line.error)
    return worst
