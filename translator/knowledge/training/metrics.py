"""Metrics of Keras: objects that are updated batch by batch, in torch short classes of the file."""

from __future__ import annotations

from translator.knowledge.cases import script
from translator.knowledge.lenses import Lens, fixed, only, same
from translator.knowledge.records import Layer, Record, Refusal
from translator.knowledge.signature import parse
from translator.knowledge.training import metric_classes as code
from translator.knowledge.training.metric_classes import counted, measure

METHODS = ("update_state", "result", "reset_state")
_ONE_WAY = "a class of the file leads nowhere back"
_BASES = {
    "": (),
    "Mean": (("Mean", code.MEAN),),
    "Measure": (("Mean", code.MEAN), ("Measure", code.MEASURE)),
    "Confusion": (("Confusion", code.CONFUSION),),
    "FBetaScore": (("FBetaScore", code.F_BETA),),
}
_TARGETS = {
    "numbers": "y = tf.constant([[2], [0], [1], [1]])\n",
    "one-hot": "y = tf.constant([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0]])\n",
    "shares": "y = tf.constant([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1], [0.1, 0.8, 0.1], [0.3, 0.3, 0.4]])\n",
    "flags": "y = tf.constant([[1.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 1.0], [0.0, 1.0, 0.0]])\n",
    "row": "y = tf.constant([2, 0, 1, 1])\n",
}
_OUTPUTS = (
    "x = tf.constant([[0.1, 0.3, 0.6], [0.2, 0.7, 0.1], [0.3, 0.55, 0.15], [0.2, 0.35, 0.45]])\n"
)
_CLASSES = "x = tf.constant([2, 1, 1, 0])\n"


def _program(made: str, targets: str, inputs: str) -> str:
    """Two batches, one with weights, and one more after a reset; what it comes to is printed."""
    return f"""
import keras
import tensorflow as tf

{_TARGETS[targets]}{inputs}metric = keras.metrics.{made}
metric.update_state(y, x)
metric.update_state(y[:3], x[:3], sample_weight=[1.0, 0.0, 2.0])
print(f"{{float(tf.reduce_sum(metric.result())):.5f}}")
metric.reset_state()
print(f"{{float(tf.reduce_sum(metric(y[1:], x[1:]))):.5f}}")
"""


def _metric(
    parameters: str,
    text: str,
    example: str,
    targets: str,
    *,
    base: str = "Measure",
    tail: str = "",
    fixing: tuple[Lens, ...] = (),
    inputs: str = _OUTPUTS,
    words: str = "",
) -> Layer:
    """A metric by its parameters; `tail` are those that Keras has between or after them, which are left out."""
    name = parameters.partition("(")[0]
    signature = parse(parameters)
    return Layer(
        torch=parameters,
        tf=f"keras.metrics.{name}({tail})",
        args=(
            *(same(p.name) for p in signature.parameters),
            only("tensorflow", "name", "a name changes no number"),
            fixed("tensorflow", "dtype", "None"),
            *fixing,
        ),
        helpers=(*_BASES[base], (name, text)),
        methods=METHODS,
        differs="A metric of Keras keeps sums over the batches; torch has none, so that a class is written.",
        words=f"metric {words}",
        cases=(script(_program(example, targets, inputs), side="tensorflow", one_way=_ONE_WAY),),
    )


def _measured(
    name: str,
    says: str,
    body: str,
    targets: str,
    *,
    options: str = "",
    tail: str = "",
    example: str = "",
    default: str = "",
    fixing: tuple[Lens, ...] = (),
) -> Layer:
    """A metric that is a mean over the samples."""
    given = tail or f"name='{default}', dtype=None{', ' + options if options else ''}"
    return _metric(
        f"{name}({options})",
        measure(name, says, body, options),
        f"{name}({example})",
        targets,
        tail=given,
        fixing=fixing,
        words=says.lower(),
    )


