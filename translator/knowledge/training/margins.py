"""Losses that keep a distance: of rankings, of pairs and triples, of classes by margins."""

from __future__ import annotations

from translator.knowledge.cases import case, f32, ints
from translator.knowledge.lenses import Lens, fixed, optional, tensor
from translator.knowledge.records import Pair, Record
from translator.knowledge.training.reduced import loss_code, reduced_loss

_OLD = "size_average=None, reduce=None, reduction='mean'"
_REDUCTIONS = {"reduction": "'sum'"}
_NONE = ("reduction='none'",)
_WEIGHTED = ("weight=torch.tensor([0.5, 1.0, 2.0], dtype=torch.float64)",)
_ROWS, _CLASSES = f32(4, 3), ints(4, high=3)

_RANKING = reduced_loss(
    ("margin_ranking_loss", "MarginRankingLoss"),
    ("input1", "input2", "target"),
    {"margin": "0.5", **_REDUCTIONS},
    loss_code(
        "margin_ranking_loss",
        'input1, input2, target, margin=0.0, reduction="mean"',
        "What the one lacks of being ranked above the other by a margin, as the target's sign says.",
        "losses = tf.nn.relu(margin - tf.cast(target, input1.dtype) * (input1 - input2))",
    ),
    (f32(5), f32(5), f32(5)),
    _NONE,
    signatures=(f"margin=0, {_OLD}", f"margin=0.0, {_OLD}"),
    words="ranking loss margin",
)
_HINGE = reduced_loss(
    ("hinge_embedding_loss", "HingeEmbeddingLoss"),
    ("input", "target"),
    {"margin": "0.5", **_REDUCTIONS},
    loss_code(
        "hinge_embedding_loss",
        'input, target, margin=1.0, reduction="mean"',
        "The distance where the target is 1, what it lacks of the margin where it is -1.",
        """
        zeros = tf.zeros_like(input)
        far = tf.where(tf.not_equal(target, 1), tf.nn.relu(margin - input), zeros)
        losses = far + tf.where(tf.not_equal(target, -1), input, zeros)
        """,
    ),
    (f32(5), ints(5, high=2)),
    _NONE,
    signatures=(f"margin=1.0, {_OLD}", f"margin=1.0, {_OLD}"),
    words="hinge loss distance",
)
_COSINE = reduced_loss(
    ("cosine_embedding_loss", "CosineEmbeddingLoss"),
    ("input1", "input2", "target"),
    {"margin": "0.1", **_REDUCTIONS},
    loss_code(
        "cosine_embedding_loss",
        'input1, input2, target, margin=0.0, reduction="mean"',
        "How far vectors are from one direction where the target is 1, and from parting where it is -1.",
        """
        def products(a, b):
            return tf.reduce_sum(a * b, axis=-1)

        norms = (products(input1, input1) + 1e-12) * (products(input2, input2) + 1e-12)
        cosine = products(input1, input2) / tf.sqrt(norms)
        zeros = tf.zeros_like(cosine)
        losses = tf.where(tf.equal(target, 1), 1 - cosine, zeros)
        losses += tf.where(tf.equal(target, -1), tf.nn.relu(cosine - margin), zeros)
        """,
    ),
    (f32(5, 3), f32(5, 3), ints(5, high=2)),
    _NONE,
    signatures=(f"margin=0, {_OLD}", f"margin=0.0, {_OLD}"),
    words="cosine similarity loss embedding",
)
_TRIPLE_CODE = '''
def triplet_margin_loss(anchor, positive, negative, margin=1.0, p=2, eps=1e-6, swap=False, reduction="mean"):
    """How much nearer the positive should be to the anchor than the negative is."""

    def distance(a, b):
        return tf.norm(a - b + eps, ord=p, axis=-1)

    far = distance(anchor, negative)
    if swap:
        far = tf.minimum(far, distance(positive, negative))
    losses = tf.nn.relu(margin + distance(anchor, positive) - far)
    if reduction == "none":
        return losses
    return tf.reduce_sum(losses) if reduction == "sum" else tf.reduce_mean(losses)
'''
_TRIPLE_OPTIONS = {"margin": "0.5", "p": "1", "eps": "1e-4", "swap": "True", **_REDUCTIONS}
_TRIPLES = (f32(5, 3), f32(5, 3), f32(5, 3))
_TRIPLE_SIGNATURE = f"margin=1.0, p=2, eps=1e-06, swap=False, {_OLD}"
_TRIPLE = reduced_loss(
    ("triplet_margin_loss", "TripletMarginLoss"),
    ("anchor", "positive", "negative"),
    _TRIPLE_OPTIONS,
    _TRIPLE_CODE,
    _TRIPLES,
    _NONE,
    signatures=(_TRIPLE_SIGNATURE, _TRIPLE_SIGNATURE.replace("p=2", "p=2.0")),
    words="triplet loss anchor positive negative",
)
_TRIPLE_LENSES: tuple[Lens, ...] = (
    fixed("torch", "distance_function", "None"),
    optional("margin", "margin"),
    optional("swap", "swap"),
    optional("reduction", "reduction"),
)
_TRIPLE_REST = "distance_function=None, margin=1.0, swap=False, reduction='mean'"


