"""`translator convert`: one file to the other framework."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Literal

import click

from translator.cli import Subject
from translator.cli.common import Command, format_option, show_json

if TYPE_CHECKING:
    from translator.cli.verdict import NoVerdict, Verdict
    from translator.files import Source
    from translator.findings import Finding
    from translator.pipeline import Conversion


@click.command(
    cls=Command,
    short_help="Convert a file to the other framework.",
    examples=(
        (
            "Print the file in the other framework; what to know of it goes to standard error.",
            "translator convert model.py",
        ),
        ("Write it to a file.", "translator convert model.py -o model_tf.py"),
        (
            "Say the direction, where the file imports both.",
            "translator convert train.py --to torch",
        ),
        ("Read standard input.", "cat model.py | translator convert - > model_tf.py"),
        ("Show only what would change.", "translator convert model.py --diff"),
        (
            "Convert, and prove that both are the same.",
            "translator convert net.py -o net_tf.py --verify",
        ),
        (
            "Ask only whether it converts completely: exit code 0 if so, 1 if not.",
            "translator convert model.py --check",
        ),
    ),
)
@click.argument("file", default="-", metavar="[FILE]")
@click.option(
    "--to",
    type=click.Choice(("tensorflow", "torch")),
    help="The framework to convert to; without it, the file's imports tell.",
)
@click.option("-o", "--output", metavar="OUT", help="Write to this file, as a whole or not at all.")
@click.option(
    "--diff", is_flag=True, help="Print what changes as a unified diff instead of the code."
)
@click.option("--check", is_flag=True, help="Write nothing; answer by findings and exit code.")
@click.option("--exact", is_flag=True, help="Also write out what closes numeric differences.")
@click.option(
    "--verify",
    is_flag=True,
    help="Then run both files and compare them, as `translator verify` does. This runs their code.",
)
@format_option
@click.pass_obj
def convert(
    subject: Subject,
    file: str,
    to: Literal["tensorflow", "torch"] | None,
    output: str | None,
    diff: bool,
    check: bool,
    exact: bool,
    verify: bool,
    form: str,
) -> int:
    """Convert FILE (- or nothing: standard input) to the other framework.

    The code goes to standard output or to OUT, what there is to know of it to standard error, one
    finding a line: PATH:LINE:COLUMN: CODE message. With --format json, standard output is one
    object with to, complete, findings and code (and diff), and standard error stays empty.

    Exit code 0: complete. 1: something was left as it was, under a comment, for a person, or
    --verify did not find that the two agree. 2: the input cannot be read or the use is wrong, and nothing
    was written.
    """
    from translator import files

    if check and (output or diff):
        raise click.UsageError("--check writes nothing, so it goes with neither -o nor --diff")
    if verify and (check or file == "-"):
        raise click.UsageError("--verify runs a file: name it, and leave --check away")
    source = _read(subject, file)
    conversion = _convert(source, to, exact)
    changes = _diff(source, conversion, output) if diff else None
    data = source.encode(conversion.code)
    if output and output != "-":
        files.write(output, data)
    if form == "json":
        verdict = _verify(source, conversion, output) if verify else None
        report = _report(source, to, conversion, changes)
        show_json(report if verdict is None else report | {"verification": verdict.plain()})
    else:
        if changes is not None:
            click.echo(source.encode(changes), nl=False)
        elif not check and output in (None, "-"):
            click.echo(data, nl=False)
        for finding in _sorted(conversion):
            click.echo(_line(source.path, finding), err=True)
        verdict = _verify(source, conversion, output) if verify else None
        if verdict is not None:
            verdict.show(err=True)
    return 0 if conversion.complete and (verdict is None or verdict.agree) else 1


def _verify(source: Source, conversion: Conversion, output: str | None) -> Verdict | NoVerdict:
    """Compare a file with what was made of it, which needs a file of its own where none was asked for."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from translator.cli.verdict import NoVerdict, Wish, compare
    from translator.errors import TranslatorError

    if not conversion.complete:
        return NoVerdict("something is left for a person first")
    first, texts = Path(source.path), (source.text, conversion.code)
    try:
        if output and output != "-":
            return compare((first, Path(output)), texts, Wish())
        with TemporaryDirectory(prefix="translator-") as folder:
            second = Path(folder) / f"{first.stem}_converted.py"
            second.write_bytes(source.encode(conversion.code))
            return compare((first, second), texts, Wish())
    except TranslatorError as error:
        # What was converted is written already: this is no reason to call it wrong use.
        return NoVerdict(str(error))


def _read(subject: Subject, file: str) -> Source:
    from translator import files

    if file != "-":
        subject.path = file
        return files.read(file)
    subject.path = files.STDIN
    if sys.stdin.isatty():
        click.echo("translator: reading standard input; Ctrl-D ends it", err=True)
    return files.decode(sys.stdin.buffer.read())


def _convert(source: Source, to: Literal["tensorflow", "torch"] | None, exact: bool) -> Conversion:
    from translator import pipeline, syntax

    if not source.text.strip():
        return pipeline.Conversion(source.text)
    conversion = pipeline.convert(source.text, to, exact=exact)
    if conversion.code == source.text:
        # A file that does not mention the framework passes through unparsed: fast, but nothing has
        # shown yet that it is Python.
        syntax.check(source.text)
    return conversion


def _diff(source: Source, conversion: Conversion, output: str | None) -> str:
    from difflib import unified_diff
    from io import StringIO

    # Not str.splitlines, which would also break lines at form feeds.
    before, after = (list(StringIO(text, newline="\n")) for text in (source.text, conversion.code))
    lines = unified_diff(before, after, source.path, output or source.path)
    ended = (
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
    return "".join(ended)


def _sorted(conversion: Conversion) -> list[Finding]:
    return sorted(conversion.findings, key=lambda finding: (finding.span.line, finding.span.column))


def _line(path: str, finding: Finding) -> str:
    place = f"{path}:{finding.span.line}:{finding.span.column + 1}"
    advice = f" ({finding.suggestion})" if finding.suggestion else ""
    return f"{place}: {finding.code.name} {finding.message}{advice}"


def _report(
    source: Source, to: str | None, conversion: Conversion, changes: str | None
) -> dict[str, Any]:
    from translator import pipeline

    empty = not source.text.strip()
    report = {
        "path": source.path,
        "to": to or (None if empty else pipeline.direction(source.text)),
        "complete": conversion.complete,
        "findings": [_plain(finding) for finding in _sorted(conversion)],
        "code": conversion.code,
    }
    return report if changes is None else report | {"diff": changes}


def _plain(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON has it; lines and columns count from 1, as in the text."""
    span = finding.span
    return {
        "code": finding.code.name,
        "severity": finding.severity.value,
        "message": finding.message,
        "line": span.line,
        "column": span.column + 1,
        "end_line": span.end_line,
        "end_column": span.end_column + 1,
        "entry": finding.entry,
        "suggestion": finding.suggestion,
    }
