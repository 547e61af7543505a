"""Attention of several heads."""

from __future__ import annotations

from translator.knowledge.cases import case, f32
from translator.knowledge.lenses import (
    INSIDE,
    apart,
    beside,
    choice,
    fixed,
    inferred,
    only,
    same,
    tensor,
)
from translator.knowledge.records import Layer, Record
from translator.knowledge.shapes import Bound, Shape, like_first
from translator.knowledge.weights import Alike, Reshaped, Split, weight

_X, _MEMORY = f32(2, 5, 8), f32(2, 6, 8)
_NAMES = ("query_dense", "key_dense", "value_dense")


def _last_axis(call: Bound) -> Shape:
    return None if not call.first else (*call.first[:-1], call.literals.get("out_features"))


ATTENTION = Layer(
    torch="torch.nn.MultiheadAttention(embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False, "
    "add_zero_attn=False, kdim=None, vdim=None, batch_first=False)",
    tf="keras.layers.MultiHeadAttention(num_heads, key_dim, value_dim=None, dropout=0.0, use_bias=True, "
    "output_shape=None, attention_axes=None, *, seed=None)",
    args=(
        same("num_heads", "num_heads"),
        apart("embed_dim", "the size of a head, key_dim, that is this by num_heads,"),
        beside("key_dim", "the size of all heads together"),
        beside("value_dim", "a size of the helper class"),
        same("dropout"),
        same("bias", "use_bias"),
        fixed("torch", "add_bias_kv", "False"),
        fixed("torch", "add_zero_attn", "False"),
        fixed("torch", "kdim", "None"),
        fixed("torch", "vdim", "None"),
        apart("batch_first", "a transpose, where it is False,"),
        fixed("tensorflow", "output_shape", "None"),
        fixed("tensorflow", "attention_axes", "None"),
        only("tensorflow", "seed", "the two sides never draw the same numbers"),
    ),
    called=(
        "(query, key, value, key_padding_mask=None, need_weights=True, attn_mask=None, "
        "average_attn_weights=True, is_causal=False)",
        "(query, value, key=None, attention_mask=None, return_attention_scores=False, use_causal_mask=False)",
    ),
    call_args=(
        tensor("query", "query"),
        tensor("key", "key"),
        tensor("value", "value"),
        same("key_padding_mask", "attention_mask"),
        same("attn_mask", "attention_mask"),
    ),
    rank=3,
    shape=like_first,
    dtype="float",
    heads=True,
    moded=True,
    weights=(
        weight(
            "in_proj_weight", tuple(f"{n}.kernel" for n in _NAMES), Split(3), (1, 0), Reshaped()
        ),
        *(
            weight(f"{part[0]}_proj_weight", f"{part}.kernel", (1, 0), Reshaped())
            for part in _NAMES  # instead of the one above where the inputs are of other sizes
        ),
        weight("in_proj_bias", tuple(f"{n}.bias" for n in _NAMES), Split(3), Reshaped()),
        weight("out_proj.weight", "output_dense.kernel", (1, 0), Reshaped()),
        weight("out_proj.bias", "output_dense.bias"),
    ),
    given=(Alike("num_heads", "num_heads"),),
    initial="torch draws the projections by Xavier as one matrix, Keras by Glorot one by one",
    differs="key_dim is the size of one head; Keras takes query, value, key in this order; its masks say what is "
    "attended to, torch's what is not. A row that attends to nothing is NaN in torch and a plain mean in Keras.",
    naive="MultiHeadAttention(heads, embed_dim)(q, k, v)",
    error="4e-01",
    words="multihead self attention transformer",
    cases=(
        case(
            "torch.nn.MultiheadAttention(8, 2, batch_first=True)",
            _X,
            body="return self.layer(x0, x0, x0, need_weights=False)[0]",
            one_way="a class with heads of any size",
        ),
        case(
            "torch.nn.MultiheadAttention(8, 2)",
            _X,
            _MEMORY,
            f32(2, 6, 8),
            body="x, k, v = x0.transpose(0, 1), x1.transpose(0, 1), x2.transpose(0, 1)\n"
            "out, weights = self.layer(x, k, v)\nreturn out, weights",
            one_way="a class with heads of any size",
        ),
        case(
            "torch.nn.MultiheadAttention(8, 2, bias=False, batch_first=True)",
            _X,
            _MEMORY,
            body="hidden = torch.triu(torch.ones(5, 6), 2) > 0\nunused = x1[:, :, 0] > 1.5\n"
            "out, _ = self.layer(x0, x1, x1, attn_mask=hidden, key_padding_mask=unused)\nreturn out",
            one_way="a class with heads of any size",
        ),
        case(
            "keras.layers.MultiHeadAttention(3, 4, dropout=0.1)",
            _X,
            _MEMORY,
            f32(2, 5, 6),
            side="tensorflow",
            body="x, memory = tf.reshape(x0, [2, 5, 8]), tf.reshape(x1, [2, 6, 8])\n"
            "out, scores = self.layer(x, memory, attention_mask=x2 > 0, return_attention_scores=True)\n"
            "return self.layer(out, out, use_causal_mask=True), scores",
            one_way="the class stays one",
        ),
    ),
)

EINSUM_DENSE = Layer(
    torch="torch.nn.Linear(in_features, out_features, bias=True)",
    tf="keras.layers.EinsumDense(equation, output_shape, activation=None, bias_axes=None)",
    args=(
        inferred("in_features"),
        same("out_features", "output_shape"),
        fixed("tensorflow", "equation", "'...x,xy->...y'"),
        choice("bias", "bias_axes", ("True", "'y'"), ("False", "None")),
        *INSIDE,
    ),
    shape=_last_axis,
    weights=(weight("weight", "kernel", (1, 0), Reshaped()), weight("bias", "bias", Reshaped())),
    words="einsum dense projection heads",
    cases=(
        case(
            "keras.Sequential([keras.Input((5, 8)), "
            "keras.layers.EinsumDense('...x,xy->...y', output_shape=4, bias_axes='y')])",
            _X,
            side="tensorflow",
            one_way="it comes back as Dense",
        ),
    ),
)

RECORDS: tuple[Record, ...] = (ATTENTION, EINSUM_DENSE)
