"""The page of two scripts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path

from translator.proof.printed import compare_printed
from translator.proof.script_pairs import Comparison, Row
from translator.report.charts import curves
from translator.report.code import code, output
from translator.report.page import CheckRow, Fact, Listing, Page, Picture, WeightRow, shown

_LOSS = re.compile(r"\bloss\b\D{0,3}?([-+]?\d+\.?\d*(?:[eE][-+]?\d+)?|nan|inf)", re.IGNORECASE)
_FEWEST = 3  # points that make a curve


def page_of_scripts(found: Comparison, paths: tuple[Path, Path], texts: tuple[str, str]) -> Page:
    """The page of a comparison; `texts` are the two sources."""
    names = (str(paths[0]), str(paths[1]))
    return Page(
        status="agree" if found.agree else "stopped" if found.reason else "differ",
        headline=headline(found),
        names=names,
        facts=tuple(_facts(found)),
        message=found.reason or "",
        notes=found.notes,
        checks=tuple(map(_check, found.rows)),
        pictures=tuple(_pictures(found, names)),
        weights=tuple(
            WeightRow(
                pair.source,
                _shape(pair.source_shape),
                pair.target,
                _shape(pair.target_shape),
                pair.transformation,
                pair.error,
            )
            for pair in found.weights
        ),
        printed=tuple(_printed(found, names)),
        sources=tuple(
            Listing(title, name, code(text))
            for title, name, text in zip(("Source", "Target"), names, texts, strict=True)
        ),
    )


def headline(found: Comparison) -> str:
    """What it came to, in one line."""
    if found.reason is not None:
        return f"{found.reason.partition(': ')[0]}."
    if not found.rows:
        return "Nothing to compare: neither prints anything or learns any weights."
    return "The scripts agree." if found.agree else "The scripts differ."


def losses(text: str) -> list[float]:
    """The numbers that a script prints beside the word loss, in order."""
    return [float(number) for number in _LOSS.findall(text)]


def _facts(found: Comparison) -> Iterator[Fact]:
    if found.rows:
        yield Fact("worst error", shown(max(row.error for row in found.rows)))
        yield Fact("comparisons", str(len(found.rows)))
    if found.weights:
        yield Fact("weights", str(len(found.weights)))


def _check(row: Row) -> CheckRow:
    group = "learned" if row.what.startswith("weight ") else "printed"
    verdict, tone = ("agree", "good") if row.agree else ("DIFFER", "bad")
    return CheckRow(group, row.what, "", row.error, row.tolerance, verdict, tone, row.reason)  # type: ignore[arg-type]


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) or "scalar"


def _pictures(found: Comparison, names: tuple[str, str]) -> Iterator[Picture]:
    ours, theirs = map(losses, found.printed)
    if len(ours) >= _FEWEST and len(ours) == len(theirs):
        if all(map(math.isfinite, (*ours, *theirs))):
            titles = (Path(names[0]).name, Path(names[1]).name)
            yield Picture("Loss, as both print it", curves(ours, theirs, titles, "printed"))


def _printed(found: Comparison, names: tuple[str, str]) -> Iterator[Listing]:
    if not any(found.printed):
        return
    wrong: list[int] = []
    if found.reason is None:
        lines = enumerate(compare_printed(*found.printed), 1)
        wrong = [number for number, line in lines if not line.ok]
    for name, text in zip(names, found.printed, strict=True):
        yield Listing("Printed by", name, output(text, wrong))