_RIGHT = "y_true.reshape(y_pred.shape[:-1])"
_LIMITED = "y_pred.clamp(1e-7, 1 - 1e-7)"
_SMOOTHED = (fixed("tensorflow", "label_smoothing", "0", "0.0"),)
_LAST = (fixed("tensorflow", "axis", "-1"),)
_MEANS = (
    _measured(
        "Accuracy",
        "The share of outputs that equal their targets.",
        "return (y_true == y_pred).float()",
        "numbers",
        default="accuracy",
    ),
    _measured(
        "BinaryAccuracy",
        "The share of outputs on the right side of a threshold.",
        "return (y_true == (y_pred > self.threshold)).float()",
        "flags",
        options="threshold=0.5",
        default="binary_accuracy",
        example="threshold=0.3",
    ),
    _measured(
        "CategoricalAccuracy",
        "The share of samples whose largest output is their class, one-hot.",
        "return (y_true.argmax(-1) == y_pred.argmax(-1)).float()",
        "one-hot",
        default="categorical_accuracy",
    ),
    _measured(
        "SparseCategoricalAccuracy",
        "The share of samples whose largest output is their class.",
        f"return ({_RIGHT} == y_pred.argmax(-1)).float()",
        "numbers",
        default="sparse_categorical_accuracy",
    ),
    _measured(
        "TopKCategoricalAccuracy",
        "The share of samples whose class, one-hot, is among the largest outputs.",
        "return (y_pred.topk(self.k).indices == y_true.argmax(-1, keepdim=True)).any(-1).float()",
        "one-hot",
        options="k=5",
        tail="k=5, name='top_k_categorical_accuracy', dtype=None",
        example="k=2",
    ),
    _measured(
        "SparseTopKCategoricalAccuracy",
        "The share of samples whose class is among the largest outputs.",
        f"return (y_pred.topk(self.k).indices == {_RIGHT}.unsqueeze(-1)).any(-1).float()",
        "row",
        options="k=5",
        tail="k=5, name='sparse_top_k_categorical_accuracy', dtype=None, from_sorted_ids=False",
        example="k=2",
        fixing=(fixed("tensorflow", "from_sorted_ids", "False"),),
    ),
    _measured(
        "MeanSquaredError",
        "The mean squared error.",
        "return (y_pred - y_true) ** 2",
        "shares",
        default="mean_squared_error",
    ),
    _measured(
        "MeanAbsoluteError",
        "The mean absolute error.",
        "return (y_pred - y_true).abs()",
        "shares",
        default="mean_absolute_error",
    ),
    _measured(
        "MeanAbsolutePercentageError",
        "The mean error in percent of the targets.",
        "return 100 * ((y_true - y_pred) / y_true.abs().clamp(min=1e-7)).abs()",
        "shares",
        default="mean_absolute_percentage_error",
    ),
    _measured(
        "MeanSquaredLogarithmicError",
        "The mean squared error of the logarithms.",
        "return (y_pred.clamp(min=1e-7).log1p() - y_true.clamp(min=1e-7).log1p()) ** 2",
        "shares",
        default="mean_squared_logarithmic_error",
    ),
    _measured(
        "CosineSimilarity",
        "The mean cosine of the angle between targets and outputs.",
        "return torch.nn.functional.cosine_similarity(y_true, y_pred, dim=self.axis)",
        "shares",
        options="axis=-1",
        default="cosine_similarity",
    ),
    _measured(
        "LogCoshError",
        "The mean logarithm of the hyperbolic cosine of the error.",
        "error = y_pred - y_true\nreturn error + torch.nn.functional.softplus(-2 * error) - math.log(2)",
        "shares",
        default="logcosh",
    ),
    _measured(
        "Hinge",
        "The mean hinge loss.",
        "y_true = 2 * y_true - 1 if ((y_true == 0) | (y_true == 1)).all() else y_true\n"
        "return (1 - y_true * y_pred).clamp(min=0)",
        "flags",
        default="hinge",
    ),
    _measured(
        "SquaredHinge",
        "The mean squared hinge loss.",
        "y_true = 2 * y_true - 1 if ((y_true == 0) | (y_true == 1)).all() else y_true\n"
        "return (1 - y_true * y_pred).clamp(min=0) ** 2",
        "flags",
        default="squared_hinge",
    ),
    _measured(
        "CategoricalHinge",
        "The mean hinge loss between the right class and the best wrong one.",
        "return (((1 - y_true) * y_pred).amax(-1) - (y_true * y_pred).sum(-1) + 1).clamp(min=0)",
        "one-hot",
        default="categorical_hinge",
    ),
    _measured(
        "KLDivergence",
        "The mean divergence of the outputs from the targets.",
        "y_true, y_pred = y_true.clamp(1e-7, 1), y_pred.clamp(1e-7, 1)\n"
        "return (y_true * (y_true / y_pred).log()).sum(-1)",
        "shares",
        default="kl_divergence",
    ),
    _measured(
        "Poisson",
        "The mean Poisson loss.",
        "return y_pred - y_true * (y_pred + 1e-7).log()",
        "shares",
        default="poisson",
    ),
    _measured(
        "BinaryCrossentropy",
        "The mean binary cross entropy.",
        f"y_pred = y_pred.sigmoid() if self.from_logits else y_pred\ny_pred = {_LIMITED}\n"
        "return -(y_true * y_pred.log() + (1 - y_true) * (1 - y_pred).log())",
        "flags",
        options="from_logits=False",
        default="binary_crossentropy",
        tail="name='binary_crossentropy', dtype=None, from_logits=False, label_smoothing=0",
        fixing=_SMOOTHED,
        example="from_logits=True",
    ),
    _measured(
        "CategoricalCrossentropy",
        "The mean cross entropy of one-hot classes.",
        "if self.from_logits:\n    return -(y_true * y_pred.log_softmax(-1)).sum(-1)\n"
        f"y_pred = y_pred / y_pred.sum(-1, keepdim=True)\nreturn -(y_true * {_LIMITED}.log()).sum(-1)",
        "one-hot",
        options="from_logits=False",
        tail="name='categorical_crossentropy', dtype=None, from_logits=False, label_smoothing=0, axis=-1",
        fixing=(*_SMOOTHED, *_LAST),
    ),
    _measured(
        "SparseCategoricalCrossentropy",
        "The mean cross entropy of the numbers of classes.",
        f"if not self.from_logits:\n    y_pred = {_LIMITED}.log()\n"
        f"at = {_RIGHT}.long().unsqueeze(-1)\nreturn -y_pred.log_softmax(-1).gather(-1, at).squeeze(-1)",
        "row",
        options="from_logits=False",
        tail="name='sparse_categorical_crossentropy', dtype=None, from_logits=False, ignore_class=None, axis=-1",
        fixing=(fixed("tensorflow", "ignore_class", "None"), *_LAST),
        example="from_logits=True",
    ),
)

