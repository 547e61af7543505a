"""The smallest program around the text of a record's case: one class, `Proof`, in the case's framework."""

from __future__ import annotations

import ast

import numpy as np

from translator.knowledge.cases import Array, Case
from translator.knowledge.lenses import Side
from translator.weights.tree import Values

NAME = "Proof"
_BASE: dict[Side, str] = {"torch": "torch.nn.Module", "tensorflow": "keras.Model"}
_METHOD: dict[Side, str] = {"torch": "forward", "tensorflow": "call"}
_TENSOR: dict[Side, str] = {"torch": "torch.Tensor", "tensorflow": "tf.Tensor"}
_IMPORTS: dict[Side, dict[str, str]] = {
    "torch": {
        "torch": "import torch",
        "F": "import torch.nn.functional as F",
        "nn": "from torch import nn",
    },
    "tensorflow": {"keras": "import keras", "tf": "import tensorflow as tf"},
}
_SHARED = {"np": "import numpy as np", "math": "import math", "einops": "import einops"}


def program(case: Case) -> str:
    """The source of a case's program; a script is its own.

    A text that names its inputs is what the class returns; one that names none of them is a layer, called with all.
    """
    if case.script:
        return case.text
    names = [name for name, _ in case.inputs]
    used = _names(case.text)
    is_layer = bool(names) and not used & set(names)
    used |= _names(case.body.replace("return ", ""))
    needed = used | {_BASE[case.side].partition(".")[0], _TENSOR[case.side].partition(".")[0]}
    imports = {**_IMPORTS[case.side], **_SHARED}
    typed = ", ".join(["self", *(f"{name}: {_TENSOR[case.side]}" for name in names)])
    lines = [text for name, text in sorted(imports.items(), key=_by_import) if name in needed]
    lines += ["", "", f"class {NAME}({_BASE[case.side]}):"]
    if is_layer:
        made = ["super().__init__()", f"self.layer = {case.text}"]
        lines += ["    def __init__(self):", *(f"        {line}" for line in made), ""]
    result = f"self.layer({', '.join(names)})" if is_layer else case.text
    body = case.body or f"return {result}"
    lines += [f"    def {_METHOD[case.side]}({typed}):"]
    lines += [f"        {line}" for line in body.splitlines()]
    return "\n".join(lines) + "\n"


def _names(text: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def draw(case: Case, seed: int, precision: str) -> dict[str, Values]:
    """The inputs of a case, in the axis order of its side: int64, or "float64" or "float32" as `precision` says."""
    generator = np.random.default_rng(seed)
    drawn = {name: _draw(array, generator) for name, array in case.inputs}
    return {n: v.astype(precision) if v.dtype.kind == "f" else v for n, v in drawn.items()}


def _draw(array: Array, generator: np.random.Generator) -> Values:
    if array.high is not None:
        return generator.integers(0, array.high, array.shape)
    if array.positive:
        # Away from both ends, where logarithms and powers lose all digits.
        return generator.uniform(0.05, 0.95, array.shape)
    return generator.standard_normal(array.shape)


def _by_import(item: tuple[str, str]) -> tuple[bool, str]:
    text = item[1]
    return text.startswith("from "), text
