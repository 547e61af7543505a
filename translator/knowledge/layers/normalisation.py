"""Normalisation of the last axes, of groups of channels, and of vectors."""

from __future__ import annotations

from translator.knowledge.cases import Case, case, f32, script
from translator.knowledge.layers.convolution import image
from translator.knowledge.lenses import Lens, fixed, inferred, only, same, tensor, trailing
from translator.knowledge.records import Layer, Pair, Record
from translator.knowledge.shapes import like_first
from translator.knowledge.weights import Weight, weight

_GAMMA, _BETA = weight("weight", "gamma"), weight("bias", "beta")
_SIZES = "torch asks for the sizes of the input, which Keras does not name"
_EPSILON = "The default epsilons differ: 1e-5 and 1e-3."


def _flags(scale: bool, center: bool) -> tuple[Lens, ...]:
    return (fixed("tensorflow", "center", str(center)), fixed("tensorflow", "scale", str(scale)))


_LAZY = '''
class LazyLayerNorm(nn.modules.lazy.LazyModuleMixin, nn.LayerNorm):
    """A LayerNorm over the last axis, which learns its size at its first call."""

    cls_to_become = nn.LayerNorm

    def __init__(self, eps=1e-5, elementwise_affine=True, bias=True):
        super().__init__(0, eps, elementwise_affine, bias)
        if elementwise_affine:
            self.weight = nn.UninitializedParameter()
        if elementwise_affine and bias:
            self.bias = nn.UninitializedParameter()

    def initialize_parameters(self, input):
        self.normalized_shape = tuple(input.shape[-1:])
        for parameter in self.parameters():
            parameter.materialize(self.normalized_shape)
        self.reset_parameters()
'''


def _layer_norm(scale: bool, center: bool, *cases: Case) -> Layer:
    weights: tuple[Weight, ...] = (_GAMMA, _BETA)[: scale + center]
    return Layer(
        torch="torch.nn.LayerNorm(normalized_shape, eps=1e-05, elementwise_affine=True, bias=True)",
        tf="keras.layers.LayerNormalization(axis=-1, epsilon=0.001, center=True, scale=True)",
        args=(
            trailing("normalized_shape", "axis"),
            same("eps", "epsilon"),
            fixed("torch", "elementwise_affine", str(scale)),
            fixed("torch", "bias", *(("True", "False") if not scale else (str(center),))),
            *_flags(scale, center),
        ),
        weights=weights,
        shape=like_first,
        lazy=("LazyLayerNorm", _LAZY),
        differs=_EPSILON,
        naive="LayerNormalization()",
        error="9e-01 on inputs of small variance",
        words="layer norm",
        cases=cases,
    )


_WITH_BOTH = _layer_norm(
    True,
    True,
    case("torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.LayerNorm(8))", f32(2, 5, 3)),
    case(
        "torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.LayerNorm((8,), eps=1e-6))", f32(2, 3)
    ),
    case("torch.nn.LayerNorm((3, 4, 5))", f32(2, 3, 4, 5), one_way=_SIZES),
    case(
        "keras.Sequential([keras.Input((6, 4)), keras.layers.LayerNormalization()])",
        f32(2, 6, 4),
        side="tensorflow",
    ),
    case(
        "keras.Sequential([keras.Input((6, 4)), keras.layers.LayerNormalization(axis=[-2, -1])])",
        f32(2, 6, 4),
        side="tensorflow",
    ),
)
_WITHOUT_BIAS = _layer_norm(
    True,
    False,
    case(
        "torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.LayerNorm(8, bias=False))", f32(2, 3)
    ),
)
_BARE = _layer_norm(
    False,
    False,
    case(
        "torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.LayerNorm(8, elementwise_affine=False))",
        f32(2, 3),
    ),
)


