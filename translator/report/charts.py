"""Loss curves as SVG that takes its colours from the page, so that it is right in light and in dark."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

_WIDTH, _HEIGHT = 7.2, 4.0
# matplotlib wants colours; the page's variables take the place of these.
_VARIABLES = {
    "#010101": "var(--ink-soft)",
    "#020202": "var(--line)",
    "#030303": "var(--source)",
    "#040404": "var(--target)",
    "#050505": "var(--bad)",
}
_INK, _LINE, _SOURCE, _TARGET, _GAP = _VARIABLES
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",  # text stays text: it is searched, copied and in the page's font
    "svg.hashsalt": "translator",
    "font.size": 10,
    "axes.edgecolor": _LINE,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "text.color": _INK,
    "text.usetex": False,
    "text.parse_math": False,
}


def curves(
    source: Sequence[float], target: Sequence[float], names: tuple[str, str], key: str
) -> Markup:
    """Both losses by step, and below them how far they are apart, relative to max(1, |loss|).

    `key` tells the parts of this drawing from those of another one on the same page.
    """
    import matplotlib
    from matplotlib.figure import Figure

    gaps = [_gap(a, b) for a, b in zip(source, target, strict=False)]
    apart = any(map(math.isfinite, gaps))
    with matplotlib.rc_context(_SETTINGS):
        figure = Figure(figsize=(_WIDTH, _HEIGHT), layout="constrained")
        figure.patch.set_alpha(0)
        heights = (3, 1) if apart else (1,)
        grid = figure.subplots(len(heights), 1, sharex=True, squeeze=False, height_ratios=heights)
        plots: list[Any] = list(grid[:, 0])
        plots[0].plot(source, color=_SOURCE, linewidth=6, alpha=0.4, label=names[0])
        plots[0].plot(target, color=_TARGET, linewidth=1.6, label=names[1])
        plots[0].set_ylabel("loss")
        plots[0].legend(frameon=False)
        if apart:
            plots[1].plot(gaps, color=_GAP, linewidth=1.2, marker="o", markersize=3)
            plots[1].set_yscale("log")
            plots[1].set_ylim(_decades(gaps))
            plots[1].yaxis.set_major_formatter("{x:.0e}")
            plots[1].yaxis.set_minor_formatter("")
            plots[1].set_ylabel("apart")
        plots[-1].set_xlabel("step")
        plots[-1].xaxis.get_major_locator().set_params(integer=True)
        for axes in plots:
            axes.patch.set_alpha(0)
            axes.spines[["top", "right"]].set_visible(False)
            axes.grid(color=_LINE, linewidth=0.6)
            axes.set_axisbelow(True)
        written = io.StringIO()
        figure.savefig(written, format="svg")
    return Markup(_inline(written.getvalue(), key))


def _decades(gaps: Sequence[float]) -> tuple[float, float]:
    """The whole decades around what is a number, one at least."""
    exponents = [math.log10(gap) for gap in gaps if math.isfinite(gap)]
    lowest = math.floor(min(exponents))
    return 10.0**lowest, 10.0 ** max(math.ceil(max(exponents)), lowest + 1)


def _gap(a: float, b: float) -> float:
    # What is equal, and what is no number, has no place on a scale of decades.
    found = abs(a - b) / max(1.0, abs(a))
    return found if found > 0 else math.nan


def _inline(svg: str, key: str) -> str:
    """An SVG document as a part of an HTML page: no prolog, no addresses, names and colours of its own."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\s+xmlns(:\w+)?="[^"]*"', "", svg)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r'\1 role="img"', svg, count=1)
    svg = svg.replace("xlink:href=", "href=")
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\1{key}-", svg)
    svg = re.sub(r"font: ([\d.]+px)[^;\"]*", r"font-size: \1", svg)
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, variable)
    return svg
