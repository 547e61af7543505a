"""What two layers that correspond were built with, compared by the rules of the record that joins them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from translator.knowledge import lenses
from translator.knowledge.lenses import Lens, Side
from translator.knowledge.records import Layer
from translator.knowledge.registry import index

Values = Mapping[str, Any]
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs, in words; what to write in the target; the record that says so."""

    reasons: tuple[str, ...]
    remedy: str
    record: Layer | None


def joining(torch_kind: str, keras_kind: str) -> Layer | None:
    """The record of two layers."""
    others = {id(record) for record, _ in index("tensorflow").get(keras_kind, ())}
    found = [r for r, _ in index("torch").get(torch_kind, ()) if id(r) in others]
    return next((record for record in found if isinstance(record, Layer)), None)


def compare_settings(
    side: Side, kinds: tuple[str, str], source: Values, target: Values
) -> Compared:
    """Compare the settings of a source's layer of framework `side` with those of its counterpart."""
    torch_kind, keras_kind = kinds if side == "torch" else kinds[::-1]
    record = joining(torch_kind, keras_kind)
    if record is None:
        return Compared((), "", None)
    torch, keras = (source, target) if side == "torch" else (target, source)
    reasons, remedies = [], []
    for lens in record.args:
        found = _differ(lens, torch, keras, side)
        if found is not None:
            reasons.append(found[0])
            remedies.append(found[1])
    kind = keras_kind if side == "torch" else torch_kind
    remedy = f"{kind}(..., {', '.join(remedies)})" if any(remedies) else ""
    return Compared(tuple(reasons), remedy, record)


def _differ(lens: Lens, torch: Values, keras: Values, side: Side) -> tuple[str, str] | None:
    """Why two settings do not correspond, and how the target's is written; None if they do or nothing is known."""
    if isinstance(lens, lenses.Fixed):
        return _fixed(lens, torch, keras, side)
    if lens.torch is None or lens.tf is None or isinstance(lens, lenses.Inferred):
        return None
    a, b = torch.get(lens.torch, _MISSING), keras.get(lens.tf, _MISSING)
    if a is _MISSING or b is _MISSING:
        return None
    if isinstance(lens, lenses.Padding):
        return _padded(lens, torch, keras, side)
    expected = _expected(lens, a if side == "torch" else b, side)
    actual = b if side == "torch" else a
    if expected is _MISSING or _equal(expected, actual):
        return None
    ours, theirs = (lens.torch, lens.tf) if side == "torch" else (lens.tf, lens.torch)
    given = a if side == "torch" else b
    wanted = _plain(expected)
    becomes = f", which is {theirs}={wanted!r} here" if (theirs, wanted) != (ours, given) else ""
    text = f"{theirs} is {_plain(actual)!r}; the source has {ours}={_plain(given)!r}{becomes}"
    return text, f"{theirs}={wanted!r}"


def _expected(lens: Lens, value: Any, side: Side) -> Any:
    """The target's value for one of the source."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    match lens:
        case lenses.Complement() if number:
            return round(1.0 - value, 12)
        case lenses.Negated() if isinstance(value, bool):
            return not value
        case lenses.Choice():
            pairs = lens.values if side == "torch" else [(b, a) for a, b in lens.values]
            return next((b.strip("'") for a, b in pairs if a.strip("'") == str(value)), _MISSING)
        case lenses.Same() | lenses.Number() | lenses.Real():
            return value
    return _MISSING


def _fixed(lens: lenses.Fixed, torch: Values, keras: Values, side: Side) -> tuple[str, str] | None:
    """A parameter of the target alone that has to keep a value."""
    name = lens.tf if side == "torch" else lens.torch
    if name is None:
        return None
    actual = (keras if side == "torch" else torch).get(name, _MISSING)
    allowed = [text.strip("'") for text in (lens.value, *lens.others)]
    if actual is _MISSING or str(actual) in allowed or (actual is None and "None" in allowed):
        return None
    if actual == "linear" and "None" in allowed:
        return None
    return f"{name} is {actual!r}; the source has no such thing", f"{name}={lens.value}"


def _padded(lens: Lens, torch: Values, keras: Values, side: Side) -> tuple[str, str] | None:
    """Padding: sizes in torch, "same" or "valid" in Keras."""
    pads, word = _sizes(torch.get("padding")), keras.get("padding")
    steps, kernel = _sizes(torch.get("stride", 1)), _sizes(torch.get("kernel_size", 1))
    spread = _sizes(torch.get("dilation", 1))
    if not isinstance(word, str) or not pads or isinstance(torch.get("padding"), str):
        return None
    whole = max(len(pads), len(kernel), len(spread), len(steps))
    pads, steps, kernel, spread = (_wide(sizes, whole) for sizes in (pads, steps, kernel, spread))
    halves = all(2 * p == d * (k - 1) for p, k, d in zip(pads, kernel, spread, strict=True))
    if word == "valid" and not any(pads):
        return None
    if word == "same" and halves and all(step == 1 for step in steps):
        return None
    strided = word == "same" and halves
    ends = " 'same' with a stride pads at the end, torch on both sides." if strided else ""
    sizes = torch.get("padding")
    if side == "torch":
        text = f"padding is {word!r}; the source pads by {_plain(sizes)!r} on both sides.{ends}"
        return text.rstrip(
            "."
        ), f"padding='valid') after keras.layers.ZeroPadding2D({_plain(sizes)!r}"
    return f"padding is {_plain(sizes)!r}; the source has {word!r}.{ends}".rstrip("."), ""


def _sizes(value: Any) -> list[int]:
    if isinstance(value, int):
        return [value]
    return list(value) if isinstance(value, list | tuple) else []


def _wide(sizes: list[int], count: int) -> list[int]:
    return sizes * count if len(sizes) == 1 else sizes


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, list | tuple) or isinstance(b, list | tuple):
        first, second = _sizes(a), _sizes(b)
        whole = max(len(first), len(second))
        return bool(first) and bool(second) and _wide(first, whole) == _wide(second, whole)
    if isinstance(a, float) or isinstance(b, float):
        numbers = isinstance(a, int | float) and isinstance(b, int | float)
        return bool(abs(a - b) <= 1e-9 * max(abs(a), abs(b))) if numbers else a == b
    return bool(a == b)


def _plain(value: Any) -> Any:
    """(3, 3) is 3 for people."""
    if isinstance(value, list | tuple) and value and all(item == value[0] for item in value):
        return value[0]
    return tuple(value) if isinstance(value, list) else value
