"""`translator verify`: whether two files compute the same, as scripts or by their models."""

from __future__ import annotations

import re
from pathlib import Path

import click

from translator.cli import Subject
from translator.cli.common import Command, format_option, show_json
from translator.cli.verdict import Kind, Wish, compare

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


def _bytes(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """A number of bytes: `8GB`, `500M`."""
    if value is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?", value.strip().lower())
    if found is None or not float(found[1]):
        raise click.BadParameter(f"{value!r} is no size, such as 8GB")
    return int(float(found[1]) * _UNITS[found[2]])


@click.command(
    cls=Command,
    short_help="Prove that two files compute and learn the same.",
    examples=(
        ("Compare a model with what was made of it.", "translator verify net.py net_tf.py"),
        (
            "Say how the models are built, and their input.",
            'translator verify net.py net_tf.py --model "Net(10)" --input 4x3x32x32:float32',
        ),
        ("Compare two scripts by what they print.", "translator verify train.py train_tf.py"),
        ("Write a page to look at.", "translator verify net.py net_tf.py --report report"),
        ("The same for a program.", "translator verify net.py net_tf.py --format json"),
    ),
)
@click.argument("source", metavar="SOURCE")
@click.argument("target", metavar="TARGET")
@click.option(
    "--as",
    "kind",
    type=click.Choice(("models", "scripts")),
    help="What to compare; without it, the files and the other options tell.",
)
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="EXPRESSION",
    help="Builds the model in its file; once for both sides, or twice for one each.",
)
@click.option(
    "--input",
    "inputs",
    metavar="SHAPE|NPZ",
    help="2x3x32x32:float32 in the source's axis order, several with commas, or an .npz file.",
)
@click.option("--optimizer", metavar="NAME", help="sgd (default), momentum, adam, adamw, rmsprop.")
@click.option("--loss", metavar="NAME", help='mse (default), "sum of squares", "cross entropy".')
@click.option("--steps", type=click.IntRange(min=1), help="Training steps; 10 without it.")
@click.option(
    "--keep-weights", is_flag=True, help="Compare the weights of both; carry none across."
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=1.0),
    default=300.0,
    show_default=True,
    help="Seconds that each side may run.",
)
@click.option(
    "--memory",
    callback=_bytes,
    metavar="SIZE",
    help="Memory that each side may take, such as 8GB; without it, 45 % of what is free.",
)
@click.option("--report", metavar="DIR", help="Write a page with everything to DIR/index.html.")
@format_option
@click.pass_obj
def verify(
    subject: Subject,
    source: str,
    target: str,
    kind: Kind | None,
    models: tuple[str, ...],
    inputs: str | None,
    optimizer: str | None,
    loss: str | None,
    steps: int | None,
    keep_weights: bool,
    timeout: float,
    memory: int | None,
    report: str | None,
    form: str,
) -> int:
    """Run SOURCE and TARGET, one of each framework, and compare what they compute and learn.

    This runs the code of both files, each in a process of its own, which is ended with all that it
    started when it takes too much time, memory or output.

    Two files that define models are compared by them: the weights of the source's are carried to
    the target's; then outputs, gradients, running statistics and training are compared, and the
    first place where they part is named. Two files that do something when they are run are
    compared as scripts: by the numbers that they print and the weights that they learn. What stands
    under `if __name__ == "__main__":` counts only in a file without a class. --as decides, and so
    does any option that only models have.

    Exit code 0: they agree. 1: they differ, one of them fails, or there is nothing to compare. 2:
    wrong use, or a file that cannot be read.
    """
    if len(models) > 2:
        raise click.UsageError("--model is given once for both sides, or twice for one each")
    texts = _read(subject, source), _read(subject, target)
    wish = Wish(
        kind=kind,
        models=(models[0], models[-1]) if models else (None, None),
        inputs=inputs,
        optimizer=optimizer,
        loss=loss,
        steps=steps,
        keep_weights=keep_weights,
        timeout=timeout,
        memory=memory,
        report=Path(report) if report is not None else None,
    )
    verdict = compare((Path(source), Path(target)), texts, wish)
    if form == "json":
        show_json(verdict.plain())
    else:
        verdict.show()
    return 0 if verdict.agree else 1


def _read(subject: Subject, path: str) -> str:
    """The text of a file that is Python."""
    from translator import files, syntax

    subject.path = path
    text = files.read(path).text
    syntax.check(text)
    subject.path = None
    return text
