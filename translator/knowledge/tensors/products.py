"""Products of matrices and vectors."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.lenses import fixed, same, tensor
from translator.knowledge.records import Function, Pair, Record
from translator.knowledge.shapes import Bound, Shape, scalar


def _multiplied(call: Bound) -> Shape:
    left, right = (*call.shapes.values(), None, None)[:2]
    if not left or right is None or len(left) < 2 or len(right) < 2:
        return None
    return (*left[:-1], right[-1]) if len(left) >= len(right) else None


MATMUL = Function(
    torch=(
        "torch.matmul(input, other)",
        "torch.mm(input, mat2)",
        "torch.bmm(input, mat2)",
        "torch.Tensor.matmul(other)",
        "torch.Tensor.mm(mat2)",
        "torch.Tensor.bmm(batch2)",
    ),
    tf=(
        "tf.matmul(a, b, transpose_a=False, transpose_b=False)",
        "tf.linalg.matmul(a, b, transpose_a=False, transpose_b=False)",
        "keras.ops.matmul(x1, x2)",
    ),
    args=(
        tensor("input", "a"),
        tensor("other", "b"),
        fixed("tensorflow", "transpose_a", "False"),
        fixed("tensorflow", "transpose_b", "False"),
    ),
    shape=_multiplied,
    differs="tf.matmul takes no vectors.",
    words="matrix product batch",
    cases=(
        case("torch.matmul(x, y)", x=f32(2, 3), y=f32(3, 4)),
        case("x.mm(y)", x=f32(2, 3), y=f32(3, 4)),
        case("torch.bmm(x, y)", x=f32(5, 2, 3), y=f32(5, 3, 4)),
        case("tf.matmul(x, y)", x=f32(2, 3), y=f32(3, 4), side="tensorflow"),
    ),
)


def _transposed(a: bool, b: bool) -> Pair:
    """tf.matmul with a factor that is transposed on the way."""
    left = "a.transpose(-2, -1)" if a else "a"
    right = "b.transpose(-2, -1)" if b else "b"
    flags = ", ".join(f"transpose_{x}=True" for x, flag in (("a", a), ("b", b)) if flag)
    shapes = f32(3, 2) if a else f32(2, 3), f32(4, 3) if b else f32(3, 4)
    return Pair(
        torch=f"torch.matmul({left}, {right})",
        tf=(
            "tf.matmul(a, b, transpose_a=False, transpose_b=False)",
            "tf.linalg.matmul(a, b, transpose_a=False, transpose_b=False)",
        ),
        args=(
            tensor("a", "a"),
            tensor("b", "b"),
            fixed("tensorflow", "transpose_a", str(a)),
            fixed("tensorflow", "transpose_b", str(b)),
        ),
        only_from="tensorflow",
        cases=(case(f"tf.matmul(x, y, {flags})", x=shapes[0], y=shapes[1], side="tensorflow"),),
    )


SPARSE = Pair(
    torch=("torch.spmm(input, mat2)", "torch.sparse.mm(input, mat2)"),
    tf="keras.ops.matmul(input, mat2)",
    args=(tensor("input", "input"), tensor("mat2", "mat2")),
    shape=_multiplied,
    only_from="torch",
    differs="keras.ops.matmul takes a sparse first factor as well, tf.matmul does not.",
    words="sparse matrix product graph adjacency",
    cases=(
        case("torch.spmm(x, y)", x=f32(2, 3), y=f32(3, 4)),
        case("torch.sparse.mm(x, y)", x=f32(2, 3), y=f32(3, 4)),
    ),
)
DOT = Pair(
    torch=("torch.dot(input, tensor)", "torch.Tensor.dot(other)"),
    tf="tf.tensordot(input, tensor, 1)",
    args=(tensor("input", "input"), tensor("tensor", "tensor")),
    shape=scalar,
    only_from="torch",
    differs="tf.matmul takes no vectors.",
    words="inner product",
    cases=(case("torch.dot(x, y)", x=f32(5), y=f32(5)),),
)
TENSORDOT = Function(
    torch="torch.tensordot(a, b, dims=2)",
    tf=("tf.tensordot(a, b, axes)", "keras.ops.tensordot(x1, x2, axes=2)"),
    args=(tensor("a", "a"), tensor("b", "b"), same("dims", "axes")),
    cases=(
        case("torch.tensordot(x, y, dims=([1], [0]))", x=f32(2, 3), y=f32(3, 4)),
        case("tf.tensordot(x, y, 1)", x=f32(2, 3), y=f32(3, 4), side="tensorflow"),
    ),
)
MV = Function(
    torch=("torch.mv(input, vec)", "torch.Tensor.mv(vec)"),
    tf="tf.linalg.matvec(a, b)",
    args=(tensor("input", "a"), tensor("vec", "b")),
    cases=(
        case("torch.mv(x, y)", x=f32(2, 3), y=f32(3)),
        case("tf.linalg.matvec(x, y)", x=f32(2, 3), y=f32(3), side="tensorflow"),
    ),
)
OUTER = Pair(
    torch=(
        "torch.outer(input, vec2)",
        "torch.Tensor.outer(vec2)",
        "torch.ger(input, vec2)",
        "torch.Tensor.ger(vec2)",
    ),
    tf="tf.tensordot(input, vec2, 0)",
    args=(tensor("input", "input"), tensor("vec2", "vec2")),
    only_from="torch",
    cases=(case("torch.outer(x, y)", x=f32(2), y=f32(3)),),
)
EINSUM = Function(
    torch="torch.einsum(equation, *operands)",
    tf=("tf.einsum(equation, *inputs)", "keras.ops.einsum(subscripts, *operands)"),
    args=(same("equation"), same("operands", "inputs")),
    words="einstein summation",
    cases=(
        case("torch.einsum('bij,bjk->bik', x, y)", x=f32(5, 2, 3), y=f32(5, 3, 4)),
        case("tf.einsum('ij,kj->ik', x, y)", x=f32(2, 3), y=f32(4, 3), side="tensorflow"),
    ),
)

RECORDS: tuple[Record, ...] = (
    MATMUL,
    _transposed(False, True),
    _transposed(True, False),
    SPARSE,
    DOT,
    TENSORDOT,
    MV,
    OUTER,
    EINSUM,
)