def _group_norm(affine: bool, *cases: Case) -> Layer:
    return Layer(
        torch="torch.nn.GroupNorm(num_groups, num_channels, eps=1e-05, affine=True)",
        tf="keras.layers.GroupNormalization(groups=32, axis=-1, epsilon=0.001, center=True, scale=True)",
        args=(
            same("num_groups", "groups"),
            inferred("num_channels", axis=1),
            same("eps", "epsilon"),
            fixed("torch", "affine", str(affine)),
            fixed("tensorflow", "axis", "-1"),
            *_flags(affine, affine),
        ),
        order="wants",
        weights=(_GAMMA, _BETA) if affine else (),
        shape=like_first,
        differs=_EPSILON,
        naive="GroupNormalization(3)",
        error="1.71",
        words="group norm",
        cases=cases,
    )


def _of_image(layer: str) -> str:
    return f"torch.nn.Sequential(torch.nn.Conv2d(3, 6, 1), torch.nn.{layer})"


_GROUPS = _group_norm(
    True,
    case(_of_image("GroupNorm(3, 6)"), image(2, 3)),
    case(
        "keras.Sequential([keras.Input((7, 8, 3)), keras.layers.Conv2D(4, 3), keras.layers.GroupNormalization(2)])",
        image(2, 3, last=True),
        side="tensorflow",
    ),
)
_BARE_GROUPS = _group_norm(
    False, case(_of_image("GroupNorm(3, 6, eps=1e-3, affine=False)"), image(2, 3))
)


def _instance_norm(affine: bool) -> Layer:
    rest = "eps=1e-05, momentum=0.1, affine=False, track_running_stats=False)"
    names = [
        (f"torch.nn.{lazy}InstanceNorm{axes}d", axes + 2)
        for lazy in ("", "Lazy")
        for axes in (2, 1, 3)
    ]
    wanted = f"affine={affine}"
    return Layer(
        torch=tuple(
            f"{name}({rest.replace('affine=False, track_running_stats=False', 'affine=True, track_running_stats=True')}"
            if "Lazy" in name
            else f"{name}(num_features, {rest}"
            for name, _ in names
        ),
        tf="keras.layers.GroupNormalization(groups=32, axis=-1, epsilon=0.001, center=True, scale=True)",
        args=(
            inferred("num_features", axis=1),
            same("eps", "epsilon"),
            only("torch", "momentum", "there are no running statistics"),
            fixed("torch", "affine", str(affine)),
            fixed("torch", "track_running_stats", "False"),
            fixed("tensorflow", "groups", "-1"),
            fixed("tensorflow", "axis", "-1"),
            *_flags(affine, affine),
        ),
        order="wants",
        ranks=tuple(names),
        weights=(_GAMMA, _BETA) if affine else (),
        shape=like_first,
        differs=f"A group for each channel. {_EPSILON} torch learns no weights unless told to.",
        naive="GroupNormalization(groups=-1)",
        error="1.68",
        words="instance norm",
        cases=(
            case(_of_image(f"InstanceNorm2d(6, {wanted})"), image(2, 3)),
            case(f"torch.nn.InstanceNorm1d(3, {wanted})", image(1, 3), one_way=_SIZES),
            case(f"torch.nn.InstanceNorm3d(3, 1e-3, {wanted})", image(3, 3, 3), one_way=_SIZES),
            case(
                "keras.Sequential([keras.Input((7, 8, 3)), keras.layers.Conv2D(4, 3), "
                f"keras.layers.GroupNormalization(groups=-1, center={affine}, scale={affine})])",
                image(2, 3, last=True),
                side="tensorflow",
            ),
        ),
    )


def _rms_norm(*eps: Lens, cases: tuple[Case, ...]) -> Layer:
    return Layer(
        torch="torch.nn.RMSNorm(normalized_shape, eps=None, elementwise_affine=True)",
        tf="keras.layers.RMSNormalization(axis=-1, epsilon=1e-06)",
        args=(
            trailing("normalized_shape", "axis"),
            *eps,
            fixed("torch", "elementwise_affine", "True"),
        ),
        weights=(weight("weight", "scale"),),
        shape=like_first,
        differs="torch's epsilon is that of the numbers, 1.2e-7 of 32 bits, unless it is stated.",
        naive="RMSNormalization()",
        error="6e-01 on tiny inputs",
        words="root mean square norm",
        cases=cases,
    )


