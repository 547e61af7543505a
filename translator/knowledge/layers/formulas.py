"""Functions and layers that TensorFlow has no name for but a short formula, in a `Lambda` where a layer is wanted."""

from __future__ import annotations

import re

from translator.knowledge.cases import Array, Case, case, f32
from translator.knowledge.layers.convolution import image
from translator.knowledge.lenses import Lens, axis, fixed, only, same, tensor
from translator.knowledge.records import Order, Pair, Record
from translator.knowledge.shapes import ShapeRule, like_first

_BACK = "no record leads back"
_INPLACE = only("torch", "inplace", "TensorFlow's tensors are immutable")
_X = f32(2, 3)


def formula(
    torch: str,
    layer: str,
    tf: str,
    *rules: Lens,
    cases: tuple[str, ...],
    array: Array = _X,
    order: Order = "keeps",
    rank: int | None = None,
    shape: ShapeRule = like_first,
    helper: tuple[str, str] = ("", ""),
    differs: str = "",
    words: str = "",
    back: str = _BACK,
) -> tuple[Pair, ...]:
    """A function of one tensor, `input`, and its layer, which gives that formula a name of its own.

    Both are spelled without the tensor; `cases` are arguments behind it.
    """

    def pair(torch: str, tf: str, operands: tuple[Lens, ...], cases: tuple[Case, ...]) -> Pair:
        return Pair(
            torch=torch,
            tf=tf,
            args=(*operands, *rules),
            order=order,
            rank=rank,
            shape=shape,
            dtype="float",
            only_from="torch",
            helper=helper,
            differs=differs,
            words=words,
            cases=cases,
        )

    name, _, rest = torch.partition("(")
    called = tuple(
        case(f"{name}({', '.join(filter(None, ('x', text)))})", x=array, one_way=back)
        for text in cases
    )
    inner = re.sub(r"\binput\b", "x", tf)
    found = [
        pair(
            f"{name}({', '.join(filter(None, ('input', rest[:-1])))})",
            tf,
            (tensor("input", "input"),),
            called,
        )
    ]
    if layer:
        built = layer.partition("(")[0]
        found.append(
            pair(
                layer,
                f"keras.layers.Lambda(lambda x: {inner})",
                (),
                tuple(case(f"{built}({text})", array, one_way=back) for text in cases),
            )
        )
    return tuple(found)


_F = "torch.nn.functional"
_THRESHOLD = formula(
    f"{_F}.threshold(threshold, value, inplace=False)",
    "torch.nn.Threshold(threshold, value, inplace=False)",
    "tf.where(input > threshold, input, value)",
    same("threshold"),
    same("value"),
    _INPLACE,
    cases=("0.1, 20.0", "0, 0"),
    words="threshold cut",
)
_SOFTMIN = formula(
    f"{_F}.softmin(dim=None)",
    "torch.nn.Softmin(dim=None)",
    "tf.nn.softmax(-input, axis=dim)",
    axis("dim", "dim", needs="value"),
    cases=("dim=1", "dim=-1"),
    array=f32(2, 3, 4),
    words="softmax of what is small",
)
_RANDOM_RELU = formula(
    f"{_F}.rrelu(lower=0.125, upper=0.3333333333333333, training=False, inplace=False)",
    "",
    "tf.where(input > 0, input, input * (lower + upper) / 2)",
    same("lower"),
    same("upper"),
    fixed("torch", "training", "False"),
    _INPLACE,
    cases=("", "0.25, 0.5"),
    words="randomized leaky relu",
)
_TANH = formula(
    f"{_F}.hardtanh(min_val=-1.0, max_val=1.0, inplace=False)",
    "torch.nn.Hardtanh(min_val=-1.0, max_val=1.0, inplace=False)",
    "tf.clip_by_value(input, min_val, max_val)",
    same("min_val"),
    same("max_val"),
    _INPLACE,
    cases=("-0.5, 0.7",),
    words="clip hardtanh",
)
_SOFTPLUS = formula(
    f"{_F}.softplus(beta=1, threshold=20)",
    "torch.nn.Softplus(beta=1.0, threshold=20.0)",
    "tf.where(input * beta > threshold, input, tf.nn.softplus(beta * input) / beta)",
    same("beta"),
    same("threshold"),
    cases=("2.0, 1.0", "0.5"),
    words="softplus",
)
SOFTMAX_2D = Pair(
    torch="torch.nn.Softmax2d()",
    tf="keras.layers.Softmax()",
    order="wants",
    rank=4,
    shape=like_first,
    dtype="float",
    only_from="torch",
    words="softmax channels",
    cases=(case("torch.nn.Softmax2d()", image(2, 3), one_way="Keras has one softmax for all"),),
)
PRELU = Pair(
    torch=(
        f"{_F}.prelu(input, weight)",
        "torch.prelu(input, weight)",
        "torch.Tensor.prelu(weight)",
    ),
    tf="prelu(input, weight)",
    args=(tensor("input", "input"), tensor("weight", "weight")),
    shape=like_first,
    dtype="float",
    only_from="torch",
    helper=(
        "prelu",
        '''
def prelu(input, weight):
    """A rectifier with a slope for each channel, which are along axis 1."""
    if len(input.shape) > 1:
        weight = tf.reshape(weight, [-1] + [1] * (len(input.shape) - 2))
    return tf.where(input >= 0, input, weight * input)
''',
    ),
    differs="torch has a slope for each channel, the second axis, TensorFlow broadcasts them along the last.",
    words="learned slope relu",
    cases=(
        case(f"{_F}.prelu(x, w)", x=image(2, 3), w=f32(3), one_way=_BACK),
        case(f"{_F}.prelu(x, w)", x=f32(4, 3), w=f32(1), one_way=_BACK),
    ),
)

RECORDS: tuple[Record, ...] = (
    *_THRESHOLD,
    *_SOFTMIN,
    *_RANDOM_RELU,
    *_TANH,
    *_SOFTPLUS,
    SOFTMAX_2D,
    PRELU,
)
