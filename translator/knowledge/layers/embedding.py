"""Embeddings."""

from __future__ import annotations

from translator.knowledge.cases import case, ints
from translator.knowledge.lenses import fixed, same
from translator.knowledge.records import Layer, Record
from translator.knowledge.shapes import Bound, Shape
from translator.knowledge.weights import weight


def _looked_up(call: Bound) -> Shape:
    return None if call.first is None else (*call.first, call.literals.get("embedding_dim"))


EMBEDDING = Layer(
    torch="torch.nn.Embedding(num_embeddings, embedding_dim, padding_idx=None)",
    tf="keras.layers.Embedding(input_dim, output_dim, embeddings_initializer='uniform', *, mask_zero=False)",
    args=(
        same("num_embeddings", "input_dim"),
        same("embedding_dim", "output_dim"),
        fixed("torch", "padding_idx", "None"),
        fixed("tensorflow", "mask_zero", "False"),
        fixed("tensorflow", "embeddings_initializer", "'uniform'"),
    ),
    weights=(weight("weight", "embeddings"),),
    shape=_looked_up,
    dtype="float",
    initial="torch draws from N(0, 1), Keras from U(±0.05)",
    differs="mask_zero passes a mask on and leaves row 0 as it is; padding_idx holds that row at zero.",
    naive="Embedding(n, d, mask_zero=True) for padding_idx=0",
    error="6",
    words="lookup table tokens",
    cases=(
        case("torch.nn.Embedding(10, 4)", ints(2, 3, high=10)),
        case("keras.layers.Embedding(10, 4)", ints(2, 3, high=10), side="tensorflow"),
    ),
)

RECORDS: tuple[Record, ...] = (EMBEDDING,)
