"""Activations: one record for the layer, the function, the method and the string."""

from __future__ import annotations

from translator.knowledge.cases import Case, case, f32
from translator.knowledge.lenses import Lens, axis, fixed, only, same, tensor
from translator.knowledge.records import Function, Record
from translator.knowledge.shapes import like_first
from translator.knowledge.signature import parse

_INPLACE = only("torch", "inplace", "TensorFlow's tensors are immutable")


def activation(
    torch: tuple[str, ...],
    tf: tuple[str, ...],
    *rules: Lens,
    differs: str = "",
    naive: str = "",
    error: str = "",
    rounding: str = "",
    cases: tuple[Case, ...] = (),
) -> Function:
    """An activation: the first signatures of both sides are functions."""
    return Function(
        torch=torch,
        tf=tf,
        args=(tensor("input", parse(tf[0]).parameters[0].name), *rules, _INPLACE),
        order="keeps",
        shape=like_first,
        dtype="float",
        differs=differs,
        naive=naive,
        error=error,
        rounding=rounding,
        words="activation nonlinearity",
        cases=cases,
    )


RELU = activation(
    (
        "torch.nn.functional.relu(input, inplace=False)",
        "torch.relu(input)",
        "torch.Tensor.relu()",
        "torch.nn.ReLU(inplace=False)",
    ),
    (
        "tf.nn.relu(features)",
        "keras.activations.relu(x)",
        "keras.ops.relu(x)",
        "keras.layers.ReLU(max_value=None, negative_slope=0.0, threshold=0.0)",
        "'relu'",
    ),
    fixed("tensorflow", "max_value", "None"),
    fixed("tensorflow", "negative_slope", "0.0"),
    fixed("tensorflow", "threshold", "0.0"),
    cases=(
        case("torch.nn.functional.relu(x)", x=f32(2, 3)),
        case("torch.nn.ReLU(inplace=True)", f32(2, 3)),
        case("x.relu()", x=f32(2, 3)),
        case("keras.layers.Activation('relu')", f32(2, 3), side="tensorflow"),
        case("keras.layers.ReLU(None, 0.0)", f32(2, 3), side="tensorflow"),
    ),
)

SIGMOID = activation(
    (
        "torch.sigmoid(input)",
        "torch.nn.functional.sigmoid(input)",
        "torch.Tensor.sigmoid()",
        "torch.nn.Sigmoid()",
    ),
    (
        "tf.sigmoid(x)",
        "tf.nn.sigmoid(x)",
        "tf.math.sigmoid(x)",
        "keras.activations.sigmoid(x)",
        "keras.ops.sigmoid(x)",
        "'sigmoid'",
    ),
    cases=(case("torch.sigmoid(x)", x=f32(2, 3)), case("torch.nn.Sigmoid()", f32(2, 3))),
)

TANH = activation(
    (
        "torch.tanh(input)",
        "torch.nn.functional.tanh(input)",
        "torch.Tensor.tanh()",
        "torch.nn.Tanh()",
    ),
    (
        "tf.tanh(x)",
        "tf.nn.tanh(x)",
        "tf.math.tanh(x)",
        "keras.activations.tanh(x)",
        "keras.ops.tanh(x)",
        "'tanh'",
    ),
    cases=(case("torch.tanh(x)", x=f32(2, 3)), case("torch.nn.Tanh()", f32(2, 3))),
)

SOFTMAX = activation(
    (
        "torch.softmax(input, dim)",
        "torch.nn.functional.softmax(input, dim=None)",
        "torch.Tensor.softmax(dim)",
        "torch.nn.Softmax(dim=None)",
    ),
    (
        "tf.nn.softmax(logits, axis=-1)",
        "keras.activations.softmax(x, axis=-1)",
        "keras.ops.softmax(x, axis=-1)",
        "keras.layers.Softmax(axis=-1)",
        "'softmax'",
    ),
    axis(needs="implied"),
    differs="Keras normalises the last axis unless told otherwise; torch wants the axis named.",
    naive="tf.nn.softmax(x) for softmax(x, dim=1) on images",
    error="0.64",
    cases=(
        case("torch.nn.functional.softmax(x, dim=1)", x=f32(2, 3, 4)),
        case("torch.nn.Softmax(dim=-1)", f32(2, 3)),
        case("tf.nn.softmax(x)", x=f32(2, 3), side="tensorflow"),
    ),
)

