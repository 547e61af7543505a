"""Losses of Keras that torch has in another form or not at all: a function of the file, for class and function.

Where torch has a class for it, that stands in another record and comes first.
"""

from __future__ import annotations

from translator.knowledge.cases import Array, Case, f32, ints, positive
from translator.knowledge.lenses import Lens, fixed, optional, tensor
from translator.knowledge.records import Pair, Record, Refusal
from translator.knowledge.shapes import Bound, Shape, scalar
from translator.knowledge.training.losses import CALL_ARGS, CALLED
from translator.knowledge.training.reduced import loss_code

_BACK = "what the file has for it is a function of its own"
_END = """
    if reduction == "none":
        return losses
    return losses.sum() if reduction == "sum" else losses.mean()
"""
_VALID_END = """
    if reduction == "none":
        return losses
    return losses.sum() if reduction == "sum" else losses.sum() / count
"""
_REDUCTIONS = {
    "mean": ("'sum_over_batch_size'", "'auto'"),
    "sum": ("'sum'",),
    "none": ("'none'", "None"),
}
_LIKE = "target = target.to(input.dtype)\n"
_HINGED = _LIKE + "target = 2 * target - 1 if ((target == 0) | (target == 1)).all() else target\n"
_CLIPPED = ".clamp(1e-7, 1 - 1e-7)"
_REAL = (f32(4, 3), f32(4, 3))
_SHARES = (positive(4, 3), positive(4, 3))
_NUMBERS = (positive(6, 4), ints(6, high=4))


def _rows(call: Bound) -> Shape:
    return None if not call.first else call.first[:-1]


def _loss(
    function: str,
    layer: str,
    says: str,
    body: str,
    arrays: tuple[Array, Array],
    *,
    options: str = "",
    signature: str = "",
    beside: tuple[str, ...] = (),
    examples: tuple[str, ...] = (),
    classes: bool = False,
    aliases: tuple[str, ...] = (),
    end: str = _END,
    rows: bool = True,
    rounding: str = "",
    distribution: bool = False,
) -> tuple[Pair, ...]:
    """The pairs of a loss: its function, and its class with each of the reductions.

    `options` are the parameters that both take; `signature` those of the class with what is
    `beside` them, of which only the defaults are known.
    """
    names = [part.partition("=")[0] for part in options.split(", ") if part]
    passed = "".join(f", {name}={name}" for name in names)
    parameters = ", ".join(part for part in ("input, target", options, 'reduction="mean"') if part)
    helper = (function, loss_code(function, parameters, says, body, end))
    given: tuple[Lens, ...] = tuple(optional(name, name) for name in names)
    dropped = tuple(fixed("tensorflow", *pair.split("=", 1)) for pair in beside)
    axes = tuple(pair for pair in beside if pair.startswith("axis"))
    wanted = (tensor("y_true", "y_true", classes=classes), tensor("y_pred", "y_pred"))
    called = ", ".join(("y_true, y_pred", *filter(None, (options, *axes))))
    keras = signature or ", ".join(filter(None, (options, *beside)))

    shares = "tf.nn.softmax(y)" if distribution else "y"
    body = "return self.layer(tf.nn.softmax(x0), x1)" if distribution else ""

    def case(text: str, first: str, second: str) -> Case:
        inputs = ((first, arrays[0]), (second, arrays[1]))
        return Case(text, inputs, "tensorflow", one_way=_BACK)

    found = [
        Pair(
            torch=f'{function}(y_pred, y_true, reduction="none"{passed})',
            tf=tuple(f"{home}({called})" for home in (f"keras.losses.{function}", *aliases)),
            args=(*wanted, *given, *(fixed("tensorflow", *axis.split("=", 1)) for axis in axes)),
            shape=_rows if rows else scalar,
            dtype="float",
            only_from="tensorflow",
            helper=helper,
            rounding=rounding,
            words=f"loss {says.lower()}",
            cases=tuple(
                case(f"keras.losses.{function}({shares}, x{text and ', '}{text})", "x", "y")
                for text in ("", *examples)
            ),
        )
    ]
    for reduction, values in _REDUCTIONS.items():
        stated = "" if reduction == "mean" else f', reduction="{reduction}"'
        partial = f"functools.partial({function}{stated}{passed})" if stated + passed else function
        said = "" if reduction == "mean" else f"reduction={values[0]}"
        texts = (", ".join(filter(None, (text, said))) for text in ("", *examples))
        found.append(
            Pair(
                torch=partial,
                tf=f"keras.losses.{layer}({keras}{keras and ', '}reduction='sum_over_batch_size')",
                args=(*given, *dropped, fixed("tensorflow", "reduction", *values)),
                called=CALLED,
                call_args=(CALL_ARGS[0], tensor("target", "y_true", classes=classes)),
                shape=_rows if rows and reduction == "none" else scalar,
                dtype="float",
                only_from="tensorflow",
                helper=helper,
                rounding=rounding,
                words=f"loss {says.lower()}",
                cases=tuple(
                    Case(
                        f"keras.losses.{layer}({text})",
                        (("x0", arrays[1]), ("x1", arrays[0])),
                        "tensorflow",
                        one_way=_BACK,
                        body=body,
                    )
                    for text in texts
                ),
            )
        )
    return tuple(found)


