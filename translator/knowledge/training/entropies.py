"""Cross entropies as functions, of logits and of probabilities."""

from __future__ import annotations

from translator.knowledge.cases import Array, case, f32, ints, positive
from translator.knowledge.lenses import Lens, fixed, tensor
from translator.knowledge.records import Pair, Record
from translator.knowledge.shapes import Bound, Shape, ShapeRule, like_first, scalar
from translator.knowledge.training.losses import OLD

_LOGITS, _CLASSES = f32(6, 4), ints(6, high=4)
_SMOOTHING = fixed("tensorflow", "label_smoothing", "0.0", "0")


def _rows(call: Bound) -> Shape:
    return None if call.first is None else call.first[:1]


_INPUT: Lens = tensor("input", "input", rank=2)
_TARGET: Lens = tensor("target", "target", classes=True)
_PLAIN_TARGET: Lens = tensor("target", "target")
_MEAN = fixed("torch", "reduction", "'mean'")


def _function(
    torch: str,
    tf: str,
    reduction: str,
    operands: tuple[Lens, ...],
    rules: tuple[Lens, ...],
    shape: ShapeRule = scalar,
    one_way: str = "",
    **arrays: Array,
) -> Pair:
    name = torch.partition("(")[0]
    stated = "" if reduction == "mean" else f", reduction='{reduction}'"
    return Pair(
        torch=torch,
        tf=tf,
        args=(*operands, fixed("torch", "reduction", f"'{reduction}'"), *rules),
        dtype="float",
        shape=shape,
        only_from="torch",
        cases=(case(f"{name}(x, y{stated})", one_way=one_way, **arrays),),  # type: ignore[arg-type]
    )


def _functions(
    torch: str,
    tf: str,
    operands: tuple[Lens, ...],
    *rules: Lens,
    shape: ShapeRule,
    one_way: str = "",
    **arrays: Array,
) -> tuple[Pair, ...]:
    """A loss function of torch with each reduction; `tf` gives the single losses, of the shape that `shape` says."""
    return (
        _function(
            torch, f"tf.reduce_mean({tf})", "mean", operands, rules, scalar, one_way, **arrays
        ),
        _function(torch, f"tf.reduce_sum({tf})", "sum", operands, rules, scalar, one_way, **arrays),
        _function(torch, tf, "none", operands, rules, shape, one_way, **arrays),
    )


_ROWS_ONE_WAY = "losses of single rows have no record that leads back"
_LOGITS_FORM = "tf.nn.sparse_softmax_cross_entropy_with_logits(labels=target, logits=input)"
_CROSS_ENTROPY = (
    "torch.nn.functional.cross_entropy(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, "
    "reduction='mean', label_smoothing=0.0)"
)
_UNWEIGHTED: tuple[Lens, ...] = (
    fixed("torch", "weight", "None"),
    fixed("torch", "ignore_index", "-100"),
    fixed("torch", "label_smoothing", "0.0"),
    *OLD,
)
_BCE_FUNCTION = "keras.losses.binary_crossentropy"

