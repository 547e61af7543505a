"""The flow of one file through the passes: read, names and types, constructs and calls, imports, write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from translator.collection import paused_collection
from translator.errors import UsageError
from translator.findings import Finding, Severity
from translator.knowledge.names import mentions
from translator.source.orders import Orders

if TYPE_CHECKING:
    import libcst as cst

Framework = Literal["torch", "tensorflow"]


@dataclass(frozen=True, slots=True)
class Conversion:
    """What `convert` returns: the code, what there is to know of it, and the axis orders by qualified function name.

    `code` is always valid Python; what could not be converted stands in it as it was, under a comment.
    """

    code: str
    findings: tuple[Finding, ...] = ()
    orders: Mapping[str, Orders] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def complete(self) -> bool:
        """True if nothing was left over for a person."""
        return not any(finding.severity is Severity.TODO for finding in self.findings)


def convert(source: str, to: Framework | None = None, *, exact: bool = False) -> Conversion:
    """Convert Python source to the other framework.

    Args:
        source: the text of one file.
        to: "tensorflow" or "torch"; None finds the direction from the imports.
        exact: also write out what closes numeric differences of the idioms (initialisers, defaults).

    Raises:
        SourceError: the text is not Python 3, with its line.
        UsageError: the direction cannot be found, or `to` is not a framework.
    """
    if to is not None and to not in ("torch", "tensorflow"):
        raise UsageError(f"cannot convert to {to!r}: the frameworks are 'torch' and 'tensorflow'")
    if to is not None and not mentions(source, other(to)):
        return Conversion(source)
    from translator.source.room import with_room

    return with_room(lambda: _convert(source, to, exact))


def _convert(source: str, to: Framework | None, exact: bool) -> Conversion:
    from translator.rewrite.prepared import prepared
    from translator.rewrite.write import write
    from translator.source.read import read

    with paused_collection():
        tree = read(source)
        side = other(to or _direction(tree))
        code, findings, orders = write(tree, prepared(tree, side, exact), exact)
        return Conversion(code, findings, orders)


def direction(source: str) -> Framework:
    """Find the framework to convert to from the imports of `source`.

    Raises:
        SourceError: the text is not Python 3.
        UsageError: it imports neither framework, or both.
    """
    from translator.source.read import read
    from translator.source.room import with_room

    return with_room(lambda: _direction(read(source)))


def _direction(tree: cst.Module) -> Framework:
    from translator.source.imports import imported_sides

    found = imported_sides(tree)
    if len(found) == 1:
        return other(next(iter(found)))
    what = "both frameworks" if found else "neither framework"
    raise UsageError(f"the file imports {what}: say which one to convert to with --to")


def other(side: Framework) -> Framework:
    """The other framework."""
    return "tensorflow" if side == "torch" else "torch"
