"""The proof of a record holds for right conversions, and is not fooled by wrong ones."""

from __future__ import annotations

import re

import pytest

from translator.errors import ProofError
from translator.findings import Code, Finding, Span
from translator.knowledge.cases import case, f32, ints, positive, script
from translator.knowledge.records import Layer
from translator.pipeline import Conversion, Orders
from translator.proof import records
from translator.proof.programs import draw, program

RECORD = Layer(torch="torch.nn.Linear(in_features, out_features)", tf="keras.layers.Dense(units)")
CASE = case("torch.nn.Linear(3, 3)", f32(2, 3))
DENSE = """
import keras
import tensorflow as tf

class Proof(keras.Model):
    def __init__(self):
        super().__init__()
        self.layer = keras.layers.Dense(3)

    def call(self, x0: tf.Tensor):
        return self.layer(x0)
"""


@pytest.fixture
def converted(monkeypatch):
    """Prove a case as if `convert` had written these programs."""

    def converted(case, tensorflow, *, orders=None, findings=()):
        texts = {"torch": program(case), "tensorflow": tensorflow}

        def convert(code, to):
            found = {"Proof.call": orders[to]} if orders else {}
            return Conversion(texts[to], findings, found)

        monkeypatch.setattr(records, "convert", convert)
        return case

    return converted


def test_a_right_port_is_proved_there_and_back(pool, converted):
    there, back = records.prove(RECORD, converted(CASE, DENSE), pool)
    assert there.direction == "torch -> tensorflow"
    assert back.direction == "torch -> tensorflow -> torch"
    assert (there.title, there.case) == ("torch.nn.Linear", "torch.nn.Linear(3, 3)")
    assert there.forward <= 1e-12
    assert there.gradient is not None
    assert there.gradient <= 1e-12
    assert re.search(r"forward \d\.\de[-+]\d\d, gradient", str(there))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ((", activation='tanh')", ")"), "Result 0 is off"),
        ((", use_bias=False)", ")"), "layer.bias (3,) of the source has no counterpart"),
        (("Dense(4)", "Dense(3)"), "layer.kernel has shape (3, 4)"),
        (("self.layer(x0)[:, None]", "self.layer(x0)"), "Result 0 has shape (2, 3) there and (2, 1, 3)"),
        (("self.layer(x0), x0", "self.layer(x0)"), "1 results there and 2 here"),
        (("tf.stop_gradient(self.layer(x0))", "self.layer(x0)"), "The gradient of x0 is off"),
        (("self.layer(x0) > 0", "self.layer(x0)"), "holds real numbers there and truth values"),
        (("self.layer(x0) + 1e-8", "self.layer(x0)"), "Result 0 is off by"),
        (("self.leyer(x0)", "self.layer(x0)"), "has no attribute 'leyer'"),
    ],
)  # fmt: skip
def test_a_wrong_port_is_caught(pool, converted, wrong, message):
    new, old = wrong
    if old == ")":
        new, old = f"Dense(3{new}", "Dense(3)"
    if new.startswith("Dense(4"):
        new, old = "Dense(4)", "Dense(3)"
    with pytest.raises(ProofError) as caught:
        records.prove(RECORD, converted(CASE, DENSE.replace(old, new)), pool)
    assert message in str(caught.value)
    assert "torch -> tensorflow" in str(caught.value)


def test_what_was_left_over_is_no_proof(pool, converted):
    left = Finding(Code.UNKNOWN_API, "no record", Span(1, 0, 1, 1))
    with pytest.raises(ProofError, match="not converted completely: no record"):
        records.prove(RECORD, converted(CASE, DENSE, findings=(left,)), pool)


def test_axis_orders_are_taken_into_account(pool, converted):
    last, first = (0, 2, 3, 1), (0, 3, 1, 2)
    images = case("x * torch.arange(3)[:, None, None]", x=f32(2, 3, 4, 5))
    text = """
import keras
import tensorflow as tf

class Proof(keras.Model):
    def call(self, x):
        return x * tf.cast(tf.range(3), x.dtype)
"""
    orders = {
        "tensorflow": Orders({"x": last}, {0: last}),
        "torch": Orders({"x": first}, {0: first}),
    }
    _, back = records.prove(RECORD, converted(images, text, orders=orders), pool)
    assert back.forward <= 1e-12
    with pytest.raises(ProofError):
        records.prove(RECORD, converted(images, text), pool)


def test_programs_that_insist_on_float32_are_run_in_it(pool, converted):
    text = DENSE.replace("self.layer(x0)", "self.layer(x0 + tf.zeros(3))")
    there, _ = records.prove(RECORD, converted(CASE, text), pool)
    assert 0 <= there.forward <= 1e-5


def test_scripts_are_compared_by_what_they_print(pool, converted):
    text = "import torch\nprint('sum', (torch.arange(4.0) / 7).sum().item())\n"
    right = "import tensorflow as tf\nprint('sum', tf.reduce_sum(tf.range(4.0) / 7).numpy())\n"
    there, back = records.prove(RECORD, converted(script(text), right), pool)
    assert there.gradient is None
    assert back.forward <= 1e-6
    with pytest.raises(ProofError, match="line 1"):
        records.prove(RECORD, converted(script(text), right.replace("7", "7.1")), pool)


def test_programs():
    assert program(CASE) == (
        "import torch\n\n\nclass Proof(torch.nn.Module):\n    def __init__(self):\n"
        "        super().__init__()\n        self.layer = torch.nn.Linear(3, 3)\n\n"
        "    def forward(self, x0: torch.Tensor):\n        return self.layer(x0)\n"
    )
    assert program(case("F.relu(x)", x=f32(2))) == (
        "import torch\nimport torch.nn.functional as F\n\n\nclass Proof(torch.nn.Module):\n"
        "    def forward(self, x: torch.Tensor):\n        return F.relu(x)\n"
    )
    assert program(case("keras.ops.relu(x)", side="tensorflow", x=f32(2))) == (
        "import keras\nimport tensorflow as tf\n\n\nclass Proof(keras.Model):\n"
        "    def call(self, x: tf.Tensor):\n        return keras.ops.relu(x)\n"
    )
    assert program(case("torch.zeros(2, 3)")).endswith(
        "    def forward(self):\n        return torch.zeros(2, 3)\n"
    )


def test_inputs():
    drawn = draw(case("f(a, b, c)", a=f32(50), b=positive(50), c=ints(50, high=3)), 0, "float64")
    assert [values.dtype.name for values in drawn.values()] == ["float64", "float64", "int64"]
    assert (drawn["a"] < 0).any()
    assert ((drawn["b"] > 0) & (drawn["b"] < 1)).all()
    assert set(drawn["c"]) == {0, 1, 2}
