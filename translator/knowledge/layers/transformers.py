"""torch's transformers, whose blocks Keras has not: classes with torch's interface and the names of its parts."""

from __future__ import annotations

from translator.knowledge.cases import Case, case, f32
from translator.knowledge.lenses import Lens, fixed, number, only, same, tensor
from translator.knowledge.records import Layer, Pair, Record
from translator.knowledge.shapes import Bound, Shape, like_first

_ATTENTION = '''
class MaskedAttention(keras.layers.MultiHeadAttention):
    """Attention with masks as in PyTorch: booleans hide what is True, numbers are added to the scores."""

    def __init__(self, num_heads, key_dim, batch_first=False, **options):
        super().__init__(num_heads, key_dim, **options)
        self.batch_first = batch_first

    def call(
        self, query, value, key, attn_mask=None, key_padding_mask=None, training=False
    ):
        places = ("bqhd", "bkhd") if self.batch_first else ("qbhd", "kbhd")
        query, key = self.query_dense(query) * self.key_dim**-0.5, self.key_dense(key)
        scores = tf.einsum(f"{places[0]},{places[1]}->bhqk", query, key)
        if attn_mask is not None:
            added = self.added(attn_mask, scores.dtype)
            scores += added if len(added.shape) == 2 else tf.reshape(added, tf.shape(scores))
        if key_padding_mask is not None:
            scores += self.added(key_padding_mask, scores.dtype)[:, tf.newaxis, tf.newaxis]
        weights = tf.nn.softmax(scores)
        if training and self.dropout > 0:
            weights = tf.nn.dropout(weights, self.dropout)
        outputs = tf.einsum(f"bhqk,{places[1]}->{places[0]}", weights, self.value_dense(value))
        return self.output_dense(outputs)

    def added(self, mask, dtype):
        if mask.dtype != tf.bool:
            return tf.cast(mask, dtype)
        return tf.where(mask, tf.constant(float("-inf"), dtype), tf.constant(0.0, dtype))

    def get_config(self):
        return {**super().get_config(), "batch_first": self.batch_first}
'''

_LAYER = '''
class TransformerKINDLayer(keras.layers.Layer):
    """DOC"""

    def __init__(
        self,
        d_model,
        nhead,
        dim_feedforward=2048,
        dropout=0.1,
        activation="relu",
        layer_norm_eps=1e-5,
        batch_first=False,
        norm_first=False,
        bias=True,
    ):
        super().__init__()
        self.config = {
            "d_model": d_model,
            "nhead": nhead,
            "dim_feedforward": dim_feedforward,
            "dropout": dropout,
            "activation": activation,
            "layer_norm_eps": layer_norm_eps,
            "batch_first": batch_first,
            "norm_first": norm_first,
            "bias": bias,
        }
        heads = (nhead, d_model // nhead, batch_first)
        self.norm_first = norm_first
        self.activation = keras.activations.get(activation)
PARTS

    def feed_forward(self, x):
        x = self.dropout(self.activation(self.linear1(x)))
        return self.dropoutLAST(self.linear2(x))

CALL

    def get_config(self):
        return dict(self.config)
'''


def _parts(*lines: str) -> str:
    return "\n".join(f"        self.{line}" for line in lines)


def _attention(name: str) -> str:
    return f"{name} = MaskedAttention(*heads, dropout=dropout, use_bias=bias)"


def _norm(number: int) -> str:
    return f"norm{number} = keras.layers.LayerNormalization(epsilon=layer_norm_eps, center=bias)"


_FORWARD = (
    "linear1 = keras.layers.Dense(dim_feedforward, use_bias=bias)",
    "dropout = keras.layers.Dropout(dropout)",
    "linear2 = keras.layers.Dense(d_model, use_bias=bias)",
)


def _dropouts(count: int) -> tuple[str, ...]:
    return tuple(f"dropout{n} = keras.layers.Dropout(dropout)" for n in range(1, count + 1))


