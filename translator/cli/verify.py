"""`translator verify`: whether two scripts print and learn the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from translator.cli import Subject
from translator.cli.common import Command, finite, format_option, need, show_json, show_table

if TYPE_CHECKING:
    from translator.proof.script_pairs import Comparison


@click.command(
    cls=Command,
    short_help="Compare what two scripts print and learn.",
    examples=(
        ("Compare a script with what was made of it.", "translator verify train.py train_tf.py"),
        ("The same for a program.", "translator verify train.py train_tf.py --format json"),
    ),
)
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option(
    "--timeout",
    type=click.FloatRange(min=1.0),
    default=300.0,
    show_default=True,
    help="Seconds that each script may run.",
)
@format_option
@click.pass_obj
def verify(subject: Subject, first: str, second: str, timeout: float, form: str) -> int:
    """Run the scripts A and B and compare what they print and the weights that they learn.

    Exit code 0: they agree. 1: they differ, one of them fails, or there is nothing to compare. 2:
    one of them cannot be read.
    """
    from translator import files, syntax

    for path in (first, second):
        subject.path = path
        syntax.check(files.read(path).text)
    subject.path = None
    from translator.proof.script_pairs import compare_scripts
    from translator.proof.scripts import framework_of_script
    from translator.proof.watched import Limits

    need(*{framework_of_script(Path(path)) for path in (first, second)})
    comparison = compare_scripts(Path(first), Path(second), Limits(timeout))
    if form == "json":
        show_json(_plain(comparison))
    else:
        _show(comparison)
    return 0 if comparison.agree else 1


def _show(comparison: Comparison) -> None:
    rows = [
        (
            row.what,
            f"{row.error:.1e}",
            f"{row.tolerance:.1e}",
            "agree" if row.ok else f"DIFFER {row.reason}".rstrip(),
        )
        for row in comparison.rows
    ]
    if rows:
        show_table(("what", "largest error", "tolerance", "verdict"), rows)
    for note in comparison.notes:
        click.echo(f"Note: {note}")
    if comparison.reason is not None:
        click.echo(comparison.reason, err=True)
    elif not rows:
        click.echo("Nothing to compare: neither prints anything or learns any weights.")
    else:
        click.echo("The scripts agree." if comparison.agree else "The scripts differ.")


def _plain(comparison: Comparison) -> dict[str, object]:
    return {
        "agree": comparison.agree,
        "reason": comparison.reason,
        "notes": list(comparison.notes),
        "rows": [
            {
                "what": row.what,
                "error": finite(row.error),
                "tolerance": row.tolerance,
                "agree": row.ok,
                "reason": row.reason,
            }
            for row in comparison.rows
        ],
    }
