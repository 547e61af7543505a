"""Functions of TensorFlow and Keras that torch writes as a short formula."""

from __future__ import annotations

from typing import Any

from translator.knowledge.cases import Array, Case, f32, script
from translator.knowledge.lenses import Lens, axis, fixed, number, only, same, tensor
from translator.knowledge.records import Pair, Record, Refusal
from translator.knowledge.shapes import like_first

_BACK = "no record leads back"
_X = f32(4, 3)


def _there(torch: str, tf: str | tuple[str, ...], *args: Lens, **more: Any) -> Pair:
    return Pair(torch=torch, tf=tf, args=args, only_from="tensorflow", **more)


def _case(text: str, **arrays: Array) -> Case:
    return Case(text, (("x", _X), *arrays.items()), "tensorflow", one_way=_BACK)


L2_LOSS = _there(
    "torch.sum(t ** 2) / 2",
    "tf.nn.l2_loss(t)",
    tensor("t", "t"),
    words="penalty squares weight decay",
    cases=(_case("tf.nn.l2_loss(x)"),),
)
CLIP_BY_NORM = _there(
    "t * (clip_norm / t.norm().clamp(min=clip_norm))",
    "tf.clip_by_norm(t, clip_norm, axes=None)",
    tensor("t", "t"),
    number("clip_norm", "clip_norm"),
    fixed("tensorflow", "axes", "None"),
    words="gradient clipping",
    cases=(_case("tf.clip_by_norm(x, 0.5)"), _case("tf.clip_by_norm(x, 50.0)")),
)
_MOMENTS = '''
def moments(inputs, axes, keepdims=False):
    """The mean and the variance along some axes."""
    variance, mean = torch.var_mean(inputs, axes, correction=0, keepdim=keepdims)
    return mean, variance
'''
MOMENTS = _there(
    "moments(x, axes, keepdims=keepdims)",
    (
        "tf.nn.moments(x, axes, shift=None, keepdims=False)",
        "keras.ops.moments(x, axes, keepdims=False)",
    ),
    tensor("x", "x"),
    axis("axes", "axes"),
    only("tensorflow", "shift", "it is not used"),
    same("keepdims"),
    gives="tensors",
    helper=("moments", _MOMENTS),
    words="mean variance statistics",
    cases=(
        _case("tf.nn.moments(x, [0])[1]"),
        _case("tf.nn.moments(x, axes=[0, 1], keepdims=True)[0] + x"),
    ),
)
BIAS_ADD = _there(
    "value + bias",
    "tf.nn.bias_add(value, bias, data_format=None)",
    tensor("value", "value"),
    tensor("bias", "bias"),
    fixed("tensorflow", "data_format", "None", "'NHWC'"),
    shape=like_first,
    cases=(_case("tf.nn.bias_add(x, y)", y=f32(3)),),
)
SCALAR_MUL = _there(
    "scalar * x",
    ("tf.math.scalar_mul(scalar, x)", "tf.scalar_mul(scalar, x)"),
    same("scalar"),
    tensor("x", "x"),
    shape=like_first,
    cases=(_case("tf.math.scalar_mul(2.5, x)"),),
)
ENSURED = _there(
    "x",
    "tf.ensure_shape(x, shape)",
    tensor("x", "x"),
    only("tensorflow", "shape", "torch's tensors know their shape"),
    shape=like_first,
    cases=(_case("tf.ensure_shape(x, (4, 3)) * 2"),),
)
IS_TENSOR = _there(
    "torch.is_tensor(x)",
    ("tf.is_tensor(x)", "keras.ops.is_tensor(x)"),
    same("x"),
    gives="number",
    cases=(_case("x * 2 if tf.is_tensor(x) else x"),),
)
NORMALIZE = _there(
    "F.normalize(x, p=order, dim=axis, eps=1e-7)",
    "keras.ops.normalize(x, axis=-1, order=2, epsilon=None)",
    tensor("x", "x"),
    axis("axis", "axis"),
    same("order"),
    fixed("tensorflow", "epsilon", "None", "1e-7", "1e-07"),
    shape=like_first,
    words="unit norm",
    cases=(_case("keras.ops.normalize(x)"), _case("keras.ops.normalize(x, axis=0, order=1)")),
)
FLIP_ALL = _there(
    "x.flip(axis)",
    "keras.ops.flip(x, axis)",
    tensor("x", "x"),
    axis("axis", "axis"),
    shape=like_first,
    cases=(_case("keras.ops.flip(x, 1)"), _case("keras.ops.flip(x, axis=(0, 1))")),
)
SQUAREPLUS = _there(
    "(x + torch.sqrt(x ** 2 + b)) / 2",
    ("keras.activations.squareplus(x, b=4)", "keras.ops.squareplus(x, b=4)"),
    tensor("x", "x"),
    same("b"),
    shape=like_first,
    words="activation",
    cases=(_case("keras.activations.squareplus(x)"),),
)
SPARSE_SIGMOID = _there(
    "((x + 1) / 2).clamp(0, 1)",
    ("keras.activations.sparse_sigmoid(x)", "keras.ops.sparse_sigmoid(x)"),
    tensor("x", "x"),
    shape=like_first,
    words="activation",
    cases=(_case("keras.activations.sparse_sigmoid(x)"),),
)
_SPARSE_PLUS = '''
def sparse_plus(inputs):
    """Nothing below -1, the input above 1, a parabola between."""
    return torch.where(inputs < 1, (inputs.clamp(min=-1) + 1) ** 2 / 4, inputs)
'''
SPARSE_PLUS = _there(
    "sparse_plus(x)",
    ("keras.activations.sparse_plus(x)", "keras.ops.sparse_plus(x)"),
    tensor("x", "x"),
    shape=like_first,
    helper=("sparse_plus", _SPARSE_PLUS),
    words="activation",
    cases=(_case("keras.activations.sparse_plus(x)"),),
)
SPARSEMAX = Refusal(
    torch=(),
    tf=("keras.activations.sparsemax", "keras.ops.sparsemax"),
    differs="Keras adds up the partial sums of the sorted logits where the published formula has the last of them",
    instead="write the formula that is meant: entmax.sparsemax is the published one",
    words="activation sparse softmax",
)
THRESHOLD = _there(
    "F.threshold(x, threshold, value)",
    (
        "keras.activations.threshold(x, threshold, default_value)",
        "keras.ops.threshold(x, threshold, default_value)",
    ),
    tensor("x", "x"),
    same("threshold"),
    same("value", "default_value"),
    shape=like_first,
    words="activation",
    cases=(_case("keras.activations.threshold(x, 0.5, -1.0)"),),
)
CROSS_ENTROPY = _there(
    "-torch.sum(labels * torch.log_softmax(logits, axis), axis)",
    "tf.nn.softmax_cross_entropy_with_logits(labels, logits, axis=-1)",
    tensor("labels", "labels"),
    tensor("logits", "logits"),
    axis("axis", "axis"),
    words="loss classes one-hot",
    cases=(_case("tf.nn.softmax_cross_entropy_with_logits(tf.nn.softmax(y), x)", y=_X),),
)
CATEGORICAL = _there(
    "torch.multinomial(torch.softmax(logits, -1), num_samples, replacement=True)",
    "tf.random.categorical(logits, num_samples, dtype=None, seed=None)",
    tensor("logits", "logits"),
    same("num_samples"),
    fixed("tensorflow", "dtype", "None", "tf.int64"),
    only("tensorflow", "seed", "the two sides never draw the same numbers"),
    dtype="int64",
    words="sample draw multinomial",
    cases=(
        script(
            "import tensorflow as tf\nx = tf.constant([[0.0, 100.0], [100.0, 0.0]])\n"
            "print(tf.random.categorical(x, 3).numpy().tolist())",
            side="tensorflow",
            one_way=_BACK,
        ),
    ),
)
TRUNCATED = _there(
    "nn.init.trunc_normal_(torch.empty(shape), mean, stddev, mean - 2 * stddev, mean + 2 * stddev)",
    (
        "tf.random.truncated_normal(shape, mean=0.0, stddev=1.0)",
        "keras.random.truncated_normal(shape, mean=0.0, stddev=1.0)",
    ),
    same("shape"),
    number("mean", "mean"),
    number("stddev", "stddev"),
    dtype="float32",
    differs="TensorFlow cuts at two deviations, torch at the numbers it is given.",
    words="truncated normal",
    cases=(_case("x + 0 * tf.random.truncated_normal([4, 3], 0.5, 2.0)"),),
)

RECORDS: tuple[Record, ...] = (
    L2_LOSS,
    CLIP_BY_NORM,
    MOMENTS,
    BIAS_ADD,
    SCALAR_MUL,
    ENSURED,
    IS_TENSOR,
    NORMALIZE,
    FLIP_ALL,
    SQUAREPLUS,
    SPARSE_SIGMOID,
    SPARSE_PLUS,
    SPARSEMAX,
    THRESHOLD,
    CROSS_ENTROPY,
    CATEGORICAL,
    TRUNCATED,
)
