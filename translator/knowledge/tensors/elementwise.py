"""Elementwise mathematics."""

from __future__ import annotations

from translator.knowledge.cases import Array, case, f32, positive
from translator.knowledge.lenses import tensor
from translator.knowledge.records import Function, Record
from translator.knowledge.shapes import like_first


def _unary(torch: str, tf: str, argument: Array, *other: str) -> Function:
    """A function of one tensor under one name in torch, as function and as method."""
    return Function(
        torch=(f"torch.{torch}(input)", f"torch.Tensor.{torch}()"),
        tf=(f"{tf}(x)", *other),
        args=(tensor("input", "x"),),
        order="keeps",
        shape=like_first,
        cases=(
            case(f"torch.{torch}(x)", x=argument),
            case(f"x.{torch}()", x=argument),
            case(f"{tf}(x)", x=argument, side="tensorflow"),
        ),
    )


ABS = _unary("abs", "tf.abs", f32(2, 3), "tf.math.abs(x)", "keras.ops.abs(x)")
EXP = _unary("exp", "tf.exp", f32(2, 3), "tf.math.exp(x)", "keras.ops.exp(x)")
LOG = _unary("log", "tf.math.log", positive(2, 3), "keras.ops.log(x)")
SQRT = _unary("sqrt", "tf.sqrt", positive(2, 3), "tf.math.sqrt(x)", "keras.ops.sqrt(x)")
SQUARE = _unary("square", "tf.square", f32(2, 3), "tf.math.square(x)", "keras.ops.square(x)")
SIN = _unary("sin", "tf.sin", f32(2, 3), "tf.math.sin(x)", "keras.ops.sin(x)")
COS = _unary("cos", "tf.cos", f32(2, 3), "tf.math.cos(x)", "keras.ops.cos(x)")

POW = Function(
    torch=("torch.pow(input, exponent)", "torch.Tensor.pow(exponent)"),
    tf=("tf.pow(x, y)", "tf.math.pow(x, y)", "keras.ops.power(x1, x2)"),
    args=(tensor("input", "x"), tensor("exponent", "y")),
    order="keeps",
    shape=like_first,
    cases=(
        case("torch.pow(x, 2)", x=f32(2, 3)),
        case("x.pow(3)", x=f32(2, 3)),
        case("tf.pow(x, 2.0)", x=f32(2, 3), side="tensorflow"),
    ),
)

MATMUL = Function(
    torch=(
        "torch.matmul(input, other)",
        "torch.mm(input, mat2)",
        "torch.Tensor.matmul(other)",
        "torch.Tensor.mm(mat2)",
    ),
    tf=("tf.matmul(a, b)", "tf.linalg.matmul(a, b)", "keras.ops.matmul(x1, x2)"),
    args=(tensor("input", "a"), tensor("other", "b")),
    differs="tf.matmul takes no vectors.",
    cases=(
        case("torch.matmul(x, y)", x=f32(2, 3), y=f32(3, 4)),
        case("x.mm(y)", x=f32(2, 3), y=f32(3, 4)),
        case("tf.matmul(x, y)", x=f32(2, 3), y=f32(3, 4), side="tensorflow"),
    ),
)

RECORDS: tuple[Record, ...] = (ABS, EXP, LOG, SQRT, SQUARE, SIN, COS, POW, MATMUL)
