"""What Keras adds to the loss for the size of weights, and what it does to weights behind each step."""

from __future__ import annotations

from translator.knowledge.cases import script
from translator.knowledge.records import Construct, Record, Refusal

_TORCH = """
import torch

penalty = lambda weight: 0.5 * weight.square().sum()
print(penalty(torch.ones(2, 3)).item())
"""
_KERAS = """
import keras
import tensorflow as tf

penalty = keras.regularizers.L2(0.5)
print(float(penalty(tf.ones([2, 3]))))
"""
_PENALTIES = "L1 L2 L1L2 l1 l2 l1_l2 Regularizer get"
PENALTY = Construct(
    name="penalty",
    torch=_TORCH,
    tf=_KERAS,
    about=(
        *(f"keras.regularizers.{name}" for name in _PENALTIES.split()),
        "keras.constraints.Constraint",
    ),
    differs="Keras adds what a layer's regulariser says to the loss by itself, in fit and in model.losses; torch adds "
    "nothing, so that the training loop has to. The optimizers' weight_decay is not the same: it pulls all parameters, "
    "biases as well, and by twice the number that L2 is given.",
    naive="optimizer with weight_decay=l2",
    error="half the pull, and on every parameter",
    words="regularizer l2 l1 weight decay loss penalty",
    cases=(
        script(_TORCH),
        script(_KERAS, side="tensorflow", one_way="a function of Python comes back"),
    ),
)
_ORTHOGONAL = Refusal(
    torch=(),
    tf=("keras.regularizers.OrthogonalRegularizer", "keras.regularizers.orthogonal_regularizer"),
    differs="torch adds no penalties to the loss",
    instead="add factor * (w @ w.T - identity).abs().sum() of the normalised rows w in the training loop",
    words="orthogonal regularizer",
)
_CONSTRAINTS = Refusal(
    torch=(),
    tf=tuple(
        f"keras.constraints.{name}"
        for name in "MaxNorm MinMaxNorm NonNeg UnitNorm max_norm min_max_norm non_neg unit_norm get".split()
    ),
    differs="Keras changes the weights behind each step of the optimizer, torch does not",
    instead="do it under torch.no_grad() behind optimizer.step(): w.renorm_(2, 0, limit), w.clamp_(min=0), or "
    "w.copy_(F.normalize(w))",
    words="constraint max norm non negative clip weights",
)

RECORDS: tuple[Record, ...] = (PENALTY, _ORTHOGONAL, _CONSTRAINTS)
