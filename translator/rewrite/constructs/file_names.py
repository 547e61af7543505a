"""The names of files of weights, with the ending that Keras asks for, where they are written in the file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite import build

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

_ENDING = ".weights.h5"
_SUFFIX = re.compile(r"(\.(pt|pth|pkl|bin|ckpt|tar|t7|model|torch|net|h5|weights))+$", re.I)


def note(rewriter: Rewriter, code: Sequence[cst.CSTNode], path: cst.BaseExpression) -> None:
    """Find the literal at the end of a path, also behind a name that is bound once, and note its new form."""
    literal = _literal(path)
    if literal is None and isinstance(path, cst.Name | cst.Attribute):
        name = build.code(path)
        bound = [
            n.value
            for n in code
            if isinstance(n, cst.Assign) and any(build.code(t.target) == name for t in n.targets)
        ]
        literal = _literal(bound[0]) if len(bound) == 1 else None
        if literal is not None:
            rewriter.file_names.add(name)
    if literal is not None:
        rewriter.replaced[id(literal)] = _ended(literal)


def known(rewriter: Rewriter, path: cst.BaseExpression) -> bool:
    """True if a path ends as Keras asks, because it was made to."""
    literal = _literal(path)
    if literal is not None:
        return id(literal) in rewriter.replaced
    name = build.code(path)
    return name in rewriter.file_names or rewriter.saved.get(name) == "file"


def _literal(node: cst.BaseExpression) -> cst.SimpleString | cst.FormattedString | None:
    """The string that the end of a path stands in."""
    if isinstance(node, cst.SimpleString | cst.FormattedString):
        return node
    if isinstance(node, cst.ConcatenatedString):
        return _literal(node.right)
    if isinstance(node, cst.BinaryOperation):
        return _literal(node.left if isinstance(node.operator, cst.Modulo) else node.right)
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        if node.func.attr.value == "format":
            return _literal(node.func.value)
        if build.code(node.func) in ("os.path.join", "osp.join", "path.join", "pathlib.Path"):
            return _literal(node.args[-1].value) if node.args else None
    if isinstance(node, cst.Call) and build.code(node.func) in ("str", "Path", "join"):
        return _literal(node.args[-1].value) if node.args else None
    return None


def _ended(node: cst.SimpleString | cst.FormattedString) -> cst.BaseExpression:
    if isinstance(node, cst.SimpleString):
        inner = node.raw_value
        start, end = node.prefix + node.quote, node.quote
        return node.with_changes(value=f"{start}{_named(inner)}{end}")
    parts = list(node.parts)
    if parts and isinstance(parts[-1], cst.FormattedStringText):
        parts[-1] = parts[-1].with_changes(value=_named(parts[-1].value))
    else:
        parts.append(cst.FormattedStringText(_ENDING))
    return node.with_changes(parts=parts)


def _named(text: str) -> str:
    return _SUFFIX.sub("", text) + _ENDING