_SMOOTHED = "from_logits=False, label_smoothing=0.0"
_LAST = ("axis=-1",)
LOSSES: tuple[Pair, ...] = (
    *_loss(
        "mean_squared_error",
        "MeanSquaredError",
        "The mean squared error of each sample.",
        _LIKE + "losses = ((input - target) ** 2).mean(dim=-1)",
        _REAL,
    )[2:],
    *_loss(
        "mean_absolute_error",
        "MeanAbsoluteError",
        "The mean absolute error of each sample.",
        _LIKE + "losses = (input - target).abs().mean(dim=-1)",
        _REAL,
    )[2:],
    *_loss(
        "huber",
        "Huber",
        "Huber's loss of each sample.",
        _LIKE + 'losses = F.huber_loss(input, target, reduction="none", delta=delta).mean(dim=-1)',
        _REAL,
        options="delta=1.0",
        examples=("delta=0.5",),
    )[2:],
    *_loss(
        "binary_crossentropy",
        "BinaryCrossentropy",
        "The binary cross entropy of each sample.",
        _LIKE
        + """
if label_smoothing:
    target = target * (1 - label_smoothing) + 0.5 * label_smoothing
if from_logits:
    losses = F.binary_cross_entropy_with_logits(input, target, reduction="none").mean(dim=-1)
else:
    input = input.clamp(1e-7, 1 - 1e-7)
    losses = -(target * input.log() + (1 - target) * (1 - input).log()).mean(dim=-1)
""",
        _SHARES,
        options=_SMOOTHED,
        beside=_LAST,
        examples=("label_smoothing=0.1", "from_logits=True"),
    ),
    *_loss(
        "categorical_crossentropy",
        "CategoricalCrossentropy",
        "The cross entropy of each sample, whose class is one-hot or a distribution.",
        _LIKE
        + f"""
if label_smoothing:
    target = target * (1 - label_smoothing) + label_smoothing / input.shape[-1]
if from_logits:
    logs = input.log_softmax(dim=-1)
else:
    logs = (input / input.sum(dim=-1, keepdim=True)){_CLIPPED}.log()
losses = -(target * logs).sum(dim=-1)
""",
        _SHARES,
        options=_SMOOTHED,
        beside=_LAST,
        examples=("from_logits=True", "label_smoothing=0.1"),
        distribution=True,
    ),
    *_loss(
        "sparse_categorical_crossentropy",
        "SparseCategoricalCrossentropy",
        "The cross entropy of each sample, whose class is a number.",
        f"""
target = target.long().reshape(input.shape[:-1])
valid = torch.ones_like(target, dtype=torch.bool)
if ignore_class is not None:
    valid = target != ignore_class
logs = (input if from_logits else input{_CLIPPED}.log()).log_softmax(dim=-1)
losses = -logs.gather(-1, (target * valid).unsqueeze(-1)).squeeze(-1) * valid
count = losses.numel() if ignore_class is None else valid.sum().clamp(min=1)
""",
        _NUMBERS,
        options="from_logits=False, ignore_class=None",
        beside=_LAST,
        signature="from_logits=False, ignore_class=None",
        examples=("from_logits=True", "from_logits=True, ignore_class=0"),
        classes=True,
        end=_VALID_END,
    ),
    *_loss(
        "mean_absolute_percentage_error",
        "MeanAbsolutePercentageError",
        "The mean error of each sample, in percent of the targets.",
        _LIKE
        + "losses = 100 * ((target - input) / target.abs().clamp(min=1e-7)).abs().mean(dim=-1)",
        _REAL,
    ),
    *_loss(
        "mean_squared_logarithmic_error",
        "MeanSquaredLogarithmicError",
        "The mean squared error of the logarithms of each sample.",
        _LIKE
        + "logs = [values.clamp(min=1e-7).log1p() for values in (input, target)]\n"
        + "losses = ((logs[0] - logs[1]) ** 2).mean(dim=-1)",
        _SHARES,
    ),
    *_loss(
        "cosine_similarity",
        "CosineSimilarity",
        "The cosine of the angle between output and target of each sample, negative.",
        _LIKE + "losses = -F.cosine_similarity(input, target, dim=axis)",
        _REAL,
        options="axis=-1",
    ),
    *_loss(
        "hinge",
        "Hinge",
        "The mean hinge loss of each sample.",
        _HINGED + "losses = (1 - target * input).clamp(min=0).mean(dim=-1)",
        _REAL,
    ),
    *_loss(
        "squared_hinge",
        "SquaredHinge",
        "The mean squared hinge loss of each sample.",
        _HINGED + "losses = ((1 - target * input).clamp(min=0) ** 2).mean(dim=-1)",
        _REAL,
    ),
    *_loss(
        "categorical_hinge",
        "CategoricalHinge",
        "The hinge loss of each sample between the right class and the best wrong one.",
        _LIKE
        + "right, wrong = (target * input).sum(dim=-1), ((1 - target) * input).amax(dim=-1)\n"
        + "losses = (wrong - right + 1).clamp(min=0)",
        _SHARES,
    ),
    *_loss(
        "kl_divergence",
        "KLDivergence",
        "The divergence of each output from its target.",
        _LIKE
        + "input, target = input.clamp(1e-7, 1), target.clamp(1e-7, 1)\n"
        + "losses = (target * (target / input).log()).sum(dim=-1)",
        _SHARES,
    ),
    *_loss(
        "poisson",
        "Poisson",
        "The mean Poisson loss of each sample.",
        _LIKE + "losses = (input - target * (input + 1e-7).log()).mean(dim=-1)",
        _SHARES,
    ),
    *_loss(
        "log_cosh",
        "LogCosh",
        "The mean logarithm of the hyperbolic cosine of the error of each sample.",
        _LIKE
        + "error = input - target\n"
        + "losses = (error + F.softplus(-2 * error) - math.log(2)).mean(dim=-1)",
        _REAL,
        rounding="Keras holds the logarithm of two in 32 bits.",
    ),
    *_loss(
        "binary_focal_crossentropy",
        "BinaryFocalCrossentropy",
        "The binary cross entropy of each sample, in which what is right already counts less.",
        _LIKE
        + """
if label_smoothing:
    target = target * (1 - label_smoothing) + 0.5 * label_smoothing
input = input.sigmoid() if from_logits else input
limited = input.clamp(1e-7, 1 - 1e-7)
losses = -(target * limited.log() + (1 - target) * (1 - limited).log())
losses = (1 - (target * input + (1 - target) * (1 - input))) ** gamma * losses
if apply_class_balancing:
    losses = (target * alpha + (1 - target) * (1 - alpha)) * losses
losses = losses.mean(dim=-1)
""",
        _SHARES,
        options=f"apply_class_balancing=False, alpha=0.25, gamma=2.0, {_SMOOTHED}",
        beside=_LAST,
        examples=("apply_class_balancing=True, gamma=3.0", "from_logits=True, label_smoothing=0.1"),
    ),
    *_loss(
        "categorical_focal_crossentropy",
        "CategoricalFocalCrossentropy",
        "The cross entropy of each sample, in which what is right already counts less.",
        _LIKE
        + f"""
if label_smoothing:
    target = target * (1 - label_smoothing) + label_smoothing / input.shape[-1]
input = input.softmax(dim=-1) if from_logits else input
input = (input / input.sum(dim=-1, keepdim=True)){_CLIPPED}
losses = -(alpha * (1 - input) ** gamma * target * input.log()).sum(dim=-1)
""",
        _SHARES,
        options=f"alpha=0.25, gamma=2.0, {_SMOOTHED}",
        beside=_LAST,
        examples=("gamma=3.0, alpha=0.5", "from_logits=True, label_smoothing=0.1"),
    ),
    *_loss(
        "categorical_generalized_cross_entropy",
        "CategoricalGeneralizedCrossEntropy",
        "Between the cross entropy and the absolute error of each sample, whose class is a number.",
        "index = target.long().reshape(input.shape[:-1]).unsqueeze(-1)\n"
        "losses = (1 - input.gather(-1, index).squeeze(-1) ** q) / q",
        _NUMBERS,
        options="q=0.5",
        examples=("q=0.7",),
        classes=True,
    )[1:],
    *_loss(
        "dice",
        "Dice",
        "One minus twice what output and target share, of all that they have.",
        _LIKE + "losses = 1 - 2 * (input * target).sum() / (input.sum() + target.sum() + 1e-7)",
        _SHARES,
        beside=("axis=None",),
        rows=False,
    ),
    *_loss(
        "tversky",
        "Tversky",
        "One minus what output and target share, of that and of what either has alone.",
        _LIKE
        + "shared, missed = (input * target).sum(), ((1 - input) * target).sum()\n"
        + "false = (input * (1 - target)).sum()\n"
        + "losses = 1 - shared / (shared + alpha * missed + beta * false + 1e-7)",
        _SHARES,
        options="alpha=0.5, beta=0.5",
        beside=("axis=None",),
        signature="alpha=0.5, beta=0.5",
        examples=("alpha=0.3, beta=0.7",),
        rows=False,
    ),
)

_REFUSED = (
    Refusal(
        torch=(),
        tf=("keras.losses.CTC", "keras.losses.ctc"),
        differs="Keras takes class 0 for the blank, and all sequences to be as long as their tensors",
        instead="F.ctc_loss(logits.log_softmax(-1).transpose(0, 1), targets, input_lengths, target_lengths, blank=0)",
        words="ctc sequence speech",
    ),
    Refusal(
        torch=(),
        tf=("keras.losses.Circle", "keras.losses.circle"),
        differs="torch has no circle loss",
        instead="CircleLoss of pytorch_metric_learning",
        words="circle metric learning",
    ),
    Refusal(
        torch=(),
        tf=("keras.losses.get", "keras.losses.serialize", "keras.losses.deserialize"),
        differs="torch knows its losses by no names",
        instead="the class itself, nn.MSELoss()",
        words="loss by name",
    ),
)

RECORDS: tuple[Record, ...] = (*LOSSES, *_REFUSED)
