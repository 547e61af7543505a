"""Recurrent layers."""

from __future__ import annotations

from typing import Any

from translator.knowledge.cases import case, f32
from translator.knowledge.lenses import (
    Lens,
    apart,
    beside,
    choice,
    fixed,
    inferred,
    only,
    same,
    tensor,
)
from translator.knowledge.records import Layer, Pair, Record
from translator.knowledge.shapes import Bound, Shape, Size, number
from translator.knowledge.weights import Gates, Needs, Stacked, Summed, weight

_X = f32(2, 5, 3)
_SIZED = "x = x0.reshape(2, 5, 3)\n"  # so that the way back knows the input size
_INPUT = "keras.Input((5, 3))"
_CALLED = ("(input, hx=None)", "(sequences, initial_state=None)")
_CALL_ARGS: tuple[Lens, ...] = (tensor("input", "sequences"), same("hx", "initial_state"))


def _steps(call: Bound) -> Shape:
    """The outputs of all steps, or of the last one; both directions stand side by side."""
    if call.first is None or len(call.first) < 2:
        return None
    if call.channels == 1 or call.literals.get("return_sequences") is True:
        return (*call.first[:-1], _width(call))
    return (call.first[0], _width(call)) if call.literals.get("return_sequences") is False else None


def _width(call: Bound) -> Size:
    units, both = call.literals.get("hidden_size"), call.literals.get("bidirectional", False)
    known = number(units)
    if both is False:
        return units
    return 2 * known if both is True and known is not None else None


_TORCH: tuple[Lens, ...] = (
    apart("num_layers", "several layers"),
    apart("batch_first", "a transpose, where it is False,"),
    apart("dropout", "Dropout between the layers"),
    apart("bidirectional", "keras.layers.Bidirectional"),
)
NONLINEARITY = choice(
    "nonlinearity", "activation", ("'tanh'", "'tanh'"), ("'relu'", "'relu'"), alike="torch"
)
FIRST = "first weights are drawn otherwise there"
_TF: tuple[Lens, ...] = (
    beside("input_shape", "the input size of the module"),
    beside("return_sequences", "the last step of the outputs, where it is False,"),
    beside("go_backwards", "the steps turned round before they are given, x.flip(1),"),
    beside("return_state", "the second of the two results"),
    beside("dropout", "dropout of the steps before they are given"),
    fixed("tensorflow", "recurrent_dropout", "0.0"),
    fixed("tensorflow", "stateful", "False"),
    *(only("tensorflow", f"{name}_initializer", FIRST) for name in ("kernel", "recurrent", "bias")),
    only("tensorflow", "unroll", "it changes no number"),
    only("tensorflow", "seed", "nothing is drawn"),
)
_BOTH = "bias=True, batch_first=False, dropout=0.0, bidirectional=False"
_KERAS = (
    "kernel_initializer='glorot_uniform', recurrent_initializer='orthogonal', bias_initializer='zeros', dropout=0.0, "
    "recurrent_dropout=0.0, seed=None, return_sequences=False, return_state=False, go_backwards=False, "
    "stateful=False, unroll=False"
)
TANH = fixed("tensorflow", "activation", "'tanh'", "keras.activations.tanh", "tf.tanh")
SIGMOID = fixed(
    "tensorflow", "recurrent_activation", "'sigmoid'", "keras.activations.sigmoid", "tf.sigmoid"
)
_STACK = "a helper class"
TWO_BIASES = "a class with two biases"
_CUDNN = only("tensorflow", "use_cudnn", "it changes no number")


ONE_BIAS = '''
def one_bias(layer):
    """Keep the second bias of a recurrent layer at zero: two that are trained would learn twice as fast as one."""
    for name, parameter in layer.named_parameters():
        if name.startswith("bias_hh"):
            nn.init.zeros_(parameter).requires_grad_(False)
    return layer
'''
"""What is written around torch's layers where Keras trains the sum of their biases, and seen when it is read."""


def _recurrent(torch: str, tf: str, *rules: Lens, **more: Any) -> Layer:
    return Layer(
        torch=torch,
        tf=tf,
        args=(
            inferred("input_size"),
            same("hidden_size", "units"),
            *rules,
            same("bias", "use_bias"),
            *_TORCH,
            *_TF,
        ),
        called=_CALLED,
        call_args=_CALL_ARGS,
        rank=3,
        shape=_steps,
        dtype="float",
        moded=True,
        initial="torch draws all from U(±1/sqrt(hidden_size)), Keras the kernel by Glorot, the recurrent one "
        "orthogonal",
        words="recurrent network sequence hidden state time steps",
        **more,
    )