_ENCODER_LAYER = (
    _LAYER.replace("KIND", "Encoder")
    .replace(
        "DOC",
        "Attention to itself and a feed-forward network, each added to its input, as in PyTorch.",
    )
    .replace("LAST", "2")
    .replace("PARTS", _parts(_attention("self_attn"), *_FORWARD, _norm(1), _norm(2), *_dropouts(2)))
    .replace(
        "CALL",
        """    def attend(self, x, mask, padding):
        return self.dropout1(self.self_attn(x, x, x, mask, padding))

    def call(self, source, src_mask=None, src_key_padding_mask=None):
        if self.norm_first:
            source = source + self.attend(self.norm1(source), src_mask, src_key_padding_mask)
            return source + self.feed_forward(self.norm2(source))
        source = self.norm1(source + self.attend(source, src_mask, src_key_padding_mask))
        return self.norm2(source + self.feed_forward(source))""",
    )
)
_DECODER_LAYER = (
    _LAYER.replace("KIND", "Decoder")
    .replace(
        "DOC",
        "Attention to itself, to what is encoded, and a feed-forward network, each added to its input.",
    )
    .replace("LAST", "3")
    .replace(
        "PARTS",
        _parts(
            _attention("self_attn"),
            _attention("multihead_attn"),
            *_FORWARD,
            *map(_norm, (1, 2, 3)),
            *_dropouts(3),
        ),
    )
    .replace(
        "CALL",
        """    def attend(self, x, mask, padding):
        return self.dropout1(self.self_attn(x, x, x, mask, padding))

    def look_up(self, x, encoded, mask, padding):
        return self.dropout2(self.multihead_attn(x, encoded, encoded, mask, padding))

    def call(
        self,
        target,
        encoded,
        tgt_mask=None,
        memory_mask=None,
        tgt_key_padding_mask=None,
        memory_key_padding_mask=None,
    ):
        own = (tgt_mask, tgt_key_padding_mask)
        other = (encoded, memory_mask, memory_key_padding_mask)
        if self.norm_first:
            target = target + self.attend(self.norm1(target), *own)
            target = target + self.look_up(self.norm2(target), *other)
            return target + self.feed_forward(self.norm3(target))
        target = self.norm1(target + self.attend(target, *own))
        target = self.norm2(target + self.look_up(target, *other))
        return self.norm3(target + self.feed_forward(target))""",
    )
)
_ENCODER = '''
class TransformerEncoder(keras.layers.Layer):
    """Encoder layers like the one that is given, one after the other."""

    def __init__(self, encoder_layer, num_layers, norm=None):
        super().__init__()
        config = encoder_layer.get_config()
        self.layers = [encoder_layer.from_config(config) for _ in range(num_layers)]
        self.norm = norm

    def call(self, source, src_mask=None, src_key_padding_mask=None):
        for layer in self.layers:
            source = layer(source, src_mask, src_key_padding_mask)
        return source if self.norm is None else self.norm(source)
'''
_DECODER = '''
class TransformerDecoder(keras.layers.Layer):
    """Decoder layers like the one that is given, one after the other."""

    def __init__(self, decoder_layer, num_layers, norm=None):
        super().__init__()
        config = decoder_layer.get_config()
        self.layers = [decoder_layer.from_config(config) for _ in range(num_layers)]
        self.norm = norm

    def call(
        self,
        target,
        encoded,
        tgt_mask=None,
        memory_mask=None,
        tgt_key_padding_mask=None,
        memory_key_padding_mask=None,
    ):
        masks = (tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask)
        for layer in self.layers:
            target = layer(target, encoded, *masks)
        return target if self.norm is None else self.norm(target)
'''
_TRANSFORMER = '''
class Transformer(keras.Model):
    """An encoder and a decoder that attends to what it gives, as in PyTorch."""

    def __init__(
        self,
        d_model=512,
        nhead=8,
        num_encoder_layers=6,
        num_decoder_layers=6,
        dim_feedforward=2048,
        dropout=0.1,
        activation="relu",
        custom_encoder=None,
        custom_decoder=None,
        layer_norm_eps=1e-5,
        batch_first=False,
        norm_first=False,
        bias=True,
    ):
        super().__init__()
        sizes = (d_model, nhead, dim_feedforward, dropout, activation)
        options = (layer_norm_eps, batch_first, norm_first, bias)
        self.encoder, self.decoder = custom_encoder, custom_decoder
        if custom_encoder is None:
            norm = keras.layers.LayerNormalization(epsilon=layer_norm_eps, center=bias)
            layer = TransformerEncoderLayer(*sizes, *options)
            self.encoder = TransformerEncoder(layer, num_encoder_layers, norm)
        if custom_decoder is None:
            norm = keras.layers.LayerNormalization(epsilon=layer_norm_eps, center=bias)
            layer = TransformerDecoderLayer(*sizes, *options)
            self.decoder = TransformerDecoder(layer, num_decoder_layers, norm)

    def call(
        self,
        source,
        target,
        src_mask=None,
        tgt_mask=None,
        memory_mask=None,
        src_key_padding_mask=None,
        tgt_key_padding_mask=None,
        memory_key_padding_mask=None,
    ):
        encoded = self.encoder(source, src_mask, src_key_padding_mask)
        masks = (tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask)
        return self.decoder(target, encoded, *masks)
'''
_MASK = '''
def square_subsequent_mask(size):
    """A mask to be added to scores: minus infinity above the diagonal."""
    later = tf.range(size)[:, tf.newaxis] < tf.range(size)
    return tf.where(later, float("-inf"), 0.0)
'''

