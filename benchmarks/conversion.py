"""Converts a large set of real files and sets its CPU time against that of parsing them alone.

Run it as `python -m benchmarks.conversion --sources DIR`.

Every figure is of CPU time in this one process. Each file is parsed and converted in turn, so that both meet the same
machine; what both return is let go of after the clock has stopped. The files of the standard library stand for those
that mention neither framework, together with such files in DIR.
"""

from __future__ import annotations

import argparse
import sysconfig
import traceback
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import libcst

from benchmarks._measure import Figure, cpu_seconds, peak_megabytes, report
from translator import Conversion, convert

RATIO, PEAK, PASSING = 3.0, 500.0, 50.0
FRAMEWORKS = ("torch", "tensorflow", "keras")


@dataclass
class Totals:
    """Sums over the files of one kind.

    `lines` counts every line once, `read` as often as it was taken; `worst` is the file with the largest ratio.
    """

    files: int = 0
    lines: int = 0
    read: int = 0
    parse: float = 0.0
    convert: float = 0.0
    worst: tuple[float, str] = (0.0, "")
    codes: Counter[str] = field(default_factory=Counter)
    raised: list[str] = field(default_factory=list)


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sources", type=Path, required=True, help="a folder of Python files")
    parser.add_argument("--rounds", type=int, default=3, help="how often every file is taken")
    options = parser.parse_args()

    files = sorted(options.sources.rglob("*.py"))
    if not files:
        parser.error(f"no Python files in {options.sources}")
    library = sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))
    measured, passed = Totals(), Totals()
    convert("import torch\n", to="tensorflow")  # loads what is loaded at the first conversion
    for turn in range(options.rounds):
        for path in files:
            take(path, measured, first=turn == 0)
    peak = peak_megabytes()
    for path in neither([*files, *library]):
        take(path, passed, first=True)

    show(measured)
    ratio = measured.convert / measured.parse
    passing = passed.parse / passed.convert
    return report(
        [
            Figure("files, lines", f"{measured.files}, {measured.lines:,}"),
            Figure("parse, lines per CPU second", f"{measured.read / measured.parse:,.0f}"),
            Figure("convert, lines per CPU second", f"{measured.read / measured.convert:,.0f}"),
            Figure("convert / parse", f"{ratio:.2f}", f"at most {RATIO:g}", ratio <= RATIO),
            Figure("worst file", f"{measured.worst[0]:.2f} {measured.worst[1]}"),
            Figure("peak memory", f"{peak:.0f} MB", f"under {PEAK:g} MB", peak < PEAK),
            Figure("files that raise", f"{len(measured.raised)}", "none", not measured.raised),
            Figure("pass-through, files, lines", f"{passed.files}, {passed.lines:,}"),
            Figure(
                "pass-through, times a parse's speed",
                f"{passing:,.0f}",
                f"at least {PASSING:g}",
                passing >= PASSING,
            ),
        ]
    )


def take(path: Path, totals: Totals, first: bool) -> None:
    """Parse a file, then convert it; files and findings are counted the first time."""
    text = path.read_bytes().decode("utf-8", errors="replace")
    totals.read += text.count("\n")
    if first:
        totals.files += 1
        totals.lines += text.count("\n")
    parse, _ = cpu_seconds(lambda: libcst.parse_module(text))
    taken, conversion = cpu_seconds(lambda: converted(text))
    totals.parse += parse
    totals.convert += taken
    totals.worst = max(totals.worst, (taken / parse, path.name))
    if first and isinstance(conversion, str):
        totals.raised.append(f"{path.name}: {conversion}")
    elif first and isinstance(conversion, Conversion):
        totals.codes.update(finding.code.name for finding in conversion.findings)


def converted(text: str) -> Conversion | str:
    """The conversion, or the last lines of its traceback."""
    try:
        return convert(text, to="tensorflow")
    except Exception:
        return "".join(traceback.format_exc().splitlines(keepends=True)[-4:])


def neither(paths: Iterable[Path]) -> list[Path]:
    """The files that mention neither framework."""
    found = ((path, path.read_text("utf-8", errors="replace")) for path in paths)
    return [path for path, text in found if not any(name in text for name in FRAMEWORKS)]


def show(totals: Totals) -> None:
    """Print what was found in the files, and what raised."""
    for code, count in totals.codes.most_common():
        print(f"{count:6} {code}")
    for failure in totals.raised:
        print(f"RAISES {failure}")
    print()


if __name__ == "__main__":
    raise SystemExit(main())
