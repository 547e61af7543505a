"""Keras's functions that say of each sample whether it is right: in torch, comparisons."""

from __future__ import annotations

from translator.knowledge.cases import case, f32, ints, positive
from translator.knowledge.lenses import same, tensor
from translator.knowledge.records import Pair
from translator.knowledge.shapes import Bound, Shape


def _whole(call: Bound) -> Shape:
    return call.first


def _rows(call: Bound) -> Shape:
    return None if call.first is None else call.first[:-1]


_PAIR = (tensor("y_true", "y_true"), tensor("y_pred", "y_pred"))

RECORDS = (
    Pair(
        torch="(y_pred.argmax(dim=-1) == y_true).float()",
        tf="keras.metrics.sparse_categorical_accuracy(y_true, y_pred)",
        args=(tensor("y_true", "y_true", classes=True), tensor("y_pred", "y_pred")),
        shape=_whole,
        dtype="float",
        only_from="tensorflow",
        words="accuracy numbers of classes",
        cases=(
            case(
                "keras.metrics.sparse_categorical_accuracy(y, x)",
                x=f32(6, 3),
                y=ints(6, high=3),
                side="tensorflow",
            ),
        ),
    ),
    Pair(
        torch="(y_pred.argmax(dim=-1) == y_true.argmax(dim=-1)).float()",
        tf="keras.metrics.categorical_accuracy(y_true, y_pred)",
        args=_PAIR,
        shape=_rows,
        dtype="float",
        only_from="tensorflow",
        words="accuracy one-hot",
        cases=(
            case(
                "keras.metrics.categorical_accuracy(y, x)",
                x=f32(6, 3),
                y=f32(6, 3),
                side="tensorflow",
            ),
        ),
    ),
    Pair(
        torch="((y_pred > threshold) == (y_true > threshold)).float()",
        tf="keras.metrics.binary_accuracy(y_true, y_pred, threshold=0.5)",
        args=(*_PAIR, same("threshold")),
        shape=_whole,
        dtype="float",
        only_from="tensorflow",
        words="accuracy binary",
        cases=(
            case(
                "keras.metrics.binary_accuracy(tf.round(y), x)",
                x=positive(6, 1),
                y=positive(6, 1),
                side="tensorflow",
            ),
        ),
    ),
)