_RMS_NORM = _rms_norm(
    fixed("torch", "eps", "None"),
    fixed("tensorflow", "epsilon", "1.1920929e-07", "1.1920928955078125e-07"),
    cases=(
        script(
            "import torch\nfrom torch import nn\nnorm = nn.RMSNorm(3)\n"
            "print(norm(torch.tensor([[1e-4, 2e-4, 3e-4]])).sum().item())"
        ),
    ),
)
_RMS_NORM_STATED = _rms_norm(
    same("eps", "epsilon"),
    cases=(
        case(
            "torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.RMSNorm(8, eps=1e-6))", f32(2, 3)
        ),
        case(
            "keras.Sequential([keras.Input((6, 4)), keras.layers.RMSNormalization()])",
            f32(2, 6, 4),
            side="tensorflow",
        ),
    ),
)
UNIT_NORM = (
    "UnitNorm",
    '''
class UnitNorm(nn.Module):
    """Scales vectors to length one."""

    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, x):
        return F.normalize(x, dim=self.dim, eps=1e-6)
''',
)
_UNIT = Pair(
    torch="UnitNorm()",
    tf="keras.layers.UnitNormalization(axis=-1)",
    args=(fixed("tensorflow", "axis", "-1"),),
    shape=like_first,
    only_from="tensorflow",
    helper=UNIT_NORM,
    words="unit length normalize l2",
    cases=(
        case(
            "keras.layers.UnitNormalization()",
            f32(2, 3),
            side="tensorflow",
            one_way="what the file has for it is a class of its own",
        ),
    ),
)
_LOCAL = Pair(
    torch="torch.nn.functional.local_response_norm(input, size, alpha=0.0001, beta=0.75, k=1.0)",
    tf="tf.nn.local_response_normalization(input, depth_radius=size // 2, bias=k, alpha=alpha / size, beta=beta)",
    args=(
        tensor("input", "input", rank=4),
        same("size"),
        same("alpha"),
        same("beta"),
        same("k"),
    ),
    order="wants",
    rank=4,
    shape=like_first,
    only_from="torch",
    caution="the two agree where the size is odd",
    differs="torch divides alpha by the size; TensorFlow counts neighbours on one side.",
    naive="tf.nn.local_response_normalization(x, depth_radius=5)",
    error="10.7",
    rounding="TensorFlow holds the constants in 32 bits.",
    words="local response normalization alexnet",
    cases=(
        case(
            "torch.nn.functional.local_response_norm(x, 5, alpha=0.001)",
            x=image(2, 9),
            one_way="no record leads back",
        ),
    ),
)

_LOCAL_LAYER = Pair(
    torch="torch.nn.LocalResponseNorm(size, alpha=0.0001, beta=0.75, k=1.0)",
    tf="keras.layers.Lambda(lambda x: tf.nn.local_response_normalization(x, depth_radius=size // 2, bias=k, "
    "alpha=alpha / size, beta=beta))",
    args=(same("size"), same("alpha"), same("beta"), same("k")),
    order="wants",
    rank=4,
    shape=like_first,
    only_from="torch",
    differs="torch divides alpha by the size; TensorFlow counts neighbours on one side, so that the two agree where "
    "the size is odd.",
    rounding="TensorFlow holds the constants in 32 bits.",
    words="local response normalization alexnet layer",
    cases=(
        case("torch.nn.LocalResponseNorm(3, k=2.0)", image(2, 9), one_way="no record leads back"),
    ),
)

RECORDS: tuple[Record, ...] = (
    _LOCAL_LAYER,
    _WITH_BOTH,
    _WITHOUT_BIAS,
    _BARE,
    _instance_norm(True),
    _instance_norm(False),
    _GROUPS,
    _BARE_GROUPS,
    _RMS_NORM,
    _RMS_NORM_STATED,
    _UNIT,
    _LOCAL,
)
