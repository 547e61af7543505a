"""Says in one line what is wrong with text that is not Python 3, with the line and the text of it."""

from __future__ import annotations

import re
import symtable
import warnings

from translator.errors import SourceError

# What Python 2 code has in the line where the parser stops, and no Python 3 code can have.
_PYTHON_2 = (
    (re.compile(r"^\s*print\s+[^=(\s]"), "print is a statement"),
    (re.compile(r"^\s*exec\s+[^=(\s]"), "exec is a statement"),
    (re.compile(r"^\s*except\b[^:(]*,[^:]*:"), "a comma in except"),
    (re.compile(r"^\s*raise\s+[\w.]+\s*,"), "a comma in raise"),
    (re.compile(r"<>"), "<> for !="),
    (re.compile(r"(?<![\w.])0[0-7]+\b|(?<![\w.])\d+[lL]\b"), "an old form of number"),
    (re.compile(r"\bur''", re.IGNORECASE), "a ur'' string"),
    (re.compile(r"`[^`]+`"), "backquotes for repr()"),
    (re.compile(r"^\s*def\s+\w+\s*\([^)]*\([^)]*\)"), "a tuple among the parameters"),
)

_STRING_OR_COMMENT = re.compile(r"'[^']*'|\"[^\"]*\"|#.*")


def check(source: str) -> None:
    """Return if `source` is Python 3.

    Raises:
        SourceError: it is not; the message says what is wrong and quotes the line.
    """
    try:
        parse(source)
    except SyntaxError as error:
        raise describe(source, error) from None
    except ValueError as error:
        raise SourceError(str(error)) from None
    except (RecursionError, MemoryError):
        raise SourceError("nested too deeply to be parsed") from None


def parse(source: str) -> None:
    """Let Python itself read the text, without making a tree of it; raises what `compile` raises."""
    with warnings.catch_warnings():
        # An odd escape in a string is the author's business, not ours.
        warnings.simplefilter("ignore")
        symtable.symtable(source, "<source>", "exec")


def describe(source: str, error: SyntaxError) -> SourceError:
    """Turn Python's own report into ours; `source` has the line that is to blame."""
    # Python counts these line ends; str.splitlines would count form feeds as well.
    lines = re.split(r"\r\n|\r|\n", source)
    number = max(1, min(error.lineno or 1, len(lines)))
    text = lines[number - 1]
    bare = _STRING_OR_COMMENT.sub(lambda found: "" if found[0][0] == "#" else "''", text)
    old = next((what for pattern, what in _PYTHON_2 if pattern.search(bare)), None)
    if old is None:
        return SourceError(f"{error.msg}: {_quoted(text)}", number)
    return SourceError(
        f"this is Python 2 ({old}), convert it to Python 3 first: {_quoted(text)}", number
    )


def _quoted(text: str, width: int = 80) -> str:
    """Return one line of source, short enough to stand in a message."""
    text = text.strip()
    return text if len(text) <= width else f"{text[: width - 3]}..."