MASKED_ATTENTION = ("MaskedAttention", _ATTENTION)
_ENCODING = (("TransformerEncoderLayer", _ENCODER_LAYER), ("TransformerEncoder", _ENCODER))
_DECODING = (("TransformerDecoderLayer", _DECODER_LAYER), ("TransformerDecoder", _DECODER))

_OPTIONS = (
    "dim_feedforward=2048, dropout=0.1, activation='relu', layer_norm_eps=1e-05, batch_first=False, "
    "norm_first=False, bias=True"
)
_LAYER_ARGS = tuple(
    same(name)
    for name in (
        "d_model", "nhead", "dim_feedforward", "dropout", "activation", "layer_norm_eps", "batch_first",
        "norm_first", "bias",
    )
)  # fmt: skip
_ELSEWHERE: tuple[Lens, ...] = (
    only("torch", "device", "TensorFlow places variables by itself"),
    fixed("torch", "dtype", "None"),
)
_DIFFERS = (
    "Keras has the parts alone: a class is written that puts them together. A row of attention that sees nothing is "
    "NaN in Keras and zero in torch. In eval mode torch's fast path sets what src_key_padding_mask hides to zero."
)
_INITIAL = "torch draws the projections by Xavier as one matrix, Keras by Glorot one by one"
_ENCODED = ("mask", "src_key_padding_mask")
_DECODED = ("tgt_mask", "memory_mask", "tgt_key_padding_mask", "memory_key_padding_mask")
_BOTH = (
    "src_mask", "tgt_mask", "memory_mask", "src_key_padding_mask", "tgt_key_padding_mask",
    "memory_key_padding_mask",
)  # fmt: skip


def _like_target(call: Bound) -> Shape:
    return call.shapes.get("tgt")


# Keras fills an argument `x_mask` beside an argument `x` by itself, and `mask` beside a single tensor.
_NAMES = {"src": "source", "tgt": "target", "memory": "encoded", "mask": "src_mask"}


def _there(name: str) -> str:
    return _NAMES.get(name, name)


def _record(
    name: str,
    arguments: str,
    args: tuple[Lens, ...],
    tensors: tuple[str, ...],
    masks: tuple[str, ...],
    hints: tuple[str, ...],
    helpers: tuple[tuple[str, str], ...],
    cases: tuple[Case, ...],
    more: str = "",
    members: tuple[tuple[str, str], ...] = (),
) -> Layer:
    given = ", ".join((*tensors, *(f"{mask}=None" for mask in masks)))
    there = ", ".join((*map(_there, tensors), *(f"{_there(mask)}=None" for mask in masks)))
    hinted = "".join(f", {hint}" for hint in hints)
    return Layer(
        torch=f"torch.nn.{name}({arguments}{more})",
        tf=f"{name}({arguments})",
        args=(*args, *_ELSEWHERE) if "device" in more else args,
        called=(f"({given}{hinted})", f"({there})"),
        call_args=(
            *(tensor(name, _there(name)) for name in tensors),
            *(same(mask, _there(mask)) for mask in masks),
        ),
        rank=3,
        shape=_like_target if name == "Transformer" else like_first,
        dtype="float",
        moded=True,
        rounding="tf.nn.gelu holds the root of two in 32 bits.",
        helpers=(MASKED_ATTENTION, *helpers),
        members=members,
        initial=_INITIAL,
        differs=_DIFFERS,
        words="transformer encoder decoder block layer attention",
        cases=cases,
    )


_PLACED = ", device=None, dtype=None"
_X, _MEMORY = f32(5, 2, 8), f32(4, 2, 8)
_ONE_WAY = "a class of the file"

