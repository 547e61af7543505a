"""Functions of one tensor, element by element."""

from __future__ import annotations

from translator.knowledge.cases import Array, case, f32, positive
from translator.knowledge.lenses import fixed, tensor
from translator.knowledge.records import Function, Record
from translator.knowledge.shapes import like_first

_REAL, _POSITIVE = f32(2, 3), positive(2, 3)


def _unary(
    torch: str,
    *tf: str,
    argument: Array = _REAL,
    dtype: str | None = "float",
    words: str = "",
    alias: str = "",
    rounding: str = "",
    of: str = "x",
) -> Function:
    """A function of one tensor under one name in torch, as function and as method; `alias` is another one.

    It is proved on `of`, which may lie where the function is defined.
    """
    names = [torch, alias] if alias else [torch]
    return Function(
        torch=tuple(
            text for name in names for text in (f"torch.{name}(input)", f"torch.Tensor.{name}()")
        ),
        tf=tuple(f"{name}(x)" for name in tf),
        args=(tensor("input", "x"),),
        order="keeps",
        shape=like_first,
        dtype=dtype,
        words=words,
        rounding=rounding,
        cases=(
            case(f"torch.{torch}({of})", x=argument),
            case(f"({of}).{torch}()", x=argument),
            case(f"{tf[0]}({of})", x=argument, side="tensorflow"),
        ),
    )


ROUND = Function(
    torch=("torch.round(input, *, decimals=0)", "torch.Tensor.round(decimals=0)"),
    tf=("tf.round(x)", "tf.math.round(x)", "keras.ops.round(x)"),
    args=(tensor("input", "x"), fixed("torch", "decimals", "0")),
    order="keeps",
    shape=like_first,
    differs="Both round halves to the even neighbour.",
    cases=(
        case("torch.round(x * 3)", x=_REAL),
        case("tf.round(x)", x=_REAL, side="tensorflow"),
    ),
)

RECORDS: tuple[Record, ...] = (
    _unary(
        "abs", "tf.abs", "tf.math.abs", "keras.ops.abs", "keras.ops.absolute",
        dtype=None, alias="absolute",
    ),
    _unary("exp", "tf.exp", "tf.math.exp", "keras.ops.exp", "keras.activations.exponential"),
    _unary("log", "tf.math.log", "keras.ops.log", argument=_POSITIVE),
    _unary("sqrt", "tf.sqrt", "tf.math.sqrt", "keras.ops.sqrt", argument=_POSITIVE),
    _unary("square", "tf.square", "tf.math.square", "keras.ops.square", dtype=None),
    _unary("sin", "tf.sin", "tf.math.sin", "keras.ops.sin"),
    _unary("cos", "tf.cos", "tf.math.cos", "keras.ops.cos"),
    _unary(
        "neg", "tf.negative", "tf.math.negative", "keras.ops.negative",
        dtype=None, alias="negative", words="minus",
    ),
    _unary("sign", "tf.sign", "tf.math.sign", "keras.ops.sign", dtype=None),
    _unary("floor", "tf.floor", "tf.math.floor", "keras.ops.floor"),
    _unary("ceil", "tf.math.ceil", "keras.ops.ceil"),
    ROUND,
    _unary("log1p", "tf.math.log1p", "keras.ops.log1p", argument=_POSITIVE),
    _unary("expm1", "tf.math.expm1", "keras.ops.expm1"),
    _unary("log2", "keras.ops.log2", argument=_POSITIVE),
    _unary("log10", "keras.ops.log10", argument=_POSITIVE),
    _unary("rsqrt", "tf.math.rsqrt", "keras.ops.rsqrt", argument=_POSITIVE),
    _unary("reciprocal", "tf.math.reciprocal", "keras.ops.reciprocal", argument=_POSITIVE),
    _unary("tan", "tf.tan", "tf.math.tan", "keras.ops.tan"),
    _unary("asin", "tf.asin", "tf.math.asin", "keras.ops.arcsin", argument=_POSITIVE, alias="arcsin"),
    _unary("acos", "tf.acos", "tf.math.acos", "keras.ops.arccos", argument=_POSITIVE, alias="arccos"),
    _unary("atan", "tf.atan", "tf.math.atan", "keras.ops.arctan", alias="arctan"),
    _unary("sinh", "tf.sinh", "tf.math.sinh", "keras.ops.sinh"),
    _unary("cosh", "tf.cosh", "tf.math.cosh", "keras.ops.cosh"),
    _unary("asinh", "tf.asinh", "tf.math.asinh", "keras.ops.arcsinh", alias="arcsinh"),
    _unary("atanh", "tf.atanh", "tf.math.atanh", "keras.ops.arctanh", argument=_POSITIVE, alias="arctanh"),
    _unary("erf", "tf.math.erf", "keras.ops.erf"),
    _unary("lgamma", "tf.math.lgamma", argument=_POSITIVE),
    _unary("digamma", "tf.math.digamma", argument=_POSITIVE),
    _unary(
        "acosh", "tf.acosh", "tf.math.acosh", "keras.ops.arccosh",
        argument=_POSITIVE, alias="arccosh", of="x + 1.5",
    ),
    _unary("erfc", "tf.math.erfc", "keras.ops.erfc"),
    _unary("erfinv", "tf.math.erfinv", "keras.ops.erfinv", argument=_POSITIVE),
    _unary("exp2", "keras.ops.exp2"),
    _unary("trunc", "keras.ops.trunc", alias="fix", words="towards zero integer part"),
    _unary("sinc", "keras.ops.sinc"),
    _unary("i0", "tf.math.bessel_i0", words="bessel"),
    _unary("signbit", "keras.ops.signbit", dtype="bool"),
    _unary("deg2rad", "keras.ops.deg2rad", words="degrees radians"),
    _unary("isnan", "tf.math.is_nan", "keras.ops.isnan", dtype="bool"),
    _unary("isinf", "tf.math.is_inf", "keras.ops.isinf", dtype="bool"),
    _unary("isfinite", "tf.math.is_finite", "keras.ops.isfinite", dtype="bool"),
)  # fmt: skip
