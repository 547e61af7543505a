"""Losses of classes: cross entropies of logits and of probabilities."""

from __future__ import annotations

from translator.knowledge.cases import case, f32, ints, positive
from translator.knowledge.lenses import Lens, choice, fixed, tensor
from translator.knowledge.records import Layer, Pair, Record
from translator.knowledge.shapes import scalar
from translator.knowledge.training.losses import CALL_ARGS, CALLED, OLD, loss

_LOGITS, _CLASSES = f32(6, 4), ints(6, high=4)
_SCORES: Lens = tensor("input", "y_pred", rank=2)
_NUMBERS: Lens = tensor("target", "y_true", classes=True)
_SMOOTHING = fixed("tensorflow", "label_smoothing", "0.0", "0")

BCE = loss(
    "BCELoss",
    "BinaryCrossentropy",
    ("'binary_crossentropy'",),
    fixed("torch", "weight", "None"),
    fixed("tensorflow", "from_logits", "False"),
    _SMOOTHING,
    more=("weight=None, ", "from_logits=False, label_smoothing=0.0, *, "),
    differs="Of probabilities; torch bounds their logarithm by -100, Keras the probabilities by 1e-7.",
    words="binary cross entropy probabilities",
    cases=(
        case("torch.nn.BCELoss()", positive(4, 3), positive(4, 3)),
        case(
            "keras.losses.BinaryCrossentropy()", positive(4, 3), positive(4, 3), side="tensorflow"
        ),
    ),
)
BCE_LOGITS = loss(
    "BCEWithLogitsLoss",
    "BinaryCrossentropy",
    (),
    fixed("torch", "weight", "None"),
    fixed("torch", "pos_weight", "None"),
    fixed("tensorflow", "from_logits", "True"),
    _SMOOTHING,
    more=("weight=None, ", "from_logits=False, label_smoothing=0.0, *, "),
    differs="Of logits, which Keras has to be told.",
    words="binary cross entropy logits sigmoid",
    cases=(
        case("torch.nn.BCEWithLogitsLoss()", f32(4, 3), positive(4, 3)),
        case(
            "keras.losses.BinaryCrossentropy(from_logits=True)",
            positive(4, 3),
            f32(4, 3),
            side="tensorflow",
        ),
    ),
)
CROSS_ENTROPY = Layer(
    torch="torch.nn.CrossEntropyLoss(weight=None, size_average=None, ignore_index=-100, reduce=None, "
    "reduction='mean', label_smoothing=0.0)",
    tf="keras.losses.SparseCategoricalCrossentropy(from_logits=False, ignore_class=None, "
    "reduction='sum_over_batch_size')",
    args=(
        choice(
            "reduction",
            "reduction",
            ("'mean'", "'sum_over_batch_size'"),
            ("'sum'", "'sum'"),
            ("'none'", "None"),
        ),
        *OLD,
        fixed("torch", "weight", "None"),
        fixed("torch", "label_smoothing", "0.0"),
        fixed("torch", "ignore_index", "-100"),
        fixed("tensorflow", "from_logits", "True"),
        fixed("tensorflow", "ignore_class", "None", "-100"),
    ),
    called=CALLED,
    call_args=(_SCORES, _NUMBERS),
    dtype="float",
    shape=scalar,
    differs="torch takes logits, Keras probabilities unless told otherwise. The classes are axis 1 in torch and the "
    "last in Keras, so that only (batch, classes) is the same.",
    naive="SparseCategoricalCrossentropy()(y, logits)",
    error="8.38",
    words="cross entropy classes softmax logits",
    cases=(
        case("torch.nn.CrossEntropyLoss()", _LOGITS, _CLASSES),
        case("torch.nn.CrossEntropyLoss(reduction='sum')", _LOGITS, _CLASSES),
        case(
            "keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
            _CLASSES,
            _LOGITS,
            side="tensorflow",
        ),
    ),
)
_PROBABILITIES = """
def probability_cross_entropy(input, target):
    \"\"\"The cross entropy of probabilities, kept off 0 and 1 as Keras does it.\"\"\"
    probabilities = (input / input.sum(dim=-1, keepdim=True)).clamp(1e-7, 1 - 1e-7)
    return F.nll_loss(torch.log(probabilities), target)
"""
PROBABILITIES = Pair(
    torch="probability_cross_entropy",
    tf=(
        "keras.losses.SparseCategoricalCrossentropy(from_logits=False, ignore_class=None, "
        "reduction='sum_over_batch_size')",
        "'sparse_categorical_crossentropy'",
    ),
    args=(
        fixed("tensorflow", "from_logits", "False"),
        fixed("tensorflow", "ignore_class", "None"),
        fixed("tensorflow", "reduction", "'sum_over_batch_size'"),
    ),
    called=CALLED,
    call_args=(_SCORES, _NUMBERS),
    dtype="float",
    shape=scalar,
    only_from="tensorflow",
    helper=("probability_cross_entropy", _PROBABILITIES),
    differs="Keras takes what a softmax gives; torch's CrossEntropyLoss would take the softmax once more.",
    naive="CrossEntropyLoss on the outputs of a softmax",
    error="5e-01",
    words="cross entropy classes probabilities softmax",
    cases=(
        case(
            "keras.losses.SparseCategoricalCrossentropy()",
            _CLASSES,
            positive(6, 4),
            side="tensorflow",
        ),
    ),
)
_CATEGORICAL = (
    "keras.losses.CategoricalCrossentropy(from_logits=False, label_smoothing=0.0, axis=-1, "
    "reduction='sum_over_batch_size')"
)
ONE_HOT_PROBABILITIES = Pair(
    torch="one_hot_cross_entropy",
    tf=(_CATEGORICAL, "'categorical_crossentropy'"),
    args=(
        fixed("tensorflow", "from_logits", "False"),
        fixed("tensorflow", "axis", "-1"),
        fixed("tensorflow", "reduction", "'sum_over_batch_size'"),
        _SMOOTHING,
    ),
    called=CALLED,
    call_args=CALL_ARGS,
    dtype="float",
    shape=scalar,
    only_from="tensorflow",
    helper=(
        "one_hot_cross_entropy",
        """
def one_hot_cross_entropy(input, target):
    \"\"\"The cross entropy of probabilities with one-hot targets, kept off 0 and 1 as Keras does it.\"\"\"
    probabilities = (input / input.sum(dim=-1, keepdim=True)).clamp(1e-7, 1 - 1e-7)
    return -(target * torch.log(probabilities)).sum(dim=-1).mean()
""",
    ),
    words="cross entropy one-hot probabilities softmax",
    cases=(
        case(
            "keras.losses.CategoricalCrossentropy()",
            positive(6, 4),
            positive(6, 4),
            side="tensorflow",
        ),
    ),
)
ONE_HOT = Pair(
    torch="nn.CrossEntropyLoss()",
    tf=_CATEGORICAL,
    args=(
        fixed("tensorflow", "from_logits", "True"),
        fixed("tensorflow", "axis", "-1"),
        fixed("tensorflow", "reduction", "'sum_over_batch_size'"),
        _SMOOTHING,
    ),
    called=CALLED,
    call_args=(_SCORES, tensor("target", "y_true")),
    dtype="float",
    shape=scalar,
    only_from="tensorflow",
    differs="torch's CrossEntropyLoss takes class numbers and probabilities of classes; Keras has a loss for each.",
    words="cross entropy one-hot logits",
    cases=(
        case(
            "keras.losses.CategoricalCrossentropy(from_logits=True)(tf.one_hot(y, 4), x)",
            x=_LOGITS,
            y=_CLASSES,
            side="tensorflow",
            one_way="torch's CrossEntropyLoss may also be given class numbers",
        ),
    ),
)
NLL = Pair(
    torch="torch.nn.NLLLoss(weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean')",
    tf="negative_log_likelihood",
    args=(
        fixed("torch", "weight", "None"),
        fixed("torch", "ignore_index", "-100"),
        fixed("torch", "reduction", "'mean'"),
        *OLD,
    ),
    called=CALLED,
    call_args=(_SCORES, _NUMBERS),
    dtype="float",
    shape=scalar,
    only_from="torch",
    helper=(
        "negative_log_likelihood",
        """
def negative_log_likelihood(y_true, y_pred):
    \"\"\"The mean of what log probabilities lack at the true classes.\"\"\"
    places = tf.expand_dims(y_true, 1)
    return -tf.reduce_mean(keras.ops.take_along_axis(y_pred, places, axis=1))
""",
    ),
    differs="Of logarithms of probabilities, which Keras has no loss for.",
    words="negative log likelihood",
    cases=(case("torch.nn.NLLLoss()", _LOGITS, _CLASSES),),
)

RECORDS: tuple[Record, ...] = (
    BCE,
    BCE_LOGITS,
    CROSS_ENTROPY,
    PROBABILITIES,
    ONE_HOT_PROBABILITIES,
    ONE_HOT,
    NLL,
)
