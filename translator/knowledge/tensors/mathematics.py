"""Functions of tensors, element by element, that TensorFlow writes as a formula or knows by one name alone."""

from __future__ import annotations

from translator.knowledge.cases import Array, case, f32, ints, named_case, positive
from translator.knowledge.lenses import Lens, fixed, same, tensor
from translator.knowledge.records import Function, Pair, Record
from translator.knowledge.shapes import like_first

_X, _Y = f32(2, 3), f32(2, 3)
_BACK = "no record leads back"


def _formula(
    torch: str,
    parameters: str,
    tf: str,
    *rules: Lens,
    tensors: str = "input other",
    cases: tuple[str, ...] = (),
    arrays: dict[str, Array] | None = None,
    aliases: tuple[str, ...] = (),
    one_way: str = "",
    dtype: str | None = None,
    differs: str = "",
    words: str = "",
) -> Pair:
    """A function and the method of that name; `parameters` follow the first tensor."""
    named = [torch, *aliases]
    operands = tensors.split()
    rest = f", {parameters}" if parameters else ""
    return Pair(
        torch=tuple(
            text
            for name in named
            for text in (f"torch.{name}({operands[0]}{rest})", f"torch.Tensor.{name}({parameters})")
        ),
        tf=tf,
        args=(*(tensor(name, name) for name in operands), *rules),
        order="keeps",
        shape=like_first,
        dtype=dtype,
        only_from="torch",
        differs=differs,
        words=words,
        cases=tuple(named_case(text, arrays or {"x": _X, "y": _Y}, one_way) for text in cases),
    )


def _named(
    torch: str,
    *tf: str,
    cases: tuple[Array, Array] = (_X, _Y),
    dtype: str | None = None,
    words: str = "",
) -> Function:
    """A function of two tensors, with names of both sides."""
    first, second = tf[0].partition("(")[2][:-1].split(", ")
    return Function(
        torch=(f"torch.{torch}(input, other)", f"torch.Tensor.{torch}(other)"),
        tf=tf,
        args=(tensor("input", first), tensor("other", second)),
        order="keeps",
        shape=like_first,
        dtype=dtype,
        words=words,
        cases=(
            case(f"torch.{torch}(x, y)", x=cases[0], y=cases[1]),
            case(f"x.{torch}(y)", x=cases[0], y=cases[1]),
            case(f"{tf[0].partition('(')[0]}(x, y)", x=cases[0], y=cases[1], side="tensorflow"),
        ),
    )


_COUNTS = (ints(2, 3, high=9), ints(2, 3, high=5))
_SHARES = {"x": positive(2, 3), "y": positive(2, 3)}
_THREE = {"x": _X, "y": _Y, "z": positive(2, 3)}


def _bits(name: str) -> Function:
    return _named(
        f"bitwise_{name}",
        f"tf.bitwise.bitwise_{name}(x, y)",
        f"keras.ops.bitwise_{name}(x, y)",
        cases=_COUNTS,
        words="bits integers",
    )


def _shift(torch: str, tf: str) -> Function:
    return _named(
        f"bitwise_{torch}",
        f"tf.bitwise.{tf}(x, y)",
        f"keras.ops.bitwise_{torch}(x, y)",
        cases=_COUNTS,
        words="bits shift",
    )


