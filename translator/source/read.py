"""Reading source text into a tree."""

from __future__ import annotations

import libcst as cst

from translator import syntax
from translator.errors import SourceError


def read(source: str) -> cst.Module:
    """Parse a file.

    Raises:
        SourceError: it is not Python 3, with its line.
    """
    syntax.check(
        source
    )  # first, because libcst ends the process where brackets are nested too deeply
    try:
        return cst.parse_module(source)
    except cst.ParserSyntaxError as error:
        raise SourceError(f"cannot be parsed: {error.message}", error.raw_line) from None
