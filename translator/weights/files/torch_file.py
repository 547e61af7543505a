"""Files of `torch.save`: a state dict, alone or within a training checkpoint. Imports torch.

Such a file is a pickle, which can run any code when it is loaded: it is loaded with `weights_only` and never otherwise.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from translator.files import FileError
from translator.weights.files import Checkpoint, Tell
from translator.weights.torch_side import array_of
from translator.weights.tree import Array

_USUAL = ("state_dict", "model_state_dict", "model", "net", "network", "weights", "params")
"""The keys under which training programs keep a model's state dict."""


def read(path: str) -> Checkpoint:
    """Read a state dict; its values stay on the disk until they are asked for."""
    content = _load(path)
    if not isinstance(content, Mapping):
        raise FileError(path, f"holds a {type(content).__name__}, not a state dict")
    found, notes = _state_dict(path, content)
    arrays = {str(name): _array(tensor) for name, tensor in found.items() if _is_tensor(tensor)}
    others = [str(name) for name, value in found.items() if not _is_tensor(value)]
    if others:
        notes = (*notes, f"no arrays, and not carried: {', '.join(others)}")
    return Checkpoint(arrays, notes)


def _load(path: str) -> Any:
    with Path(path).open("rb") as file:
        head = file.read(4)
    # Only the format that is a zip archive can be mapped; before 2020 it was a plain pickle.
    zipped = head == b"PK\x03\x04"
    if not zipped and head[:1] != b"\x80":
        raise FileError(path, "not a file of torch.save, or truncated")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return torch.load(path, map_location="cpu", weights_only=True, mmap=zipped)
        except Exception as error:  # whatever the bytes of a damaged or hostile pickle lead to
            raise FileError(path, _refusal(str(error))) from None


def _refusal(error: str) -> str:
    remedy = "it is not loaded; save model.state_dict() instead"
    if name := re.search(r"GLOBAL ([\w.]+\w)", error):
        return f"a pickle with more in it than arrays ({name[1]}), which could run code: {remedy}"
    if "TorchScript" in error:
        return f"a TorchScript program, not a state dict: {remedy}"
    if "Unsupported operand" in error:
        return f"a pickle with more in it than arrays, which could run code: {remedy}"
    return "truncated or damaged: torch cannot read it"


def _state_dict(path: str, content: Mapping[Any, Any]) -> tuple[Mapping[Any, Any], tuple[str, ...]]:
    """The state dict in a file, and where it was found."""
    if any(map(_is_tensor, content.values())):
        return content, ()
    inner = [key for key, value in content.items() if _holds_tensors(value)]
    usual = [key for key in inner if key in _USUAL]
    candidates = usual or inner
    if not candidates:
        raise FileError(path, "holds no state dict: there are no arrays in it")
    if len(candidates) > 1:
        raise FileError(
            path, f"holds several state dicts ({', '.join(map(str, candidates))}); save one alone"
        )
    (key,) = candidates
    beside = ", ".join(str(other) for other in content if other != key)
    return content[key], (f"read from {key!r}" + (f"; beside it: {beside}" if beside else ""),)


def _holds_tensors(value: Any) -> bool:
    return isinstance(value, Mapping) and any(map(_is_tensor, value.values()))


def _is_tensor(value: Any) -> bool:
    return isinstance(value, torch.Tensor)


def _array(tensor: torch.Tensor) -> Array:
    return replace(array_of(tensor, trainable=False), write=None)


def slots(model: torch.nn.Module, found: Mapping[str, Array] | None = None) -> dict[str, Array]:
    """The state dict of a model as arrays to read and to fill; lazy modules get the shapes that `found` has."""
    known: dict[int, Array] = {}
    wanted: dict[str, Array] = {}
    for name, tensor in model.state_dict(keep_vars=True).items():
        if not _is_tensor(tensor):
            continue
        if torch.nn.parameter.is_lazy(tensor):
            if found is None or name not in found:
                continue
            tensor.materialize(found[name].shape)
        if id(tensor) not in known:  # one for a tensor that is tied in several places
            needed = not name.endswith("num_batches_tracked")  # files before 2018 have none
            known[id(tensor)] = array_of(tensor, needed=needed)
        wanted[name] = known[id(tensor)]
    return wanted


def save(model: torch.nn.Module, path: Path, tell: Tell) -> tuple[str, ...]:
    """Write the state dict of a model to a new file."""
    tell(f"writing {path.name}", 0, 1)
    torch.save(model.state_dict(), path)
    return ()
