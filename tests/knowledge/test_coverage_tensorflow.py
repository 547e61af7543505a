"""Every name of TensorFlow and Keras that real code uses has a record, or a refusal that says what to do instead.

`tensorflow_names.txt` has what the namespaces of layers, activations, initialisers, regularisers and constraints hold,
and what was counted in three files or more of public repositories, data and training loops aside.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from translator import Code, convert
from translator.knowledge.names import canonical
from translator.knowledge.records import Refusal
from translator.knowledge.search import lookup

NAMES = Path(__file__).with_name("tensorflow_names.txt").read_text().split()


@pytest.mark.parametrize("name", NAMES)
def test_the_look_up_knows_it(name):
    assert named(name), f"nothing is known of {name}"


@pytest.mark.parametrize("name", NAMES)
def test_a_conversion_knows_it(name):
    """A call without arguments may miss some, but it is never of a name that has no record."""
    root = "import keras\nimport tensorflow as tf\n"
    findings = convert(f"{root}\n\ndef f():\n    return {name}()\n", to="torch").findings
    assert Code.UNKNOWN_API not in {finding.code for finding in findings}


def test_refusals_say_what_to_do():
    for name in NAMES:
        for record in named(name):
            if isinstance(record, Refusal):
                assert record.differs and record.instead, name


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("tf.keras.layers.Dense", "keras.layers.Dense"),
        ("tensorflow.keras.layers.Dense", "keras.layers.Dense"),
        ("keras.api.layers.Dense", "keras.layers.Dense"),
        ("keras.layers.MaxPool2D", "keras.layers.MaxPooling2D"),
        ("keras.layers.SeparableConvolution2D", "keras.layers.SeparableConv2D"),
        ("keras.ops.nn.relu", "keras.ops.relu"),
        ("keras.ops.numpy.sum", "keras.ops.sum"),
        ("tf.keras.backend.mean", "keras.ops.mean"),
        ("tf.initializers.GlorotUniform", "keras.initializers.GlorotUniform"),
    ],
)
def test_other_spellings(alias, name):
    assert canonical(alias) == name
    assert named(alias) == named(name)


def named(name: str) -> list[object]:
    """The records that the look-up finds under a name itself."""
    hits = lookup(name)
    return [hit.entry.record for hit in hits if hit.rank < 3 and hit.rank == hits[0].rank]
