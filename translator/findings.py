"""What a conversion has to tell: one enumeration of codes, each documented, and the frozen `Finding`."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Severity(enum.Enum):
    """`NOTE`: converted, with something to know. `TODO`: left in place, needs a person."""

    NOTE = "note"
    TODO = "todo"


class Code(enum.Enum):
    """Every kind of finding; the value is what it means and what to do."""

    # left in place
    UNKNOWN_API = "This name of the source framework has no record yet; convert the call by hand."
    UNSUPPORTED_ARGUMENT = "The call is known, but not with this argument; convert it by hand."
    UNSUPPORTED_CODE = "The construct is known, but not in this shape; convert it by hand."
    UNKNOWN_TYPE = "The method could belong to a tensor, but the type is not known; convert it by hand if it does."
    REFUSED = "There is no equivalent; the record says why and names the way around."
    # converted, with something to know
    NUMERIC = (
        "The idiom computes slightly different numbers; the record states the measured difference."
    )
    INITIALIZER = (
        "New weights are drawn from another distribution; carried weights are not touched by this."
    )
    RANDOM_STREAM = (
        "Both sides draw random numbers, but never the same ones; carry data or weights across."
    )
    AXIS_ORDER = "This input or output has the target's own axis order: feed and read it so."
    LAZY_SIZE = (
        "The input size cannot be known from the file; the module learns it at its first call."
    )
    RENAMED = "The name is taken in the target framework and was changed."
    TRANSPOSED = "This variable is stored transposed on the other side."
    FILES = "Files that are written here have another format than those of the other side."
    TRAINING = "Keras does this by itself in training; the loop that trains the model has to do it."
    DROPPED = "This has no counterpart and needs none: it was taken out."
    MODE = (
        "Training and evaluation mode live elsewhere: check that the mode is set where it matters."
    )


_NOTES = frozenset(list(Code)[list(Code).index(Code.NUMERIC) :])


@dataclass(frozen=True, slots=True)
class Span:
    """A place in the source: lines count from 1, columns from 0, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about a conversion.

    `entry` names the record in the look-up that explains it; `suggestion` says what to write, where that is known.
    """

    code: Code
    message: str
    span: Span
    entry: str | None = None
    suggestion: str | None = None

    @property
    def severity(self) -> Severity:
        """`TODO` if a person is needed, else `NOTE`."""
        return Severity.NOTE if self.code in _NOTES else Severity.TODO
