"""What the page shows, as plain values, and its rendering: whatever comes from a file or a message is escaped."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import jinja2
from markupsafe import Markup

from translator import files
from translator.errors import UsageError
from translator.proof.versions import versions

Status = Literal["agree", "differ", "stopped"]

NAME = "index.html"
_FOLDER = Path(__file__).parent
_PACKAGES = ("translator", "torch", "tensorflow", "keras")
_SMALLEST = -17.0
"""The decade that a bar begins at: below it, a float64 says nothing."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line under the verdict: `worst error`, `2.1e-13`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One line of the table of checks; `tone` is "good", "fair" (rounding, a known difference), "bad" or "none"."""

    group: str
    what: str
    how: str
    error: float | None
    tolerance: float
    verdict: str
    tone: Literal["good", "fair", "bad", "none"]
    note: str = ""


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One layer of both sides with the error of its input and that of its output."""

    source: str
    target: str
    kinds: str
    before: float | None
    after: float | None
    marked: bool


@dataclass(frozen=True, slots=True)
class WeightRow:
    """One entry of the weight map; a name is "" where there is no counterpart."""

    source: str
    source_shape: str
    target: str
    target_shape: str
    transformation: str
    error: float | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place where the two part, and what to do about it."""

    summary: str
    where: str = ""
    error: float | None = None
    reasons: tuple[str, ...] = ()
    explanation: str = ""
    remedy: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with what it shows in words."""

    title: str
    svg: Markup


@dataclass(frozen=True, slots=True)
class Listing:
    """One text with a heading; `code` is highlighted HTML, or escaped text."""

    title: str
    path: str
    code: Markup


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the page shows; what is empty is left out."""

    status: Status
    headline: str
    names: tuple[str, str]
    facts: tuple[Fact, ...] = ()
    message: str = ""
    notes: tuple[str, ...] = ()
    difference: Difference | None = None
    checks: tuple[CheckRow, ...] = ()
    pictures: tuple[Picture, ...] = ()
    layers: tuple[LayerRow, ...] = ()
    weights: tuple[WeightRow, ...] = ()
    printed: tuple[Listing, ...] = ()
    sources: tuple[Listing, ...] = ()
    versions: tuple[str, ...] = field(default_factory=lambda: tuple(versions(_PACKAGES)))


def require_folder(folder: Path) -> None:
    """Raise before any work is done if the report could not be put into `folder`.

    Raises:
        UsageError: something else has that name.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"--report needs a folder, and {folder} is a file")


def write(page: Page, folder: Path) -> Path:
    """Write the page into a folder, which is made if there is none, as a whole or not at all.

    Raises:
        FileError: the folder or the page cannot be written.
    """
    text = render(page)
    require_folder(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    files.write(str(path), text.encode())
    return path


def render(page: Page) -> str:
    """The page as HTML."""
    # Here and not above, because it is only known when everything else is.
    from translator.report.code import styles

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"error": shown, "bar": bar}
    template = environment.get_template("page.html.jinja")
    return template.render(page=page, code_styles=Markup(styles()))


def shown(error: float | None) -> str:
    """An error as the page writes it."""
    if error is None:
        return "–"
    if math.isinf(error):
        return "∞"
    return "0" if error == 0 else f"{error:.1e}"


def bar(error: float | None) -> str:
    """How long the bar of an error is, in percent: its decade, from the last digit of a float64 to 1."""
    if error is None or error == 0:
        return "0"
    if not math.isfinite(error):
        return "100"
    share = (math.log10(error) - _SMALLEST) / -_SMALLEST
    return f"{100 * min(max(share, 0.0), 1.0):.1f}"
