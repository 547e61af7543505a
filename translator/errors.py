"""The exceptions of wrong use: they own their message; the command line adds the path and the exit code."""

from __future__ import annotations


class TranslatorError(Exception):
    """Something that the user can mend; `str(error)` is one line that says what and where."""


class UsageError(TranslatorError):
    """A name, an option or a direction that does not exist or does not fit."""


class SourceError(TranslatorError):
    """Source text that cannot be read as Python; `line` counts from 1, None where no line is to blame."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class WeightsError(TranslatorError):
    """Weights that do not correspond; `problems` has a line for every entry that is left over or of another shape."""

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class ProofError(TranslatorError):
    """A program under proof that failed, hung or could not be started."""