def _by_distance(layer: bool) -> Pair:
    """The same with a distance of one's own, which has to be left out."""
    passed = "margin=margin, swap=swap, reduction=reduction"
    operands = ("anchor", "positive", "negative")
    lenses = tuple(tensor(name, name) for name in operands)
    name = "torch.nn.TripletMarginWithDistanceLoss"
    function = "torch.nn.functional.triplet_margin_with_distance_loss"
    called = f"({', '.join(operands)})"
    back = "what the file has for it is a function of its own"
    return Pair(
        torch=f"{name}(*, {_TRIPLE_REST})"
        if layer
        else f"{function}({', '.join(operands)}, *, {_TRIPLE_REST})",
        tf=f"functools.partial(triplet_margin_loss, {passed})"
        if layer
        else f"triplet_margin_loss({', '.join(operands)}, {passed})",
        args=(*(() if layer else lenses), *_TRIPLE_LENSES),
        called=(called, called),
        call_args=lenses,
        dtype="float",
        only_from="torch",
        helper=("triplet_margin_loss", _TRIPLE_CODE),
        cases=(
            case(f"{name}(margin=0.5, swap=True)", *_TRIPLES, one_way=back)
            if layer
            else case(
                f"{function}(x, y, z, margin=0.5)",
                x=_TRIPLES[0],
                y=_TRIPLES[1],
                z=_TRIPLES[2],
                one_way=back,
            ),
        ),
    )


_MULTI = reduced_loss(
    ("multi_margin_loss", "MultiMarginLoss"),
    ("input", "target"),
    {"p": "2", "margin": "0.5", "weight": "", **_REDUCTIONS},
    loss_code(
        "multi_margin_loss",
        'input, target, p=1, margin=1.0, weight=None, reduction="mean"',
        "What the score of the true class lacks of standing above the others by a margin.",
        """
        true = tf.one_hot(target, input.shape[-1], dtype=input.dtype)
        scores = tf.reduce_sum(true * input, axis=-1, keepdims=True)
        lacking = (1 - true) * tf.nn.relu(margin - scores + input) ** p
        if weight is not None:
            lacking *= tf.expand_dims(tf.gather(weight, target), -1)
        losses = tf.reduce_mean(lacking, axis=-1)
        """,
    ),
    (_ROWS, _CLASSES),
    _NONE,
    beside=_WEIGHTED,
    signatures=(f"p=1, margin=1.0, weight=None, {_OLD}", f"p=1, margin=1.0, weight=None, {_OLD}"),
    words="multi class hinge margin svm",
)
_MULTI_LABEL = reduced_loss(
    ("multilabel_margin_loss", "MultiLabelMarginLoss"),
    ("input", "target"),
    _REDUCTIONS,
    loss_code(
        "multilabel_margin_loss",
        'input, target, reduction="mean"',
        "What the scores of the true classes, listed up to the first -1, lack of standing above the others.",
        """
        listed = tf.math.cumprod(tf.cast(target >= 0, input.dtype), axis=-1)
        places = tf.one_hot(target, input.shape[-1], dtype=input.dtype) * listed[..., None]
        others = 1 - tf.reduce_max(places, axis=-2, keepdims=True)
        scores = tf.linalg.matvec(places, input)[..., None]
        lacking = tf.nn.relu(1 - scores + input[..., None, :]) * others * listed[..., None]
        losses = tf.reduce_sum(lacking, axis=[-2, -1]) / input.shape[-1]
        """,
    ),
    (f32(2, 4), ints(2, 4, high=4)),
    _NONE,
    signatures=(_OLD, _OLD),
    words="multi label hinge margin",
)
_SOFT = reduced_loss(
    ("soft_margin_loss", "SoftMarginLoss"),
    ("input", "target"),
    _REDUCTIONS,
    loss_code(
        "soft_margin_loss",
        'input, target, reduction="mean"',
        "The logistic loss of targets 1 and -1.",
        "losses = tf.nn.softplus(-tf.cast(target, input.dtype) * input)",
    ),
    (_ROWS, ints(4, 3, high=2)),
    _NONE,
    signatures=(_OLD, _OLD),
    words="logistic loss margin",
)
_SOFT_LABELS = reduced_loss(
    ("multilabel_soft_margin_loss", "MultiLabelSoftMarginLoss"),
    ("input", "target"),
    {"weight": "", **_REDUCTIONS},
    loss_code(
        "multilabel_soft_margin_loss",
        'input, target, weight=None, reduction="mean"',
        "The mean of the binary cross entropies of all classes.",
        """
        target = tf.cast(target, input.dtype)
        losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=target, logits=input)
        losses = tf.reduce_mean(losses if weight is None else losses * weight, axis=-1)
        """,
    ),
    (_ROWS, _ROWS),
    _NONE,
    beside=_WEIGHTED,
    signatures=(f"weight=None, {_OLD}", f"weight=None, {_OLD}"),
    words="multi label binary cross entropy",
)

RECORDS: tuple[Record, ...] = (
    *_RANKING,
    *_HINGE,
    *_COSINE,
    *_TRIPLE,
    _by_distance(False),
    _by_distance(True),
    *_MULTI,
    *_MULTI_LABEL,
    *_SOFT,
    *_SOFT_LABELS,
)
