"""Source text and printed text as HTML, for light and dark."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

_LIGHT, _DARK = "xcode", "github-dark"
_LINES = 2000


def code(source: str, marked: Iterable[int] = ()) -> Markup:
    """Python source, highlighted, with numbered lines; the `marked` ones stand out."""
    kept = "".join(source.splitlines(keepends=True)[:_LINES])
    formatter = HtmlFormatter(nowrap=True)
    written = highlight(kept, PythonLexer(stripnl=False, ensurenl=False), formatter)
    lines = written.removesuffix("\n").split("\n")
    return _numbered(lines, set(marked), source.count("\n") - kept.count("\n"))


def output(text: str, marked: Iterable[int] = ()) -> Markup:
    """What a script printed, with numbered lines; the `marked` ones stand out."""
    lines = text.splitlines()
    return _numbered(map(str, map(escape, lines[:_LINES])), set(marked), len(lines) - _LINES)


def styles() -> str:
    """The style sheet of the highlighting."""
    light = HtmlFormatter(style=_LIGHT).get_style_defs(".code")
    dark = HtmlFormatter(style=_DARK).get_style_defs(".code")
    return f"{_plain(light)}\n@media (prefers-color-scheme: dark) {{\n{_plain(dark)}\n}}"


def _plain(sheet: str) -> str:
    """Without the rules for the block as a whole and for Pygments' own line numbers: the page has its own."""
    rules = (line for line in sheet.splitlines() if line.startswith(".code ."))
    return "\n".join(rule for rule in rules if "linenos" not in rule and " .hll" not in rule)


def _numbered(lines: Iterable[str], marked: set[int], more: int) -> Markup:
    return Markup("\n").join(itertools.chain(_spans(lines, marked), _rest(more)))


def _spans(lines: Iterable[str], marked: set[int]) -> Iterator[Markup]:
    for number, line in enumerate(lines, 1):
        kind = ' class="marked"' if number in marked else ""
        yield Markup(f"<span{kind}>{line}</span>")


def _rest(more: int) -> Iterator[Markup]:
    if more > 0:
        yield Markup(f'<em class="more">{more} more lines</em>')
