"""Linear algebra: inverses, determinants, factors, sums of products."""

from __future__ import annotations

from translator.knowledge.cases import Array, Case, f32, named_case
from translator.knowledge.lenses import Lens, fixed, same, tensor
from translator.knowledge.records import Function, Pair, Record

_BACK = "no record leads back"
_SQUARE: dict[str, Array] = {"x": f32(4, 4), "y": f32(4, 2)}
_GRAM = "x @ x.T + 4 * torch.eye(4, dtype=x.dtype)"


def _of_square(torch: tuple[str, ...], *tf: str, words: str = "") -> Function:
    """A function of one square matrix; the first names of both sides are written."""
    return Function(
        torch=tuple(f"{name}({'A' if 'linalg' in name else 'input'})" for name in torch),
        tf=tuple(f"{name}(input)" if name.startswith("tf.") else f"{name}(x)" for name in tf),
        args=(tensor("A" if "linalg" in torch[0] else "input", "input"),),
        dtype="float",
        words=words,
        cases=(
            *(named_case(f"{name}(x)", {"x": f32(4, 4)}) for name in torch if "Tensor" not in name),
            Case(f"{tf[0]}(x)", (("x", f32(4, 4)),), "tensorflow"),
        ),
    )


def _pair(
    torch: tuple[str, ...],
    tf: str,
    *rules: Lens,
    cases: tuple[str, ...],
    arrays: dict[str, Array] = _SQUARE,
    words: str,
) -> Pair:
    return Pair(
        torch=torch,
        tf=tf,
        args=rules,
        dtype="float",
        only_from="torch",
        words=words,
        cases=tuple(named_case(text, arrays, _BACK) for text in cases),
    )


_SUM: dict[str, Array] = {"x": f32(2, 4), "y": f32(2, 3), "z": f32(3, 4)}
_SUMS: dict[str, Array] = {"x": f32(5, 2, 4), "y": f32(5, 2, 3), "z": f32(5, 3, 4)}


def _added(name: str, first: str, second: str, arrays: dict[str, Array]) -> tuple[Pair, Pair]:
    """A sum with a product of matrices: plain, and with a share of both."""
    names = (
        f"torch.{name}(input, {first}, {second}, *, beta=1, alpha=1)",
        f"torch.Tensor.{name}({first}, {second}, *, beta=1, alpha=1)",
    )
    operands = (tensor("input", "input"), tensor(first, first), tensor(second, second))
    product = f"tf.matmul({first}, {second})"
    words = "sum product matrices"
    plain = _pair(
        names,
        f"input + {product}",
        *operands,
        fixed("torch", "beta", "1"),
        fixed("torch", "alpha", "1"),
        cases=(f"torch.{name}(x, y, z)",),
        arrays=arrays,
        words=words,
    )
    shared = _pair(
        names,
        f"beta * input + alpha * {product}",
        *operands,
        same("beta"),
        same("alpha"),
        cases=(f"x.{name}(y, z, beta=0.5, alpha=2)",),
        arrays=arrays,
        words=words,
    )
    return plain, shared


RECORDS: tuple[Record, ...] = (
    _of_square(("torch.linalg.inv",), "tf.linalg.inv", "keras.ops.inv", words="inverse matrix"),
    _of_square(("torch.inverse",), "tf.linalg.inv", "keras.ops.inv", words="inverse matrix"),
    _of_square(("torch.linalg.det",), "tf.linalg.det", "keras.ops.det", words="determinant"),
    _of_square(("torch.det",), "tf.linalg.det", "keras.ops.det", words="determinant"),
    _pair(
        ("torch.linalg.cholesky(input)", "torch.cholesky(input)"),
        "tf.linalg.cholesky(input)",
        tensor("input", "input"),
        cases=(f"torch.linalg.cholesky({_GRAM})",),
        words="factor positive definite",
    ),
    _pair(
        ("torch.linalg.solve(A, B)",),
        "tf.linalg.solve(A, B)",
        tensor("A", "A"),
        tensor("B", "B"),
        cases=("torch.linalg.solve(x, y)",),
        words="linear equations",
    ),
    *_added("addmm", "mat1", "mat2", _SUM),
    *_added("baddbmm", "batch1", "batch2", _SUMS),
)
