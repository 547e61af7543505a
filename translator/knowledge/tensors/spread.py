"""Standard deviations, variances and norms."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.lenses import Lens, axis, choice, fixed, same, tensor
from translator.knowledge.records import Function, Pair, Record
from translator.knowledge.shapes import like_first
from translator.knowledge.tensors.reduction import reduced

_X = f32(2, 3, 4)
_DIFFERS = (
    "torch divides by n - 1 unless told otherwise, TensorFlow by n. Of one element torch gives NaN, "
    "TensorFlow 0."
)
_VARIANCE = """
def sample_variance(x, axis=None, keepdims=False):
    \"\"\"The variance with n - 1 below.\"\"\"
    squares = tf.square(x - tf.reduce_mean(x, axis=axis, keepdims=True))
    count = tf.reduce_sum(tf.ones_like(x), axis=axis, keepdims=keepdims)
    return tf.reduce_sum(squares, axis=axis, keepdims=keepdims) / (count - 1)
"""


def _spread(torch: str, tf: str, written: str) -> tuple[Record, ...]:
    """`std` and `var`: with n below on both sides, the same in torch's older spelling, and with n - 1."""
    names = (
        f"torch.{torch}(input, dim=None, *, correction=1, keepdim=False)",
        f"torch.Tensor.{torch}(dim=None, *, correction=1, keepdim=False)",
    )
    older = (
        f"torch.{torch}(input, dim=None, unbiased=True, keepdim=False)",
        f"torch.Tensor.{torch}(dim=None, unbiased=True, keepdim=False)",
        f"torch.{torch}(input, unbiased=True)",
        f"torch.Tensor.{torch}(unbiased=True)",
    )
    operands: tuple[Lens, ...] = (
        tensor("input", "input"),
        axis("dim", "dim"),
        same("keepdim"),
    )
    arguments = "input, axis=dim, keepdims=keepdim"

    def pair(torch: tuple[str, ...], tf: str, rule: Lens, *texts: str, helper: bool) -> Pair:
        return Pair(
            torch=torch,
            tf=tf,
            args=(*operands, rule),
            order="keeps",
            shape=reduced,
            dtype="float",
            only_from="torch",
            differs=_DIFFERS,
            naive=f"tf.math.reduce_{torch}(x)",
            error="0.1",
            helper=("sample_variance", _VARIANCE) if helper else ("", ""),
            cases=tuple(case(text, x=_X) for text in texts),
        )

    return (
        Function(
            torch=names,
            tf=(
                f"tf.math.{tf}(input_tensor, axis=None, keepdims=False)",
                f"keras.ops.{torch}(x, axis=None, keepdims=False)",
            ),
            args=(
                tensor("input", "input_tensor"),
                axis(),
                fixed("torch", "correction", "0"),
                same("keepdim", "keepdims"),
            ),
            order="keeps",
            shape=reduced,
            dtype="float",
            differs=_DIFFERS,
            words="standard deviation variance unbiased",
            cases=(
                case(f"torch.{torch}(x, dim=1, correction=0)", x=_X),
                case(f"tf.math.{tf}(x, axis=-1)", x=_X, side="tensorflow"),
                case(f"tf.math.{tf}(x)", x=_X, side="tensorflow"),
            ),
        ),
        pair(
            older,
            f"tf.math.{tf}({arguments})",
            fixed("torch", "unbiased", "False"),
            f"x.{torch}(dim=1, unbiased=False)",
            f"x.{torch}(unbiased=False)",
            helper=False,
        ),
        pair(
            names,
            written.format(arguments),
            fixed("torch", "correction", "1"),
            f"torch.{torch}(x, dim=1)",
            f"x.{torch}(-1, keepdim=True)",
            f"x.{torch}()",
            helper=True,
        ),
        pair(
            older,
            written.format(arguments),
            fixed("torch", "unbiased", "True"),
            f"torch.{torch}(x, 1, True)",
            helper=True,
        ),
    )


