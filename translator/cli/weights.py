"""`translator weights`: a checkpoint of one framework becomes one of the other, or is listed."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click

from translator.cli.common import Command, format_option, need, progress, show_json, show_table

if TYPE_CHECKING:
    from translator.weights.files import Checkpoint
    from translator.weights.port import PortRow
    from translator.weights.transfer import Transfer

_CARRY = (
    "translator weights net.pt net.weights.h5 --source-model 'net.py:Net()' "
    "--target-model 'net_tf.py:Net()'"
)


@click.command(
    cls=Command,
    short_help="Carry a checkpoint to the other framework.",
    examples=(
        ("From PyTorch to Keras; either direction works the same.", _CARRY),
        (
            "Names and shapes in files, without a model.",
            "translator weights --list net.safetensors net.keras",
        ),
    ),
)
@click.argument("paths", nargs=-1, required=True, metavar="SOURCE TARGET")
@click.option(
    "--source-model",
    metavar="FILE:EXPRESSION",
    help="The model that SOURCE belongs to: 'net.py:Net(10)' runs net.py and evaluates Net(10) in it.",
)
@click.option(
    "--target-model", metavar="FILE:EXPRESSION", help="The model that TARGET is written for."
)
@click.option(
    "--list",
    "listing",
    is_flag=True,
    help="Show the names, shapes and element types in the files that are named, and carry nothing.",
)
@format_option
def weights(
    paths: tuple[str, ...],
    source_model: str | None,
    target_model: str | None,
    listing: bool,
    form: str,
) -> int:
    """Carry the weights in SOURCE, a file of one model, to TARGET, a file of another.

    The endings of their names say the formats: .pt, .pth or .bin (PyTorch), .safetensors (also in
    parts, by their index), .keras, .weights.h5, and nothing for the folder of a SavedModel. The
    direction follows from the two models, whose arrays are paired by the names of attributes and
    the records' weight rules.

    This command runs your code: both model files are executed. SOURCE is never: a pickle with
    more in it than arrays is refused.

    Exit code 0: all was carried. 2: something does not fit or cannot be read, and TARGET is as it
    was: it is written as a whole or not at all.
    """
    # Both are read when the framework is imported, by whatever file does that.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    if listing:
        if source_model or target_model:
            raise click.UsageError("--list needs no model")
        _list(paths, form)
        return 0
    if len(paths) != 2:
        raise click.UsageError("name two files, SOURCE and TARGET; or --list and any number")
    if not source_model or not target_model:
        raise click.UsageError("--source-model and --target-model say what the weights belong to")
    _carry(*paths, source_model, target_model, form)
    return 0


def _carry(source: str, target: str, source_model: str, target_model: str, form: str) -> None:
    from translator.weights import files
    from translator.weights.model_file import parse
    from translator.weights.transfer import transfer

    models = parse(source_model), parse(target_model)
    need(*files.format_of(source).needs, *files.format_to_write(target).needs)
    if any(_mentions_tensorflow(model.path) for model in models):
        _import_tensorflow()
    with progress() as tell:
        done = transfer(source, target, *models, tell)
    if form == "json":
        rows = [_plain(row) for row in done.rows]
        show_json({"source": source, "target": target, "rows": rows, "notes": list(done.notes)})
    else:
        _show(done, target)


def _show(done: Transfer, target: str) -> None:
    rows = [
        (
            ", ".join(row.sources),
            ", ".join(row.targets),
            "; ".join(filter(None, (row.transformation, row.note))),
            ", ".join(map(_shape, row.shapes)),
        )
        for row in done.rows
    ]
    show_table(("entry", "counterpart", "transformation", "shape"), rows)
    for note in done.notes:
        click.echo(f"Note: {note}.")
    count = sum(len(row.targets) for row in done.rows)
    click.echo(f"{count} arrays carried; wrote {target}")


def _plain(row: PortRow) -> dict[str, object]:
    return {
        "sources": list(row.sources),
        "targets": list(row.targets),
        "shapes": [list(shape) for shape in row.shapes],
        "transformation": row.transformation,
        "note": row.note,
    }


def _list(paths: tuple[str, ...], form: str) -> None:
    from translator.weights import files

    known = [(path, files.format_of(path)) for path in paths]
    need(*{module for _, each in known for module in each.needs})
    if files.SAVED_MODEL in (each for _, each in known):
        _import_tensorflow()
    read = [(path, each.title, each.read(path)) for path, each in known]
    if form == "json":
        show_json([{"path": path, "format": title, **_contents(x)} for path, title, x in read])
        return
    for number, (path, title, checkpoint) in enumerate(read):
        click.echo("\n" if number else "", nl=False)
        rows = [(name, _shape(x.shape), x.dtype) for name, x in checkpoint.arrays.items()]
        show_table(("name", "shape", "type"), rows, f"{path}  ({title})")
        for note in checkpoint.notes:
            click.echo(f"Note: {note}.")
        click.echo(f"{len(rows)} arrays, {_numbers(checkpoint):,} numbers")


def _contents(checkpoint: Checkpoint) -> dict[str, object]:
    arrays = [
        {"name": name, "shape": list(array.shape), "dtype": array.dtype}
        for name, array in checkpoint.arrays.items()
    ]
    totals = {"arrays": len(arrays), "numbers": _numbers(checkpoint)}
    return {"entries": arrays, "notes": list(checkpoint.notes), **totals}


def _numbers(checkpoint: Checkpoint) -> int:
    from math import prod

    return sum(prod(array.shape) for array in checkpoint.arrays.values())


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) or "one number"


def _mentions_tensorflow(path: str) -> bool:
    from translator.files import read

    text = read(path).text
    return "tensorflow" in text or "keras" in text


def _import_tensorflow() -> None:
    """Import TensorFlow without the lines that its start writes past Python, which nothing else turns off."""
    need("tensorflow", "keras")
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        import_module("tensorflow")
        import_module("keras")
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
