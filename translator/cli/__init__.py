"""The command line: a group whose commands are loaded when they are used, and the one place that reports errors.

Exit codes: 0 complete; 1 done, but something is left for a person; 2 wrong use or unreadable input, nothing written.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from translator.errors import TranslatorError, WeightsError

_COMMANDS = ("convert", "lookup", "example", "verify", "weights", "demo")

FAILED = 2


class Subject:
    """The file that a command is at work on: where an error without a place of its own belongs."""

    path: str | None = None


class _ReaderGoneError(Exception):
    """Whoever read our output has closed it; click would take that for a failure, with exit code 1."""


class _LazyGroup(click.Group):
    """Each command stands in the file of its name and costs nothing until it is asked for."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except BrokenPipeError:
            raise _ReaderGoneError from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(f"translator.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in _COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], _COMMANDS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"choose from {', '.join(_COMMANDS)}"
            ctx.fail(f"no command {args[0]!r}; {hint}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=_LazyGroup, invoke_without_command=True, context_settings={"max_content_width": 100}
)
@click.version_option(package_name="translator", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Move between PyTorch and TensorFlow/Keras 3: look up, convert, generate and prove.

    Every command shows examples of its use with --help.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave the process with its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A sign that the terminal lacks is no reason to say nothing at all.
        sys.stdout.reconfigure(errors="backslashreplace")
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            # Ended in order, as by Ctrl-C: what was started ends as well, and nothing stays half-written.
            signal.signal(number, lambda number, _: sys.exit(128 + number))
    sys.exit(run(args))


def run(args: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; every error becomes one line on standard error."""
    subject = Subject()
    try:
        code = cli.main(args, prog_name="translator", standalone_mode=False, obj=subject)
        return int(code or 0)
    except _ReaderGoneError:
        # Python would flush once more when it exits, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141  # as shells call it when a closed pipe ends a program
    except click.Abort:
        return 130  # as shells call it when Ctrl-C ends a program
    except click.ClickException as error:
        return _fail(error.format_message())
    except WeightsError as error:
        # The one error that has more to say than a line: it lists all that does not fit.
        first, *entries = str(error).splitlines()
        _fail(first)
        click.echo("\n".join(entries), err=True)
        return FAILED
    except TranslatorError as error:
        path = getattr(error, "path", subject.path)
        return _fail(str(error), path, getattr(error, "line", None))
    except OSError as error:
        return _fail((error.strerror or str(error)).lower(), error.filename or subject.path)
    except Exception as error:
        # A bug of ours. Python's own exit code for it, 1, would say that the work is done.
        import traceback

        traceback.print_exc()
        what = f"internal error, please report it: {type(error).__name__}: {error}"
        return _fail(what, subject.path)


def _fail(message: str, path: object = None, line: int | None = None) -> int:
    """Print one line that says where and what, and return the exit code for it."""
    places = [str(place) for place in (path, line) if place is not None]
    what = " ".join(message.split())
    click.echo(": ".join(["translator", *([":".join(places)] if places else []), what]), err=True)
    return FAILED
