"""Batch normalisation."""

from __future__ import annotations

from translator.knowledge.cases import Case, case, f32, script
from translator.knowledge.lenses import complement, fixed, inferred, same
from translator.knowledge.records import Exact, Layer, Record
from translator.knowledge.shapes import like_first
from translator.knowledge.weights import statistic, weight

_PARAMETERS = "(num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)"
_LAZY = "(eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)"


_KERAS = "keras.layers.BatchNormalization(axis=-1, momentum=0.99, epsilon=0.001, center=True, scale=True)"


_ANY_RANK = (
    "BatchNorm",
    '''
class BatchNorm(nn.BatchNorm1d):
    """Batch normalisation along the last axis, whatever the number of axes."""

    def forward(self, x):
        return super().forward(x.flatten(0, -2)).view_as(x)
''',
)


def _half(axes: int, learned: str) -> Exact:
    """Batch normalisation that learns a shift and no scale, or a scale and no shift."""
    center = learned == "bias"
    name = f"{'Shifting' if center else 'Scaling'}BatchNorm{axes}d"
    what = "a shift and no scale" if center else "a scale and no shift"
    return Exact(
        torch=f"{name}(num_features, eps=1e-05, momentum=0.1)",
        tf=_KERAS,
        args=(
            inferred("num_features", axis=1),
            same("eps", "epsilon"),
            complement("momentum", "momentum"),
            fixed("tensorflow", "axis", "-1", "1", "2", "3", "4"),
            fixed("tensorflow", "center", str(center)),
            fixed("tensorflow", "scale", str(not center)),
        ),
        order="wants",
        rank=axes + 2,
        shape=like_first,
        moded=True,
        weights=(
            weight(learned, "beta" if center else "gamma"),
            statistic("running_mean", "moving_mean"),
            statistic("running_var", "moving_variance"),
        ),
        side="torch",
        of=f"torch.nn.BatchNorm{axes}d",
        code=f'''
class {name}(nn.BatchNorm{axes}d):
    """Batch normalisation that learns {what}."""

    def __init__(self, num_features, eps=1e-05, momentum=0.1):
        super().__init__(num_features, eps=eps, momentum=momentum)
        self.register_parameter("{"weight" if center else "bias"}", None)

    def reset_parameters(self):
        self.reset_running_stats()
        for parameter in self.parameters():
            nn.init.{"zeros_" if center else "ones_"}(parameter)
''',
    )


def _batch_norm(affine: bool, *cases: Case) -> Layer:
    weights = (weight("weight", "gamma"), weight("bias", "beta")) if affine else ()
    return Layer(
        torch=(
            f"torch.nn.BatchNorm2d{_PARAMETERS}",
            f"torch.nn.BatchNorm1d{_PARAMETERS}",
            f"torch.nn.BatchNorm3d{_PARAMETERS}",
            f"torch.nn.LazyBatchNorm2d{_LAZY}",
            f"torch.nn.LazyBatchNorm1d{_LAZY}",
            f"torch.nn.LazyBatchNorm3d{_LAZY}",
        ),
        tf=_KERAS,
        args=(
            inferred("num_features", axis=1),
            same("eps", "epsilon"),
            complement("momentum", "momentum"),
            fixed("torch", "affine", str(affine)),
            fixed("torch", "track_running_stats", "True"),
            fixed(
                "tensorflow", "axis", "-1", "1", "2", "3", "4"
            ),  # the last one: it tells the rank
            fixed("tensorflow", "center", str(affine)),
            fixed("tensorflow", "scale", str(affine)),
        ),
        order="wants",
        ranks=(
            ("torch.nn.BatchNorm2d", 4),
            ("torch.nn.LazyBatchNorm2d", 4),
            ("torch.nn.BatchNorm1d", 2),
            ("torch.nn.BatchNorm1d", 3),
            ("torch.nn.LazyBatchNorm1d", 2),
            ("torch.nn.LazyBatchNorm1d", 3),
            ("torch.nn.BatchNorm3d", 5),
            ("torch.nn.LazyBatchNorm3d", 5),
        ),
        shape=like_first,
        moded=True,
        any_rank=_ANY_RANK,
        weights=(
            *weights,
            statistic("running_mean", "moving_mean"),
            statistic("running_var", "moving_variance"),
        ),
        training="torch keeps the unbiased variance of its batches, Keras the biased one",
        differs="momentum is the weight of the new value in torch and of the old one in Keras; the default epsilons "
        "differ, 1e-5 and 1e-3. In training torch keeps the unbiased variance, Keras the biased one.",
        naive="BatchNormalization()",
        error="35.5 where the variance is small",
        words="batch norm normalization",
        exact=(_half(2, "bias"), _half(2, "weight")) if affine else (),
        cases=cases,
    )


BATCH_NORM = _batch_norm(
    True,
    case(
        "torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU())",
        f32(2, 3, 6, 7),
    ),
    case(
        "keras.Sequential([keras.Input((6, 7, 3)), keras.layers.Conv2D(4, 3), "
        "keras.layers.BatchNormalization(momentum=0.8)])",
        f32(2, 6, 7, 3),
        side="tensorflow",
    ),
    case(
        "keras.Sequential([keras.Input((3,)), keras.layers.Dense(4), keras.layers.BatchNormalization()])",
        f32(5, 3),
        side="tensorflow",
    ),
)
PLAIN = _batch_norm(
    False,
    case(
        "torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4, affine=False))",
        f32(2, 3, 6, 7),
    ),
)

SYNCHRONIZED = Layer(
    torch=f"torch.nn.SyncBatchNorm{_PARAMETERS}",
    tf="keras.layers.BatchNormalization(axis=-1, momentum=0.99, epsilon=0.001, center=True, scale=True, "
    "*, synchronized=False)",
    args=(*BATCH_NORM.args, fixed("tensorflow", "synchronized", "True")),
    order="wants",
    shape=like_first,
    moded=True,
    weights=BATCH_NORM.weights,
    training=BATCH_NORM.training,
    differs="Both take the statistics over all devices; only on a GPU does torch let one run.",
    words="sync batch norm several devices",
    cases=(
        script(
            "import torch\nfrom torch import nn\nnorm = nn.SyncBatchNorm(3)\nnorm.eval()\n"
            "print(norm(torch.ones(2, 3, 4, 4)).sum().item())",
        ),
    ),
)

RECORDS: tuple[Record, ...] = (BATCH_NORM, PLAIN, SYNCHRONIZED)
