"""How far or how alike vectors are: functions, and torch's modules of them."""

from __future__ import annotations

from translator.knowledge.cases import f32, named_case
from translator.knowledge.lenses import same, tensor
from translator.knowledge.records import Pair, Record
from translator.knowledge.training.reduced import reduced_loss

_BACK = "no record leads back"
_COSINE = reduced_loss(
    ("cosine_similarity", "CosineSimilarity"),
    ("x1", "x2"),
    {"dim": "-1", "eps": "1e-4"},
    '''
def cosine_similarity(x1, x2, dim=1, eps=1e-8):
    """The cosine between vectors along an axis, whose lengths are bounded by eps."""

    def directions(x):
        return tf.math.l2_normalize(x, axis=dim, epsilon=eps**2)

    return tf.reduce_sum(directions(x1) * directions(x2), axis=dim)
''',
    (f32(4, 3), f32(4, 3)),
    (),
    signatures=("dim=1, eps=1e-08", "dim=1, eps=1e-08"),
    aliases=("torch.cosine_similarity",),
    differs="keras.losses.CosineSimilarity is the negative of it, and takes the last axis.",
    words="cosine similarity angle",
)
_PAIRS = reduced_loss(
    ("pairwise_distance", "PairwiseDistance"),
    ("x1", "x2"),
    {"p": "1.0", "eps": "0.1", "keepdim": "True"},
    '''
def pairwise_distance(x1, x2, p=2.0, eps=1e-6, keepdim=False):
    """The length of the difference of vectors, to which eps is added."""
    return tf.norm(x1 - x2 + eps, ord=p, axis=-1, keepdims=keepdim)
''',
    (f32(4, 3), f32(4, 3)),
    (),
    signatures=("p=2.0, eps=1e-06, keepdim=False", "p=2.0, eps=1e-06, keepdim=False"),
    aliases=("torch.pairwise_distance",),
    words="distance euclidean pairs",
)
_TABLE = Pair(
    torch="torch.cdist(x1, x2, p=2.0)",
    tf="tf.norm(tf.expand_dims(x1, -2) - tf.expand_dims(x2, -3), ord=p, axis=-1)",
    args=(
        tensor("x1", "x1"),
        tensor("x2", "x2"),
        same("p"),
    ),
    dtype="float",
    only_from="torch",
    caution="at a distance of 0 TensorFlow's gradient is NaN, torch's 0",
    words="distance table all pairs euclidean",
    cases=(
        named_case("torch.cdist(x, y)", {"x": f32(4, 3), "y": f32(5, 3)}, _BACK),
        named_case("torch.cdist(x, y, 1.0)", {"x": f32(2, 4, 3), "y": f32(2, 5, 3)}, _BACK),
    ),
)
_TABLE_OF_ONE = Pair(
    torch="torch.nn.functional.pdist(input, p=2.0)",
    tf="pdist(input, p=p)",
    args=(tensor("input", "input"), same("p")),
    dtype="float",
    only_from="torch",
    helper=(
        "pdist",
        '''
def pdist(x, p=2.0):
    """The distance of each row from those behind it, in one vector."""
    count = tf.shape(x)[0]
    rows, columns = tf.meshgrid(tf.range(count), tf.range(count), indexing="ij")
    first, second = (tf.boolean_mask(places, rows < columns) for places in (rows, columns))
    return tf.norm(tf.gather(x, first) - tf.gather(x, second), ord=p, axis=-1)
''',
    ),
    words="distance all pairs of rows",
    cases=(
        named_case("torch.nn.functional.pdist(x)", {"x": f32(4, 3)}, _BACK),
        named_case("torch.nn.functional.pdist(x, 1.0)", {"x": f32(4, 3)}, _BACK),
    ),
)

RECORDS: tuple[Record, ...] = (*_COSINE, *_PAIRS, _TABLE, _TABLE_OF_ONE)
