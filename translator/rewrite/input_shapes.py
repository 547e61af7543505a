"""What the `build` of a Keras layer reads of the shape that it is given, in other words for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import bound_names, of_kind, small, targets
from translator.rewrite.functional.changing import replaced
from translator.rewrite.layout import leading, led
from translator.source.instances import WIDTH
from translator.source.literals import literal_value
from translator.source.tree import nodes


def with_width(body: Sequence[cst.BaseStatement], shape: str) -> list[cst.BaseStatement]:
    """The statements with the last size of `shape` by the name that the constructor has for it."""
    bound = [name for statement in body for name in targets(statement)]
    named: set[str] = set()

    def change(node: cst.BaseExpression) -> cst.BaseExpression:
        if _is_width(node, shape) or (isinstance(node, cst.Name) and node.value in named):
            return cst.Name(WIDTH)
        new = replaced(node, change)
        assert isinstance(new, cst.BaseExpression)
        return new

    written: list[cst.BaseStatement] = []
    lines: list[cst.EmptyLine] = []
    for statement in body:
        name = _names_width(statement, shape)
        if name is not None and bound.count(name) == 1:
            named.add(name)
            lines += [line for line in leading(statement) if line.comment is not None]
            continue
        new = replaced(statement, change)
        assert isinstance(new, cst.BaseStatement)
        written.append(led(new, [*lines, *leading(new)]) if lines else new)
        lines = []
    return written


def _names_width(statement: cst.BaseStatement, shape: str) -> str | None:
    """The name in `width = input_shape[-1]` or `_, _, width = input_shape`."""
    inner = small(statement)
    if not isinstance(inner, cst.Assign) or len(inner.targets) != 1:
        return None
    target = inner.targets[0].target
    if isinstance(target, cst.Name):
        return target.value if _is_width(inner.value, shape) else None
    if not isinstance(target, cst.Tuple | cst.List) or not _is_shape(inner.value, shape):
        return None
    *others, last = [element.value for element in target.elements]
    unread = all(isinstance(other, cst.Name) and other.value == "_" for other in others)
    return last.value if unread and others and isinstance(last, cst.Name) else None


def _is_width(node: cst.BaseExpression, shape: str) -> bool:
    """`input_shape[-1]`, `int(input_shape[-1])`."""
    if isinstance(node, cst.Call) and len(node.args) == 1:
        called = build.code(node.func).rpartition(".")[2]
        return called in ("int", "dimension_value") and _is_width(node.args[0].value, shape)
    if not isinstance(node, cst.Subscript) or len(node.slice) != 1:
        return False
    index = node.slice[0].slice
    last = isinstance(index, cst.Index) and literal_value(index.value) == -1
    return last and _is_shape(node.value, shape)


def _is_shape(node: cst.BaseExpression, shape: str) -> bool:
    """The shape itself: also as `tf.TensorShape(input_shape)`, `input_shape.as_list()`."""
    if isinstance(node, cst.Call) and len(node.args) == 1:
        called = build.code(node.func).rpartition(".")[2]
        return called in ("TensorShape", "list", "tuple") and _is_shape(node.args[0].value, shape)
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and not node.args:
        return node.func.attr.value == "as_list" and _is_shape(node.func.value, shape)
    return isinstance(node, cst.Name) and node.value == shape


def of_tensor(
    body: Sequence[cst.BaseStatement], shape: str, given: str, several: bool
) -> list[cst.BaseStatement]:
    """The statements with the shape taken from what `call` is given."""
    whole = any(True for s in body for name in _bare(s, shape))
    if whole or shape in bound_names(n for s in body for n in nodes(s)):
        taken = f"[x.shape for x in {given}]" if several else f"{given}.shape"
        return [build.statement(f"{shape} = {taken}"), *body]

    def change(node: cst.BaseExpression) -> cst.BaseExpression:
        if isinstance(node, cst.Subscript) and _is_shape(node.value, shape):
            item = node.with_changes(value=cst.Name(given))
            if several:
                return cst.Attribute(item, cst.Name("shape"))
            return node.with_changes(value=cst.Attribute(cst.Name(given), cst.Name("shape")))
        new = replaced(node, change)
        assert isinstance(new, cst.BaseExpression)
        return new

    written = [replaced(statement, change) for statement in body]
    return [s for s in written if isinstance(s, cst.BaseStatement)]


def is_several(
    body: Sequence[cst.CSTNode], shape: str, forward: cst.FunctionDef, given: str
) -> bool:
    """True for several tensors: `a, b = inputs` in `call`, `input_shape[0][-1]` in `build`."""
    if any(_is_item(node, shape) for s in body for node in nodes(s)):
        return True
    assigned = of_kind(nodes(forward), cst.Assign)
    return any(
        isinstance(line.targets[0].target, cst.Tuple | cst.List)
        and isinstance(line.value, cst.Name)
        and line.value.value == given
        for line in assigned
    )


def _is_item(node: cst.CSTNode, shape: str) -> bool:
    """`input_shape[0][-1]`: a size of one of several shapes."""
    if not isinstance(node, cst.Subscript) or not isinstance(node.value, cst.Subscript):
        return False
    return isinstance(node.value.value, cst.Name) and node.value.value.value == shape


def _bare(statement: cst.BaseStatement, shape: str) -> Iterator[cst.Name]:
    """Where the shape is read as a whole."""
    code = list(nodes(statement))
    part = {id(node.value) for node in of_kind(code, cst.Subscript) if _is_shape(node.value, shape)}
    for name in of_kind(code, cst.Name):
        if name.value == shape and id(name) not in part:
            yield name
