"""Writing the safetensors format one array at a time: its library copies all of them first."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from translator.errors import UsageError
from translator.weights.files import Tell
from translator.weights.files.safetensors import CHUNK, CODES, size_of
from translator.weights.port import framework_of, read_state
from translator.weights.tree import Array


def save(model: Any, path: Path, tell: Tell) -> tuple[str, ...]:
    """Write the state of a model of either framework to a new file."""
    if framework_of(model) == "torch":
        from translator.weights.files import torch_file

        _write(torch_file.slots(model), path, "pt", tell)
    else:
        _write(read_state(model).arrays(), path, "tf", tell)
    return ()


def _write(arrays: Mapping[str, Array], path: Path, framework: str, tell: Tell) -> None:
    codes = {dtype: code for code, dtype in CODES.items()}
    header: dict[str, Any] = {"__metadata__": {"format": framework}}
    end = 0
    for name, array in arrays.items():
        if array.dtype not in codes:
            raise UsageError(f"{name} is {array.dtype}, which safetensors files lack")
        begin, end = end, end + math.prod(array.shape) * size_of(array.dtype)
        header[name] = {
            "dtype": codes[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [begin, end],
        }
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # so that the values are aligned
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for done, array in enumerate(arrays.values()):
            tell(f"writing {path.name}", done, len(arrays))
            _append(file, array)


def _append(file: BinaryIO, array: Array) -> None:
    flat = np.ascontiguousarray(array.read()).reshape(-1)
    if array.dtype != "bfloat16":
        file.write(flat.view(np.uint8).data)
        return
    for at in range(0, flat.size, CHUNK):
        bits = flat[at : at + CHUNK].view(np.uint32) >> 16
        file.write(bits.astype(np.uint16).tobytes())
