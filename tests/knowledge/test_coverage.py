"""Every name of torch that people use is known: it has a record, is explained by one, or is refused with a reason.

`torch_names.txt` lists all of torch.nn, torch.nn.functional and torch.nn.init, and what else is used in three files or
more of those that were counted. Nothing in it may be converted by silence.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from translator import Code, Severity, convert
from translator.knowledge.names import canonical
from translator.knowledge.records import Construct
from translator.knowledge.registry import ENTRIES, index, refusal, refusals
from translator.knowledge.search import lookup

NAMES = Path(__file__).with_name("torch_names.txt").read_text().split()
REFUSED = [
    name for name in refusals("torch") if name.startswith("torch.") and not name.endswith(".*")
]

# Attributes that tensors of both frameworks have, and methods of theirs that numpy knows by one name.
ALIKE = frozenset({"dtype", "device", "ndim", "shape", "numpy", "data", "item"})

# What says nothing to a program of TensorFlow, so that it is taken out.
UNNEEDED = frozenset({"torch.jit.ignore", "torch.jit.unused"})


@functools.cache
def explained() -> frozenset[str]:
    constructs = (entry.record for entry in ENTRIES if isinstance(entry.record, Construct))
    return frozenset(name for record in constructs for name in record.about)


def is_known(name: str) -> bool:
    spelled = {name, canonical(name), name.rstrip("_")}
    known = index("torch").keys() | explained() | refusals("torch").keys()
    return bool(spelled & known) or refusal(name, "torch") is not None


@pytest.mark.parametrize("name", NAMES)
def test_is_known(name):
    assert is_known(name)


@pytest.mark.parametrize("name", NAMES)
def test_is_found_by_the_look_up(name):
    assert lookup(name), name


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_told(name):
    found = convert(_program(name), to="tensorflow").findings
    told = [f for f in found if f.severity is Severity.TODO]
    record = refusal(name, "torch")
    assert record is not None and record.differs and record.instead
    by_record = [f for f in told if f.code is Code.REFUSED and record.instead in f.message]
    # What some forms of are converted has a reason of its own in the others.
    assert by_record or (told and (name in index("torch") or name in explained()))


@pytest.mark.parametrize("name", [name for name in NAMES if "Optimizer" not in name])
def test_nothing_stays_in_silence(name):
    result = convert(_program(name), to="tensorflow")
    left = [f for f in result.findings if f.severity is Severity.TODO]
    last = name.rpartition(".")[2]
    stays = re.search(
        rf"\btorch\.|\bself\.{last}\(" if _owner(name) != "Tensor" else rf"\bx\.{last}\b",
        result.code,
    )
    allowed = last in ALIKE or name in UNNEEDED
    assert left or allowed or stays is None, result.code


def _owner(name: str) -> str:
    return name.rpartition(".")[0].rpartition(".")[2]


def _program(name: str) -> str:
    """The shortest program that uses a name: a call where it is called, of a tensor, a module or itself."""
    last = name.rpartition(".")[2]
    if _owner(name) == "Tensor":
        used = f"x.{last}" if _is_attribute(name) else f"x.{last}(x)"
        return f"import torch\n\n\ndef f(x: torch.Tensor):\n    y = {used}\n    return y\n"
    if _owner(name) == "Module":
        return (
            "import torch\n\n\nclass Net(torch.nn.Module):\n    def forward(self, x):\n        return x\n\n\n"
            f"net = Net()\nnet.{last}(3)\n"
        )
    module = name.rpartition(".")[0]
    imported = "import torch\n" if module == "torch" else f"import torch\nimport {module}\n"
    if _is_attribute(name):
        return f"{imported}\n\ndef f(x: torch.Tensor):\n    return g(x, {name})\n"
    return f"{imported}\n\ndef f(x: torch.Tensor):\n    return {name}(x)\n"


def _is_attribute(name: str) -> bool:
    """True for what is read and not called."""
    first, *parts = name.split(".")
    found: Any = importlib.import_module(first)
    for part in parts:
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return inspect.isgetsetdescriptor(found) or isinstance(found, property) or not callable(found)


def test_all_of_torch_nn_is_listed():
    from torch import nn

    modules = {name for name in dir(nn) if inspect.isclass(getattr(nn, name))}
    modules = {name for name in modules if issubclass(getattr(nn, name), nn.Module)}
    assert {f"torch.nn.{name}" for name in modules} <= set(NAMES)
