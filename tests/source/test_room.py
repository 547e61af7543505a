"""Long chains and deep nesting are converted or refused in one line; nothing ends in a traceback."""

from __future__ import annotations

import sys
import threading

import pytest

from translator import convert
from translator.errors import SourceError
from translator.pipeline import direction

HEAD = "import torch\nx = torch.zeros(3)\n"
DEEP = {
    "operators": "y = x" + " + x" * 400 + "\n",
    "strings": "y = 'a'" + " + 'b'" * 400 + "\n",
    "attributes": "y = a" + ".b" * 800 + "\n",
    "calls": "y = " + "torch.relu(" * 80 + "x" + ")" * 80 + "\n",
    "methods": "y = x" + ".relu()" * 150 + "\n",
    "branches": "if x is None:\n    pass\n"
    + "".join(f"elif x == {n}:\n    y = torch.relu(x)\n" for n in range(600)),
    "functions": "def f0(x):\n    return torch.relu(x)\n"
    + "".join(f"def f{n}(x):\n    return torch.relu(f{n - 1}(x))\n" for n in range(1, 200))
    + "y = f199(x)\n",
}
TOO_DEEP = {
    "brackets": "y = " + "(" * 5000 + "1" + ")" * 5000 + "\n",
    "lists": "y = " + "[" * 5000 + "]" * 5000 + "\n",
    "operators": "y = x" + " + x" * 100_000 + "\n",
    "methods": "y = x" + ".relu()" * 250 + "\n",
}


@pytest.mark.parametrize("name", DEEP)
def test_deep_code_is_converted(name):
    before = sys.getrecursionlimit(), threading.stack_size()
    converted = convert(HEAD + DEEP[name], to="tensorflow")
    assert converted.complete
    assert "torch" not in converted.code
    assert (sys.getrecursionlimit(), threading.stack_size()) == before


@pytest.mark.parametrize("name", TOO_DEEP)
def test_what_is_too_deep_is_refused(name):
    with pytest.raises(SourceError, match="nested"):
        convert(HEAD + TOO_DEEP[name], to="tensorflow")


def test_the_direction_of_deep_code_is_found():
    assert direction(HEAD + DEEP["branches"]) == "tensorflow"
