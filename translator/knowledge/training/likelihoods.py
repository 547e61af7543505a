"""Losses of distributions: divergences, likelihoods of counts and of normal numbers, alignments of sequences."""

from __future__ import annotations

from translator.knowledge.cases import Array, f32, ints, named_case, positive
from translator.knowledge.lenses import optional, tensor
from translator.knowledge.records import Pair, Record
from translator.knowledge.training.reduced import loss_code, reduced, reduced_loss

_OLD = "size_average=None, reduce=None, reduction='mean'"
_SUM = {"reduction": "'sum'"}
_NONE = ("reduction='none'",)
_X, _SHARES = f32(4, 3), positive(4, 3)

_DIVERGENCE = reduced_loss(
    ("kl_div", "KLDivLoss"),
    ("input", "target"),
    {"reduction": "'batchmean'", "log_target": "True"},
    loss_code(
        "kl_div",
        'input, target, reduction="mean", log_target=False',
        "The divergence of logarithms of probabilities from a target.",
        """
        if log_target:
            losses = tf.exp(target) * (target - input)
        else:
            losses = tf.math.xlogy(target, target) - target * input
        if reduction == "batchmean":
            return tf.reduce_sum(losses) / tf.cast(tf.shape(input)[0], losses.dtype)
        """,
    ),
    (_X, _SHARES),
    (*_NONE, "reduction='sum'"),
    signatures=(f"{_OLD}, log_target=False", f"{_OLD}, log_target=False"),
    differs="torch takes (logarithms of the prediction, target) and averages over all elements unless told "
    "'batchmean'; Keras takes (target, prediction), both as probabilities, and sums over the last axis.",
    words="kullback leibler divergence distillation",
)
_COUNTS = reduced_loss(
    ("poisson_nll_loss", "PoissonNLLLoss"),
    ("input", "target"),
    {"log_input": "False", "full": "True", "eps": "1e-4", **_SUM},
    loss_code(
        "poisson_nll_loss",
        'input, target, log_input=True, full=False, eps=1e-8, reduction="mean"',
        "The negative log likelihood of counts, with Stirling's term where it is wanted in full.",
        """
        target = tf.cast(target, input.dtype)
        losses = tf.exp(input) - target * input
        if not log_input:
            losses = input - target * tf.math.log(input + eps)
        if full:
            several = tf.where(target > 1, target, tf.ones_like(target))
            stirling = several * tf.math.log(several) - several
            stirling += 0.5 * tf.math.log(2 * math.pi * several)
            losses += tf.where(target > 1, stirling, tf.zeros_like(stirling))
        """,
    ),
    (_SHARES, ints(4, 3, high=5)),
    _NONE,
    signatures=(
        "log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction='mean'",
        "log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction='mean'",
    ),
    differs="torch takes the logarithm of the rate unless told otherwise, keras.losses.Poisson the rate.",
    words="poisson counts likelihood",
)
_NORMAL = reduced_loss(
    ("gaussian_nll_loss", "GaussianNLLLoss"),
    ("input", "target", "var"),
    {"full": "True", "eps": "0.5", **_SUM},
    loss_code(
        "gaussian_nll_loss",
        'input, target, var, full=False, eps=1e-6, reduction="mean"',
        "The negative log likelihood of normal numbers; var is kept from being too small without losing its gradient.",
        """
        if len(var.shape) == len(input.shape) - 1:
            var = tf.expand_dims(var, -1)
        var += tf.stop_gradient(tf.maximum(var, eps) - var)
        losses = 0.5 * (tf.math.log(var) + tf.square(input - target) / var)
        if full:
            losses += 0.5 * math.log(2 * math.pi)
        """,
    ),
    (_X, _X, positive(4, 3)),
    _NONE,
    signatures=(
        "full=False, eps=1e-06, reduction='mean'",
        "*, full=False, eps=1e-06, reduction='mean'",
    ),
    words="gaussian normal likelihood variance",
)
_ALIGNMENT_CODE = '''
def ctc_loss(log_probs, targets, input_lengths, target_lengths, blank=0, reduction="mean", zero_infinity=False):
    """What all alignments of (batch, length) targets with (steps, batch, classes) log probabilities lack."""
    lengths = tf.cast(target_lengths, tf.int32)
    losses = tf.nn.ctc_loss(
        tf.cast(targets, tf.int32),
        log_probs,
        lengths,
        tf.cast(input_lengths, tf.int32),
        blank_index=blank,
    )
    if zero_infinity:
        losses = tf.where(tf.math.is_finite(losses), losses, tf.zeros_like(losses))
    if reduction == "none":
        return losses
    if reduction == "sum":
        return tf.reduce_sum(losses)
    return tf.reduce_mean(losses / tf.cast(tf.maximum(lengths, 1), losses.dtype))
'''
_OPERANDS = ("log_probs", "targets", "input_lengths", "target_lengths")
_ALIGNED = "torch.log_softmax(x, 2), y + 1, torch.tensor([6, 5]), torch.tensor([3, 2])"


def _alignment(layer: bool) -> Pair:
    lenses = (
        tensor("log_probs", "log_probs", rank=3),
        tensor("targets", "targets", rank=2),
        tensor("input_lengths", "input_lengths"),
        tensor("target_lengths", "target_lengths"),
    )
    called = f"({', '.join(_OPERANDS)})"
    options = "blank=0, reduction='mean', zero_infinity=False"
    names = ("blank", "reduction", "zero_infinity")
    passed = ", ".join(f"{name}={name}" for name in names)
    arrays: dict[str, Array] = {"x": f32(6, 2, 5), "y": ints(2, 3, high=4)}
    back = "what the file has for it is a function of its own"
    text = "torch.nn.{}({})".format
    return Pair(
        torch=f"torch.nn.CTCLoss({options})"
        if layer
        else f"torch.nn.functional.ctc_loss({', '.join(_OPERANDS)}, {options})",
        tf=f"functools.partial(ctc_loss, {passed})"
        if layer
        else f"ctc_loss({', '.join(_OPERANDS)}, {passed})",
        args=(*(() if layer else lenses), *(optional(name, name) for name in names)),
        called=(called, called),
        call_args=lenses,
        dtype="float",
        shape=reduced,
        only_from="torch",
        helper=("ctc_loss", _ALIGNMENT_CODE),
        caution="targets must be one row for each sample; torch takes them in one row as well",
        differs="torch divides each loss by the length of its target before it averages; the blanks are the same.",
        words="connectionist temporal classification speech",
        cases=tuple(
            named_case(
                text("CTCLoss", rest) + f"({_ALIGNED})"
                if layer
                else text("functional.ctc_loss", f"{_ALIGNED}, {rest}"),
                arrays,
                back,
            )
            for rest in ("", "reduction='none'", "reduction='sum'")
        ),
    )


RECORDS: tuple[Record, ...] = (
    *_DIVERGENCE,
    *_COUNTS,
    *_NORMAL,
    _alignment(False),
    _alignment(True),
)