_POSITIVE = (
    fixed("tensorflow", "top_k", "None"),
    fixed("tensorflow", "class_id", "None"),
)


def _count(name: str, says: str, value: str, *more: Lens) -> Layer:
    own = "thresholds=None, top_k=None, class_id=None" if more else "thresholds=None"
    return _metric(
        f"{name}(thresholds=None)",
        counted(name, says, value),
        f"{name}()" if more else f"{name}([0.2, 0.5])",
        "flags",
        base="Confusion",
        tail=f"{own}, name=None, dtype=None",
        fixing=more,
        words=says.lower(),
    )


_SAID = "self.true_positives / (self.true_positives + self.{})"
_RATIO = f"({_SAID}).nan_to_num(0.0)"
_OTHERS = (
    _count(
        "Precision",
        "The share of right answers among those above a threshold.",
        _RATIO.format("false_positives"),
        *_POSITIVE,
    ),
    _count(
        "Recall",
        "The share of the positive that lies above a threshold.",
        _RATIO.format("false_negatives"),
        *_POSITIVE,
    ),
    _count("TruePositives", "How many above a threshold are positive.", "self.true_positives"),
    _count("FalsePositives", "How many above a threshold are negative.", "self.false_positives"),
    _count("TrueNegatives", "How many below a threshold are negative.", "self.true_negatives"),
    _count("FalseNegatives", "How many below a threshold are positive.", "self.false_negatives"),
    _metric(
        "AUC(num_thresholds=200, curve='ROC')",
        code.AUC,
        "AUC()",
        "flags",
        base="Confusion",
        tail="num_thresholds=200, curve='ROC', summation_method='interpolation', name=None, dtype=None, "
        "thresholds=None, multi_label=False, num_labels=None, label_weights=None, from_logits=False",
        fixing=(
            fixed("tensorflow", "summation_method", "'interpolation'"),
            fixed("tensorflow", "thresholds", "None"),
            fixed("tensorflow", "multi_label", "False"),
            fixed("tensorflow", "num_labels", "None"),
            fixed("tensorflow", "label_weights", "None"),
            fixed("tensorflow", "from_logits", "False"),
        ),
        words="area under the curve roc pr",
    ),
    _metric(
        "RootMeanSquaredError()",
        code.ROOT,
        "RootMeanSquaredError()",
        "shares",
        tail="name='root_mean_squared_error', dtype=None",
        words="rmse root mean squared error",
    ),
    _metric(
        "FBetaScore(average=None, beta=1.0, threshold=None)",
        code.F_BETA,
        "FBetaScore(average='weighted', beta=2.0)",
        "one-hot",
        base="",
        tail="average=None, beta=1.0, threshold=None, name='fbeta_score', dtype=None",
        words="f beta score",
    ),
    _metric(
        "F1Score(average=None, threshold=None)",
        code.F1,
        "F1Score(average='macro', threshold=0.3)",
        "flags",
        base="FBetaScore",
        tail="average=None, threshold=None, name='f1_score', dtype=None",
        words="f1 score",
    ),
    _metric(
        "MeanIoU(num_classes)",
        code.MEAN_IOU,
        "MeanIoU(num_classes=3)",
        "row",
        base="",
        inputs=_CLASSES,
        tail="num_classes, name=None, dtype=None, ignore_class=None, sparse_y_true=True, sparse_y_pred=True, axis=-1",
        fixing=(
            fixed("tensorflow", "ignore_class", "None"),
            fixed("tensorflow", "sparse_y_true", "True"),
            fixed("tensorflow", "sparse_y_pred", "True"),
            *_LAST,
        ),
        words="intersection over union segmentation",
    ),
    _metric(
        "R2Score()",
        code.R2,
        "R2Score()",
        "shares",
        base="",
        tail="class_aggregation='uniform_average', num_regressors=0, name='r2_score', dtype=None",
        fixing=(
            fixed("tensorflow", "class_aggregation", "'uniform_average'"),
            fixed("tensorflow", "num_regressors", "0"),
        ),
        words="coefficient of determination",
    ),
)


