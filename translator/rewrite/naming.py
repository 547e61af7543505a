"""Names in the written file: how the target's names are spelled there, which imports they need, what is free."""

from __future__ import annotations

import functools
import re

import libcst as cst

from translator.knowledge.records import Exact, Layer, Record
from translator.rewrite import build
from translator.rewrite.constructs.reading import bound_names, of_kind, used_names
from translator.source.imports import imports
from translator.source.tree import nodes

_HOMES = (
    ("torch.nn.functional.", "F.", "F", "import torch.nn.functional as F"),
    ("torch.nn.", "nn.", "nn", "from torch import nn"),
    ("torch.utils.data.", "", "", "from torch.utils.data import"),
    ("torch.utils.tensorboard.", "", "", "from torch.utils.tensorboard import"),
    ("torch.", "torch.", "torch", "import torch"),
    ("keras.", "keras.", "keras", "import keras"),
    ("tf.", "tf.", "tf", "import tensorflow as tf"),
    ("copy.", "copy.", "copy", "import copy"),
    ("itertools.", "itertools.", "itertools", "import itertools"),
    ("math.", "math.", "math", "import math"),
    ("os.", "os.", "os", "import os"),
    ("pickle.", "pickle.", "pickle", "import pickle"),
    ("functools.", "functools.", "functools", "import functools"),
    ("einops.layers.torch.", "", "", "from einops.layers.torch import"),
    ("einops.layers.tensorflow.", "", "", "from einops.layers.tensorflow import"),
    ("einops.", "einops.", "einops", "import einops"),
)
_MODULES = {root: prefix.rstrip(".") for prefix, _, root, _ in _HOMES if root}
_SHORTER = {"torch.nn.functional": "F", "torch.nn": "nn"}
_SHORT = re.compile(r"(?<![\w.])(torch\.nn\.functional|torch\.nn)\.(?=[A-Za-z])")
_ROOTS = re.compile(r"(?<![\w.])(tf|keras|torch|nn|F|copy|itertools|math|os|pickle|functools)\.")


def _twin(qualified: str) -> str:
    """The name of the other framework that goes where this one comes, and leaves its own to it."""
    there, here = "einops.layers.torch.", "einops.layers.tensorflow."
    if qualified.startswith(here):
        there, here = here, there
    return here + qualified[len(there) :] if qualified.startswith(there) else ""


class Naming:
    """Spells qualified names, collects imports and helper classes, and hands out names that the file does not use."""

    def __init__(self, tree: cst.Module) -> None:
        self.tree = tree
        self.imports: dict[str, set[str]] = {}
        self.helpers: dict[str, str] = {}
        self._aliases: dict[str, str] = {}
        self._numbers: dict[str, int] = {}

    @functools.cached_property
    def code(self) -> list[cst.CSTNode]:
        """All nodes of the file that are code, in their order."""
        return list(nodes(self.tree))

    @functools.cached_property
    def taken(self) -> set[str]:
        """The names that the file uses; found when first asked for."""
        return used_names(self.code)

    @functools.cached_property
    def mentioned(self) -> frozenset[str]:
        """Every name and attribute that the file has, as it was read."""
        return frozenset(node.value for node in of_kind(self.code, cst.Name))

    def receivers(self, methods: frozenset[str]) -> list[str]:
        """What the file calls one of these methods on, as code."""
        funcs = (node.func for node in of_kind(self.code, cst.Call))
        called = (func for func in funcs if isinstance(func, cst.Attribute))
        return [build.code(func.value) for func in called if func.attr.value in methods]

    @functools.cached_property
    def _present(self) -> dict[str, str]:
        """The names that the file imports and binds nowhere else, by what they stand for."""
        imported = imports(self.tree)
        bound = bound_names(self.code) if imported else set()
        return {full: name for name, full in imported.items() if name not in bound}

    def target(self, qualified: str) -> cst.BaseExpression:
        """The expression for a name of the target framework; its import is asked for."""
        for prefix, written, root, line in _HOMES:
            if not qualified.startswith(prefix):
                continue
            rest = qualified[len(prefix) :]
            if not written or qualified in self._present:
                return build.name(self._member(qualified, line))
            return build.name(f"{self._root(root, line)}.{rest}")
        return build.name(qualified)

    def _member(self, qualified: str, line: str) -> str:
        """The name of something that is imported by itself."""
        if qualified not in self._aliases:
            name = qualified.rpartition(".")[2]
            alias = self._present.get(qualified)
            if alias is None:
                alias = self._present.get(_twin(qualified)) or self._free(name)
                written = name if alias == name else f"{name} as {alias}"
                self.imports.setdefault(line, set()).add(written)
            self._aliases[qualified] = alias
        return self._aliases[qualified]

    def _free(self, name: str) -> str:
        return name if name not in self.taken else self.fresh(f"{name}_")

    def spell(self, text: str) -> str:
        """A pattern of target code with its module names as this file writes them; their imports are asked for."""

        def replace(match: re.Match[str]) -> str:
            line = next(line for _, _, root, line in _HOMES if root == match[1])
            return f"{self._root(match[1], line)}."

        return _ROOTS.sub(replace, _SHORT.sub(lambda match: f"{_SHORTER[match[1]]}.", text))

    def _root(self, root: str, line: str) -> str:
        """The name of a module in the file; another one where the file uses the usual one for something else."""
        if root not in self._aliases:
            module = line.rpartition(" as ")[0] or line
            alias = self._present.get(_MODULES[root])
            if alias is None:
                alias = self._free(root)
                self.imports[line if alias == root else f"{module} as {alias}"] = set()
            self._aliases[root] = alias
        return self._aliases[root]

    def fresh(self, wanted: str) -> str:
        """A name that the file does not use yet: `wanted`, else with a number; it is taken from then on."""
        name = wanted
        while name in self.taken:
            number = self._numbers[wanted] = self._numbers.get(wanted, 1) + 1
            name = f"{wanted}{number}" if wanted.endswith("_") else f"{wanted}_{number}"
        self.taken.add(name)
        return name

    def helper(self, name: str, text: str) -> cst.BaseExpression:
        """The name of a helper class that is written once, below the imports."""
        if name not in self._aliases:
            homes = (
                "torch.nn",
                "torch.distributions",
                "torch.optim.lr_scheduler",
                "torch.optim",
                "torch.utils.data",
            )  # its import goes
            replaced = any(self._present.get(f"{home}.{name}") == name for home in homes)
            self._aliases[name] = name if replaced else self._free(name)
            for own in (*self.helpers, name):
                text = re.sub(rf"\b{own}\b", self._aliases[own], text)
            self.helpers[name] = text
        return build.name(self._aliases[name])

    def class_of(self, record: Record, name: str) -> cst.BaseExpression:
        """The name of the target's class for a record, or of one that is written into the file."""
        if isinstance(record, Exact) and "." not in name:
            return self.helper(name, self.spell(record.code))
        if isinstance(record, Layer) and record.helpers and record.helpers[-1][0] == name:
            return [self.helper(own, self.spell(code)) for own, code in record.helpers][-1]
        return self.target(name)

    def lines(self) -> list[str]:
        """The import lines that were asked for, sorted as isort does: plain imports first."""
        written = [
            line if not names else f"{line} {', '.join(sorted(names))}"
            for line, names in self.imports.items()
        ]
        return sorted(written, key=lambda line: (line.startswith("from"), line.split()[1], line))
