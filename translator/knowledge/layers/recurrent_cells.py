"""Cells, which make one step of a recurrent layer."""

from __future__ import annotations

from typing import Any

from translator.knowledge.cases import Case, case, f32
from translator.knowledge.layers.recurrent import (
    FIRST,
    NONLINEARITY,
    RESET_UPDATE_NEW,
    SIGMOID,
    TANH,
    TWO_BIASES,
)
from translator.knowledge.lenses import Lens, fixed, inferred, only, same, tensor
from translator.knowledge.records import Layer, Record
from translator.knowledge.shapes import Bound, Shape
from translator.knowledge.weights import Stacked, Summed, weight

_X, _STATE = f32(2, 3), f32(2, 4)
_KERNELS = (
    weight("weight_ih", "kernel", (1, 0)),
    weight("weight_hh", "recurrent_kernel", (1, 0)),
)
_BIASES = ("bias_ih", "bias_hh")
_EACH_OR_SUM = (
    weight(_BIASES, ("bias", "recurrent_bias")),
    weight(_BIASES, "bias", Summed()),
)
_SIZED = "x = x0.reshape(2, 3)\n"  # so that the way back knows the input size
_KERAS = (
    "kernel_initializer='glorot_uniform', recurrent_initializer='orthogonal', bias_initializer='zeros', dropout=0.0, "
    "recurrent_dropout=0.0, seed=None"
)


def _stepped(call: Bound) -> Shape:
    return None if not call.first else (*call.first[:-1], call.literals.get("hidden_size"))


def _cell(torch: str, tf: str, *rules: Lens, **more: Any) -> Layer:
    return Layer(
        torch=torch,
        tf=tf,
        args=(
            inferred("input_size"),
            same("hidden_size", "units"),
            *rules,
            same("bias", "use_bias"),
            *(
                only("tensorflow", f"{n}_initializer", FIRST)
                for n in ("kernel", "recurrent", "bias")
            ),
            fixed("tensorflow", "dropout", "0.0"),
            fixed("tensorflow", "recurrent_dropout", "0.0"),
            only("tensorflow", "seed", "nothing is drawn"),
        ),
        called=("(input, hx=None)", "(inputs, states)"),
        call_args=(tensor("input", "inputs"), same("hx", "states")),
        rank=2,
        shape=_stepped,
        dtype="float",
        initial="torch draws all from U(±1/sqrt(hidden_size)), Keras the kernel by Glorot, the recurrent one "
        "orthogonal",
        differs="torch's gives the new states alone; Keras's gives the output, which is the first state, in front of "
        "the states, and has to be given the states of the first step.",
        naive="h, c = cell(x, [h, c])",
        error="another shape",
        words="recurrent step cell state loop over time",
        **more,
    )


def _case(text: str, body: str, one_way: str = "") -> Case:
    return case(text, _X, _STATE, body=_SIZED + body, one_way=one_way)


LSTM_CELL = _cell(
    "torch.nn.LSTMCell(input_size, hidden_size, bias=True)",
    "keras.layers.LSTMCell(units, activation='tanh', recurrent_activation='sigmoid', use_bias=True, *, "
    f"{_KERAS}, unit_forget_bias=True)",
    TANH,
    SIGMOID,
    only("tensorflow", "unit_forget_bias", FIRST),
    cell=2,
    weights=(*_KERNELS, *_EACH_OR_SUM),
    cases=(
        _case(
            "torch.nn.LSTMCell(3, 4)",
            "h, c = self.layer(x, (x1, x1))\nreturn h + 2 * c",
            TWO_BIASES,
        ),
        _case(
            "torch.nn.LSTMCell(3, 4, bias=False)",
            "state = self.layer(x, (x1, x1))\nreturn state[1]",
        ),
    ),
)
GRU_CELL = _cell(
    "torch.nn.GRUCell(input_size, hidden_size, bias=True)",
    "keras.layers.GRUCell(units, activation='tanh', recurrent_activation='sigmoid', use_bias=True, *, "
    f"{_KERAS}, reset_after=True)",
    TANH,
    SIGMOID,
    fixed("tensorflow", "reset_after", "True"),
    cell=1,
    weights=(
        weight("weight_ih", "kernel", RESET_UPDATE_NEW, (1, 0)),
        weight("weight_hh", "recurrent_kernel", RESET_UPDATE_NEW, (1, 0)),
        weight(_BIASES, "bias", RESET_UPDATE_NEW, Stacked()),
    ),
    cases=(_case("torch.nn.GRUCell(3, 4)", "h = self.layer(x, x1)\nreturn h"),),
)
RNN_CELL = _cell(
    "torch.nn.RNNCell(input_size, hidden_size, bias=True, nonlinearity='tanh')",
    f"keras.layers.SimpleRNNCell(units, activation='tanh', use_bias=True, *, {_KERAS})",
    NONLINEARITY,
    cell=1,
    weights=(*_KERNELS, *_EACH_OR_SUM),
    cases=(
        _case(
            "torch.nn.RNNCell(3, 4, nonlinearity='relu')",
            "h = self.layer(x, x1)\nreturn h",
            TWO_BIASES,
        ),
        case("torch.nn.RNNCell(3, 4, bias=False)", _X, one_way="its first states are made there"),
    ),
)

RECORDS: tuple[Record, ...] = (LSTM_CELL, GRU_CELL, RNN_CELL)
