"""Layers that only compute: called where they are built, they are written as what they compute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

import libcst as cst

from translator.rewrite import build
from translator.rewrite.constructs.reading import of_kind
from translator.rewrite.functional.changing import replaced
from translator.rewrite.functional.known import Known
from translator.source.literals import literal_value
from translator.source.made import argument
from translator.source.tree import nodes
from translator.source.values import MergeValue

Write = Callable[[cst.BaseExpression], cst.BaseExpression]

_OPERATORS = {"add": "+", "subtract": "-", "multiply": "*"}
_FUNCTIONS = {"maximum": "keras.ops.maximum", "minimum": "keras.ops.minimum"}
_HARMLESS = frozenset({"name", "dtype"})


def merged(known: Known, node: cst.Call, write: Write) -> cst.BaseExpression | None:
    """What `layers.Add()([a, b])` or `layers.add([a, b])` computes; None for any other call.

    The settings that a layer has and that are not understood leave it a layer.
    """
    value = known.facts.value(node.func)
    held = value.made if isinstance(value, MergeValue) else None
    made = node.func if isinstance(node.func, cst.Call) else held
    name = known.api(node.func if made is None else made.func) or ""
    if not name.startswith("keras.layers."):
        return None
    kind = name.rpartition(".")[2]
    if made is None and not kind[:1].islower():
        return None
    settings = list(node.args[1:] if made is None else made.args)
    if made is not None and len(node.args) != 1:
        return None
    if not node.args or node.args[0].star:
        return None
    if node.args[0].keyword is not None and node.args[0].keyword.value != "inputs":
        return None
    if made is not None and (single := _SINGLE.get(kind)) is not None:
        return single(settings, node.args[0].value, write)
    return _combined(kind.lower(), settings, node, write)


def _combined(
    kind: str, settings: Sequence[cst.Arg], node: cst.Call, write: Write
) -> cst.BaseExpression | None:
    given = node.args[0].value
    stated = [a for a in settings if a.keyword is None or a.keyword.value not in _HARMLESS]
    if kind == "concatenate":
        axis = cst.Call(cst.Name("f"), list(stated))
        if len(stated) > 1:
            return None
        along = argument(axis, 0, "axis") or build.expression("-1")
        return build.expression(
            "keras.ops.concatenate(values, axis=along)", values=write(given), along=write(along)
        )
    if not isinstance(given, cst.List | cst.Tuple):
        return None
    if kind == "dot":
        return _product(stated, [element.value for element in given.elements], write)
    if stated:
        return None
    parts = [element.value for element in given.elements]
    if len(parts) < 2 or any(isinstance(e, cst.StarredElement) for e in given.elements):
        return None
    return _of_parts(kind, parts, write)


def _product(
    stated: Sequence[cst.Arg], parts: Sequence[cst.BaseExpression], write: Write
) -> cst.BaseExpression | None:
    """`layers.Dot(axes=(2, 1))([a, b])`: a product of matrices."""
    if len(stated) != 1 or literal_value(stated[0].value) != (2, 1) or len(parts) != 2:
        return None
    first, second = (write(part) for part in parts)
    return build.expression("keras.ops.matmul(a, b)", a=first, b=second)


def _of_parts(
    kind: str, parts: Sequence[cst.BaseExpression], write: Write
) -> cst.BaseExpression | None:
    if kind in _OPERATORS:
        if kind == "subtract" and len(parts) != 2:
            return None
        return _joined(f"a {_OPERATORS[kind]} b", [write(part) for part in parts])
    if kind in _FUNCTIONS:
        return _joined(f"{_FUNCTIONS[kind]}(a, b)", [write(part) for part in parts])
    if kind == "average":
        total = _joined("a + b", [write(part) for part in parts])
        return build.expression(f"total / {len(parts)}", total=total)
    return None


def _joined(text: str, parts: Sequence[cst.BaseExpression]) -> cst.BaseExpression:
    return reduce(lambda a, b: build.expression(text, a=a, b=b), parts)


# layers of one tensor


def _activation(
    settings: Sequence[cst.Arg], given: cst.BaseExpression, write: Write
) -> cst.BaseExpression | None:
    """`layers.Activation("relu")(x)`: the function of that name."""
    name = literal_value(_only(settings, "activation"))
    if not isinstance(name, str) or not name.isidentifier():
        return None
    if name == "linear":
        return write(given)
    return build.expression(f"keras.activations.{name}(x)", x=write(given))


def _rescaling(
    settings: Sequence[cst.Arg], given: cst.BaseExpression, write: Write
) -> cst.BaseExpression | None:
    """`layers.Rescaling(scale, offset)(x)`."""
    stated = cst.Call(cst.Name("f"), list(settings))
    scale, offset = argument(stated, 0, "scale"), argument(stated, 1, "offset")
    others = [
        a for a in settings if a.keyword and a.keyword.value not in ("scale", "offset", "name")
    ]
    if scale is None or others or isinstance(scale, cst.List | cst.Tuple):
        return None
    scaled = build.expression("x * scale", x=write(given), scale=write(scale))
    if offset is None or literal_value(offset) == 0:
        return scaled
    return build.expression("x + offset", x=scaled, offset=write(offset))


def _reshape(
    settings: Sequence[cst.Arg], given: cst.BaseExpression, write: Write
) -> cst.BaseExpression | None:
    """`layers.Reshape(shape)(x)`: the batch axis is not in the shape."""
    shape = _only(settings, "target_shape")
    if not isinstance(shape, cst.Tuple | cst.List):
        return None
    sizes = [element.value for element in shape.elements]
    if any(literal_value(size) == -1 or isinstance(size, cst.StarredElement) for size in sizes):
        return None
    names = {f"size{i}": write(size) for i, size in enumerate(sizes)}
    text = f"keras.ops.reshape(x, (-1, {', '.join(names)}))"
    return build.expression(text, x=write(given), **names)


def _permute(
    settings: Sequence[cst.Arg], given: cst.BaseExpression, write: Write
) -> cst.BaseExpression | None:
    """`layers.Permute((2, 1))(x)` counts its axes from 1, without the batch axis."""
    axes = literal_value(_only(settings, "dims"))
    if not isinstance(axes, tuple) or not all(type(axis) is int for axis in axes):
        return None
    order = build.numbers((0, *axes), "()")
    return build.expression("keras.ops.transpose(x, order)", x=write(given), order=order)


def _lambda(
    settings: Sequence[cst.Arg], given: cst.BaseExpression, write: Write
) -> cst.BaseExpression | None:
    """`layers.Lambda(lambda x: x * 2)(y)`: the body, where it reads its tensor once, else the call of a function."""
    function = _only(settings, "function")
    if isinstance(function, cst.Name):
        return cst.Call(write(function), [cst.Arg(write(given))])
    if not isinstance(function, cst.Lambda) or len(function.params.params) != 1:
        return None
    name = function.params.params[0].name.value
    reads = [n for n in of_kind(nodes(function.body), cst.Name) if n.value == name]
    hidden = any(isinstance(n, cst.Lambda | cst.CompFor) for n in nodes(function.body))
    if hidden or not (len(reads) == 1 or isinstance(given, cst.Name)):
        return None

    def put_in(part: cst.BaseExpression) -> cst.BaseExpression:
        if isinstance(part, cst.Name) and part.value == name:
            new = given if len(reads) == 1 else given.deep_clone()
            return build.parenthesized(new)
        new_part = replaced(part, put_in)
        assert isinstance(new_part, cst.BaseExpression)
        return new_part

    return write(put_in(function.body))


def _only(settings: Sequence[cst.Arg], name: str) -> cst.BaseExpression | None:
    """The one setting that a layer is given, its own name left out."""
    stated = [a for a in settings if a.keyword is None or a.keyword.value not in _HARMLESS]
    if len(stated) != 1 or stated[0].star:
        return None
    keyword = stated[0].keyword
    return stated[0].value if keyword is None or keyword.value == name else None


_SINGLE: dict[str, Callable[..., cst.BaseExpression | None]] = {
    "Activation": _activation,
    "Rescaling": _rescaling,
    "Reshape": _reshape,
    "Permute": _permute,
    "Lambda": _lambda,
}
