"""What `verify` and `convert --verify` share: running the comparison, showing it, and its report."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from translator.cli.common import finite, need, show_table

if TYPE_CHECKING:
    from translator.proof.script_pairs import Comparison
    from translator.proof.verification import Check, Fault, Verification

Kind = Literal["models", "scripts"]
_OPTIONS = {"inputs": "--input", "keep_weights": "--keep-weights"}
_BY_MODELS = (
    "Note: `translator verify SOURCE TARGET --as models` compares their models, with equal weights."
)


@dataclass(frozen=True)
class Wish:
    """What the options ask for; None and "" where they say nothing."""

    kind: Kind | None = None
    models: tuple[str | None, str | None] = (None, None)
    inputs: str | None = None
    optimizer: str | None = None
    loss: str | None = None
    steps: int | None = None
    keep_weights: bool = False
    timeout: float = 300.0
    memory: int | None = None
    report: Path | None = None

    def of_models(self) -> dict[str, Any]:
        """The options that only a comparison of models knows, as far as they are given."""
        given = {
            "model": self.models if any(self.models) else None,
            "inputs": self.inputs,
            "optimizer": self.optimizer,
            "loss": self.loss,
            "steps": self.steps,
            "keep_weights": self.keep_weights or None,
        }
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True)
class Verdict:
    """Two files compared, as what they are."""

    found: Verification | Comparison
    kind: Kind
    paths: tuple[Path, Path]
    texts: tuple[str, str]

    @property
    def agree(self) -> bool:
        """Whether they do."""
        return self.found.agree

    def plain(self) -> dict[str, Any]:
        """As JSON has it; what the scripts printed is left out, because that has no bound."""
        found = asdict(self.found)
        found.pop("printed", None)
        return {"kind": self.kind, "agree": self.agree, **_plain(found)}

    def show(self, *, err: bool = False) -> None:
        """Print the table, what there is to know, and the verdict in one line."""
        from translator.proof.script_pairs import Comparison

        if isinstance(self.found, Comparison):
            _show_scripts(self.found, err)
        else:
            _show_models(self.found, err)


@dataclass(frozen=True)
class NoVerdict:
    """Why two files could not be compared."""

    reason: str
    agree: bool = False

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)

    def show(self, *, err: bool = False) -> None:
        """Print the reason."""
        click.echo(f"Not verified: {self.reason}", err=err)


def compare(paths: tuple[Path, Path], texts: tuple[str, str], wish: Wish) -> Verdict:
    """Run two files and compare them, as scripts or by their models, and write the report if one is wanted.

    Raises:
        UsageError: the options do not fit, or a file, a model or an input is not what is needed.
    """
    from translator.errors import UsageError
    from translator.proof.scripts import framework_of_script
    from translator.proof.watched import Limits

    kind = kind_of(texts, wish)
    if kind == "scripts" and (misplaced := wish.of_models()):
        names = ", ".join(_OPTIONS.get(name, f"--{name}") for name in misplaced)
        raise UsageError(f"{names}: for the comparison of models alone")
    if wish.report is not None:
        need("matplotlib")
        from translator.report.page import require_folder

        require_folder(wish.report)
    need(*{framework_of_script(path) for path in paths})
    found: Verification | Comparison
    with _waiting(f"running {paths[0].name} and {paths[1].name}"):
        if kind == "scripts":
            from translator.proof import script_pairs

            limits = Limits(wish.timeout, wish.memory)
            found = script_pairs.compare_scripts(*paths, limits)
        else:
            from translator.proof import models

            given = wish.of_models()
            found = models.verify(*paths, timeout=wish.timeout, memory=wish.memory, **given)
    verdict = Verdict(found, kind, paths, texts)
    if wish.report is not None:
        _report(verdict, wish.report)
    return verdict


def kind_of(texts: tuple[str, str], wish: Wish) -> Kind:
    """As what two files are compared: as scripts if both do something when they are run and no option is of models."""
    from translator.proof.doing import does_something

    if wish.kind is not None:
        return wish.kind
    if wish.of_models():
        return "models"
    return "scripts" if all(map(does_something, texts)) else "models"


def _show_scripts(found: Comparison, err: bool) -> None:
    from translator.report.scripts import headline

    rows = [
        (
            row.what,
            f"{row.error:.1e}",
            f"{row.tolerance:.1e}",
            "agree" if row.agree else f"DIFFER {row.reason}".rstrip(),
        )
        for row in found.rows
    ]
    if rows:
        show_table(("what", "largest error", "tolerance", "verdict"), rows, err=err)
    _notes(found.notes, err)
    if found.reason is not None:
        click.echo(found.reason, err=True)
        if found.random:
            click.echo(_BY_MODELS, err=True)
    else:
        click.echo(headline(found), err=err)


def _show_models(found: Verification, err: bool) -> None:
    from translator.report.models import headline

    headers = ("stage", "what", "mode", "batch", "precision", "error", "tolerance", "verdict")
    if found.checks:
        show_table(headers, [_cells(check) for check in found.checks], err=err)
    _notes(found.notes, err)
    if found.fault is not None:
        click.echo(_told(found.fault), err=err)
    if found.failure is not None:
        click.echo(str(found.failure), err=True)
    else:
        click.echo(headline(found), err=err)


def _cells(check: Check) -> tuple[str, ...]:
    told = "; ".join(filter(None, (check.worst, check.reason)))
    return (
        check.stage,
        check.what,
        check.mode,
        str(check.batch or ""),
        check.precision,
        "" if check.error is None else f"{check.error:.1e}",
        f"{check.tolerance:.1e}",
        f"{check.verdict.value}{told and f' ({told})'}",
    )


def _told(fault: Fault) -> str:
    lines = [f"First difference: {fault.summary}", *(f"  {reason}" for reason in fault.reasons)]
    lines += [f"  {text}" for text in (fault.explanation,) if text]
    lines += [f"  Remedy: {fault.remedy}"] if fault.remedy else []
    lines += [f"  More: translator lookup {fault.entry}"] if fault.entry else []
    return "\n".join(lines)


def _notes(notes: tuple[str, ...], err: bool) -> None:
    for note in notes:
        click.echo(f"Note: {note}", err=err)


def _report(verdict: Verdict, folder: Path) -> None:
    from translator.proof.script_pairs import Comparison
    from translator.report.models import page_of_models
    from translator.report.page import write
    from translator.report.scripts import page_of_scripts

    if isinstance(verdict.found, Comparison):
        page = page_of_scripts(verdict.found, verdict.paths, verdict.texts)
    else:
        page = page_of_models(verdict.found, verdict.texts)
    click.echo(f"wrote {write(page, folder)}", err=True)


def _plain(value: Any) -> Any:
    """As JSON can have it."""
    match value:
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case float():
            return finite(value)
        case Enum():
            return value.value
        case Path():
            return str(value)
        case _:
            return value


@contextlib.contextmanager
def _waiting(text: str) -> Iterator[None]:
    """Say what is waited for, where somebody watches."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield
