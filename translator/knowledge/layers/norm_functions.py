"""Linear maps and normalisation as functions, which are given their weights."""

from __future__ import annotations

from translator.knowledge.cases import Array, Case, case, f32, named_case, positive, script
from translator.knowledge.lenses import Lens, fixed, only, optional, same, tensor
from translator.knowledge.records import Pair, Record
from translator.knowledge.shapes import Bound, Shape, like_first

_F = "torch.nn.functional"
_BACK = "what the file has for it is a function of its own"
_INPUT = tensor("input", "input")


def _mapped(call: Bound) -> Shape:
    shapes = list(call.shapes.values())
    if not shapes or not shapes[0]:
        return None
    weight = shapes[1] if len(shapes) > 1 else None
    return (*shapes[0][:-1], weight[0] if weight else None)


def _linear(biased: bool) -> Pair:
    tf = "tf.matmul(input, weight, transpose_b=True)"
    arrays: dict[str, Array] = {"x": f32(2, 5, 3), "w": f32(4, 3)}
    arrays |= {"b": f32(4)} if biased else {}
    names = ", ".join(arrays)
    return Pair(
        torch=f"{_F}.linear(input, weight, bias=None)",
        tf=f"{tf} + bias" if biased else tf,
        args=(
            _INPUT,
            tensor("weight", "weight"),
            tensor("bias", "bias") if biased else fixed("torch", "bias", "None"),
        ),
        shape=_mapped,
        dtype="float",
        only_from="torch",
        differs="torch's weight is (out, in); tf.matmul takes no vector for its input.",
        words="affine linear function",
        cases=(
            named_case(f"{_F}.linear({names})", arrays),
            named_case(f"{_F}.linear({names})", {**arrays, "x": f32(2, 3)}),
        ),
    )


LAYER_NORM = (
    "layer_norm",
    '''
def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-5):
    """Normalises the last axes, as many as are named."""
    axes = list(range(-len(normalized_shape), 0))
    mean, variance = tf.nn.moments(input, axes, keepdims=True)
    return tf.nn.batch_normalization(input, mean, variance, bias, weight, eps)
''',
)
GROUP_NORM = (
    "group_norm",
    '''
def group_norm(input, num_groups, weight=None, bias=None, eps=1e-5):
    """Normalises groups of channels, which are along axis 1."""
    shape = tf.shape(input)
    groups = tf.reshape(input, [shape[0], num_groups, -1])
    mean, variance = tf.nn.moments(groups, [-1], keepdims=True)
    groups = tf.nn.batch_normalization(groups, mean, variance, None, None, eps)
    along = [-1] + [1] * (len(input.shape) - 2)
    outputs = tf.reshape(groups, shape)
    outputs = outputs if weight is None else outputs * tf.reshape(weight, along)
    return outputs if bias is None else outputs + tf.reshape(bias, along)
''',
)
BATCH_NORM = (
    "batch_norm",
    '''
def batch_norm(input, mean, variance, weight=None, bias=None, eps=1e-5):
    """Normalises channels, which are along axis 1, by given statistics or by those of the batch."""
    if mean is None:
        axes = [axis for axis in range(len(input.shape)) if axis != 1]
        mean, variance = tf.nn.moments(input, axes)
    along = [-1] + [1] * (len(input.shape) - 2)
    mean, variance, bias, weight = (
        None if given is None else tf.reshape(given, along)
        for given in (mean, variance, bias, weight)
    )
    return tf.nn.batch_normalization(input, mean, variance, bias, weight, eps)
''',
)
RMS_NORM = (
    "rms_norm",
    '''
def rms_norm(input, normalized_shape, weight=None, eps=1.1920929e-07):
    """Divides the last axes, as many as are named, by the root of their mean square."""
    axes = list(range(-len(normalized_shape), 0))
    outputs = input * tf.math.rsqrt(tf.reduce_mean(tf.square(input), axes, keepdims=True) + eps)
    return outputs if weight is None else outputs * weight
''',
)


def _function(
    torch: str,
    tf: str,
    helper: tuple[str, str],
    *rules: Lens,
    cases: tuple[Case, ...],
    differs: str = "",
    words: str = "",
) -> Pair:
    return Pair(
        torch=torch,
        tf=tf,
        args=(_INPUT, *rules),
        shape=like_first,
        dtype="float",
        only_from="torch",
        helper=helper,
        differs=differs,
        words=words,
        cases=cases,
    )


_WEIGHTS: tuple[Lens, ...] = (optional("weight", "weight"), optional("bias", "bias"))
_EPS = optional("eps", "eps")
_IMAGE, _ROWS = f32(2, 6, 3, 4), f32(2, 3, 4)
_SIX, _BIASES = positive(6), f32(6)
_RUNNING = "running_mean, running_var, weight=None, bias=None"
_NONE_RUN: tuple[Lens, ...] = (
    fixed("torch", "running_mean", "None"),
    fixed("torch", "running_var", "None"),
)
_STILL = only("torch", "momentum", "there are no running statistics to move")

