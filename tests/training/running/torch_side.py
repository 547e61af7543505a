"""A script in PyTorch: which modules it makes, what they begin with, what it draws."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any
from unittest import mock

import numpy as np
import torch
from torch.nn.modules.lazy import LazyModuleMixin
from torch.nn.parameter import UninitializedParameter

from translator.weights.torch_side import read_state
from translator.weights.tree import Node

from .shared import Draws


class TorchWatching:
    def __init__(self, given: Mapping[str, np.ndarray]) -> None:
        self.given = given
        self.made: list[torch.nn.Module] = []
        self.used: set[int] = set()  # not so the layers of which a transformer only makes copies
        self.began: dict[int, tuple[str, np.ndarray]] = {}
        self.draws = Draws()

    @contextlib.contextmanager
    def installed(self) -> Iterator[None]:
        torch.set_default_dtype(torch.float64)
        init = torch.nn.Module.__init__

        def noted(module: torch.nn.Module, *args: Any, **kwargs: Any) -> None:
            self.made.append(module)
            init(module, *args, **kwargs)

        hook = torch.nn.modules.module.register_module_forward_pre_hook(self._first_call)
        infer = LazyModuleMixin._infer_parameters

        def inferred(module: Any, *given: Any, **named: Any) -> None:
            infer(module, *given, **named)
            self._first_call(module, None)

        patches = {
            "rand": self._creator("uniform"),
            "randn": self._creator("normal"),
            "rand_like": self._like("uniform"),
            "randn_like": self._like("normal"),
        }
        with contextlib.ExitStack() as stack:
            stack.callback(hook.remove)
            stack.enter_context(mock.patch.object(torch.nn.Module, "__init__", noted))
            stack.enter_context(mock.patch.object(LazyModuleMixin, "_infer_parameters", inferred))
            stack.enter_context(mock.patch.multiple(torch, **patches))
            yield

    def _first_call(self, module: torch.nn.Module, _: object) -> None:
        root = self._place(module)
        for path, part in module.named_modules():
            self.used.add(id(part))
            place = self._place(part) or f"{root}.{path}"  # a copy was made by no constructor
            for name, tensor in [*part._parameters.items(), *part._buffers.items()]:
                if tensor is not None and id(tensor) not in self.began:
                    self._start(f"{place}.{name}", tensor)

    def _place(self, module: torch.nn.Module) -> str:
        return next((str(i) for i, made in enumerate(self.made) if made is module), "")

    def _start(self, key: str, tensor: torch.Tensor) -> None:
        values = self.given.get(key)
        if isinstance(tensor, UninitializedParameter):
            return
        if values is not None:
            with torch.no_grad():
                tensor.copy_(torch.from_numpy(values))
        self.began[id(tensor)] = (key, tensor.detach().numpy().copy())

    def trees(self) -> dict[str, Node]:
        used = [module for module in self.made if id(module) in self.used]
        for module in used:
            self._first_call(module, None)  # for what got its shape when it was called
        return {str(index): read_state(module).root for index, module in enumerate(used)}

    def _creator(self, kind: str) -> Any:
        def create(*size: Any, **options: Any) -> torch.Tensor:
            shape = options.pop("size", size)
            shape = shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape
            wanted = options.pop("requires_grad", False)
            return torch.from_numpy(self.draws.draw(kind, tuple(shape))).requires_grad_(wanted)

        return create

    def _like(self, kind: str) -> Any:
        return lambda tensor, **_: torch.from_numpy(self.draws.draw(kind, tuple(tensor.shape)))
