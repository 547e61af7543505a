"""What the commands share: examples in their help, the choice of format, and tables."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from translator.errors import UsageError

_F = TypeVar("_F", bound=Callable[..., Any])


class Command(click.Command):
    """A command whose help ends with examples: pairs of what is wanted and what to type for it."""

    def __init__(self, *args: Any, examples: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples where click would write the epilog."""
        with formatter.section("Examples"):
            for purpose, line in self.examples:
                formatter.write_text(f"# {purpose}")
                formatter.write(f"{'':>{formatter.current_indent}}{line}\n")


def format_option(function: _F) -> _F:
    """Add `--format text|json`, passed as `form`."""
    option = click.option(
        "--format",
        "form",
        type=click.Choice(("text", "json")),
        default="text",
        show_default=True,
        help="Text for people, JSON for programs.",
    )
    return option(function)


def show_json(value: object) -> None:
    """Print one JSON value."""
    import json

    click.echo(json.dumps(value, indent=2))


def finite(number: float | None) -> float | None:
    """Return `number` as JSON can have it, which knows no infinity and no nan: None for those."""
    return number if number is not None and abs(number) < float("inf") else None


def show_table(
    headers: Sequence[str], rows: Sequence[Sequence[str]], title: str = "", *, err: bool = False
) -> None:
    """Print a table: drawn by rich on a terminal, plain columns where a program or a file reads it."""
    if (sys.stderr if err else sys.stdout).isatty():
        _rich_table(headers, rows, title, err)
        return
    if title:
        click.echo(title, err=err)
    widths = [max(map(len, column)) for column in zip(headers, *rows, strict=True)]
    for row in (headers, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(f"  {'  '.join(cells)}".rstrip(), err=err)


def _rich_table(
    headers: Sequence[str], rows: Sequence[Sequence[str]], title: str, err: bool
) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", title_style="bold")
    for header in headers:
        table.add_column(header, overflow="fold")
    for row in rows:
        # Text, because code has brackets, which rich would read as its own markup.
        table.add_row(*map(Text, row))
    Console(stderr=err).print(table)


def need(*modules: str) -> None:
    """Raise `UsageError` with the one line that installs them, if any of these modules is not installed."""
    from importlib.util import find_spec

    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        what = f"this needs {', '.join(missing)}"
        raise UsageError(f'{what}; run: pip install "translator[run]"')


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Give a function that shows how far it is; it does nothing where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda text, done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")
        yield lambda text, done, total: bar.update(
            task, description=text, completed=done, total=total
        )
