"""Embeddings."""

from __future__ import annotations

from translator.knowledge.cases import case, f32, ints
from translator.knowledge.lenses import Lens, beside, fixed, only, same, tensor
from translator.knowledge.records import Layer, Pair, Record
from translator.knowledge.shapes import Bound, Shape
from translator.knowledge.weights import weight


def _looked_up(call: Bound) -> Shape:
    return None if call.first is None else (*call.first, call.literals.get("embedding_dim"))


_TORCH = (
    "torch.nn.Embedding(num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, "
    "scale_grad_by_freq=False, sparse=False)"
)
_OPTIONS: tuple[Lens, ...] = (
    fixed("torch", "max_norm", "None"),
    only("torch", "norm_type", "it is read with max_norm alone"),
    fixed("torch", "scale_grad_by_freq", "False"),
    only("torch", "sparse", "it changes how gradients are stored, not what they are"),
)
_IDS = ints(2, 3, high=10)

EMBEDDING = Layer(
    torch=_TORCH,
    tf="keras.layers.Embedding(input_dim, output_dim, embeddings_initializer='uniform', *, mask_zero=False)",
    args=(
        same("num_embeddings", "input_dim"),
        same("embedding_dim", "output_dim"),
        fixed("torch", "padding_idx", "None"),
        *_OPTIONS,
        fixed("tensorflow", "mask_zero", "False"),
        beside("embeddings_initializer", "a call of nn.init"),
        beside("input_shape", "nothing: an embedding takes any"),
        beside("input_length", "nothing: an embedding takes any"),
    ),
    weights=(weight("weight", "embeddings"),),
    shape=_looked_up,
    dtype="float",
    initial="torch draws from N(0, 1), Keras from U(±0.05)",
    differs="mask_zero hands a mask to the layers behind, which torch's have no place for: pad_packed_sequence or a "
    "product with the mask does what they do with it.",
    words="lookup table tokens words",
    cases=(
        case("torch.nn.Embedding(10, 4)", _IDS),
        case("keras.layers.Embedding(10, 4)", _IDS, side="tensorflow"),
        case(
            "keras.layers.Embedding(10, 4, embeddings_initializer='normal', input_length=3)",
            _IDS,
            side="tensorflow",
        ),
    ),
)

_HELPER = '''
class PaddedEmbedding(keras.layers.Embedding):
    """An embedding with a row of zeros for padding, which no gradient changes."""

    def __init__(self, input_dim, output_dim, padding_idx, **options):
        super().__init__(input_dim, output_dim, **options)
        self.padding_idx = padding_idx % input_dim

    def build(self, input_shape=None):
        super().build(input_shape)
        rows = tf.range(self.input_dim)[:, tf.newaxis]
        self.embeddings.assign(tf.where(rows == self.padding_idx, 0.0, self.embeddings))

    def call(self, inputs):
        outputs = super().call(inputs)
        padded = (inputs == self.padding_idx)[..., tf.newaxis]
        return tf.where(padded, tf.stop_gradient(outputs), outputs)
'''

PADDED = Pair(
    torch=_TORCH,
    tf="PaddedEmbedding(num_embeddings, embedding_dim, padding_idx=padding_idx)",
    args=(
        same("num_embeddings"),
        same("embedding_dim"),
        same("padding_idx"),
        *_OPTIONS,
    ),
    shape=_looked_up,
    dtype="float",
    only_from="torch",
    helper=("PaddedEmbedding", _HELPER),
    differs="mask_zero=True does not do it: the row of the padding keeps its first values and learns.",
    naive="keras.layers.Embedding(n, d, mask_zero=True)",
    error="6",
    words="padding row",
    cases=tuple(
        case(f"torch.nn.Embedding(10, 4, padding_idx={row})", _IDS, one_way="a helper class")
        for row in (0, -3)
    ),
)

FUNCTION = Pair(
    torch="torch.nn.functional.embedding(input, weight, padding_idx=None, max_norm=None, norm_type=2.0, "
    "scale_grad_by_freq=False, sparse=False)",
    tf="tf.nn.embedding_lookup(weight, input)",
    args=(
        tensor("input", "input"),
        tensor("weight", "weight"),
        fixed("torch", "padding_idx", "None"),
        *_OPTIONS,
    ),
    only_from="torch",
    cases=(case("torch.nn.functional.embedding(ids, table)", ids=_IDS, table=f32(10, 4)),),
)

RECORDS: tuple[Record, ...] = (EMBEDDING, PADDED, FUNCTION)
