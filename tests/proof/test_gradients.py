"""The gradients of two models brought together, without any framework."""

from __future__ import annotations

import numpy as np
import pytest

from translator.errors import ProofError
from translator.proof.gradients import parameter_gradients
from translator.weights.match import match
from translator.weights.tree import Node, State, stored


def linear(weight):
    return Node("torch.nn.Linear", {"weight": weight})


def dense(kernel):
    return Node("keras.layers.Dense", {"kernel": kernel})


def array(*shape):
    return stored(np.ones(shape))


def models(*, torch_tied, keras_tied):
    """Two linear layers on each side, with one array or two."""
    weight, kernel = array(2, 3), array(3, 2)
    torch = [weight, weight if torch_tied else array(2, 3)]
    keras = [kernel, kernel if keras_tied else array(3, 2)]
    return (
        State("torch", Node(children=dict(zip("ab", map(linear, torch), strict=True)))),
        State("tensorflow", Node(children=dict(zip("ab", map(dense, keras), strict=True)))),
    )


def compared(source, target, of_source, of_target):
    links = match(source, target).links
    rows = parameter_gradients(source, target, links, of_source, of_target)
    return {name: (one.tolist(), other.tolist()) for name, one, other in rows}


FIRST, SECOND = np.arange(6.0).reshape(2, 3), np.full((2, 3), 5.0)


@pytest.mark.parametrize("torch_tied", [True, False])
@pytest.mark.parametrize("keras_tied", [True, False])
def test_ties_add_up(torch_tied, keras_tied):
    torch, keras = models(torch_tied=torch_tied, keras_tied=keras_tied)
    both = FIRST + SECOND
    parts = {"torch": (FIRST, SECOND), "keras": (FIRST, SECOND)}
    if torch_tied:
        parts["torch"] = (both, both)
    if keras_tied:
        parts["keras"] = (both, both)
    of_torch = dict(zip(("a.weight", "b.weight"), parts["torch"], strict=True))
    of_keras = dict(zip(("a.kernel", "b.kernel"), (x.T for x in parts["keras"]), strict=True))
    for rows in (
        compared(torch, keras, of_torch, of_keras),
        compared(keras, torch, of_keras, of_torch),
    ):
        assert len(rows) == (1 if torch_tied or keras_tied else 2)
        assert all(one == other for one, other in rows.values())


def test_the_first_is_the_sources():
    torch, keras = models(torch_tied=False, keras_tied=False)
    of_torch = {"a.weight": FIRST, "b.weight": SECOND}
    of_keras = {"a.kernel": 2 * FIRST.T, "b.kernel": 2 * SECOND.T}
    expected = {"a.weight": (FIRST, 2 * FIRST), "b.weight": (SECOND, 2 * SECOND)}
    assert compared(torch, keras, of_torch, of_keras) == {
        name: (one.tolist(), other.tolist()) for name, (one, other) in expected.items()
    }
    assert compared(keras, torch, of_keras, of_torch) == {
        name: (other.tolist(), one.tolist()) for name, (one, other) in expected.items()
    }


def lstms():
    """An LSTM of each side: torch's has two biases, Keras's their sum."""
    shapes = {
        "weight_ih_l0": (8, 3),
        "weight_hh_l0": (8, 2),
        "bias_ih_l0": (8,),
        "bias_hh_l0": (8,),
    }
    torch = Node("torch.nn.LSTM", {name: array(*shape) for name, shape in shapes.items()})
    cell = Node("keras.layers.LSTMCell", {"bias": array(8)})
    keras = Node("keras.layers.LSTM", children={"cell": cell})
    return State("torch", torch), State("tensorflow", keras)


def test_the_gradient_of_a_sum_is_that_of_each_term():
    gradient = np.arange(8.0)
    of_torch = {"bias_ih_l0": gradient, "bias_hh_l0": gradient + 1}
    rows = compared(*lstms(), of_torch, {"cell.bias": gradient})
    ours = gradient.tolist()
    assert rows == {"bias_ih_l0": (ours, ours), "bias_hh_l0": ((gradient + 1).tolist(), ours)}


def test_a_term_of_a_sum_may_be_held():
    gradient = np.arange(8.0)
    rows = compared(*lstms(), {"bias_ih_l0": gradient}, {"cell.bias": gradient})
    assert rows == {"bias_ih_l0": (gradient.tolist(), gradient.tolist())}
    with pytest.raises(ProofError, match="on one side only"):
        compared(*lstms(), {}, {"cell.bias": gradient})


def test_what_is_frozen_on_one_side_is_named():
    torch, keras = models(torch_tied=False, keras_tied=False)
    with pytest.raises(ProofError, match=r"b\.weight is trained on one side only"):
        compared(torch, keras, {"a.weight": FIRST, "b.weight": SECOND}, {"a.kernel": FIRST.T})
    assert list(compared(torch, keras, {"a.weight": FIRST}, {"a.kernel": FIRST.T})) == ["a.weight"]
