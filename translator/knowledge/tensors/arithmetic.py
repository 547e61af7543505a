"""Functions of two tensors, element by element."""

from __future__ import annotations

from translator.knowledge.cases import Case, case, f32, ints, positive
from translator.knowledge.lenses import Lens, fixed, number, same, tensor
from translator.knowledge.records import Function, Pair, Record
from translator.knowledge.shapes import like_first

_X, _Y = f32(2, 3), f32(2, 3)


def _binary(
    torch: tuple[str, ...],
    tf: tuple[str, ...],
    *rules: Lens,
    names: tuple[str, str] = ("other", "y"),
    cases: tuple[Case, ...] = (),
    differs: str = "",
    words: str = "",
) -> Function:
    """A function of two tensors or a tensor and a number; the first signatures call the second `names`."""
    return Function(
        torch=torch,
        tf=tf,
        args=(tensor("input", "x"), tensor(*names), *rules),
        order="keeps",
        shape=like_first,
        differs=differs,
        words=words,
        cases=cases,
    )


def _both(torch: str, tf: str) -> tuple[Case, ...]:
    return (
        case(f"torch.{torch}(x, y)", x=_X, y=f32(3)),
        case(f"torch.{torch}(x, 2)", x=_X),
        case(f"x.{torch}(y)", x=_X, y=_Y),
        case(f"tf.{tf}(x, y)", x=_X, y=_Y, side="tensorflow"),
        case(f"tf.{tf}(x, 0.5)", x=_X, side="tensorflow"),
    )


_ALPHA = fixed("torch", "alpha", "1")
_ROUNDING = fixed("torch", "rounding_mode", "None")