RECORDS: tuple[Record, ...] = (
    *_functions(
        _CROSS_ENTROPY,
        _LOGITS_FORM,
        (_INPUT, _TARGET),
        *_UNWEIGHTED,
        shape=_rows,
        x=_LOGITS,
        y=_CLASSES,
    ),
    *_functions(
        "torch.nn.functional.nll_loss(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, "
        "reduction='mean')",
        "-tf.gather(input, target, axis=1, batch_dims=1)",
        (_INPUT, _TARGET),
        *_UNWEIGHTED[:2],
        *OLD,
        shape=_rows,
        one_way=_ROWS_ONE_WAY,
        x=_LOGITS,
        y=_CLASSES,
    ),
    *_functions(
        "torch.nn.functional.binary_cross_entropy(input, target, weight=None, size_average=None, reduce=None, "
        "reduction='mean')",
        "keras.ops.binary_crossentropy(target, input)",
        (tensor("input", "input"), _PLAIN_TARGET),
        fixed("torch", "weight", "None"),
        *OLD,
        shape=like_first,
        x=positive(4, 3),
        y=positive(4, 3),
    ),
    *_functions(
        "torch.nn.functional.binary_cross_entropy_with_logits(input, target, weight=None, size_average=None, "
        "reduce=None, reduction='mean', pos_weight=None)",
        "tf.nn.sigmoid_cross_entropy_with_logits(labels=target, logits=input)",
        (tensor("input", "input"), _PLAIN_TARGET),
        fixed("torch", "weight", "None"),
        fixed("torch", "pos_weight", "None"),
        *OLD,
        shape=like_first,
        x=f32(4, 3),
        y=positive(4, 3),
    ),
    Pair(
        torch='F.cross_entropy(logits, labels, reduction="none")',
        tf="tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)",
        args=(tensor("labels", "labels", classes=True), tensor("logits", "logits", rank=2)),
        shape=_rows,
        dtype="float",
        only_from="tensorflow",
        words="cross entropy logits",
        cases=(
            case(
                "tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=x)",
                x=f32(4, 3),
                y=ints(4, high=3),
                side="tensorflow",
                one_way=_ROWS_ONE_WAY,
            ),
        ),
    ),
    Pair(
        torch='F.binary_cross_entropy_with_logits(logits, labels, reduction="none")',
        tf="tf.nn.sigmoid_cross_entropy_with_logits(labels=None, logits=None)",
        args=(tensor("labels", "labels"), tensor("logits", "logits")),
        shape=lambda call: call.first,
        dtype="float",
        only_from="tensorflow",
        words="binary cross entropy logits",
        cases=(
            case(
                "tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=x)",
                x=f32(4, 3),
                y=positive(4, 3),
                side="tensorflow",
                one_way=_ROWS_ONE_WAY,
            ),
        ),
    ),
    Pair(
        torch='F.binary_cross_entropy(output, target, reduction="none")',
        tf="keras.ops.binary_crossentropy(target, output, from_logits=False)",
        args=(
            tensor("target", "target"),
            tensor("output", "output"),
            fixed("tensorflow", "from_logits", "False"),
        ),
        dtype="float",
        only_from="tensorflow",
        words="binary cross entropy function",
        cases=(
            case(
                "keras.ops.binary_crossentropy(y, x)",
                x=positive(4, 3),
                y=positive(4, 3),
                side="tensorflow",
            ),
        ),
    ),
    Pair(
        torch='F.binary_cross_entropy(y_pred, y_true.to(y_pred.dtype), reduction="none").mean(dim=-1)',
        tf=(
            f"{_BCE_FUNCTION}(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1)",
            "keras.metrics.binary_crossentropy(y_true, y_pred, from_logits=False)",
        ),
        args=(
            tensor("y_true", "y_true"),
            tensor("y_pred", "y_pred"),
            fixed("tensorflow", "from_logits", "False"),
            _SMOOTHING,
            fixed("tensorflow", "axis", "-1"),
        ),
        dtype="float",
        only_from="tensorflow",
        words="binary cross entropy function",
        cases=(
            case(
                "keras.losses.binary_crossentropy(y, x)",
                x=positive(4, 3),
                y=positive(4, 3),
                side="tensorflow",
                one_way=_ROWS_ONE_WAY,
            ),
        ),
    ),
    Pair(
        torch='F.cross_entropy(y_pred, y_true, reduction="none")',
        tf="keras.losses.sparse_categorical_crossentropy(y_true, y_pred, from_logits=False, ignore_class=None, "
        "axis=-1)",
        args=(
            tensor("y_true", "y_true", classes=True),
            tensor("y_pred", "y_pred", rank=2),
            fixed("tensorflow", "from_logits", "True"),
            fixed("tensorflow", "ignore_class", "None"),
            fixed("tensorflow", "axis", "-1"),
        ),
        shape=_rows,
        dtype="float",
        only_from="tensorflow",
        words="cross entropy classes logits function",
        cases=(
            case(
                "keras.losses.sparse_categorical_crossentropy(y, x, from_logits=True)",
                x=_LOGITS,
                y=_CLASSES,
                side="tensorflow",
            ),
        ),
    ),
)
