"""Code in the text of a finding."""

from __future__ import annotations

import libcst as cst

from translator.source import printed

_LONGEST = 48


def shown(node: cst.CSTNode) -> str:
    """A piece of code on one line; of a long call its function, of anything else its beginning."""
    text = _line(node)
    if len(text) <= _LONGEST:
        return text
    if isinstance(node, cst.Call) and len(func := _line(node.func)) <= _LONGEST:
        return f"{func}(...)"
    return f"{text[: _LONGEST - 3]}..."


def _line(node: cst.CSTNode) -> str:
    return " ".join(printed.text(node).split())
