"""`translator example`: the paired scripts, listed, printed, written or run."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

import click

from translator.cli.common import Command, format_option, need, show_json, show_table
from translator.errors import ProofError, UsageError

if TYPE_CHECKING:
    from translator.examples import Example
    from translator.knowledge.lenses import Side

_BOTH: tuple[Side, ...] = ("torch", "tensorflow")


@click.command(
    cls=Command,
    short_help="Show, write or run the paired example scripts.",
    examples=(
        ("List the examples and their options.", "translator example"),
        ("Print both scripts of a pair.", "translator example tape"),
        (
            "Keep one of them, with another setting.",
            "translator example tape --framework torch --set epochs=50 > tape.py",
        ),
        ("Write all of them to a folder.", "translator example -o examples"),
        ("Run a pair and see what it prints.", "translator example optimizers --run"),
    ),
)
@click.argument("name", required=False)
@click.option(
    "--framework",
    type=click.Choice(("torch", "tensorflow", "both")),
    default="both",
    show_default=True,
    help="Which side of the pair.",
)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    help="Write to DIR/NAME/NAME_FRAMEWORK.py; without NAME, all of them.",
)
@click.option("--run", "execute", is_flag=True, help="Run the scripts and print what they print.")
@click.option(
    "--set", "settings", metavar="OPTION=VALUE", multiple=True, help="Change a setting; repeatable."
)
@format_option
def example(
    name: str | None,
    framework: Literal["torch", "tensorflow", "both"],
    output: str | None,
    execute: bool,
    settings: tuple[str, ...],
    form: str,
) -> int:
    """Show the paired example scripts; without NAME, list them.

    The two scripts of a pair compute the same from the same data, starting weights and settings.
    """
    from translator.examples import EXAMPLES, write

    frameworks = _BOTH if framework == "both" else (framework,)
    options = dict(_setting(text) for text in settings)
    if name is None and output is None:
        if execute or options:
            raise UsageError(f"name an example: {', '.join(each.name for each in EXAMPLES)}")
        _list(EXAMPLES, form)
        return 0
    names = [name] if name is not None else [each.name for each in EXAMPLES]
    if output is not None:
        for path in write(Path(output), names, frameworks, **options):
            click.echo(f"wrote {path}", err=True)
    if execute:
        return _run(names, frameworks, options)
    if output is None:
        _print(names[0], frameworks, options, form)
    return 0


def _setting(text: str) -> tuple[str, str]:
    option, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"--set needs OPTION=VALUE, not {text!r}")
    return option.replace("-", "_"), value


def _list(examples: tuple[Example, ...], form: str) -> None:
    if form == "json":
        show_json([_plain(each) for each in examples])
        return
    rows = [
        (
            each.name,
            each.summary,
            " ".join(f"{option.name}={option.default}" for option in each.options),
        )
        for each in examples
    ]
    show_table(("name", "what it shows", "options"), rows)


def _plain(example: Example) -> dict[str, object]:
    options = [
        {"name": option.name, "default": option.default, "help": option.help}
        for option in example.options
    ]
    return {
        "name": example.name,
        "title": example.title,
        "summary": example.summary,
        "options": options,
    }


def _print(name: str, frameworks: tuple[Side, ...], options: dict[str, str], form: str) -> None:
    from translator.examples import render, script_name

    scripts = {framework: render(name, framework, **options) for framework in frameworks}
    if form == "json":
        show_json({"name": name, "scripts": scripts})
        return
    for framework, script in scripts.items():
        if len(scripts) > 1:
            click.echo(f"# ---- {name}/{script_name(name, framework)}")
        click.echo(script, nl=False)


def _run(names: list[str], frameworks: tuple[Side, ...], options: dict[str, str]) -> int:
    from translator.examples import write
    from translator.proof.scripts import run_script

    need(*frameworks)
    with TemporaryDirectory() as folder:
        paths = write(Path(folder), names, frameworks, **options)
        for path, framework in zip(paths, frameworks * len(names), strict=True):
            title = f"{path.parent.name}/{path.name}"
            result = run_script(path, framework)
            if result.error is not None:
                raise ProofError(f"{title} failed: {result.error}")
            click.secho(title, bold=True)
            click.echo(result.stdout, nl=False)
    return 0
