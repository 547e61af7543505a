"""Normalisation."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.lenses import fixed, inferred, same
from translator.knowledge.records import Layer, Record
from translator.knowledge.shapes import like_first
from translator.knowledge.weights import weight

LAYER_NORM = Layer(
    torch="torch.nn.LayerNorm(normalized_shape, eps=1e-05, elementwise_affine=True, bias=True)",
    tf="keras.layers.LayerNormalization(axis=-1, epsilon=0.001, center=True, scale=True)",
    args=(
        inferred("normalized_shape", alone=True),
        same("eps", "epsilon"),
        fixed("torch", "elementwise_affine", "True"),
        fixed("torch", "bias", "True"),
        fixed("tensorflow", "axis", "-1", "(-1,)"),
        fixed("tensorflow", "center", "True"),
        fixed("tensorflow", "scale", "True"),
    ),
    weights=(weight("weight", "gamma"), weight("bias", "beta")),
    shape=like_first,
    differs="The default epsilons differ: 1e-5 and 1e-3.",
    naive="LayerNormalization()",
    error="9e-01 on inputs of small variance",
    words="layer norm",
    cases=(
        case("torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.LayerNorm(8))", f32(2, 5, 3)),
        case(
            "torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.LayerNorm((8,), eps=1e-6))",
            f32(2, 3),
        ),
        case(
            "keras.Sequential([keras.Input((6, 4)), keras.layers.LayerNormalization()])",
            f32(2, 6, 4),
            side="tensorflow",
        ),
    ),
)

RECORDS: tuple[Record, ...] = (LAYER_NORM,)
