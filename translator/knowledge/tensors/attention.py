"""Attention as a function of queries, keys and values."""

from __future__ import annotations

from translator.knowledge.cases import Array, Case, case, f32
from translator.knowledge.lenses import Lens, fixed, same, tensor
from translator.knowledge.records import Pair, Record
from translator.knowledge.shapes import Bound, Shape

_HELPER = '''
def scaled_dot_product_attention(
    query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None
):
    """Attention over the last but one axis; a mask of booleans says what is attended to, any other is added."""
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    scores = tf.matmul(query, key, transpose_b=True) * scale
    if is_causal:
        rows, columns = tf.shape(scores)[-2], tf.shape(scores)[-1]
        attn_mask = tf.range(rows)[:, tf.newaxis] >= tf.range(columns)
    if attn_mask is None:
        weights = tf.nn.softmax(scores)
    elif attn_mask.dtype == tf.bool:
        weights = tf.nn.softmax(tf.where(attn_mask, scores, scores.dtype.min))
        weights = tf.where(attn_mask, weights, 0)
    else:
        weights = tf.nn.softmax(scores + attn_mask)
    if dropout_p > 0:
        weights = tf.nn.dropout(weights, dropout_p)
    return tf.matmul(weights, value)
'''
_TORCH = (
    "torch.nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=None, dropout_p=0.0, "
    "is_causal=False, scale=None, enable_gqa=False)"
)
_QUERY, _KEY, _VALUE = f32(2, 2, 5, 4), f32(2, 2, 6, 4), f32(2, 2, 6, 3)


def _attended(call: Bound) -> Shape:
    query, value = call.shapes.get("query"), call.shapes.get("value")
    if query is None or value is None or len(query) != len(value) or len(query) < 2:
        return None
    return (*query[:-1], value[-1])


def _case(text: str, mask: Array | None = None) -> Case:
    call = f"torch.nn.functional.scaled_dot_product_attention(q, k, v{text})"
    given = {} if mask is None else {"m": mask}
    inputs = {"q": _QUERY, "k": _KEY, "v": _VALUE, **given}
    return Case(call, tuple(inputs.items()), "torch", one_way="a helper function")


def _torch(*rules: Lens, more: str = "", cases: tuple[Case, ...]) -> Pair:
    return Pair(
        torch=_TORCH,
        tf="scaled_dot_product_attention(query, key, value, attn_mask=attn_mask, "
        f"{more}is_causal=is_causal, scale=scale)",
        args=(
            *(tensor(name, name) for name in ("query", "key", "value", "attn_mask")),
            *rules,
            same("is_causal"),
            same("scale"),
            fixed("torch", "enable_gqa", "False"),
        ),
        shape=_attended,
        only_from="torch",
        helper=("scaled_dot_product_attention", _HELPER),
        differs="torch has the heads in front of the steps, keras.ops.dot_product_attention behind them.",
        naive="keras.ops.dot_product_attention(q, k, v)",
        error="2.13",
        words="attention sdpa flash",
        cases=cases,
    )


ATTENTION = _torch(
    fixed("torch", "dropout_p", "0.0"),
    cases=(
        _case(""),
        _case(", is_causal=True"),
        _case(", attn_mask=m", f32(5, 6)),
        _case(", m > 0, scale=0.5", f32(2, 1, 5, 6)),
    ),
)
WITH_DROPOUT = _torch(
    same("dropout_p"),
    more="dropout_p=dropout_p, ",
    cases=(_case(", dropout_p=0.1 if self.training else 0.0"),),
)

DOT_PRODUCT = Pair(
    torch="F.scaled_dot_product_attention(query.transpose(1, 2), key.transpose(1, 2), value.transpose(1, 2), "
    "attn_mask=mask, is_causal=is_causal, scale=scale).transpose(1, 2)",
    tf="keras.ops.dot_product_attention(query, key, value, bias=None, mask=None, scale=None, is_causal=False, "
    "flash_attention=None)",
    args=(
        *(tensor(name, name) for name in ("query", "key", "value", "mask")),
        fixed("tensorflow", "bias", "None"),
        same("scale"),
        same("is_causal"),
        fixed("tensorflow", "flash_attention", "None"),
    ),
    shape=_attended,
    only_from="tensorflow",
    cases=(
        case(
            "keras.ops.dot_product_attention(q, k, v)",
            q=f32(2, 5, 2, 4), k=f32(2, 6, 2, 4), v=f32(2, 6, 2, 4), side="tensorflow",
        ),
        case(
            "keras.ops.dot_product_attention(q, k, v, mask=m > 0)",
            q=f32(2, 5, 2, 4), k=f32(2, 6, 2, 4), v=f32(2, 6, 2, 4), m=f32(2, 1, 5, 6), side="tensorflow",
        ),
        case(
            "keras.ops.dot_product_attention(q, q, q, is_causal=True)",
            q=f32(2, 5, 2, 4), side="tensorflow",
        ),
    ),
)  # fmt: skip

RECORDS: tuple[Record, ...] = (ATTENTION, WITH_DROPOUT, DOT_PRODUCT)