_KERNELS = (
    weight("weight_ih_l0", "cell.kernel", (1, 0)),
    weight("weight_hh_l0", "cell.recurrent_kernel", (1, 0)),
)
_BIASES = ("bias_ih_l0", "bias_hh_l0")
_EACH_OR_SUM = (
    weight(_BIASES, ("cell.bias", "cell.recurrent_bias")),
    weight(_BIASES, "cell.bias", Summed()),
)
"""A class that is written for Keras has both of torch's biases, Keras's own only one."""
RESET_UPDATE_NEW = Gates("reset update new", "update reset new")

LSTM = _recurrent(
    f"torch.nn.LSTM(input_size, hidden_size, num_layers=1, {_BOTH}, proj_size=0)",
    f"keras.layers.LSTM(units, activation='tanh', recurrent_activation='sigmoid', use_bias=True, *, {_KERAS}, "
    "unit_forget_bias=True, use_cudnn='auto')",
    TANH,
    SIGMOID,
    _CUDNN,
    fixed("torch", "proj_size", "0"),
    only("tensorflow", "unit_forget_bias", FIRST),
    states=2,
    weights=(*_KERNELS, *_EACH_OR_SUM),
    differs="torch gives the outputs of all steps with the states of all layers, the steps in front unless "
    "batch_first; Keras gives the last output unless asked for more. Both have the gates input, forget, cell, "
    "output in this order; torch has two biases, Keras their sum: a class with two is written for Keras.",
    naive="keras.layers.LSTM(units) for the outputs of all steps",
    error="another shape",
    cases=(
        case(
            "torch.nn.LSTM(3, 4, batch_first=True)",
            _X,
            body=_SIZED + "out, _ = self.layer(x)\nreturn out",
            one_way=TWO_BIASES,
        ),
        case(
            "torch.nn.LSTM(3, 4)",
            _X,
            body=_SIZED + "out, (h, c) = self.layer(x)\nreturn out[-1] + h[-1] * c.squeeze(0)",
            one_way=TWO_BIASES,
        ),
        case(
            "torch.nn.LSTM(3, 4, bias=False)",
            _X,
            body=_SIZED + "out, (h, c) = self.layer(x)\nreturn out[-1] + h[-1] * c.squeeze(0)",
        ),
        case("torch.nn.LSTM(3, 4, num_layers=2, bidirectional=True)", _X, one_way=_STACK),
        case(
            "torch.nn.LSTM(3, 4, num_layers=2, batch_first=True)",
            _X,
            body="out, _ = self.layer(x0)\nreturn out",
            one_way="a Sequential in place of one module",
        ),
        case(f"keras.Sequential([{_INPUT}, keras.layers.LSTM(4)])", _X, side="tensorflow"),
        case(
            "keras.layers.LSTM(4, dropout=0.3)",
            _X,
            side="tensorflow",
            body="x = tf.reshape(x0, [2, 5, 3])\nreturn self.layer(x)",
            one_way="dropout of the steps comes back as a function",
        ),
        case(
            f"keras.Sequential([{_INPUT}, keras.layers.LSTM(4, return_sequences=True, use_bias=False)])",
            _X,
            side="tensorflow",
        ),
    ),
)

_RESET = (
    "the reset gate stands before the product with the recurrent kernel, in torch's GRU behind it"
)

GRU = _recurrent(
    f"torch.nn.GRU(input_size, hidden_size, num_layers=1, {_BOTH})",
    f"keras.layers.GRU(units, activation='tanh', recurrent_activation='sigmoid', use_bias=True, *, {_KERAS}, "
    "reset_after=True, use_cudnn='auto')",
    TANH,
    SIGMOID,
    _CUDNN,
    fixed("tensorflow", "reset_after", "True"),
    states=1,
    weights=(
        weight("weight_ih_l0", "cell.kernel", RESET_UPDATE_NEW, (1, 0)),
        weight("weight_hh_l0", "cell.recurrent_kernel", RESET_UPDATE_NEW, (1, 0)),
        weight(_BIASES, "cell.bias", RESET_UPDATE_NEW, Stacked()),
    ),
    given=(Needs("tensorflow", "reset_after", True, _RESET),),
    differs="The gates are reset, update, new in torch and update, reset, new in Keras. reset_after=False puts the "
    "reset gate before the product with the recurrent kernel, which torch's GRU cannot.",
    naive="GRU(units).set_weights([w_ih.T, w_hh.T, b_ih + b_hh])",
    error="5e-01",
    cases=(
        case(
            "torch.nn.GRU(3, 4, batch_first=True)",
            _X,
            body=_SIZED + "out, _ = self.layer(x)\nreturn out",
        ),
        case("torch.nn.GRU(3, 4)", _X, body=_SIZED + "_, h = self.layer(x)\nreturn h[-1]"),
        case("torch.nn.GRU(3, 4)", _X, body=_SIZED + "out, _ = self.layer(x)\nreturn out[-1]"),
        case("torch.nn.GRU(3, 4, num_layers=2, bias=False)", _X, one_way=_STACK),
        case(
            "torch.nn.GRU(3, 4, num_layers=2)",
            _X,
            f32(2, 5, 4),
            body="return self.layer(x0, x1)",
            one_way=_STACK,
        ),
        case(f"keras.Sequential([{_INPUT}, keras.layers.GRU(4)])", _X, side="tensorflow"),
        case(
            "keras.layers.GRU(4, go_backwards=True, return_sequences=True)",
            _X,
            side="tensorflow",
            body="x = tf.reshape(x0, [2, 5, 3])\nreturn self.layer(x)",
        ),
    ),
)

