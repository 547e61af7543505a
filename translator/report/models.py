"""The page of two models."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import Literal, get_args

from translator.proof.verification import (
    Check,
    Curve,
    Fault,
    InputArray,
    LayerError,
    Stage,
    Verdict,
    Verification,
    WeightPair,
)
from translator.report.charts import curves
from translator.report.code import code
from translator.report.page import (
    CheckRow,
    Difference,
    Fact,
    LayerRow,
    Listing,
    Page,
    Picture,
    WeightRow,
    shown,
)

_TONES: dict[Verdict, Literal["good", "fair", "bad", "none"]] = {
    Verdict.AGREE: "good",
    Verdict.ROUNDING: "fair",
    Verdict.KNOWN: "fair",
    Verdict.DIFFER: "bad",
    Verdict.SKIPPED: "none",
}
_STAGES: tuple[Stage, ...] = get_args(Stage)
_NAMES = {"torch": "PyTorch", "tensorflow": "TensorFlow"}


def page_of_models(found: Verification, texts: tuple[str, str]) -> Page:
    """The page of a verification; `texts` are the two sources."""
    models = (found.source, found.target)
    names = (str(found.source.path), str(found.target.path))
    return Page(
        status="agree" if found.agree else "stopped" if found.failure else "differ",
        headline=headline(found),
        names=names,
        facts=tuple(_facts(found)),
        message=str(found.failure) if found.failure else "",
        notes=found.notes,
        difference=_difference(found.fault) if found.fault else None,
        checks=tuple(map(_check, sorted(found.checks, key=lambda each: _STAGES.index(each.stage)))),
        pictures=tuple(_picture(curve, models[0].side, models[1].side) for curve in found.curves),
        layers=tuple(_layer(layer, found.fault) for layer in found.layers),
        weights=tuple(map(_weight, found.weights)),
        sources=tuple(
            Listing(f"{_NAMES[model.side]} {model.expression}".strip(), name, code(text, lines))
            for model, name, text, lines in zip(
                models, names, texts, _lines_at_fault(found.fault, texts), strict=True
            )
        ),
    )


def headline(found: Verification) -> str:
    """What it came to, in one line."""
    if found.failure is not None:
        return f"The {found.failure.side} failed {found.failure.doing}."
    if found.agree:
        return "The models agree."
    if found.fault is not None or any(each.verdict is Verdict.DIFFER for each in found.checks):
        return "The models differ."
    return "Nothing was compared."


def _facts(found: Verification) -> Iterator[Fact]:
    judged = [each for each in found.checks if each.verdict in (Verdict.AGREE, Verdict.DIFFER)]
    errors = [each.error for each in judged if each.precision == "float64"]
    known = [error for error in errors if error is not None]
    if known:
        yield Fact("worst error in float64", shown(max(known)))
    compared = sum(each.verdict is not Verdict.SKIPPED for each in found.checks)
    yield Fact("comparisons", str(compared))
    if found.weights:
        yield Fact("weights", str(len(found.weights)))
    if found.inputs:
        yield Fact("input", ", ".join(map(_input, found.inputs)))
    if found.optimizer:
        yield Fact("optimizer", found.optimizer)
    if found.loss:
        yield Fact("loss", found.loss)
    if found.steps:
        yield Fact("training steps", str(found.steps))
    if found.seconds:
        yield Fact("time", f"{found.seconds:.1f} s")


def _input(array: InputArray) -> str:
    return f"{_shape(array.shape)} {array.dtype}" + (
        f" ({array.origin})" if array.origin != "given" else ""
    )


def _shape(shape: Iterable[int]) -> str:
    return "×".join(map(str, shape)) or "scalar"


def _check(check: Check) -> CheckRow:
    how = [check.mode and f"{check.mode} mode", f"batch of {check.batch}" if check.batch else ""]
    notes = [check.worst and f"worst: {check.worst}", check.reason]
    return CheckRow(
        group=check.stage,
        what=check.what,
        how=", ".join([*filter(None, how), check.precision]),
        error=check.error,
        tolerance=check.tolerance,
        verdict=check.verdict.value,
        tone=_TONES[check.verdict],
        note="; ".join(filter(None, notes)),
    )


def _difference(fault: Fault) -> Difference:
    here = " and ".join(
        f"{path} ({kind})" if kind else path
        for path, kind in ((fault.source, fault.source_kind), (fault.target, fault.target_kind))
        if path
    )
    before = ""
    if fault.after is not None:
        last = " and ".join(filter(None, fault.after))
        before = f"between {last} and " if last else "between the input and "
    return Difference(
        summary=fault.summary,
        where=f"{before}{here}" if here else "",
        error=fault.error,
        reasons=fault.reasons,
        explanation=fault.explanation,
        remedy=fault.remedy,
        entry=fault.entry,
    )


def _picture(curve: Curve, source: str, target: str) -> Picture:
    names = (f"{_NAMES[source]} (source)", f"{_NAMES[target]} (target)")
    drawn = curves(curve.source, curve.target, names, curve.precision)
    return Picture(f"Loss at each step, in {curve.precision}", drawn)


def _layer(layer: LayerError, fault: Fault | None) -> LayerRow:
    kinds = " / ".join(filter(None, (layer.source_kind, layer.target_kind)))
    marked = fault is not None and bool(fault.source) and fault.source == layer.source
    return LayerRow(layer.source, layer.target, kinds, layer.before, layer.after, marked)


def _weight(pair: WeightPair) -> WeightRow:
    return WeightRow(
        pair.source,
        _shape(pair.source_shape) if pair.source else "",
        pair.target,
        _shape(pair.target_shape) if pair.target else "",
        pair.transformation,
        pair.error if pair.error is None or not math.isnan(pair.error) else None,
    )


def _lines_at_fault(
    fault: Fault | None, texts: tuple[str, str]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The lines of both files that build the layer at fault, as far as its name tells."""
    if fault is None:
        return (), ()
    return _building(fault.source, texts[0]), _building(fault.target, texts[1])


def _building(path: str, text: str) -> tuple[int, ...]:
    names = [part for part in path.split(".") if not part.isdigit()]
    if not names:
        return ()
    built = re.compile(rf"\bself\.{re.escape(names[-1])}\s*=[^=]")
    return tuple(n for n, line in enumerate(text.splitlines(), 1) if built.search(line))