def _of_values(name: str, text: str, words: str) -> Layer:
    """A metric of values alone."""
    return Layer(
        torch=f"{name}()",
        tf=f"keras.metrics.{name}(name='{name.lower()}', dtype=None)",
        args=(
            only("tensorflow", "name", "a name changes no number"),
            fixed("tensorflow", "dtype", "None"),
        ),
        helpers=((name, text),),
        methods=METHODS,
        differs="A metric of Keras keeps sums over the batches; torch has none, so that a class is written.",
        words=f"metric {words}",
        cases=(
            script(
                f"""
import keras
import tensorflow as tf

metric = keras.metrics.{name}(name="loss")
metric.update_state(tf.constant([1.0, 2.0, 4.0]))
metric.update_state(3.0)
metric.update_state([[1.0, 2.0], [3.0, 5.0]], sample_weight=[1.0, 3.0])
print(f"{{float(metric.result()):.5f}}")
metric.reset_state()
print(float(metric(tf.constant([2.0, 6.0]))))
""",
                side="tensorflow",
                one_way=_ONE_WAY,
            ),
        ),
    )


_UNWRITTEN = Refusal(
    torch=(),
    tf=tuple(
        f"keras.metrics.{name}"
        for name in (
            "BinaryIoU IoU OneHotIoU OneHotMeanIoU ConcordanceCorrelation PearsonCorrelation PrecisionAtRecall "
            "RecallAtPrecision SensitivityAtSpecificity SpecificityAtSensitivity MeanMetricWrapper"
        ).split()
    ),
    differs="torch has no metrics, and this one is not written out",
    instead="torchmetrics, or the outputs of all batches kept in a list and measured by sklearn.metrics",
    words="metric",
)

RECORDS: tuple[Record, ...] = (
    _of_values("Mean", code.MEAN, "running mean of a loss"),
    _of_values("Sum", code.SUM, "running sum"),
    *_MEANS,
    *_OTHERS,
    _UNWRITTEN,
)
