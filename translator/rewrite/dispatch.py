"""Which constructs a statement is shown to: those that know statements of its kind, in the order of this table."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from translator.knowledge.lenses import Side
from translator.rewrite import devices, fields, precision, recurrent
from translator.rewrite.constructs import (
    added,
    adding,
    arrays,
    attributes,
    augmented,
    bases,
    buffers,
    building,
    caches,
    checkpoints,
    clipping,
    fit,
    folding,
    freezing,
    functional,
    initial_loops,
    initial_names,
    initialising,
    inplace,
    module_lists,
    modules,
    named_weights,
    of_parameters,
    placing,
    rates,
    running,
    saving,
    shapes,
    stopped,
    tapes,
    tracking,
    tying,
    updates,
)
from translator.rewrite.imports import rewrite_import

if TYPE_CHECKING:
    from translator.rewrite.rewriter import Rewriter

Recogniser = Callable[["Rewriter", cst.BaseStatement], list[cst.BaseStatement] | None]
Kinds = tuple[type[cst.CSTNode], ...]


class _Construct(NamedTuple):
    """A recogniser; the kinds of statements that it knows, none for all; the target that it writes, None for both."""

    recognise: Recogniser
    kinds: Kinds
    target: Side | None = None


def construct(rewriter: Rewriter, statement: cst.BaseStatement) -> list[cst.BaseStatement] | None:
    """What the first construct that knows the statement writes; None where none does."""
    for recognise in _recognisers(_kind(statement), rewriter.target):
        new = recognise(rewriter, statement)
        if new is not None:
            return new
    return None


def _kind(statement: cst.BaseStatement) -> type[cst.CSTNode]:
    """The type of a statement; of a line that holds one small statement, the type of that."""
    if type(statement) is cst.SimpleStatementLine and len(statement.body) == 1:
        return type(statement.body[0])
    return type(statement)


@functools.cache
def _recognisers(kind: type[cst.CSTNode], target: Side) -> tuple[Recogniser, ...]:
    return tuple(
        known.recognise
        for known in _CONSTRUCTS
        if (not known.kinds or kind in known.kinds) and known.target in (None, target)
    )


_ASSIGNED: Kinds = (cst.Assign,)
_CALLED: Kinds = (cst.Expr,)
_PLAIN: Kinds = (cst.Assign, cst.Expr)

_CONSTRUCTS = (
    _Construct(stopped.statement, (cst.Assign, cst.Return), "tensorflow"),
    _Construct(rewrite_import, (cst.Import, cst.ImportFrom, cst.Assign)),
    _Construct(shapes.statement, _ASSIGNED, "tensorflow"),
    _Construct(folding.statement, (cst.With, cst.If, cst.FunctionDef, *_PLAIN)),
    _Construct(clipping.statement, _PLAIN, "tensorflow"),
    _Construct(caches.statement, (cst.If,), "tensorflow"),
    _Construct(modules.definition, (cst.ClassDef, cst.FunctionDef)),
    _Construct(functional.statement, (), "torch"),
    _Construct(recurrent.statement, _PLAIN),
    _Construct(tying.statement, _ASSIGNED),
    _Construct(precision.statement, _ASSIGNED, "tensorflow"),
    _Construct(of_parameters.statement, _ASSIGNED),
    _Construct(bases.statement, _CALLED, "torch"),
    _Construct(added.statement, _CALLED, "torch"),
    _Construct(building.statement, _CALLED, "torch"),
    _Construct(module_lists.statement, (cst.AnnAssign, cst.AugAssign, *_PLAIN), "torch"),
    _Construct(modules.initialiser, _PLAIN),
    _Construct(initialising.statement, _CALLED, "tensorflow"),
    _Construct(initial_loops.statement, (cst.For,), "tensorflow"),
    _Construct(named_weights.statement, (cst.For,), "tensorflow"),
    _Construct(initial_names.statement, (cst.For,), "tensorflow"),
    _Construct(adding.statement, _PLAIN),
    _Construct(buffers.statement, _PLAIN),
    _Construct(tracking.statement, _PLAIN, "tensorflow"),
    _Construct(devices.statement, _PLAIN),
    _Construct(rates.statement, (cst.For, cst.Assign, cst.AugAssign), "tensorflow"),
    _Construct(running.statement, (), "tensorflow"),
    _Construct(freezing.statement, (cst.For, cst.Expr), "tensorflow"),
    _Construct(
        updates.statement, (cst.With, cst.If, cst.For, cst.AugAssign, *_PLAIN), "tensorflow"
    ),
    _Construct(placing.statement, (cst.Assign, cst.AugAssign), "tensorflow"),
    _Construct(inplace.statement, (cst.AugAssign, *_PLAIN), "tensorflow"),
    _Construct(augmented.statement, (cst.AugAssign,), "torch"),
    _Construct(attributes.statement, _ASSIGNED, "torch"),
    _Construct(arrays.statement, _CALLED, "torch"),
    _Construct(checkpoints.statement, _PLAIN, "tensorflow"),
    _Construct(saving.statement, _PLAIN, "tensorflow"),
    _Construct(tapes.statement, (cst.With, cst.For, cst.Del, *_PLAIN), "torch"),
    _Construct(fit.statement, (cst.With, cst.Expr), "torch"),
    _Construct(fields.statement, _ASSIGNED),
)
