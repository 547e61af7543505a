"""Losses of classes in full: with weights, classes that are ignored, smoothing, any reduction, any number of axes."""

from __future__ import annotations

from dataclasses import replace

from translator.knowledge.cases import Array, Case, case, f32, ints, named_case, positive
from translator.knowledge.lenses import Lens, optional, tensor
from translator.knowledge.records import Pair, Record
from translator.knowledge.training.losses import OLD
from translator.knowledge.training.reduced import loss_code, reduced

_BACK = "what the file has for it is a function of its own"
_KNOWN = {
    "cross_entropy": loss_code(
        "cross_entropy",
        'input, target, weight=None, ignore_index=-100, reduction="mean", label_smoothing=0.0',
        "The cross entropy along axis 1 of logits with numbers of classes, or with a share for each class.",
        """
        axis = min(1, len(input.shape) - 1)
        logs = tf.nn.log_softmax(input, axis=axis)
        count = logs.shape[axis]
        by_share = target.dtype.is_floating
        if by_share:
            kept = tf.ones_like(tf.reduce_sum(logs, axis=axis))
            shares = target
        else:
            known = tf.not_equal(target, ignore_index)
            kept = tf.cast(known, logs.dtype)
            known_target = tf.where(known, target, tf.zeros_like(target))
            shares = tf.one_hot(known_target, count, axis=axis, dtype=logs.dtype)
        weights = tf.ones([count], logs.dtype) if weight is None else tf.cast(weight, logs.dtype)
        weights = tf.reshape(weights, [count] + [1] * (len(logs.shape) - axis - 1))
        smoothed = (1 - label_smoothing) * shares + label_smoothing / count
        losses = -tf.reduce_sum(weights * smoothed * logs, axis=axis) * kept
        if reduction == "mean" and not by_share:
            return tf.reduce_sum(losses) / tf.reduce_sum(tf.reduce_sum(weights * shares, axis=axis) * kept)
        """,
    ),
    "nll_loss": loss_code(
        "nll_loss",
        'input, target, weight=None, ignore_index=-100, reduction="mean"',
        "What logarithms of probabilities lack at the true classes, along axis 1.",
        """
        axis = min(1, len(input.shape) - 1)
        count = input.shape[axis]
        known = tf.not_equal(target, ignore_index)
        known_target = tf.where(known, target, tf.zeros_like(target))
        weights = tf.ones([count], input.dtype) if weight is None else tf.cast(weight, input.dtype)
        weights = tf.gather(weights, known_target) * tf.cast(known, input.dtype)
        true = tf.one_hot(known_target, count, axis=axis, dtype=input.dtype)
        losses = -tf.reduce_sum(true * input, axis=axis) * weights
        if reduction == "mean":
            return tf.reduce_sum(losses) / tf.reduce_sum(weights)
        """,
    ),
    "binary_cross_entropy": loss_code(
        "binary_cross_entropy",
        'input, target, weight=None, reduction="mean"',
        "The cross entropy of probabilities, whose logarithms are bounded by -100.",
        """
        target = tf.cast(target, input.dtype)
        losses = -target * tf.maximum(tf.math.log(input), -100)
        losses -= (1 - target) * tf.maximum(tf.math.log1p(-input), -100)
        losses = losses if weight is None else losses * weight
        """,
    ),
    "binary_cross_entropy_with_logits": loss_code(
        "binary_cross_entropy_with_logits",
        'input, target, weight=None, reduction="mean", pos_weight=None',
        "The cross entropy of logits; pos_weight weighs what is true.",
        """
        target = tf.cast(target, input.dtype)
        by = tf.ones([], input.dtype) if pos_weight is None else tf.cast(pos_weight, input.dtype)
        losses = tf.nn.weighted_cross_entropy_with_logits(labels=target, logits=input, pos_weight=by)
        losses = losses if weight is None else losses * weight
        """,
    ),
}
_OPERANDS: tuple[Lens, ...] = (tensor("input", "input"), tensor("target", "target"))
_CALLED = ("(input, target)", "(input, target)")


