"""What conversions write into files beside the calls, and by which records it is read when such a file is converted.

A class or function that a conversion has written is known again by its text. It then stands for what it was written
for, and its definition goes; one that was changed is code like any other.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from translator.knowledge.fetched import GET_FILE
from translator.knowledge.layers import (
    batch_norm,
    borders,
    depthwise,
    normalisation,
    padding,
    recurrent,
    recurrent_cells,
)
from translator.knowledge.layers.recurrent_written import TEXTS
from translator.knowledge.lenses import Side, optional, same, sides
from translator.knowledge.records import Layer, Pair, Record
from translator.knowledge.registry import ENTRIES, index
from translator.knowledge.signature import parse

Row = tuple[Record, str]
"""A record with one of its spellings."""

HOME = "translator."
"""Under this the names of what was written are known, so that they are nothing else's."""


@dataclass(frozen=True, slots=True)
class Written:
    """The text of a definition; `rows` are the records of its calls, with the spelling of its constructor."""

    name: str
    code: str
    rows: tuple[Row, ...] = ()


_SAME = Pair(
    torch="SamePad(kernel_size, stride=1, dilation=1, value=0.0)",
    tf="SamePadding(kernel_size, strides, dilation_rate=dilation_rate, value=value)",
    args=(
        same("kernel_size"),
        optional("stride", "strides"),
        optional("dilation", "dilation_rate"),
        optional("value", "value"),
    ),
    order="wants",
    rank=4,
    shape=padding.cut,
    helper=borders.SAME_IN_KERAS,
)
_SAME_IN_KERAS = replace(
    _SAME,
    torch="SamePad(kernel_size, stride, dilation=dilation, value=value)",
    tf="SamePadding(kernel_size, strides=1, dilation_rate=1, value=0.0)",
    helper=borders.SAME,
)


_FETCHED = Pair(
    torch="get_file(fname, origin, file_hash=None)",
    tf="keras.utils.get_file(fname, origin, file_hash=file_hash)",
    args=(same("fname"), same("origin"), optional("file_hash", "file_hash")),
    gives="number",
    caution="the weights that are fetched are Keras's: they fit the model as it was before it was converted",
)


def _cropped(axes: int) -> Row:
    """`Cropping(cropping)`, read as Keras's layer for so many axes."""
    record = Pair(
        torch="Cropping(cropping)",
        tf=f"keras.layers.Cropping{axes}D(cropping)",
        args=(sides("cropping", "cropping"),),
        order="wants",
        rank=axes + 2,
        shape=padding.cut,
    )
    return record, "Cropping(cropping)"


def _filled(keras: str, torch: str, axes: int) -> Row:
    """A layer of Keras that fills a border otherwise than with zeros, read as torch's for so many axes."""
    value = 'float("-inf")' if keras == "LowestPadding" else "value"
    own = keras == "ConstantPadding"
    given = f", {value}" if torch == "ConstantPad" else ""
    record = Pair(
        torch=f"torch.nn.{torch}{axes}d(padding{given})",
        tf=f"{keras}(padding{', value' if own else ''})",
        args=(sides("padding", "padding"), *((same("value"),) if own else ())),
        order="wants",
        rank=axes + 2,
        shape=padding.grown,
    )
    return record, str(record.tf)


_FILLED = {
    "constant": "ConstantPad",
    "lowest": "ConstantPad",
    "reflect": "ReflectionPad",
    "replicate": "ReplicationPad",
    "circular": "CircularPad",
}


def _lazy_depthwise(record: Layer) -> Written:
    """A convolution of each channel for itself, whose constructor does not name their number."""
    name, code = record.lazy
    own = tuple(
        same("depth_multiplier") if lens.torch == "out_channels" else lens
        for lens in record.args
        if lens.torch not in ("in_channels", "groups")
    )
    text = f"{name}(kernel_size, depth_multiplier=1, stride=1, padding=0, dilation=1, bias=True, padding_mode='zeros')"
    return Written(name, code, ((replace(record, torch=text, args=own), text),))


