"""Padding of any tensor."""

from __future__ import annotations

from typing import Any

from translator.knowledge.cases import Case, case, f32
from translator.knowledge.lenses import Lens, borders, choice, fixed, same, tensor
from translator.knowledge.records import Function, Record
from translator.knowledge.shapes import Bound, Shape, Size, number
from translator.knowledge.signature import parse


def _padded(call: Bound) -> Shape:
    """As many axes as before; what is padded by numbers has a known size."""
    shape = call.first
    if shape is None:
        return None
    given = call.literals.get("pad")
    pairs = _pairs(given) if isinstance(given, tuple) else None
    if pairs is None or len(pairs) > len(shape):
        return (None,) * len(shape)
    kept = len(shape) - len(pairs)
    return (*shape[:kept], *map(_wider, shape[kept:], pairs))


def _pairs(given: tuple[Any, ...]) -> list[Any] | None:
    """What goes before and after each of the last axes: torch names the last axis first, TensorFlow every axis."""
    if any(isinstance(part, tuple) for part in given):
        return list(given)
    return list(zip(given[::2], given[1::2], strict=True))[::-1] if len(given) % 2 == 0 else None


def _wider(size: Size, pair: Any) -> Size:
    parts = [number(part) for part in pair] if isinstance(pair, tuple) else [None]
    if parts == [0, 0]:
        return size
    known = number(size)
    return (
        None if known is None or None in parts else known + sum(p for p in parts if p is not None)
    )


_TF = "tf.pad(tensor, paddings, mode='CONSTANT', constant_values=0)"
_KERAS = "keras.ops.pad(x, pad_width, mode='constant', constant_values=None)"


def _pad(*rules: Lens, mode: tuple[str, str], cases: tuple[Case, ...], tf: str = _TF) -> Function:
    operand, widths = (parameter.name for parameter in parse(tf).parameters[:2])
    return Function(
        torch="torch.nn.functional.pad(input, pad, mode='constant', value=None)",
        tf=tf,
        args=(
            tensor("input", operand),
            borders("pad", widths),
            choice("mode", "mode", mode),
            *rules,
        ),
        order="keeps",
        shape=_padded,
        differs="torch names the widths from the last axis on, TensorFlow for every axis from the first on.",
        naive="tf.pad(x, [[l, r], [t, b]])",
        error="another shape",
        words="pad border zeros reflect",
        cases=cases,
    )


_CONSTANT = ("'constant'", "'CONSTANT'")
_POOLED = "torch.nn.functional.max_pool2d(x, 2)"
_COUNTED = "the widths that are written depend on how many axes there are"
_WITH_ZEROS = _pad(
    fixed("torch", "value", "None", "0", "0.0"),
    fixed("tensorflow", "constant_values", "0", "0.0"),
    mode=_CONSTANT,
    cases=(
        case("torch.nn.functional.pad(x, (1, 2))", x=f32(2, 3, 4), one_way=_COUNTED),
        case("torch.nn.functional.pad(x, (1, 2, 0, 1, 3, 0))", x=f32(2, 3, 4), one_way=_COUNTED),
        case(f"torch.nn.functional.pad({_POOLED}, [0, 0, 1, 2, 3, 0], value=0)", x=f32(2, 3, 4, 5)),
        case(
            "tf.pad(x, [[0, 0], [1, 2], [0, 1]])",
            x=f32(2, 3, 4),
            side="tensorflow",
            one_way=_COUNTED,
        ),
    ),
)
_WITH_VALUE = _pad(
    same("value", "constant_values"),
    mode=_CONSTANT,
    cases=(
        case(f"torch.nn.functional.pad({_POOLED}, (1, 2), value=-1.5)", x=f32(2, 3, 4, 5)),
        case(
            "tf.pad(tf.nn.max_pool2d(x, 2, 2, 'VALID'), [[0, 0], [0, 1], [2, 0], [1, 0]], constant_values=2.0)",
            x=f32(2, 4, 5, 3),
            side="tensorflow",
        ),
    ),
)
_MIRRORED = _pad(
    fixed("torch", "value", "None"),
    fixed("tensorflow", "constant_values", "0"),
    mode=("'reflect'", "'REFLECT'"),
    cases=(
        case(
            f"torch.nn.functional.pad({_POOLED}, (1, 0, 1, 0), mode='reflect')", x=f32(2, 3, 4, 5)
        ),
        case(
            "tf.pad(x, [[0, 0], [0, 0], [1, 1], [2, 1]], 'REFLECT')",
            x=f32(2, 3, 4, 5),
            side="tensorflow",
            one_way=_COUNTED,
        ),
    ),
)


def _of_keras(tail: str, mode: str, *rules: Lens) -> Function:
    text = f"keras.ops.pad(x, [[0, 0], [1, 2], [0, 1]]{tail})"
    shown = case(
        text, x=f32(2, 3, 4), side="tensorflow", one_way="TensorFlow's own name comes back"
    )
    return _pad(*rules, mode=(f"'{mode}'", f"'{mode}'"), tf=_KERAS, cases=(shown,))


_NO_VALUE = fixed("torch", "value", "None")
RECORDS: tuple[Record, ...] = (
    _WITH_ZEROS,
    _WITH_VALUE,
    _MIRRORED,
    _of_keras(
        "", "constant", _NO_VALUE, fixed("tensorflow", "constant_values", "None", "0", "0.0")
    ),
    _of_keras(", constant_values=2.0", "constant", same("value", "constant_values")),
)
