"""`translator lookup`: what something is called on the other side, and what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from translator.cli.common import Command, format_option, show_json, show_table
from translator.collection import paused_collection
from translator.errors import UsageError

if TYPE_CHECKING:
    from translator.knowledge.page import Page
    from translator.knowledge.search import Hit

_WIDTH = 88

_AS_GOOD = 3
"""So many records are shown in full where they fit equally well; the others are named."""


@click.command(
    cls=Command,
    short_help="Show what something is called on the other side.",
    examples=(
        ("A name of PyTorch.", "translator lookup nn.Linear"),
        ("A name of Keras or TensorFlow, with or without its module.", "translator lookup Dense"),
        ("A method.", "translator lookup x.view"),
        ("Words.", 'translator lookup "zero_grad step"'),
        ("A code from the findings of a conversion.", "translator lookup UNKNOWN_API"),
    ),
)
@click.argument("query", nargs=-1, required=True, metavar="NAME-OR-WORDS")
@format_option
@paused_collection()
def lookup(query: tuple[str, ...], form: str) -> int:
    """Show both forms of something, argument by argument, and what differs between them."""
    text = " ".join(query).strip()
    if text.isupper() and _show_code(text, form):
        return 0
    from translator.knowledge.page import page
    from translator.knowledge.search import lookup as search

    hits = search(text)
    if not hits:
        raise UsageError(_nothing(text))
    if form == "json":
        show_json({"query": text, "hits": [_plain(hit, page(hit.entry)) for hit in hits]})
        return 0
    shown = [hit for hit in hits if hit.rank == hits[0].rank][:_AS_GOOD]
    for number, hit in enumerate(shown):
        click.echo("\n" if number else "", nl=False)
        _show(page(hit.entry))
    also = list(dict.fromkeys(hit.entry.record.title for hit in hits if hit not in shown))[:8]
    if also:
        click.echo(f"\nSee also: {', '.join(also)}")
    return 0


def _nothing(text: str) -> str:
    from translator.knowledge.search import suggest

    near = suggest(text)
    if near:
        return f"nothing is known of {text!r}; did you mean {', '.join(near)}?"
    return f"nothing is known of {text!r}; try its last name alone, or words for what it does"


def _show_code(text: str, form: str) -> bool:
    """Show what a code of the findings means, if `text` is one."""
    from translator.findings import Code

    if text not in Code.__members__:
        return False
    code = Code[text]
    if form == "json":
        show_json({"query": text, "code": code.name, "meaning": code.value})
    else:
        click.echo(f"{code.name}: {code.value}")
    return True


def _show(page: Page) -> None:
    """Print one page."""
    if page.kind == "construct":
        click.secho(f"{page.title}  ({page.group})", bold=True)
        _snippets("PyTorch", page.torch)
        _snippets("TensorFlow", page.tensorflow)
    else:
        _forms(page)
    if page.arguments:
        rows = [(row.torch or "-", row.tensorflow or "-", row.rule) for row in page.arguments]
        click.echo()
        show_table(("torch", "tensorflow", "rule"), rows, "Arguments")
    _section("Weights", "\n".join(page.weights), wrap=False)
    _section("Differs", page.differs)
    if page.naive:
        error = f"largest error {page.error}" if page.error else ""
        _section("Naive form", "\n".join(filter(None, (page.naive, error))), wrap=False)
    if page.exact:
        what = "a class that is written into the file, with --exact or where the form above does not do"
        _section("Exact form", "\n".join((*page.exact, what)), wrap=False)
    _section("Instead", page.instead)


def _forms(page: Page) -> None:
    """Print the form that is written on each side, then the other spellings that are understood."""
    click.secho(f"{page.title}  ({page.group})", bold=True)
    for side, texts in (("torch", page.torch), ("tensorflow", page.tensorflow)):
        for number, text in enumerate(filter(None, texts)):
            click.echo(f"  {'' if number else side:<10}  {text}")


def _snippets(side: str, texts: tuple[str, ...]) -> None:
    for text in texts:
        click.echo()
        click.secho(side, bold=True)
        for line in text.strip("\n").splitlines():
            click.echo(f"  {line}".rstrip())


def _section(title: str, text: str, wrap: bool = True) -> None:
    if not text:
        return
    import textwrap

    click.echo()
    click.secho(title, bold=True)
    lines = textwrap.wrap(text, _WIDTH - 2) if wrap else text.splitlines()
    for line in lines:
        click.echo(f"  {line}")


def _plain(hit: Hit, page: Page) -> dict[str, Any]:
    from dataclasses import asdict

    return {"match": hit.spelling, "rank": hit.rank, **asdict(page)}
