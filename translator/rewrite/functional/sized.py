"""Sizes of tensors that layers are built with, `x.shape[-1]`: the class is told the width of what it is given."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from translator.rewrite.constructs.reading import nodes, of_kind, small, targets
from translator.rewrite.functional.changing import replaced
from translator.rewrite.functional.known import Known
from translator.source.instances import WIDTH
from translator.source.literals import literal_value


def with_width(
    known: Known, body: Sequence[cst.BaseStatement], given: str
) -> list[cst.BaseStatement]:
    """The statements with the width of `given` by the name that the class has for it, while it is what was given."""
    named = {WIDTH}
    bound = [name for statement in body for name in targets(statement)]
    written: list[cst.BaseStatement] = []
    changed = False

    def change(node: cst.BaseExpression) -> cst.BaseExpression:
        if (not changed and _is_width(known, node, given)) or (
            isinstance(node, cst.Name) and node.value in named
        ):
            return cst.Name(WIDTH)
        new = replaced(node, change)
        assert isinstance(new, cst.BaseExpression)
        return new

    for statement in body:
        name = _named(known, statement, given)
        if name is not None and bound.count(name) == 1 and not changed:
            named.add(name)  # `channels = x.shape[-1]`
            continue
        changed = changed or (given in targets(statement) and not _is_line(statement))
        new = replaced(statement, change)
        assert isinstance(new, cst.BaseStatement)
        written.append(new)
        changed = changed or given in targets(statement)
    return written


def reads_width(body: Sequence[cst.CSTNode]) -> bool:
    """True for statements that have the width by that name."""
    return any(n.value == WIDTH for s in body for n in of_kind(nodes(s), cst.Name))


def _is_line(statement: cst.BaseStatement) -> bool:
    return isinstance(statement, cst.SimpleStatementLine)


def _named(known: Known, statement: cst.BaseStatement, given: str) -> str | None:
    """The name that a line gives the width."""
    inner = small(statement)
    if not isinstance(inner, cst.Assign) or len(inner.targets) != 1:
        return None
    target = inner.targets[0].target
    is_name = isinstance(target, cst.Name) and _is_width(known, inner.value, given)
    return target.value if isinstance(target, cst.Name) and is_name else None


def _is_width(known: Known, node: cst.BaseExpression, given: str) -> bool:
    """True for the size of the last axis of a tensor: `x.shape[-1]`, `list(x.shape)[-1]`, `int_shape(x)[-1]`."""
    if not isinstance(node, cst.Subscript) or len(node.slice) != 1:
        return False
    index = node.slice[0].slice
    if not isinstance(index, cst.Index) or literal_value(index.value) != -1:
        return False
    shape = node.value
    if isinstance(shape, cst.Call) and isinstance(shape.func, cst.Name) and len(shape.args) == 1:
        if shape.func.value in ("list", "tuple"):
            shape = shape.args[0].value
    if isinstance(shape, cst.Call):
        return _is_shape_call(known, shape, given)
    held = isinstance(shape, cst.Attribute) and shape.attr.value == "shape"
    return held and _is_name(shape.value, given)  # type: ignore[attr-defined]


def _is_shape_call(known: Known, call: cst.Call, given: str) -> bool:
    if known.api(call.func) == "keras.backend.int_shape":
        return len(call.args) == 1 and _is_name(call.args[0].value, given)
    func = call.func
    method = func.attr.value if isinstance(func, cst.Attribute) else ""
    if method == "get_shape" and isinstance(func, cst.Attribute):
        return _is_name(func.value, given)
    if method == "as_list" and isinstance(func, cst.Attribute):
        shape = func.value
        held = isinstance(shape, cst.Attribute) and shape.attr.value == "shape"
        return held and _is_name(shape.value, given)  # type: ignore[attr-defined]
    return False


def _is_name(node: cst.BaseExpression, name: str) -> bool:
    return isinstance(node, cst.Name) and node.value == name