def _without(text: str, *names: str) -> str:
    """The parameters of a signature, some of them left out."""
    kept = (part for part in text[text.index("(") + 1 : -1].split(", "))
    return ", ".join(part for part in kept if part.partition("=")[0] not in names)


def _recurrent(prefix: str, record: Record, side: Side, *left_out: str) -> Written:
    text = record.spellings(side)[0]
    name = f"{prefix}{parse(text).name.rpartition('.')[2]}"
    return Written(name, TEXTS[name], ((record, f"{name}({_without(text, *left_out)})"),))


def _alike(name: str, code: str, records: Iterable[Record], text: str) -> Written:
    return Written(name, code, tuple((record, f"{name}({text})") for record in records))


def _of_torch() -> Iterator[Written]:
    norms = [r for r in normalisation.RECORDS if isinstance(r, Layer) and r.lazy[0]]
    batch_norms = [r for r in batch_norm.RECORDS if isinstance(r, Layer) and r.any_rank[0]]
    yield Written(*borders.SAME, ((_SAME, str(_SAME.torch)),))
    yield Written(*borders.CROPPING, tuple(_cropped(axes) for axes in (2, 1, 3)))
    yield _alike(*norms[0].lazy, norms, "eps=1e-05, elementwise_affine=True, bias=True")
    text = batch_norms[0].spellings("torch")[0]
    yield _alike(*batch_norms[0].any_rank, batch_norms, _without(text))
    for record in depthwise.RECORDS:
        if isinstance(record, Layer):
            yield _lazy_depthwise(record)
    for record in (recurrent.LSTM, recurrent.GRU, recurrent.RNN):
        yield _recurrent("Lazy", record, "torch", "input_size")
    yield Written("one_bias", TEXTS["one_bias"])
    yield Written("get_file", GET_FILE, ((_FETCHED, str(_FETCHED.torch)),))


def _of_keras() -> Iterator[Written]:
    yield Written(*borders.SAME_IN_KERAS, ((_SAME_IN_KERAS, str(_SAME_IN_KERAS.tf)),))
    for fill, torch in _FILLED.items():
        name, code = borders.FILLED[fill]
        yield Written(name, code, tuple(_filled(name, torch, axes) for axes in (2, 1, 3)))
    for record in (
        recurrent.LSTM,
        recurrent.RNN,
        recurrent_cells.LSTM_CELL,
        recurrent_cells.RNN_CELL,
    ):
        yield _recurrent("TwoBias", record, "tensorflow")


def _exact(side: Side) -> Iterator[Written]:
    """The classes that `--exact` writes; one of them may stand for several."""
    layers = (entry.record for entry in ENTRIES if isinstance(entry.record, Layer))
    forms = {id(form): form for layer in layers for form in layer.exact if form.side == side}
    rows: dict[tuple[str, str], list[Row]] = {}
    for form in forms.values():
        text = form.spellings(side)[0]
        rows.setdefault((text.partition("(")[0], form.code), []).append((form, text))
    for (name, code), found in rows.items():
        yield Written(name, code, tuple(found))


def _helpers(side: Side) -> Iterator[Written]:
    """The classes that stand for a layer which the other side alone has, and those that they are made of."""
    for entry in ENTRIES:
        helpers = entry.record.helpers if isinstance(entry.record, Layer) else ()
        if helpers and helpers[-1][0] in index(side):
            for name, code in helpers:
                yield Written(name, code, index(side).get(name, ()))


@functools.cache
def written(side: Side) -> Mapping[str, Written]:
    """By name, what conversions to one side write and can read."""
    own = _of_torch() if side == "torch" else _of_keras()
    return {found.name: found for found in (*own, *_exact(side), *_helpers(side))}


def rows(name: str, side: Side) -> tuple[Row, ...]:
    """The records of the calls of what was written, by its full name."""
    found = written(side).get(name.removeprefix(HOME)) if name.startswith(HOME) else None
    return () if found is None else found.rows