RNN = _recurrent(
    f"torch.nn.RNN(input_size, hidden_size, num_layers=1, nonlinearity='tanh', {_BOTH})",
    f"keras.layers.SimpleRNN(units, activation='tanh', use_bias=True, *, {_KERAS})",
    NONLINEARITY,
    states=1,
    weights=(*_KERNELS, *_EACH_OR_SUM),
    differs="torch has two biases, Keras their sum: a class with two is written for Keras.",
    cases=(
        case(
            "torch.nn.RNN(3, 4, batch_first=True)",
            _X,
            body=_SIZED + "return self.layer(x)[0]",
            one_way=TWO_BIASES,
        ),
        case(
            "torch.nn.RNN(3, 4, bias=False, batch_first=True)",
            _X,
            body=_SIZED + "return self.layer(x)[0]",
        ),
        case(
            "torch.nn.RNN(3, 4, nonlinearity='relu', bidirectional=True)",
            _X,
            f32(2, 5, 4),
            body=_SIZED + "out, h = self.layer(x, x1)\nreturn out, h",
            one_way=TWO_BIASES,
        ),
        case(
            "torch.nn.RNN(3, 4, bias=False, bidirectional=True)",
            _X,
            f32(2, 5, 4),
            body=_SIZED + "out, h = self.layer(x, x1)\nreturn out, h",
        ),
        case(f"keras.Sequential([{_INPUT}, keras.layers.SimpleRNN(4)])", _X, side="tensorflow"),
    ),
)

BIDIRECTIONAL = Pair(
    torch="torch.nn.LSTM(input_size, units, batch_first=True, bidirectional=True)",
    tf="keras.layers.Bidirectional(layer, merge_mode='concat', weights=None, backward_layer=None)",
    args=(
        beside("layer", "an argument of the layer itself"),
        beside("input_shape", "the input size of the module"),
        beside(
            "merge_mode",
            "the halves of the outputs put together, where they shall not stand side by side,",
        ),
        fixed("tensorflow", "weights", "None"),
        beside("backward_layer", "nothing, where it is the same layer with go_backwards=True,"),
    ),
    called=_CALLED,
    call_args=_CALL_ARGS,
    states=1,
    rank=3,
    only_from="tensorflow",
    dtype="float",
    differs="The last output is the last step of one direction beside the first step of the other, which torch has "
    "in its states and not at the end of its outputs.",
    naive="out[:, -1]",
    error="2e-01",
    words="both directions backward recurrent",
    cases=(
        case(
            f"keras.Sequential([{_INPUT}, keras.layers.Bidirectional(keras.layers.LSTM(4, return_sequences=True))])",
            _X,
            side="tensorflow",
        ),
        case(
            f"keras.Sequential([{_INPUT}, keras.layers.Bidirectional(keras.layers.GRU(4))])",
            _X,
            side="tensorflow",
        ),
        *(
            case(
                f"keras.layers.Bidirectional(keras.layers.GRU(4{steps}), merge_mode={mode!r})",
                _X,
                side="tensorflow",
                body="x = tf.reshape(x0, [2, 5, 3])\nreturn self.layer(x)",
                one_way="the halves of one output come back",
            )
            for mode, steps in (
                ("sum", ", return_sequences=True"),
                ("mul", ""),
                ("ave", ", return_sequences=True"),
                ("mul", ", return_sequences=True"),
                ("sum", ""),
                ("ave", ""),
            )
        ),
    ),
)

RECORDS: tuple[Record, ...] = (LSTM, GRU, RNN, BIDIRECTIONAL)
