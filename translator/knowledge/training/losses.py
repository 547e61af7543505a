"""Losses."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.lenses import Lens, choice, fixed, tensor
from translator.knowledge.records import Layer, Pair, Record
from translator.knowledge.shapes import Bound, Shape, scalar

_REDUCTION = choice("reduction", "reduction", ("'mean'", "'sum_over_batch_size'"))


def _loss(torch: str, tf: str, strings: tuple[str, ...], differs: str, words: str) -> Layer:
    return Layer(
        torch=f"torch.nn.{torch}(size_average=None, reduce=None, reduction='mean')",
        tf=(f"keras.losses.{tf}(reduction='sum_over_batch_size')", *strings),
        args=(_REDUCTION, fixed("torch", "size_average", "None"), fixed("torch", "reduce", "None")),
        called=("(input, target)", "(y_true, y_pred)"),
        call_args=(tensor("input", "y_pred"), tensor("target", "y_true")),
        shape=scalar,
        dtype="float",
        differs=differs,
        naive=f"{tf}()(prediction, target)",
        words=words,
        cases=(
            case(f"torch.nn.{torch}()", f32(4, 3), f32(4, 3)),
            case(f"keras.losses.{tf}()", f32(4, 3), f32(4, 3), side="tensorflow"),
        ),
    )


MSE = _loss(
    "MSELoss",
    "MeanSquaredError",
    ("'mse'", "'mean_squared_error'", "'MSE'"),
    "torch takes (prediction, target), Keras (target, prediction). With reduction='sum' Keras still averages over the "
    "last axis.",
    "mean squared error loss mse",
)
L1 = _loss(
    "L1Loss",
    "MeanAbsoluteError",
    ("'mae'", "'mean_absolute_error'", "'MAE'"),
    "torch takes (prediction, target), Keras (target, prediction).",
    "mean absolute error loss mae",
)

_OPERANDS: tuple[Lens, ...] = (tensor("input", "input"), tensor("target", "target"))

MSE_FUNCTION = Pair(
    torch="torch.nn.functional.mse_loss(input, target, reduction='mean')",
    tf="tf.reduce_mean(tf.square(input - target))",
    args=(*_OPERANDS, choice("reduction", "reduction", ("'mean'", "'mean'"))),
    shape=scalar,
    dtype="float",
    only_from="torch",
    cases=(case("torch.nn.functional.mse_loss(x, y)", x=f32(4, 3), y=f32(4, 3)),),
)

L1_FUNCTION = Pair(
    torch="torch.nn.functional.l1_loss(input, target, reduction='mean')",
    tf="tf.reduce_mean(tf.abs(input - target))",
    args=(*_OPERANDS, choice("reduction", "reduction", ("'mean'", "'mean'"))),
    shape=scalar,
    dtype="float",
    only_from="torch",
    cases=(case("torch.nn.functional.l1_loss(x, y)", x=f32(4, 3), y=f32(4, 3)),),
)


def _per_sample(call: Bound) -> Shape:
    return None if call.first is None else call.first[:-1]


def _keras_function(name: str, alias: str, torch: str, words: str) -> Pair:
    return Pair(
        torch=torch,
        tf=(
            f"keras.losses.{name}(y_true, y_pred)",
            f"keras.losses.{alias}(y_true, y_pred)",
            f"keras.metrics.{name}(y_true, y_pred)",
            f"keras.losses.{alias.upper()}(y_true, y_pred)",
        ),
        args=(tensor("y_true", "y_true"), tensor("y_pred", "y_pred")),
        shape=_per_sample,
        dtype="float",
        only_from="tensorflow",
        differs="The function averages over the last axis alone and returns one loss per sample.",
        naive="F.mse_loss(y_pred, y_true)",
        words=words,
        cases=(case(f"keras.losses.{name}(x, y)", x=f32(4, 3), y=f32(4, 3), side="tensorflow"),),
    )


MSE_PER_SAMPLE = _keras_function(
    "mean_squared_error",
    "mse",
    "torch.mean((y_pred - y_true) ** 2, dim=-1)",
    "mse function tf.losses.mse",
)
MAE_PER_SAMPLE = _keras_function(
    "mean_absolute_error",
    "mae",
    "torch.mean(torch.abs(y_pred - y_true), dim=-1)",
    "mae function tf.losses.mae",
)

RECORDS: tuple[Record, ...] = (MSE, L1, MSE_FUNCTION, L1_FUNCTION, MSE_PER_SAMPLE, MAE_PER_SAMPLE)