ENCODER_LAYER = _record(
    "TransformerEncoderLayer",
    f"d_model, nhead, {_OPTIONS}",
    _LAYER_ARGS,
    ("src",),
    ("src_mask", "src_key_padding_mask"),
    ("is_causal=False",),
    _ENCODING[:1],
    (
        case("torch.nn.TransformerEncoderLayer(8, 2, 16, 0.0)", _X, one_way=_ONE_WAY),
        case(
            "torch.nn.TransformerEncoderLayer(8, 2, 16, activation=torch.nn.functional.gelu, batch_first=True, "
            "norm_first=True, layer_norm_eps=1e-3, bias=False)",
            f32(2, 5, 8),
            body="later = torch.triu(torch.ones(5, 5), 1) > 0\npad = x0[:, :, 0] > 1.5\n"
            "return self.layer(x0, src_mask=later, src_key_padding_mask=pad)",
            one_way=_ONE_WAY,
        ),
    ),
    _PLACED,
)
DECODER_LAYER = _record(
    "TransformerDecoderLayer",
    f"d_model, nhead, {_OPTIONS}",
    _LAYER_ARGS,
    ("tgt", "memory"),
    _DECODED,
    ("tgt_is_causal=False", "memory_is_causal=False"),
    _DECODING[:1],
    (
        case("torch.nn.TransformerDecoderLayer(8, 2, 16, 0.0)", _X, _MEMORY, one_way=_ONE_WAY),
        case(
            "torch.nn.TransformerDecoderLayer(8, 4, 16, norm_first=True, activation='gelu')",
            _X,
            _MEMORY,
            body="later = torch.nn.Transformer.generate_square_subsequent_mask(5)\n"
            "pad = x1[:, :, 0].t() > 1.5\n"
            "return self.layer(x0, x1, later, memory_key_padding_mask=pad)",
            one_way=_ONE_WAY,
        ),
    ),
    _PLACED,
)
ENCODER = _record(
    "TransformerEncoder",
    "encoder_layer, num_layers, norm=None",
    (
        *(same(name) for name in ("encoder_layer", "num_layers", "norm")),
        only("torch", "enable_nested_tensor", "how it is computed alone"),
        only("torch", "mask_check", "how it is computed alone"),
    ),
    ("src",),
    _ENCODED,
    ("is_causal=None",),
    _ENCODING,
    (
        case(
            "torch.nn.TransformerEncoder(torch.nn.TransformerEncoderLayer(8, 2, 16, 0.0), 2, torch.nn.LayerNorm(8))",
            _X,
            body="return self.layer(x0, mask=torch.log(torch.tril(torch.ones(5, 5))))",
            one_way=_ONE_WAY,
        ),
    ),
    ", enable_nested_tensor=True, mask_check=True",
)
DECODER = _record(
    "TransformerDecoder",
    "decoder_layer, num_layers, norm=None",
    tuple(same(name) for name in ("decoder_layer", "num_layers", "norm")),
    ("tgt", "memory"),
    _DECODED,
    ("tgt_is_causal=None", "memory_is_causal=False"),
    _DECODING,
    (
        case(
            "torch.nn.TransformerDecoder(torch.nn.TransformerDecoderLayer(8, 2, 16, 0.0), 2)",
            _X,
            _MEMORY,
            one_way=_ONE_WAY,
        ),
    ),
)
TRANSFORMER = _record(
    "Transformer",
    "d_model=512, nhead=8, num_encoder_layers=6, num_decoder_layers=6, dim_feedforward=2048, dropout=0.1, "
    "activation='relu', custom_encoder=None, custom_decoder=None, layer_norm_eps=1e-05, batch_first=False, "
    "norm_first=False, bias=True",
    (
        *_LAYER_ARGS,
        *(
            same(name)
            for name in (
                "num_encoder_layers",
                "num_decoder_layers",
                "custom_encoder",
                "custom_decoder",
            )
        ),
    ),
    ("src", "tgt"),
    _BOTH,
    ("src_is_causal=None", "tgt_is_causal=None", "memory_is_causal=False"),
    (*_ENCODING, *_DECODING, ("Transformer", _TRANSFORMER)),
    (
        case(
            "torch.nn.Transformer(8, 2, 1, 2, 16, 0.0)",
            _X,
            _MEMORY,
            body="later = self.layer.generate_square_subsequent_mask(4)\n"
            "return self.layer(x0, x1, tgt_mask=later) + self.layer.encoder(x0)[:4]",
            one_way=_ONE_WAY,
        ),
    ),
    _PLACED,
    (
        ("encoder", "torch.nn.TransformerEncoder"),
        ("decoder", "torch.nn.TransformerDecoder"),
        ("generate_square_subsequent_mask", "torch.nn.Transformer.generate_square_subsequent_mask"),
    ),
)
LATER = Pair(
    torch="torch.nn.Transformer.generate_square_subsequent_mask(sz, device=None, dtype=None)",
    tf="square_subsequent_mask(sz)",
    args=(number("sz", "sz"), *_ELSEWHERE),
    only_from="torch",
    shape=lambda call: (call.literals.get("sz"),) * 2,
    dtype="float32",
    helper=("square_subsequent_mask", _MASK),
    words="causal mask future steps",
    cases=(
        case(
            "x + torch.nn.Transformer.generate_square_subsequent_mask(3).exp()",
            x=f32(3, 3),
            one_way="a helper function",
        ),
    ),
)

RECORDS: tuple[Record, ...] = (
    ENCODER_LAYER,
    DECODER_LAYER,
    ENCODER,
    DECODER,
    TRANSFORMER,
    LATER,
)
