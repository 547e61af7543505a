"""Comparisons, booleans, and choices by them."""

from __future__ import annotations

from translator.knowledge.cases import case, f32, ints
from translator.knowledge.lenses import fixed, tensor
from translator.knowledge.records import Function, Pair, Record
from translator.knowledge.shapes import like_first

_X, _Y = ints(4, 5, high=3), ints(4, 5, high=3)


def _comparison(torch: str, tf: str, alias: str) -> Function:
    return Function(
        torch=(
            f"torch.{torch}(input, other)",
            f"torch.Tensor.{torch}(other)",
            f"torch.{alias}(input, other)",
            f"torch.Tensor.{alias}(other)",
        ),
        tf=(f"tf.{tf}(x, y)", f"tf.math.{tf}(x, y)", f"keras.ops.{tf}(x1, x2)"),
        args=(tensor("input", "x"), tensor("other", "y")),
        order="keeps",
        shape=like_first,
        dtype="bool",
        words="compare",
        cases=(
            case(f"torch.{torch}(x, y)", x=_X, y=_Y),
            case(f"x.{torch}(1)", x=_X),
            case(f"tf.{tf}(x, y)", x=_X, y=_Y, side="tensorflow"),
        ),
    )


def _logical(name: str) -> Function:
    """A function of two tensors of booleans; torch takes numbers as well, TensorFlow does not."""
    return Function(
        torch=(f"torch.logical_{name}(input, other)", f"torch.Tensor.logical_{name}(other)"),
        tf=(
            f"tf.math.logical_{name}(x, y)",
            *((f"tf.logical_{name}(x, y)",) if name != "xor" else ()),
            f"keras.ops.logical_{name}(x1, x2)",
        ),
        args=(tensor("input", "x"), tensor("other", "y")),
        order="keeps",
        shape=like_first,
        dtype="bool",
        words="boolean",
        cases=(
            case(f"torch.logical_{name}(x > 0, y > 0)", x=_X, y=_Y),
            case(f"tf.math.logical_{name}(x > 0, y > 1)", x=_X, y=_Y, side="tensorflow"),
        ),
    )


LOGICAL_NOT = Function(
    torch=("torch.logical_not(input)", "torch.Tensor.logical_not()"),
    tf=("tf.math.logical_not(x)", "tf.logical_not(x)", "keras.ops.logical_not(x)"),
    args=(tensor("input", "x"),),
    order="keeps",
    shape=like_first,
    dtype="bool",
    cases=(
        case("torch.logical_not(x > 0)", x=_X),
        case("tf.logical_not(x > 0)", x=_X, side="tensorflow"),
    ),
)
WHERE = Function(
    torch="torch.where(condition, input, other)",
    tf=("tf.where(condition, x=None, y=None)", "keras.ops.where(condition, x1=None, x2=None)"),
    args=(tensor("condition", "condition"), tensor("input", "x"), tensor("other", "y")),
    order="keeps",
    shape=like_first,
    words="select choose condition",
    differs="torch takes numbers and tensors of several types together, TensorFlow only what fits.",
    cases=(
        case("torch.where(x > 0, x, y)", x=f32(2, 3), y=f32(2, 3)),
        case("torch.where(x > 0, x, 0.0)", x=f32(2, 3)),
        case("tf.where(x > 0, x, tf.zeros_like(x))", x=f32(2, 3), side="tensorflow"),
    ),
)
NONZERO = Function(
    torch=("torch.nonzero(input)", "torch.Tensor.nonzero()"),
    tf="tf.where(condition, x=None, y=None)",
    args=(
        tensor("input", "condition"),
        fixed("tensorflow", "x", "None"),
        fixed("tensorflow", "y", "None"),
    ),
    dtype="int64",
    words="indices of true argwhere",
    cases=(
        case("torch.nonzero(x)", x=_X),
        case("tf.where(x > 1)", x=_X, side="tensorflow"),
    ),
)
MASKED_FILL = Pair(
    torch=("torch.masked_fill(input, mask, value)", "torch.Tensor.masked_fill(mask, value)"),
    tf="tf.where(mask, value, input)",
    args=(tensor("input", "input"), tensor("mask", "mask"), tensor("value", "value")),
    order="keeps",
    shape=like_first,
    only_from="torch",
    words="mask fill",
    cases=(
        case("x.masked_fill(x > 0, -1.0)", x=f32(2, 3)),
        case("x.masked_fill(y > 0, 0)", x=f32(2, 3), y=f32(3)),
        case("x.masked_fill(x > 0, float('-inf')).softmax(dim=-1)", x=f32(2, 30)),
    ),
)

RECORDS: tuple[Record, ...] = (
    _comparison("eq", "equal", "eq"),
    _comparison("ne", "not_equal", "not_equal"),
    _comparison("gt", "greater", "greater"),
    _comparison("ge", "greater_equal", "greater_equal"),
    _comparison("lt", "less", "less"),
    _comparison("le", "less_equal", "less_equal"),
    _logical("and"),
    _logical("or"),
    _logical("xor"),
    LOGICAL_NOT,
    WHERE,
    NONZERO,
    MASKED_FILL,
)