RECORDS: tuple[Record, ...] = (
    _linear(False),
    _linear(True),
    _function(
        f"{_F}.layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-05)",
        "layer_norm(input, normalized_shape, weight=weight, bias=bias, eps=eps)",
        LAYER_NORM,
        same("normalized_shape"),
        *_WEIGHTS,
        _EPS,
        cases=(
            case(f"{_F}.layer_norm(x, (4,))", x=_ROWS, one_way=_BACK),
            case(f"{_F}.layer_norm(x, (3, 4), eps=0.1)", x=_ROWS, one_way=_BACK),
            case(f"{_F}.layer_norm(x, [4], w, b)", x=_ROWS, w=f32(4), b=f32(4), one_way=_BACK),
            case(f"{_F}.layer_norm(x, x.shape[1:])", x=_ROWS, one_way=_BACK),
        ),
        words="layer norm function",
    ),
    _function(
        f"{_F}.group_norm(input, num_groups, weight=None, bias=None, eps=1e-05)",
        "group_norm(input, num_groups, weight=weight, bias=bias, eps=eps)",
        GROUP_NORM,
        same("num_groups"),
        *_WEIGHTS,
        _EPS,
        cases=(
            case(f"{_F}.group_norm(x, 3)", x=_IMAGE, one_way=_BACK),
            case(f"{_F}.group_norm(x, 2, w, b, 0.1)", x=_IMAGE, w=_SIX, b=_BIASES, one_way=_BACK),
        ),
        words="group norm function",
    ),
    _function(
        f"{_F}.instance_norm(input, running_mean=None, running_var=None, weight=None, bias=None, "
        "use_input_stats=True, momentum=0.1, eps=1e-05)",
        "group_norm(input, input.shape[1], weight=weight, bias=bias, eps=eps)",
        GROUP_NORM,
        *_NONE_RUN,
        *_WEIGHTS,
        fixed("torch", "use_input_stats", "True"),
        _STILL,
        _EPS,
        cases=(
            case(f"{_F}.instance_norm(x)", x=_IMAGE, one_way=_BACK),
            case(
                f"{_F}.instance_norm(x, weight=w, bias=b, eps=0.1)",
                x=_IMAGE,
                w=_SIX,
                b=_BIASES,
                one_way=_BACK,
            ),
        ),
        words="instance norm function style",
    ),
    _function(
        f"{_F}.batch_norm(input, {_RUNNING}, training=False, momentum=0.1, eps=1e-05)",
        "batch_norm(input, running_mean, running_var, weight=weight, bias=bias, eps=eps)",
        BATCH_NORM,
        tensor("running_mean", "running_mean"),
        tensor("running_var", "running_var"),
        *_WEIGHTS,
        fixed("torch", "training", "False"),
        _STILL,
        _EPS,
        cases=(
            case(
                f"{_F}.batch_norm(x, m.detach(), v.detach())",
                x=_IMAGE,
                m=_BIASES,
                v=_SIX,
                one_way=_BACK,
            ),
            case(
                f"{_F}.batch_norm(x, m.detach(), v.detach(), w, b, False, 0.1, 0.01)",
                x=_IMAGE,
                m=_BIASES,
                v=_SIX,
                w=_SIX,
                b=_BIASES,
                one_way=_BACK,
            ),
        ),
        differs="In training torch's function changes the running statistics that it is given; a function of "
        "TensorFlow cannot, a BatchNormalization layer does.",
        words="batch norm function",
    ),
    _function(
        f"{_F}.batch_norm(input, {_RUNNING}, training=False, momentum=0.1, eps=1e-05)",
        "batch_norm(input, None, None, weight=weight, bias=bias, eps=eps)",
        BATCH_NORM,
        *_NONE_RUN,
        *_WEIGHTS,
        fixed("torch", "training", "True"),
        _STILL,
        _EPS,
        cases=(
            case(f"{_F}.batch_norm(x, None, None, training=True)", x=_IMAGE, one_way=_BACK),
            case(
                f"{_F}.batch_norm(x, None, None, w, b, True)",
                x=f32(5, 6),
                w=_SIX,
                b=_BIASES,
                one_way=_BACK,
            ),
        ),
        words="batch norm function statistics of the batch",
    ),
    _function(
        f"{_F}.rms_norm(input, normalized_shape, weight=None, eps=None)",
        "rms_norm(input, normalized_shape, weight=weight)",
        RMS_NORM,
        same("normalized_shape"),
        optional("weight", "weight"),
        fixed("torch", "eps", "None"),
        cases=(
            script(
                "import torch\nimport torch.nn.functional as F\nx = torch.tensor([[1e-4, 2e-4, 3e-4]])\n"
                "print(F.rms_norm(x, (3,)).sum().item())",
                one_way=_BACK,
            ),
        ),
        words="root mean square norm function",
    ),
    _function(
        f"{_F}.rms_norm(input, normalized_shape, weight=None, eps=None)",
        "rms_norm(input, normalized_shape, weight=weight, eps=eps)",
        RMS_NORM,
        same("normalized_shape"),
        optional("weight", "weight"),
        same("eps"),
        cases=(
            case(f"{_F}.rms_norm(x, (4,), w, 1e-6)", x=_ROWS, w=f32(4), one_way=_BACK),
            case(f"{_F}.rms_norm(x, (3, 4), eps=0.1)", x=_ROWS, one_way=_BACK),
        ),
        words="root mean square norm function",
    ),
)