BITWISE_NOT = Function(
    torch=("torch.bitwise_not(input)", "torch.Tensor.bitwise_not()"),
    tf=("keras.ops.bitwise_not(x)",),
    args=(tensor("input", "x"),),
    order="keeps",
    shape=like_first,
    words="bits complement",
    cases=(
        case("torch.bitwise_not(x)", x=ints(2, 3, high=9)),
        case("keras.ops.bitwise_not(x)", x=ints(2, 3, high=9), side="tensorflow"),
    ),
)
NAN_TO_NUM = Function(
    torch=(
        "torch.nan_to_num(input, nan=0.0, posinf=None, neginf=None)",
        "torch.Tensor.nan_to_num(nan=0.0, posinf=None, neginf=None)",
    ),
    tf="keras.ops.nan_to_num(x, nan=0.0, posinf=None, neginf=None)",
    args=(tensor("input", "x"), same("nan"), same("posinf"), same("neginf")),
    order="keeps",
    shape=like_first,
    words="replace nan infinity",
    cases=(
        case("torch.nan_to_num(torch.log(x), nan=0.5)", x=_X),
        case("keras.ops.nan_to_num(x)", x=_X, side="tensorflow"),
    ),
)
ISCLOSE = Function(
    torch=(
        "torch.isclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False)",
        "torch.Tensor.isclose(other, rtol=1e-05, atol=1e-08, equal_nan=False)",
    ),
    tf="keras.ops.isclose(x1, x2, rtol=1e-05, atol=1e-08, equal_nan=False)",
    args=(
        tensor("input", "x1"),
        tensor("other", "x2"),
        same("rtol"),
        same("atol"),
        same("equal_nan"),
    ),
    order="keeps",
    shape=like_first,
    dtype="bool",
    words="nearly equal tolerance",
    cases=(
        case("torch.isclose(x, y, atol=0.5)", x=_X, y=_Y),
        case("keras.ops.isclose(x, y, rtol=0.5)", x=_X, y=_Y, side="tensorflow"),
    ),
)

RECORDS: tuple[Record, ...] = (
    _bits("and"),
    _bits("or"),
    _bits("xor"),
    _shift("left_shift", "left_shift"),
    _shift("right_shift", "right_shift"),
    BITWISE_NOT,
    NAN_TO_NUM,
    ISCLOSE,
    _named("hypot", "keras.ops.hypot(x1, x2)", words="hypotenuse length"),
    _named("logaddexp", "keras.ops.logaddexp(x1, x2)"),
    _named("gcd", "keras.ops.gcd(x1, x2)", cases=_COUNTS, words="divisor"),
    _named("xlogy", "tf.math.xlogy(x, y)", cases=(positive(2, 3), positive(2, 3))),
    _formula(
        "fmod",
        "other",
        "keras.ops.fmod(input, other)",
        cases=("torch.fmod(x, y)", "x.fmod(2)"),
        arrays={"x": ints(2, 3, high=9), "y": positive(2, 3)},
        one_way=_BACK,
        differs="The sign is that of what is divided, as in C; torch.remainder takes the divisor's.",
        words="remainder modulo",
    ),
    _formula(
        "lerp",
        "end, weight",
        "input + weight * (end - input)",
        tensors="input end weight",
        cases=("torch.lerp(x, y, z)", "x.lerp(y, 0.3)"),
        arrays=_THREE,
        words="interpolate between",
    ),
    _formula(
        "addcmul",
        "tensor1, tensor2, *, value=1",
        "input + value * tensor1 * tensor2",
        same("value"),
        tensors="input tensor1 tensor2",
        cases=("torch.addcmul(x, y, z)", "x.addcmul(y, z, value=0.5)"),
        arrays=_THREE,
    ),
    _formula(
        "addcdiv",
        "tensor1, tensor2, *, value=1",
        "input + value * tensor1 / tensor2",
        same("value"),
        tensors="input tensor1 tensor2",
        cases=("torch.addcdiv(x, y, z)", "x.addcdiv(y, z, value=0.5)"),
        arrays=_THREE,
    ),
    _formula(
        "frac",
        "",
        "input - keras.ops.trunc(input)",
        tensors="input",
        cases=("torch.frac(x * 3)", "x.frac()"),
        words="fraction",
    ),
    _formula(
        "rad2deg",
        "",
        "input * (180 / math.pi)",
        tensors="input",
        cases=("torch.rad2deg(x)",),
        words="degrees radians",
    ),
    _formula(
        "logit",
        "eps=None",
        "tf.math.log(input / (1 - input))",
        fixed("torch", "eps", "None"),
        tensors="input",
        cases=("torch.logit(x)", "x.logit()"),
        arrays=_SHARES,
        words="inverse of sigmoid",
    ),
    _formula(
        "copysign",
        "other",
        "tf.abs(input) * tf.where(keras.ops.signbit(other), -1.0, 1.0)",
        cases=("torch.copysign(x.detach(), y.detach())",),
        one_way=_BACK,
    ),
    _formula(
        "dist",
        "other, p=2",
        "tf.norm(tf.reshape(input - other, [-1]), ord=p)",
        same("p"),
        cases=("torch.dist(x, y)", "x.dist(y, 1)"),
        words="distance norm",
    ),
)
