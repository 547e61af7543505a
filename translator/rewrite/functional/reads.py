"""Sizes that a file reads of tensors: the last one, `x.shape[-1]`, is their width."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from translator.rewrite.constructs.reading import used_names
from translator.rewrite.functional.refused import RefusedError
from translator.source.literals import literal_value
from translator.source.tree import nodes

if TYPE_CHECKING:
    from translator.rewrite.functional.known import Known


class UnknownWidthError(RefusedError):
    """The file asks for the width of a tensor where it is not known."""


def width_read(known: Known, node: cst.CSTNode) -> str | None:
    """The tensor whose last size is read: `x.shape[-1]`, `list(x.shape)[-1]`, `int_shape(x)[-1]`."""
    if not isinstance(node, cst.Subscript) or len(node.slice) != 1:
        return None
    index_ = node.slice[0].slice
    if not isinstance(index_, cst.Index) or literal_value(index_.value) not in known.last:
        return None
    shape = node.value
    if isinstance(shape, cst.Call) and isinstance(shape.func, cst.Name) and len(shape.args) == 1:
        if shape.func.value in ("list", "tuple"):
            shape = shape.args[0].value
    if isinstance(shape, cst.Call):
        return _shape_call(known, shape)
    held = isinstance(shape, cst.Attribute) and shape.attr.value in ("shape", "_keras_shape")
    return _name(shape.value) if held else None  # type: ignore[attr-defined]


_COMPREHENSIONS = (cst.ListComp, cst.GeneratorExp, cst.SetComp, cst.DictComp, cst.Lambda)


def own_names(node: cst.CSTNode) -> set[str]:
    """The names that a comprehension or a lambda binds, which mean nothing around it."""
    if not isinstance(node, _COMPREHENSIONS):
        return set()
    parts = list(nodes(node))
    loops = [part.target for part in parts if isinstance(part, cst.CompFor)]
    params = {part.name.value for part in parts if isinstance(part, cst.Param)}
    return params | {name for target in loops for name in used_names(nodes(target))}


def free_names(code: Iterable[cst.CSTNode]) -> set[str]:
    """The names that code reads or sets, without those that comprehensions and lambdas in it have for themselves."""
    code = list(code)
    inner: set[int] = set()
    for node in code:
        if own := own_names(node):
            inner |= {id(n) for n in nodes(node) if isinstance(n, cst.Name) and n.value in own}
    return used_names(node for node in code if id(node) not in inner)


def _shape_call(known: Known, call: cst.Call) -> str | None:
    if known.api(call.func) in ("keras.backend.int_shape", "keras.ops.shape"):
        return _name(call.args[0].value) if len(call.args) == 1 else None
    func = call.func
    if not isinstance(func, cst.Attribute) or call.args:
        return None
    if func.attr.value == "get_shape":
        return _name(func.value)
    if func.attr.value == "as_list":
        shape = func.value
        if isinstance(shape, cst.Call):
            return _shape_call(known, shape)
        held = isinstance(shape, cst.Attribute) and shape.attr.value == "shape"
        return _name(shape.value) if held else None  # type: ignore[attr-defined]
    return None


def _name(node: cst.BaseExpression) -> str | None:
    return node.value if isinstance(node, cst.Name) else None