def _both(
    function: str,
    layer: str,
    signature: str,
    options: tuple[str, ...],
    cases: tuple[tuple[str, dict[str, Array]], ...],
    words: str,
) -> tuple[Pair, Pair]:
    """The function and the class of one loss; `cases` are arguments with the arrays that they go with."""
    passed = "".join(f", {name}={name}" for name in options)
    rules = (*(optional(name, name) for name in options), *OLD)

    def pair(torch: str, tf: str, operands: tuple[Lens, ...], cases: tuple[Case, ...]) -> Pair:
        return Pair(
            torch=torch,
            tf=tf,
            args=(*operands, *rules),
            called=_CALLED,
            call_args=_OPERANDS,
            dtype="float",
            shape=reduced,
            only_from="torch",
            helper=(function, _KNOWN[function]),
            differs="torch divides the mean by the weights of the classes that are there, Keras by their number.",
            words=words,
            cases=cases,
        )

    of_function = tuple(
        named_case(f"torch.nn.functional.{function}(x, y, {rest})", arrays, _BACK)
        for rest, arrays in cases
    )
    of_layer = tuple(
        case(f"torch.nn.{layer}({rest})", *arrays.values(), one_way=_BACK)
        for rest, arrays in cases
        if "weight" not in rest
    )
    return (
        pair(
            f"torch.nn.functional.{function}(input, target, {signature})",
            f"{function}(input, target{passed})",
            _OPERANDS,
            of_function,
        ),
        pair(
            f"torch.nn.{layer}({signature})",
            f"functools.partial({function}{passed})",
            (),
            of_layer,
        ),
    )


_ROWS: dict[str, Array] = {"x": f32(6, 4), "y": ints(6, high=4)}
_IMAGES: dict[str, Array] = {"x": f32(2, 4, 3, 5), "y": ints(2, 3, 5, high=4)}
_SHARES: dict[str, Array] = {"x": f32(6, 4), "y": positive(6, 4)}
_TABLE: dict[str, Array] = {"x": f32(4, 3), "y": positive(4, 3)}
_CHANCES: dict[str, Array] = {"x": positive(4, 3), "y": positive(4, 3)}
_BY_CLASS = "weight=torch.tensor([0.5, 1.0, 2.0, 0.25], dtype=torch.float64)"
_BY_COLUMN = "weight=torch.tensor([0.5, 1.0, 2.0], dtype=torch.float64)"
_CLASS_SIGNATURE = (
    "weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'"
)

_CROSS_ENTROPY = _both(
    "cross_entropy",
    "CrossEntropyLoss",
    f"{_CLASS_SIGNATURE}, label_smoothing=0.0",
    ("weight", "ignore_index", "reduction", "label_smoothing"),
    (
        ("label_smoothing=0.1", _ROWS),
        ("ignore_index=2", _ROWS),
        ("ignore_index=1, label_smoothing=0.2", _IMAGES),
        ("label_smoothing=0.1", _SHARES),
        (f"{_BY_CLASS}, label_smoothing=0.1", _IMAGES),
        (f"{_BY_CLASS}, reduction='none'", _ROWS),
        (f"{_BY_CLASS}", _SHARES),
    ),
    "cross entropy weight ignore_index label_smoothing segmentation",
)
_LIKELIHOOD = _both(
    "nll_loss",
    "NLLLoss",
    _CLASS_SIGNATURE,
    ("weight", "ignore_index", "reduction"),
    (
        ("reduction='sum'", _ROWS),
        ("ignore_index=3, reduction='none'", _IMAGES),
        ("ignore_index=2", _ROWS),
        (_BY_CLASS, _ROWS),
    ),
    "negative log likelihood weight ignore_index",
)
_BINARY = _both(
    "binary_cross_entropy",
    "BCELoss",
    "weight=None, size_average=None, reduce=None, reduction='mean'",
    ("weight", "reduction"),
    (("reduction='sum'", _CHANCES), ("reduction='none'", _CHANCES), (_BY_COLUMN, _CHANCES)),
    "binary cross entropy weight",
)
_LOGITS = _both(
    "binary_cross_entropy_with_logits",
    "BCEWithLogitsLoss",
    "weight=None, size_average=None, reduce=None, reduction='mean', pos_weight=None",
    ("weight", "reduction", "pos_weight"),
    (
        ("reduction='sum'", _TABLE),
        ("reduction='none'", _TABLE),
        (_BY_COLUMN, _TABLE),
        (f"pos_{_BY_COLUMN}", _TABLE),
    ),
    "binary cross entropy logits pos_weight",
)

_SEEN = tuple(
    case(
        f"torch.nn.{layer}()",
        f32(2, 60),
        ints(2, 3, 5, high=4),
        body="return self.layer(x0.reshape(2, 4, 3, 5), x1)",
        one_way=_BACK,
    )
    for layer in ("CrossEntropyLoss", "NLLLoss")
)
"""Where more axes than two are seen to come, these are what is chosen of the records of a class."""

RECORDS: tuple[Record, ...] = (
    _CROSS_ENTROPY[0],
    replace(_CROSS_ENTROPY[1], cases=(*_CROSS_ENTROPY[1].cases, *_SEEN)),
    *_LIKELIHOOD,
    *_BINARY,
    *_LOGITS,
)
