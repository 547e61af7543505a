"""Counts the transposes that conversions write: of the models in `models/`, and of public ones that a file lists.

Run it as `python -m benchmarks.transposes [--cases FILE.json --sources DIR]`.

Beside the list of cases stands a `slicer.py` whose `cut(sources, case)` gives the text of one. What the source itself
transposes is not counted. A network of convolutions keeps one axis order throughout: none may be left in it but for
one before a flatten, whose result the source's order decides.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks._measure import Figure, report
from benchmarks.running import ALL, MODELS
from translator import convert
from translator.pipeline import Framework

_TRANSPOSES = re.compile(
    r"\b(?:transpose|permute|swapaxes|swapdims|moveaxis|movedim|Permute)\(|\.(?:mT|T)\b"
)
_FLATTENS = re.compile(r"Flatten|flatten|reshape|view\(")
CONVOLUTIONS = frozenset({"residual", "depthwise", "concat", "inverted-residual", "bn"})
"""Tags of the networks of convolutions that keep one order throughout."""
SHUFFLES = frozenset({"channel-shuffle", "aux", "vit"})


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=Path, action="append", default=[], help="a list of cases")
    parser.add_argument("--sources", type=Path, help="the folder of their sources")
    options = parser.parse_args()
    figures = [_counted(*row) for row in own()]
    for path in options.cases:
        figures += [_counted(*row) for row in listed(path, options.sources)]
    return report(figures)


def own() -> Iterator[tuple[str, str, Framework, bool]]:
    """Title, text, target and whether it is a network of convolutions, of the models here."""
    for model in ALL:
        plain = len(model.shape) == 4 and model.name != "vit"
        for side, to in (("torch", "tensorflow"), ("keras", "torch")):
            text = (MODELS / f"{model.name}_{side}.py").read_text("utf-8")
            yield f"{model.name} to {to}", text, to, plain  # type: ignore[misc]


def listed(path: Path, sources: Path) -> Iterator[tuple[str, str, Framework, bool]]:
    """The same of public models."""
    slicer = _module(path.with_name("slicer.py"))
    to: Framework = "tensorflow" if "torch" in path.stem else "torch"
    for case in json.loads(path.read_text("utf-8")):
        tags = set(case["tags"])
        plain = "cnn" in tags and bool(tags & CONVOLUTIONS) and not tags & SHUFFLES
        yield case["name"], slicer.cut(sources, case), to, plain


def _module(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _counted(title: str, text: str, to: Framework, plain: bool) -> Figure:
    """How many more transposes the result has than its source; those of a plain network but one before a flatten."""
    conversion = convert(text, to)
    left = sum(finding.severity.name == "TODO" for finding in conversion.findings)
    lines = [line for line in conversion.code.splitlines() if _TRANSPOSES.search(line)]
    own = len(_TRANSPOSES.findall(text))
    count = sum(len(_TRANSPOSES.findall(line)) for line in lines) - own
    allowed = sum(bool(_FLATTENS.search(line)) for line in lines[:1]) if plain else count
    what = f"{title} ({left} left to do)" if left else title
    return Figure(what, str(count), str(allowed) if plain else "", count <= allowed)


if __name__ == "__main__":
    raise SystemExit(main())