LOG_SOFTMAX = activation(
    (
        "torch.log_softmax(input, dim)",
        "torch.nn.functional.log_softmax(input, dim=None)",
        "torch.Tensor.log_softmax(dim)",
        "torch.nn.LogSoftmax(dim=None)",
    ),
    (
        "tf.nn.log_softmax(logits, axis=-1)",
        "keras.activations.log_softmax(x, axis=-1)",
        "keras.ops.log_softmax(x, axis=-1)",
        "'log_softmax'",
    ),
    axis(needs="implied"),
    cases=(
        case("torch.nn.functional.log_softmax(x, dim=1)", x=f32(2, 3)),
        case("tf.nn.log_softmax(x)", x=f32(2, 3), side="tensorflow"),
    ),
)

LEAKY_RELU = activation(
    (
        "torch.nn.functional.leaky_relu(input, negative_slope=0.01, inplace=False)",
        "torch.nn.LeakyReLU(negative_slope=0.01, inplace=False)",
    ),
    (
        "tf.nn.leaky_relu(features, alpha=0.2)",
        "keras.layers.LeakyReLU(negative_slope=0.3)",
        "keras.layers.LeakyReLU(alpha=0.3)",
        "keras.activations.leaky_relu(x, negative_slope=0.2)",
        "keras.ops.leaky_relu(x, negative_slope=0.2)",
    ),
    same("negative_slope", "alpha"),
    differs="Three defaults: 0.01 in torch, 0.3 in keras.layers.LeakyReLU, 0.2 in tf.nn.leaky_relu.",
    naive="LeakyReLU()",
    error="1.45",
    rounding="tf.nn.leaky_relu holds alpha as a 32-bit attribute of its operation.",
    cases=(
        case("torch.nn.functional.leaky_relu(x)", x=f32(2, 3)),
        case("tf.nn.leaky_relu(x)", x=f32(2, 3), side="tensorflow"),
    ),
)

ELU = activation(
    (
        "torch.nn.functional.elu(input, alpha=1.0, inplace=False)",
        "torch.nn.ELU(alpha=1.0, inplace=False)",
    ),
    (
        "keras.activations.elu(x, alpha=1.0)",
        "keras.ops.elu(x, alpha=1.0)",
        "keras.layers.ELU(alpha=1.0)",
        "tf.nn.elu(features)",
        "'elu'",
    ),
    same("alpha"),
    differs="tf.nn.elu has no alpha.",
    cases=(
        case("tf.nn.elu(x)", x=f32(2, 3), side="tensorflow"),
        case("torch.nn.functional.elu(x, 0.5)", x=f32(2, 3)),
        case("torch.nn.ELU(0.5)", f32(2, 3)),
    ),
)

SILU = activation(
    ("torch.nn.functional.silu(input, inplace=False)", "torch.nn.SiLU(inplace=False)"),
    (
        "tf.nn.silu(features)",
        "tf.nn.swish(features)",
        "keras.activations.silu(x)",
        "keras.activations.swish(x)",
        "keras.ops.silu(x)",
        "'silu'",
        "'swish'",
    ),
    cases=(case("torch.nn.functional.silu(x)", x=f32(2, 3)), case("torch.nn.SiLU()", f32(2, 3))),
)

RECORDS: tuple[Record, ...] = (RELU, SIGMOID, TANH, SOFTMAX, LOG_SOFTMAX, LEAKY_RELU, ELU, SILU)