_ORDERS = choice(
    "p",
    "ord",
    ("'fro'", "'euclidean'"),
    ("2", "'euclidean'"),
    ("2", "2"),
    ("1", "1"),
)
NORM = Function(
    torch=(
        "torch.norm(input, p='fro', dim=None, keepdim=False)",
        "torch.Tensor.norm(p='fro', dim=None, keepdim=False)",
    ),
    tf=(
        "tf.norm(tensor, ord='euclidean', axis=None, keepdims=None)",
        "tf.linalg.norm(tensor, ord='euclidean', axis=None, keepdims=None)",
    ),
    args=(
        tensor("input", "tensor"),
        _ORDERS,
        axis(needs="one"),
        choice("keepdim", "keepdims", ("False", "None"), ("False", "False"), ("True", "True")),
    ),
    order="keeps",
    shape=reduced,
    dtype="float",
    differs="Of several axes torch takes the vector's norm, TensorFlow the matrix's. At 0 the gradient is 0 in torch "
    "and NaN in TensorFlow.",
    words="length euclidean l2 l1",
    cases=(
        case("torch.norm(x)", x=_X),
        case("x.norm(2, dim=1)", x=_X),
        case("x.norm(p=1, dim=-1, keepdim=True)", x=_X),
        case("tf.norm(x, axis=1)", x=_X, side="tensorflow"),
        case("tf.norm(x, ord=1, axis=-1, keepdims=True)", x=_X, side="tensorflow"),
    ),
)
LINALG_NORM = Pair(
    torch="torch.linalg.vector_norm(x, ord=2, dim=None, keepdim=False)",
    tf="tf.norm(x, axis=dim, keepdims=keepdim)",
    args=(
        tensor("x", "x"),
        fixed("torch", "ord", "2"),
        axis("dim", "dim", needs="one"),
        same("keepdim"),
    ),
    order="keeps",
    shape=reduced,
    dtype="float",
    only_from="torch",
    cases=(case("torch.linalg.vector_norm(x, dim=1)", x=_X),),
)
_BOUNDS = choice("eps", "epsilon", ("1e-12", "1e-24"), ("1e-6", "1e-12"))
NORMALIZE = Pair(
    torch="torch.nn.functional.normalize(input, p=2.0, dim=1, eps=1e-12)",
    tf="tf.math.l2_normalize(input, axis=dim, epsilon=epsilon)",
    args=(
        tensor("input", "input"),
        fixed("torch", "p", "2.0"),
        axis("dim", "dim"),
        _BOUNDS,
    ),
    order="keeps",
    shape=like_first,
    dtype="float",
    only_from="torch",
    differs="torch bounds the norm by eps, TensorFlow its square.",
    naive="tf.math.l2_normalize(x, 1)",
    error="9e-01 for tiny vectors",
    words="unit length l2 normalise",
    cases=(case("torch.nn.functional.normalize(x, dim=-1)", x=_X),),
)
_ONE_WAY = "torch's bound of 1e-6 stands for the square root of Keras's, and is no default there"
L2_NORMALIZE = Pair(
    torch="F.normalize(x, dim=axis, eps=eps)",
    tf=(
        "tf.math.l2_normalize(x, axis=None, epsilon=1e-12)",
        "tf.nn.l2_normalize(x, axis=None, epsilon=1e-12)",
    ),
    args=(
        tensor("x", "x"),
        axis("axis", "axis", needs="number"),
        _BOUNDS,
    ),
    order="keeps",
    shape=like_first,
    dtype="float",
    only_from="tensorflow",
    words="unit length",
    cases=(
        case("tf.math.l2_normalize(x, axis=1)", x=f32(2, 3), side="tensorflow", one_way=_ONE_WAY),
    ),
)

RECORDS: tuple[Record, ...] = (
    *_spread("std", "reduce_std", "tf.sqrt(sample_variance({}))"),
    *_spread("var", "reduce_variance", "sample_variance({})"),
    NORM,
    LINALG_NORM,
    NORMALIZE,
    L2_NORMALIZE,
)
