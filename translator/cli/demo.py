"""`translator demo`: the tour of everything, in one table and one picture."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from translator.cli.common import (
    Command,
    finite,
    format_option,
    need,
    progress,
    show_json,
    show_table,
)

if TYPE_CHECKING:
    from translator.demo import Row


@click.command(
    cls=Command,
    short_help="Tour: convert all examples, run them and compare.",
    examples=(
        ("Run the tour.", "translator demo"),
        ("Keep the scripts to look at them.", "translator demo --keep demo"),
        ("Run only one pair.", "translator demo optimizers"),
    ),
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "-o",
    "--output",
    metavar="PICTURE",
    default="translator-demo.png",
    show_default=True,
    help="Where to write the picture of the fits.",
)
@click.option(
    "--keep", metavar="DIR", help="Write the scripts to this folder and leave them there."
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=1.0),
    default=300.0,
    show_default=True,
    help="Seconds that each script may run.",
)
@format_option
def demo(names: tuple[str, ...], output: str, keep: str | None, timeout: float, form: str) -> int:
    """Render the example pairs, convert each script to the other side, run all and compare them.

    Every pair gives four scripts: PyTorch, TensorFlow, and each converted to the other. The table
    has what they have learned and the largest difference in anything they print; the picture shows
    the samples and the fitted lines.

    Exit code 0: all agree. 1: a script differs, fails or was not converted completely.
    """
    need("torch", "tensorflow", "keras", "matplotlib")
    from translator import demo as tour

    with _folder(keep) as folder, progress() as tell:
        scripts = tour.prepare(folder, names)
        outcomes = []
        tell("running", 0, len(scripts))
        for outcome in tour.run(scripts, timeout):
            outcomes.append(outcome)
            tell(f"running {outcome.script.pair}", len(outcomes), len(scripts))
    rows = tour.compare(outcomes)
    tour.draw(rows, output)
    if form == "json":
        show_json({"rows": [_plain(row) for row in rows], "picture": output})
    else:
        _show(rows, output, keep)
    return 0 if all(row.agree for row in rows) else 1


def _show(rows: list[Row], output: str, keep: str | None) -> None:
    headers = ("pair", "script", "final loss", "weight", "bias", "largest difference", "verdict")
    show_table(
        headers, [_cells(row) for row in rows], "Agreement with the torch script of each pair"
    )
    for row in rows:
        if row.outcome.error:
            script = row.outcome.script
            click.echo(f"{script.pair}, {script.title}: {row.outcome.error}", err=True)
    agreeing = sum(row.agree for row in rows)
    click.echo(f"{agreeing} of {len(rows)} scripts agree. The fits are drawn in {output}")
    if keep is not None:
        click.echo(f"The scripts are in {keep}")


def _cells(row: Row) -> tuple[str, ...]:
    script, printed = row.outcome.script, row.outcome.printed
    numbers = (row.outcome.loss, printed.get("weight"), printed.get("bias"))
    shown = ("-" if number is None else f"{number:.6f}" for number in numbers)
    worst = "-" if row.worst is None else f"{row.worst:.2g}"
    return (script.pair, script.title, *shown, worst, _verdict(row))


def _verdict(row: Row) -> str:
    if row.outcome.error:
        return "FAILED"
    if row.outcome.script.left:
        return "INCOMPLETE"
    return "agree" if row.agree else "DIFFER"


def _plain(row: Row) -> dict[str, object]:
    script, printed = row.outcome.script, row.outcome.printed
    return {
        "pair": script.pair,
        "from": script.origin,
        "framework": script.framework,
        "loss": finite(row.outcome.loss),
        "weight": finite(printed.get("weight")),
        "bias": finite(printed.get("bias")),
        "worst": finite(row.worst),
        "agree": row.agree,
        "unconverted": script.left,
        "error": row.outcome.error,
    }


@contextmanager
def _folder(keep: str | None) -> Iterator[Path]:
    if keep is not None:
        yield Path(keep)
        return
    with TemporaryDirectory() as folder:
        yield Path(folder)
