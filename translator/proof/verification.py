"""What `verify` finds out about two models: plain values, for a table, for JSON and for the report.

A comparison goes in stages: weights, outputs, gradients, running statistics, training. The first stage whose
numbers part ends it; `Fault` then says where that is, and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Literal

from translator.knowledge.lenses import Side

Stage = Literal["weights", "outputs", "gradients", "statistics", "training"]
Mode = Literal["", "evaluation", "training"]
Precision = Literal["float64", "float32"]


class Verdict(Enum):
    """What a comparison came to.

    AGREE: within the tolerance. ROUNDING: outside it in float32, and within it in float64, so that it is rounding and
    no fault. KNOWN: a difference that the record describes and that is exactly as large as it says. DIFFER: a fault.
    SKIPPED: not compared, for the reason that stands beside it.
    """

    AGREE = "agree"
    ROUNDING = "rounding"
    KNOWN = "known difference"
    DIFFER = "DIFFER"
    SKIPPED = "not compared"


@dataclass(frozen=True, slots=True)
class Model:
    """One side: its file, the expression that builds the model ("" where it was never found) and the model's class."""

    path: Path
    side: Side
    expression: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class InputArray:
    """One input, in the source's axis order, with the permutation that gives it the target's (None: as it is).

    `below` bounds whole numbers. `origin` says where the shape comes from ("given", "the first layer, conv1").
    """

    shape: tuple[int, ...]
    dtype: str
    below: int | None = None
    axes: tuple[int, ...] | None = None
    origin: str = "given"


@dataclass(frozen=True, slots=True)
class WeightPair:
    """One entry of the weight map: both names, both shapes, and what happens to the values between, in words.

    `target` is "" for an entry of the source that has no counterpart, and the other way round.
    """

    source: str
    target: str
    source_shape: tuple[int, ...]
    target_shape: tuple[int, ...]
    transformation: str
    error: float | None = None
    """How far apart the values are that the two models already have; None where they were carried."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the table: what was compared, how far it is apart, and what is allowed.

    `error` is relative to the largest value, infinite where shapes differ, None where nothing was compared; `worst`
    names the output, parameter or step with it.
    """

    stage: Stage
    what: str
    mode: Mode
    precision: Precision
    batch: int
    error: float | None
    tolerance: float
    verdict: Verdict
    worst: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LayerError:
    """One call of a layer that has a counterpart, in the order of the source's calls, in evaluation mode and float64.

    `before` is the error of its input, `after` that of its output; None where the shapes cannot be brought together.
    """

    source: str
    target: str
    source_kind: str
    target_kind: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """The loss at each training step on both sides, each before the step."""

    precision: Precision
    source: tuple[float, ...]
    target: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where the two models part.

    `source` and `target` are the dotted paths of the layer on both sides ("" for the whole model). Where the
    difference arises between two layers, `after` has the paths of the last pair that agrees, and the pair itself is
    the one that is given another input; it is ("", "") at the model's input.

    `summary` is one line for people. `reasons` are what was found to differ ("momentum is 0.99 here; 0.1 of the
    source is 0.9"). `explanation` is what the record says, `remedy` what to write instead, `entry` its title for
    the look-up; each "" where there is none.
    """

    stage: Stage
    summary: str
    source: str = ""
    target: str = ""
    source_kind: str = ""
    target_kind: str = ""
    after: tuple[str, str] | None = None
    error: float | None = None
    reasons: tuple[str, ...] = ()
    explanation: str = ""
    remedy: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """A side that could not be run: what it was doing, and the last lines of what it said.

    `side` is "source" or "target".
    """

    side: Literal["source", "target"]
    doing: str
    message: str

    def __str__(self) -> str:
        return f"The {self.side} failed {self.doing}: {self.message}"


@dataclass(frozen=True, slots=True)
class Verification:
    """Two models side by side.

    `checks` is the table. `failure` is set where a side did not run to the end, `fault` where the two part; both are
    None if they agree. `notes` are remarks for people ("dropout is off", "no float64: the file insists on float32").
    """

    source: Model
    target: Model
    inputs: tuple[InputArray, ...] = ()
    weights: tuple[WeightPair, ...] = ()
    checks: tuple[Check, ...] = ()
    layers: tuple[LayerError, ...] = ()
    curves: tuple[Curve, ...] = ()
    fault: Fault | None = None
    failure: Failure | None = None
    notes: tuple[str, ...] = ()
    optimizer: str = ""
    loss: str = ""
    steps: int = 0
    seconds: float = 0.0

    @property
    def agree(self) -> bool:
        """True if something was compared, and nothing failed or differs."""
        compared = any(check.verdict is not Verdict.SKIPPED for check in self.checks)
        differ = any(check.verdict is Verdict.DIFFER for check in self.checks)
        return compared and not differ and self.fault is None and self.failure is None
