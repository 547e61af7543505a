"""Proves every case of every record in float64 and in float32, and writes the worst errors to docs/measured.md.

Run it as `python -m benchmarks.measured`; it takes as long as two proofs of all records.
"""

from __future__ import annotations

import datetime
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from translator.errors import ProofError
from translator.knowledge.cases import Case
from translator.knowledge.records import Record
from translator.knowledge.registry import ENTRIES
from translator.proof.pool import Pool
from translator.proof.records import Proved, prove
from translator.proof.versions import versions

PAGE = Path(__file__).resolve().parents[1] / "docs" / "measured.md"
_PACKAGES = ("torch", "tensorflow", "keras", "numpy")


@dataclass(frozen=True)
class Measured:
    """One case in one direction, with what its record is."""

    record: Record
    case: Case
    proved: Proved

    @property
    def kind(self) -> str:
        return type(self.record).__name__


def main() -> int:
    """Measure and write the page; nothing is written if a case fails in float64."""
    precise, failed = measure(rough=False)
    for case, reason in failed.items():
        print(f"FAILS {case}: {reason}")
    if failed:
        return 1
    rough, refused = measure(rough=True)
    PAGE.write_text(page(precise, rough, refused), encoding="utf-8")
    print(f"wrote {PAGE}")
    return 0


def measure(*, rough: bool) -> tuple[list[Measured], dict[str, str]]:
    """Prove everything: what holds, and each case that does not, with the reason."""
    measured: list[Measured] = []
    failed: dict[str, str] = {}
    with Pool() as pool:
        pool.start()
        for entry in ENTRIES:
            for case in entry.record.cases:
                try:
                    proved = prove(entry.record, case, pool, rough=rough)
                except ProofError as error:
                    name = f"{entry.record.title}: {' '.join(case.text.split())}"
                    failed[name] = " ".join(str(error.__cause__ or error).split())
                else:
                    measured += [Measured(entry.record, case, each) for each in proved]
    return measured, failed


def counted() -> list[tuple[str, int, int]]:
    """Each kind of record that has cases, with the number of its records and of their cases, as the page has them."""
    records = [entry.record for entry in ENTRIES if entry.record.cases]
    kinds = sorted({type(record).__name__ for record in records})
    found = []
    for kind in kinds:
        of_kind = [record for record in records if type(record).__name__ == kind]
        found.append((kind, len(of_kind), sum(len(record.cases) for record in of_kind)))
    return found


def page(precise: Sequence[Measured], rough: Sequence[Measured], refused: Iterable[str]) -> str:
    """The text of the page."""
    double = [each for each in precise if each.proved.precision == "float64"]
    exact = [each for each in double if not each.record.rounding]
    rounded = [each for each in double if each.record.rounding]
    coarse = [each for each in precise if each.proved.precision == "float32" and not _script(each)]
    scripts = [each for each in precise if _script(each)]
    single = [each for each in rough if not _script(each)]
    date = datetime.datetime.now(datetime.timezone.utc).date()
    parts = [
        "# How exact the equivalences are",
        "Every case of every record was converted, run on both sides with the same weights and inputs, and converted"
        " back\nand run again. An error is the largest difference, relative to max(1, the largest value expected). The"
        " gradients are\nthose of all inputs and parameters.",
        f"Measured on {date} with Python {platform.python_version()}, {', '.join(versions(_PACKAGES))},"
        "\non the CPU. Written by `python -m benchmarks.measured`.",
        "## Records and cases",
        _table(
            ("kind", "records", "cases"),
            [(kind, str(records), str(cases)) for kind, records, cases in counted()],
        ),
        "## In float64, which is what the proof judges by",
        _by_kind(exact),
        "The worst of each kind:",
        _worst_of(exact),
        "Allowed are 1e-9 for results and for gradients, 1e-8 where a function holds a constant in 32 bits, and 1e-5"
        "\n(for gradients 1e-4) where it gives float32 whatever it is given:",
        _rounded(rounded),
    ]
    if coarse:
        parts += [
            "## Programs that insist on float32",
            "They make arrays of float32 themselves. Allowed are 1e-5 for results and 1e-4 for gradients.",
            _by_kind(coarse),
        ]
    parts += [
        "## Scripts",
        "Cases that are whole scripts, compared by the numbers that they print; float32, allowed is 1e-5.",
        _by_kind(scripts),
        "## The same in float32, where rounding shows",
        "Nothing is judged by this; it says what to expect when two models run in single precision.",
        _by_kind(single),
        "The worst of each kind:",
        _worst_of(single),
    ]
    if refused:
        parts += ["These insist on float64:", "\n".join(f"- `{case}`" for case in refused)]
    return "\n\n".join(parts) + "\n"


def _script(measured: Measured) -> bool:
    return measured.case.script


def _by_kind(measured: Sequence[Measured]) -> str:
    rows = []
    for kind in sorted({each.kind for each in measured}):
        of_kind = [each for each in measured if each.kind == kind]
        gradients = [g for each in of_kind if (g := each.proved.gradient) is not None]
        forward = max(each.proved.forward for each in of_kind)
        records = {id(each.record) for each in of_kind}
        runs = (kind, str(len(records)), str(len(of_kind)))
        rows.append((*runs, _shown(forward), _shown(max(gradients, default=None))))
    headers = ("kind", "records", "comparisons", "worst result", "worst gradient")
    return _table(headers, rows)


def _rounded(measured: Sequence[Measured]) -> str:
    rows = []
    for reason in sorted({each.record.rounding for each in measured}):
        alike = [each for each in measured if each.record.rounding == reason]
        worst = (max(map(_forward, alike)), max(map(_gradient, alike)))
        rows.append((f"`{alike[0].record.title}`", *map(_shown, worst), reason))
    return _table(("record", "worst result", "worst gradient", "why"), rows)


def _worst_of(measured: Sequence[Measured]) -> str:
    rows = []
    for kind in sorted({each.kind for each in measured}):
        of_kind = [each for each in measured if each.kind == kind]
        for what, error in (("result", _forward), ("gradient", _gradient)):
            worst = max(of_kind, key=error)
            rows.append((kind, what, _shown(error(worst)), _code(worst), worst.proved.direction))
    return _table(("kind", "what", "error", "case", "direction"), rows)


def _forward(measured: Measured) -> float:
    return measured.proved.forward


def _gradient(measured: Measured) -> float:
    return measured.proved.gradient or 0.0


def _code(measured: Measured) -> str:
    text = " ".join(measured.case.text.split()).replace("|", "\\|")
    return f"`{text if len(text) <= 70 else text[:67] + '...'}`"


def _shown(error: float | None) -> str:
    return "" if error is None else "0" if error == 0 else f"{error:.1e}"


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    raise SystemExit(main())
