"""Smooth, hard and gated activations."""

from __future__ import annotations

from translator.knowledge.cases import Case, case, f32
from translator.knowledge.layers.activations import activation
from translator.knowledge.lenses import Lens, fixed, same, tensor
from translator.knowledge.records import Function, Pair, Record
from translator.knowledge.shapes import like_first

_X = f32(2, 3)


def _plain(
    torch: str,
    layer: str,
    *tf: str,
    inplace: bool = True,
    rounding: str = "",
) -> Function:
    """An activation without parameters."""
    flag = "inplace=False" if inplace else ""
    comma = ", " if inplace else ""
    return activation(
        (f"torch.nn.functional.{torch}(input{comma}{flag})", f"torch.nn.{layer}({flag})"),
        tf,
        rounding=rounding,
        cases=_cases(f"{torch}(x)", f"{layer}()", tf[0].partition("(")[0]),
    )


def _cases(function: str, layer: str, tf: str) -> tuple[Case, ...]:
    return (
        case(f"torch.nn.functional.{function}", x=_X),
        case(f"torch.nn.{layer}", _X),
        case(f"{tf}(x)", x=_X, side="tensorflow"),
    )


GELU = activation(
    ("torch.nn.functional.gelu(input, approximate='none')", "torch.nn.GELU(approximate='none')"),
    (
        "keras.activations.gelu(x, approximate=False)",
        "tf.nn.gelu(features, approximate=False)",
        "'gelu'",
    ),
    fixed("torch", "approximate", "'none'"),
    fixed("tensorflow", "approximate", "False"),
    differs="keras.ops.gelu approximates by default; keras.activations.gelu and torch do not.",
    naive="keras.ops.gelu(x)",
    error="5e-04",
    rounding="tf.nn.gelu holds the root of two in 32 bits.",
    cases=_cases("gelu(x)", "GELU()", "tf.nn.gelu"),
)

GELU_TANH = activation(
    ("torch.nn.functional.gelu(input, approximate='none')", "torch.nn.GELU(approximate='none')"),
    (
        "keras.activations.gelu(x, approximate=False)",
        "keras.ops.gelu(x, approximate=True)",
        "tf.nn.gelu(features, approximate=False)",
    ),
    fixed("torch", "approximate", "'tanh'"),
    fixed("tensorflow", "approximate", "True"),
    rounding="The constants of the approximation are held in 32 bits.",
    cases=(
        case("torch.nn.functional.gelu(x, approximate='tanh')", x=_X),
        case("keras.ops.gelu(x)", x=_X, side="tensorflow"),
    ),
)

SOFTPLUS = activation(
    (
        "torch.nn.functional.softplus(input, beta=1, threshold=20)",
        "torch.nn.Softplus(beta=1.0, threshold=20.0)",
    ),
    (
        "tf.nn.softplus(features)",
        "tf.math.softplus(features)",
        "keras.activations.softplus(x)",
        "keras.ops.softplus(x)",
        "'softplus'",
    ),
    fixed("torch", "beta", "1"),
    fixed("torch", "threshold", "20"),
    cases=(case("torch.nn.functional.softplus(x)", x=f32(2, 3)),),
)

SOFTPLUS_BETA = Pair(
    torch="torch.nn.functional.softplus(input, beta=1, threshold=20)",
    tf="tf.nn.softplus(beta * input) / beta",
    args=(tensor("input", "input"), same("beta"), fixed("torch", "threshold", "20")),
    order="keeps",
    shape=like_first,
    dtype="float",
    only_from="torch",
    naive="tf.nn.softplus(x)",
    error="3e-01",
    cases=(case("torch.nn.functional.softplus(x, beta=2)", x=_X),),
)


def _shrink(torch: str, layer: str, tf: str) -> Function:
    rule: Lens = same("lambd", "threshold")
    return activation(
        (f"torch.nn.functional.{torch}(input, lambd=0.5)", f"torch.nn.{layer}(lambd=0.5)"),
        (
            f"keras.activations.{tf}(x, threshold=0.5)",
            f"keras.ops.{tf}(x, threshold=0.5)",
            f"'{tf}'",
        ),
        rule,
        cases=_cases(f"{torch}(x, 0.3)", f"{layer}()", f"keras.activations.{tf}"),
    )


