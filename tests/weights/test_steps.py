"""The steps of weight rules: there, back, and gradients by the chain rule; without any framework."""

from __future__ import annotations

import numpy as np
import pytest

from translator.knowledge.weights import (
    Gates,
    Normed,
    Reshaped,
    Split,
    Spread,
    Stacked,
    Summed,
    Transposed,
    weight,
    words,
)
from translator.weights.steps import MisfitError, bind

GRU = Gates("r z n", "z r n")

CHAINS = [
    pytest.param((), [(2, 3)], [(2, 3)], id="alike"),
    pytest.param((Transposed((2, 0, 1)),), [(2, 3, 4)], [(4, 2, 3)], id="transposed"),
    pytest.param((GRU, Transposed((1, 0))), [(6, 4)], [(4, 6)], id="gates"),
    pytest.param((GRU, Stacked()), [(6,), (6,)], [(2, 6)], id="two biases of a GRU"),
    pytest.param((Summed(),), [(6,), (6,)], [(6,)], id="two biases of an LSTM"),
    pytest.param(
        (Split(3), Transposed((1, 0)), Reshaped()), [(12, 4)], [(4, 2, 2)] * 3, id="packed heads"
    ),
    pytest.param((Split(3), Reshaped()), [(12,)], [(2, 2)] * 3, id="packed biases"),
    pytest.param((Transposed((1, 0)), Reshaped()), [(4, 6)], [(2, 3, 4)], id="heads to the front"),
    pytest.param((Spread(),), [(3,)], [(1, 1, 3)], id="axes of size 1"),
    pytest.param((Spread(),), [(1,)], [(1, 1, 1)], id="nothing but axes of size 1"),
    pytest.param((Reshaped(), Transposed((1, 0))), [(6,)], [(3, 2)], id="a reshape before"),
    pytest.param((Normed(), Transposed((1, 0))), [(4, 1), (4, 3)], [(3, 4)], id="weight norm"),
    pytest.param((Normed(),), [(), (4, 3)], [(4, 3)], id="weight norm of all"),
]


def chain_and_values(steps, torch, keras, seed=0):
    draw = np.random.default_rng(seed).standard_normal
    return bind(steps, tuple(torch), tuple(keras)), tuple(draw(s) for s in torch), draw


@pytest.mark.parametrize(("steps", "torch", "keras"), CHAINS)
def test_back_and_there_is_equal_bit_for_bit(steps, torch, keras):
    chain, _, draw = chain_and_values(steps, torch, keras)
    values = tuple(draw(shape) for shape in keras)
    carried = chain.to_torch(values)
    assert [array.shape for array in carried] == torch
    for before, after in zip(values, chain.to_keras(carried), strict=True):
        np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize(("steps", "torch", "keras"), CHAINS)
def test_there_and_back_is_equal_where_nothing_is_lost(steps, torch, keras):
    chain, values, _ = chain_and_values(steps, torch, keras)
    back = chain.to_torch(chain.to_keras(values))
    if any(isinstance(step, Summed | Normed) for step in steps):
        (again,), (once,) = chain.to_keras(back), chain.to_keras(values)
        np.testing.assert_allclose(again, once, rtol=1e-15)
    else:
        for before, after in zip(values, back, strict=True):
            np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize(("steps", "torch", "keras"), CHAINS)
def test_gradients_follow_the_chain_rule(steps, torch, keras):
    chain, values, draw = chain_and_values(steps, torch, keras)
    cotangents = tuple(draw(shape) for shape in keras)
    moves = tuple(draw(shape) for shape in torch)

    def loss(step):
        moved = tuple(np.asarray(v + step * m) for v, m in zip(values, moves, strict=True))
        return sum((a * c).sum() for a, c in zip(chain.to_keras(moved), cotangents, strict=True))

    gradients = chain.gradients(cotangents, lambda: values)
    assert [array.shape for array in gradients] == torch
    along = sum((g * m).sum() for g, m in zip(gradients, moves, strict=True))
    assert along == pytest.approx((loss(1e-6) - loss(-1e-6)) / 2e-6, rel=1e-6)


@pytest.mark.parametrize("magnitude", [(3, 1), ()])
def test_zeros_have_a_norm_but_no_direction(magnitude):
    chain = bind((Normed(),), (magnitude, (3, 2)), ((3, 2),))
    kernel = np.array([[1.0, 2.0], [0.0, 0.0], [3.0, 4.0]], np.float32) * (magnitude != ())
    parts = chain.to_torch((kernel,))
    assert all(np.isfinite(part).all() and part.dtype == np.float32 for part in parts)
    np.testing.assert_array_equal(chain.to_keras(parts), [kernel])


def test_gates_move_by_name():
    values = np.arange(3.0)
    assert bind((GRU,), ((3,),), ((3,),)).to_keras((values,))[0].tolist() == [1, 0, 2]
    turned = Gates("a b c", "b c a")
    there = bind((turned,), ((3,),), ((3,),))
    assert there.to_keras((values,))[0].tolist() == [1, 2, 0]
    assert there.to_torch((values,))[0].tolist() == [2, 0, 1]


@pytest.mark.parametrize(
    ("steps", "torch", "keras", "why"),
    [
        ((), [(2, 3)], [(3, 2)], "^$"),
        ((Transposed((1, 0)),), [(2, 3)], [(2, 3)], r"carried over \(3, 2\)"),
        ((Transposed((1, 0)),), [(2, 3, 4)], [(3, 2)], "wants 2 axes"),
        ((GRU,), [(4,)], [(4,)], "3 equal blocks"),
        ((Split(3),), [(4,)], [(1,)] * 3, "3 equal blocks"),
        ((Stacked(),), [(4,), (4,)], [(4,)], "carried over"),
        ((Summed(),), [(4,), (3,)], [(4,)], "equal shapes"),
        ((Reshaped(),), [(4,)], [(5, 1)], "as many elements"),
        ((Spread(),), [(4,)], [(2, 2)], "as many elements"),
        ((Normed(),), [(3,), (4, 3)], [(4, 3)], "a magnitude"),
    ],
)
def test_shapes_are_checked_before_anything_moves(steps, torch, keras, why):
    with pytest.raises(MisfitError, match=why):
        bind(steps, tuple(torch), tuple(keras))


def test_words_go_both_ways():
    rule = weight(("a", "b"), "c", GRU, Stacked(), (0, 2, 1))
    assert [words(step, True) for step in rule.steps] == [
        "gates r z n -> z r n",
        "stacked",
        "axes (0, 2, 1)",
    ]
    chain = bind(rule.steps, ((6, 1), (6, 1)), ((2, 1, 6),))
    assert chain.words(to_keras=False) == "axes (0, 2, 1), taken apart, gates z r n -> r z n"