ADD = _binary(
    ("torch.add(input, other, *, alpha=1)", "torch.Tensor.add(other, *, alpha=1)"),
    ("tf.add(x, y)", "tf.math.add(x, y)", "keras.ops.add(x1, x2)"),
    _ALPHA,
    cases=_both("add", "add"),
    words="plus",
)
SUB = _binary(
    (
        "torch.sub(input, other, *, alpha=1)",
        "torch.Tensor.sub(other, *, alpha=1)",
        "torch.subtract(input, other, *, alpha=1)",
        "torch.Tensor.subtract(other, *, alpha=1)",
    ),
    ("tf.subtract(x, y)", "tf.math.subtract(x, y)", "keras.ops.subtract(x1, x2)"),
    _ALPHA,
    cases=_both("sub", "subtract"),
    words="minus",
)
MUL = _binary(
    (
        "torch.mul(input, other)",
        "torch.Tensor.mul(value)",
        "torch.multiply(input, other)",
        "torch.Tensor.multiply(value)",
    ),
    ("tf.multiply(x, y)", "tf.math.multiply(x, y)", "keras.ops.multiply(x1, x2)"),
    cases=_both("mul", "multiply"),
    words="times product",
)
DIV = _binary(
    (
        "torch.div(input, other, *, rounding_mode=None)",
        "torch.Tensor.div(value, *, rounding_mode=None)",
        "torch.divide(input, other, *, rounding_mode=None)",
        "torch.true_divide(dividend, divisor)",
        "torch.Tensor.divide(value, *, rounding_mode=None)",
        "torch.Tensor.true_divide(value)",
    ),
    ("tf.divide(x, y)", "tf.math.divide(x, y)", "tf.truediv(x, y)", "keras.ops.divide(x1, x2)"),
    _ROUNDING,
    cases=(
        case("torch.div(x, y)", x=_X, y=positive(2, 3)),
        case("x.div(4)", x=_X),
        case("tf.divide(x, y)", x=_X, y=positive(2, 3), side="tensorflow"),
    ),
    differs="Of two integers torch makes 32-bit floats and TensorFlow 64-bit ones.",
)
FLOOR_DIV = _binary(
    ("torch.floor_divide(input, other)", "torch.Tensor.floor_divide(value)"),
    ("tf.math.floordiv(x, y)", "keras.ops.floor_divide(x1, x2)"),
    cases=(
        case("torch.floor_divide(x, 3)", x=ints(2, 5, high=9)),
        case("tf.math.floordiv(x, 3)", x=ints(2, 5, high=9), side="tensorflow"),
    ),
    differs="Both round down, negative numbers too.",
)
FLOOR_DIV_MODE = Pair(
    torch=(
        "torch.div(input, other, *, rounding_mode=None)",
        "torch.Tensor.div(value, *, rounding_mode=None)",
    ),
    tf="tf.math.floordiv(x, y)",
    args=(tensor("input", "x"), tensor("other", "y"), fixed("torch", "rounding_mode", "'floor'")),
    order="keeps",
    shape=like_first,
    only_from="torch",
    cases=(case("torch.div(x, 3, rounding_mode='floor')", x=ints(2, 5, high=9)),),
)
REMAINDER = _binary(
    ("torch.remainder(input, other)", "torch.Tensor.remainder(divisor)"),
    ("tf.math.floormod(x, y)", "tf.math.mod(x, y)", "keras.ops.mod(x1, x2)"),
    cases=(
        case("torch.remainder(x, 3)", x=ints(2, 5, high=9)),
        case("tf.math.floormod(x, 0.7)", x=_X, side="tensorflow"),
    ),
    differs="Both take the sign of the divisor, as Python does.",
    words="modulo",
)
POW = _binary(
    ("torch.pow(input, exponent)", "torch.Tensor.pow(exponent)"),
    ("tf.pow(x, y)", "tf.math.pow(x, y)", "keras.ops.power(x1, x2)"),
    names=("exponent", "y"),
    cases=(
        case("torch.pow(x, 2)", x=_X),
        case("x.pow(3)", x=_X),
        case("tf.pow(x, 2.0)", x=_X, side="tensorflow"),
    ),
    words="power",
)
ATAN2 = Function(
    torch=(
        "torch.atan2(input, other)",
        "torch.Tensor.atan2(other)",
        "torch.arctan2(input, other)",
        "torch.Tensor.arctan2(other)",
    ),
    tf=("tf.atan2(y, x)", "tf.math.atan2(y, x)", "keras.ops.arctan2(x1, x2)"),
    args=(tensor("input", "y"), tensor("other", "x")),
    order="keeps",
    shape=like_first,
    cases=(case("torch.atan2(x, y)", x=_X, y=_Y),),
)

_CLAMP = ("torch.clamp(input, min=None, max=None)", "torch.Tensor.clamp(min=None, max=None)")
_CLIP = "torch.clip(input, min=None, max=None)"

CLAMP = Function(
    torch=(*_CLAMP, _CLIP, "torch.Tensor.clip(min=None, max=None)"),
    tf=("tf.clip_by_value(t, clip_value_min, clip_value_max)", "keras.ops.clip(x, x_min, x_max)"),
    args=(tensor("input", "t"), same("min", "clip_value_min"), same("max", "clip_value_max")),
    order="keeps",
    shape=like_first,
    words="clip clamp",
    cases=(
        case("torch.clamp(x, -0.5, 0.5)", x=_X),
        case("x.clamp(min=-1, max=1)", x=_X),
        case("tf.clip_by_value(x, 0.0, 1.0)", x=_X, side="tensorflow"),
    ),
)


