from __future__ import annotations

import math

import pytest

from translator.proof.printed import compare_printed


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("loss 0.123456", "loss 0.123456", id="equal"),
        pytest.param("loss 0.1234567", "loss 0.1234599", id="within the tolerance"),
        pytest.param("loss 0.12345", "loss 0.12346", id="rounded apart in the last place"),
        pytest.param("1.2345e+09", "1.2346e+09", id="rounded apart, with an exponent"),
        pytest.param("100000.1", "100000.5", id="relative to large numbers"),
        pytest.param("[1.0 2.0]", "[1.0  2.0]", id="spaces"),
        pytest.param("loss 0.1\n\n", "loss 0.1", id="empty lines at the end"),
        pytest.param("nan inf", "nan inf", id="not finite"),
        pytest.param("epoch 1, no2 3ms", "epoch 1, no2 3ms", id="digits within words"),
        pytest.param("-0.0000001", "0.0000001", id="signs near zero"),
    ],
)
def test_close(a, b):
    assert all(line.ok for line in compare_printed(a, b))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param("loss 0.1234", "loss 0.1236", id="beyond the tolerance"),
        pytest.param("accuracy 0.5", "accuracy 0.6", id="few decimals count fully"),
        pytest.param("loss 0.12345", "loss 0.1234", id="another number of decimals"),
        pytest.param("loss 1", "cost 1", id="another text"),
        pytest.param("1\n2", "1", id="another number of lines"),
        pytest.param("1 2", "1", id="another number of numbers"),
        pytest.param("nan", "1.0", id="not a number on one side"),
        pytest.param("inf", "-inf", id="another infinity"),
        pytest.param("no2", "no3", id="digits within words are text"),
    ],
)
def test_apart(a, b):
    lines = list(compare_printed(a, b))
    assert not all(line.ok for line in lines)
    assert all(line.reason for line in lines if not line.ok)


def test_the_worst_number_of_a_line_is_told():
    (line,) = compare_printed("1.00000000 2.0", "1.00000001 2.5")
    assert (line.what, line.ok) == ("line 1", False)
    assert math.isclose(line.error, 0.25)
