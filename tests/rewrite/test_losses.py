"""Losses whose other side is a function of the file, by how their classes are written."""

from __future__ import annotations

import pytest

from translator import convert

from .rows import flagged, rows


@pytest.mark.parametrize(
    ("keras", "torch"),
    [
        ("Hinge()", "hinge"),
        ("MeanSquaredError()", "nn.MSELoss()"),
        (
            'MeanSquaredError(reduction="none")',
            'functools.partial(mean_squared_error, reduction="none")',
        ),
        (
            "MeanSquaredError(reduction=None)",
            'functools.partial(mean_squared_error, reduction="none")',
        ),
        ("Tversky(0.3, 0.7)", "functools.partial(tversky, alpha=0.3, beta=0.7)"),
        (
            "CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)",
            "functools.partial(categorical_crossentropy, from_logits=True, label_smoothing=0.1)",
        ),
        (
            'SparseCategoricalCrossentropy(True, reduction="none")',
            'functools.partial(sparse_categorical_crossentropy, reduction="none", from_logits=True)',
        ),
    ],
)
def test_the_class(keras, torch):
    result = convert(f"import keras\n\nloss = keras.losses.{keras}\n")
    assert result.complete, result.findings
    assert result.code.endswith(f"\nloss = {torch}\n")


@rows(
    flagged("loss = keras.losses.CTC()", at="CTC", to="torch"),
    flagged("loss = keras.losses.CosineSimilarity(dtype='float64')", at="dtype", to="torch"),
    flagged("loss = keras.losses.get('mse')", at="get", to="torch"),
)
def test_what_is_left(case):
    case.check()


SHARES = """
import torch
import torch.nn.functional as F
from torch import nn

x = torch.randn(4, 3)
soft = torch.softmax(torch.randn(4, 3), dim=1)
criterion = nn.CrossEntropyLoss()
a, b = criterion(x, soft), F.cross_entropy(x, soft)
c = F.cross_entropy(x, torch.tensor([0, 1, 2, 0]))
"""


def test_targets_that_are_shares_of_the_classes():
    code = convert(SHARES).code
    assert "criterion = cross_entropy\n" in code
    assert "a, b = criterion(x, soft), cross_entropy(x, soft)\n" in code
    assert "tf.nn.sparse_softmax_cross_entropy_with_logits(" in code.partition("\nc = ")[2]