def _bound(torch: str, other: str, tf: str) -> tuple[Record, ...]:
    """`clamp` with one bound is TensorFlow's maximum or minimum with a number, on either side of it."""
    plain = Function(
        torch=_CLAMP,
        tf=(f"tf.{tf}(x, y)", f"tf.math.{tf}(x, y)", f"keras.ops.{tf}(x1, x2)"),
        args=(tensor("input", "x"), number(torch, "y"), fixed("torch", other, "None")),
        order="keeps",
        shape=like_first,
        differs="tf.clip_by_value wants both bounds; torch.maximum and torch.minimum take no number.",
        naive="tf.clip_by_value(x, 0, None)",
        error="raises ValueError",
        words="clip clamp bound",
        cases=(
            case(f"torch.clamp(x, {torch}=0)", x=_X),
            case(f"x.clamp({torch}=0.3)", x=_X),
            case(f"tf.{tf}(x, 0.1)", x=_X, side="tensorflow"),
        ),
    )
    turned = Pair(
        torch=f"torch.clamp(y, {torch}=x)",
        tf=(f"tf.{tf}(x, y)", f"tf.math.{tf}(x, y)", f"keras.ops.{tf}(x1, x2)"),
        args=(number("x", "x"), tensor("y", "y")),
        order="keeps",
        shape=like_first,
        only_from="tensorflow",
        cases=(case(f"tf.{tf}(0.1, x)", x=_X, side="tensorflow"),),
    )
    named = Pair(
        torch=(f"torch.clamp_{torch}(input, {torch})", f"torch.Tensor.clamp_{torch}({torch})"),
        tf=f"tf.{tf}(input, {torch})",
        args=(tensor("input", "input"), tensor(torch, torch)),
        order="keeps",
        shape=like_first,
        only_from="torch",
        words="clip clamp bound",
        cases=(
            case(f"torch.clamp_{torch}(x, 0.2)", x=_X),
            case(f"x.clamp_{torch}(y)", x=_X, y=_Y),
        ),
    )
    return plain, turned, named


def _extreme(name: str, short: str) -> tuple[Function, Pair]:
    """The larger or smaller of two tensors; `torch.max(x, y)` means that only where `y` is a tensor."""
    cases = (
        case(f"torch.{name}(x, y)", x=_X, y=f32(3)),
        case(f"tf.{name}(x, y)", x=_X, y=_Y, side="tensorflow"),
    )
    function = _binary(
        (f"torch.{name}(input, other)", f"torch.Tensor.{name}(other)"),
        (f"tf.{name}(x, y)", f"tf.math.{name}(x, y)", f"keras.ops.{name}(x1, x2)"),
        cases=cases,
        differs="Where both are equal, torch gives each half of the gradient, TensorFlow all of it to the first.",
    )
    old = Pair(
        torch=(f"torch.{short}(input, other)", f"torch.Tensor.{short}(other)"),
        tf=f"tf.{name}(input, other)",
        args=(tensor("input", "input"), tensor("other", "other", known=True)),
        order="keeps",
        shape=like_first,
        only_from="torch",
        cases=(case(f"torch.{short}(x, y)", x=_X, y=_Y),),
    )
    return function, old


SQUARED_DIFFERENCE = Pair(
    torch="torch.square(x - y)",
    tf="tf.math.squared_difference(x, y)",
    args=(tensor("x", "x"), tensor("y", "y")),
    order="keeps",
    shape=like_first,
    only_from="tensorflow",
    cases=(case("tf.math.squared_difference(x, y)", x=_X, y=_Y, side="tensorflow"),),
)
ADD_N = Pair(
    torch="sum(inputs)",
    tf=("tf.add_n(inputs)", "tf.math.add_n(inputs)"),
    args=(same("inputs"),),
    only_from="tensorflow",
    cases=(case("tf.add_n([x, y])", x=_X, y=_Y, side="tensorflow"),),
)

RECORDS: tuple[Record, ...] = (
    ADD, SUB, MUL, DIV, FLOOR_DIV, FLOOR_DIV_MODE, REMAINDER, POW, ATAN2, CLAMP,
    *_bound("min", "max", "maximum"),
    *_bound("max", "min", "minimum"),
    *_extreme("maximum", "max"),
    *_extreme("minimum", "min"),
    SQUARED_DIFFERENCE,
    ADD_N,
)  # fmt: skip
