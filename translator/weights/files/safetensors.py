"""Reading the safetensors format one array at a time: its library maps whole files.

A file is the length of its header as eight bytes, the header as JSON, and the values, one array after another.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from translator.files import FileError
from translator.weights.files import INDEX, Checkpoint
from translator.weights.tree import Array, Values

CODES = {
    **{f"F{bits}": f"float{bits}" for bits in (16, 32, 64)},
    **{f"I{bits}": f"int{bits}" for bits in (8, 16, 32, 64)},
    **{f"U{bits}": f"uint{bits}" for bits in (8, 16, 32, 64)},
    "BOOL": "bool",
    "C64": "complex64",
    "BF16": "bfloat16",
}
"""The format's names of element types, and ours."""
_LARGEST_HEADER = 100_000_000  # the format's own limit
CHUNK = 1 << 22
"""Numbers that are converted at once, so that a conversion needs next to no memory of its own."""


def read(path: str) -> Checkpoint:
    """Read a file's header, or those of all files that an index or a folder names."""
    if Path(path).is_dir():
        return _read_folder(Path(path))
    if path.lower().endswith(INDEX):
        return _read_index(Path(path))
    return Checkpoint(_arrays(path))


def _read_folder(folder: Path) -> Checkpoint:
    for pattern in (f"*.safetensors{INDEX}", "*.safetensors"):
        found = sorted(folder.glob(pattern))
        if len(found) == 1:
            return read(str(found[0]))
        if found:
            names = ", ".join(path.name for path in found)
            raise FileError(str(folder), f"name one of its files: {names}")
    raise FileError(str(folder), "no safetensors file in it")


def _read_index(path: Path) -> Checkpoint:
    try:
        places: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))["weight_map"]
        files = sorted({str(name) for name in places.values()})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise FileError(
            str(path), "no index of a sharded checkpoint: it has no weight_map"
        ) from None
    arrays: dict[str, Array] = {}
    for name in files:
        if Path(name).name != name or not name.endswith(".safetensors"):
            raise FileError(str(path), f"its shard {name!r} is no safetensors file beside it")
        arrays |= _arrays(str(path.parent / name))
    missing = [name for name in places if name not in arrays]
    if missing:
        raise FileError(str(path), f"its shards lack {', '.join(missing)}")
    return Checkpoint({name: arrays[name] for name in places}, (f"in {len(files)} files",))


def _arrays(path: str) -> dict[str, Array]:
    try:
        with Path(path).open("rb") as file:
            start, header = _header(path, file)
    except FileNotFoundError:
        raise FileError(path, "no such file") from None
    spans = {name: _span(path, name, entry) for name, entry in header.items()}
    _require_whole(path, spans, Path(path).stat().st_size - start)
    return {
        name: Array(span.shape, span.dtype, functools.partial(_values, path, start, span))
        for name, span in spans.items()
    }


def _header(path: str, file: BinaryIO) -> tuple[int, dict[str, Any]]:
    """Where the values start, and the entries."""
    size = int.from_bytes(file.read(8), "little")
    if not 2 <= size <= _LARGEST_HEADER:
        raise FileError(path, "not a safetensors file, or truncated")
    text = file.read(size)
    if len(text) < size:
        raise FileError(path, "truncated within its header")
    try:
        header = json.loads(text)
        header.pop("__metadata__", None)
    except (ValueError, AttributeError, TypeError, RecursionError):
        raise FileError(path, "not a safetensors file: its header is no JSON object") from None
    return 8 + size, header


@dataclass(frozen=True, slots=True)
class _Span:
    """One entry of a header; `code` is the format's own name of the element type."""

    code: str
    shape: tuple[int, ...]
    begin: int
    end: int

    @property
    def dtype(self) -> str:
        return CODES.get(self.code, self.code)


def _span(path: str, name: str, entry: Any) -> _Span:
    try:
        begin, end = entry["data_offsets"]
        span = _Span(str(entry["dtype"]), tuple(entry["shape"]), begin, end)
        numbers = (*span.shape, begin, end)
        sound = all(type(number) is int and number >= 0 for number in numbers) and begin <= end
    except (ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        raise FileError(path, f"not a safetensors file: its entry {name!r} is malformed")
    if span.code in CODES and end - begin != math.prod(span.shape) * size_of(span.dtype):
        raise FileError(path, f"its entry {name!r} has another size than its shape says")
    return span


def _require_whole(path: str, spans: Mapping[str, _Span], size: int) -> None:
    end = 0
    for span in sorted(spans.values(), key=lambda span: (span.begin, span.end)):
        if span.begin != end:
            raise FileError(path, "not a safetensors file: its entries overlap or leave gaps")
        end = span.end
    if size < end:
        raise FileError(path, f"truncated: it lacks {end - size:,} bytes of {end:,}")
    if size > end:
        raise FileError(path, f"not a safetensors file: {size - end:,} bytes too many")


def size_of(dtype: str) -> int:
    """The bytes of one number."""
    return 2 if dtype == "bfloat16" else np.dtype(dtype).itemsize


def _values(path: str, start: int, span: _Span) -> Values:
    if span.code not in CODES:
        raise FileError(path, f"element type {span.code} is not known")
    halved = span.dtype == "bfloat16"
    values: Values = np.empty(span.shape, np.float32 if halved else span.dtype)
    flat = values.reshape(-1)
    with Path(path).open("rb") as file:
        file.seek(start + span.begin)
        if halved:
            for at in range(0, flat.size, CHUNK):
                part = flat[at : at + CHUNK]
                part[...] = widened(np.frombuffer(file.read(2 * part.size), np.uint16))
        else:
            file.readinto(flat.view(np.uint8).data)
    return values


def widened(bits: Values) -> Values:
    """Numbers of type bfloat16, given as their bits, as float32, which holds them exactly."""
    return (bits.astype(np.uint32) << 16).view(np.float32)