CELU = activation(
    (
        "torch.nn.functional.celu(input, alpha=1.0, inplace=False)",
        "torch.nn.CELU(alpha=1.0, inplace=False)",
    ),
    ("keras.activations.celu(x, alpha=1.0)", "keras.ops.celu(x, alpha=1.0)", "'celu'"),
    same("alpha"),
    cases=_cases("celu(x, 2.0)", "CELU()", "keras.activations.celu"),
)
HARDTANH = activation(
    (
        "torch.nn.functional.hardtanh(input, min_val=-1.0, max_val=1.0, inplace=False)",
        "torch.nn.Hardtanh(min_val=-1.0, max_val=1.0, inplace=False)",
    ),
    ("keras.activations.hard_tanh(x)", "keras.ops.hard_tanh(x)", "'hard_tanh'"),
    fixed("torch", "min_val", "-1.0"),
    fixed("torch", "max_val", "1.0"),
    cases=_cases("hardtanh(x)", "Hardtanh()", "keras.activations.hard_tanh"),
)
RELU6 = activation(
    (
        "torch.nn.functional.relu6(input, inplace=False)",
        "torch.nn.ReLU6(inplace=False)",
    ),
    (
        "tf.nn.relu6(features)",
        "keras.activations.relu6(x)",
        "keras.ops.relu6(x)",
        "'relu6'",
        "keras.layers.ReLU(max_value=None, negative_slope=0.0, threshold=0.0)",
    ),
    fixed("tensorflow", "max_value", "6.0"),
    fixed("tensorflow", "negative_slope", "0.0"),
    fixed("tensorflow", "threshold", "0.0"),
    cases=(
        *_cases("relu6(x)", "ReLU6()", "tf.nn.relu6"),
        case("keras.layers.ReLU(6.0)", f32(2, 3), side="tensorflow"),
        case("keras.layers.ReLU(max_value=6)", f32(2, 3), side="tensorflow"),
    ),
)
GLU = Function(
    torch=("torch.nn.functional.glu(input, dim=-1)", "torch.nn.GLU(dim=-1)"),
    tf=("keras.activations.glu(x, axis=-1)", "keras.ops.glu(x, axis=-1)", "'glu'"),
    args=(tensor("input", "x"), same("dim", "axis")),
    dtype="float",
    words="gated linear unit",
    cases=(
        case("torch.nn.functional.glu(x, dim=1)", x=f32(2, 4, 3)),
        case("keras.activations.glu(x)", x=f32(2, 4), side="tensorflow"),
    ),
)
RECORDS: tuple[Record, ...] = (
    GELU,
    GELU_TANH,
    SOFTPLUS,
    SOFTPLUS_BETA,
    CELU,
    HARDTANH,
    GLU,
    _plain(
        "selu", "SELU", "tf.nn.selu(features)", "keras.activations.selu(x)", "keras.ops.selu(x)",
        "'selu'", rounding="tf.nn.selu holds its constants in 32 bits.",
    ),
    RELU6,
    _plain(
        "hardsigmoid", "Hardsigmoid", "keras.activations.hard_sigmoid(x)",
        "keras.ops.hard_sigmoid(x)", "'hard_sigmoid'", rounding="Keras divides by six in 32 bits.",
    ),
    _plain(
        "hardswish", "Hardswish", "keras.activations.hard_silu(x)",
        "keras.activations.hard_swish(x)", "keras.ops.hard_silu(x)", "keras.ops.hard_swish(x)",
        "'hard_silu'", "'hard_swish'",
    ),
    _plain("mish", "Mish", "keras.activations.mish(x)", "'mish'"),
    _plain(
        "softsign", "Softsign", "tf.nn.softsign(features)", "keras.activations.softsign(x)",
        "keras.ops.softsign(x)", "'softsign'", inplace=False,
    ),
    _plain(
        "logsigmoid", "LogSigmoid", "tf.math.log_sigmoid(x)", "keras.activations.log_sigmoid(x)",
        "keras.ops.log_sigmoid(x)", "'log_sigmoid'", inplace=False,
    ),
    _plain(
        "tanhshrink", "Tanhshrink", "keras.activations.tanh_shrink(x)", "keras.ops.tanh_shrink(x)",
        "'tanh_shrink'", inplace=False,
    ),
    _shrink("softshrink", "Softshrink", "soft_shrink"),
    _shrink("hardshrink", "Hardshrink", "hard_shrink"),
)  # fmt: skip
