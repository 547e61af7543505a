"""Attention: helpers that take torch's masks, heads in front of the steps or behind them."""

from __future__ import annotations

from translator import convert

from .rows import flagged, rows, to_torch

_CALL = """
import torch
import torch.nn.functional as F

def attend(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask):
    return F.scaled_dot_product_attention({arguments})
"""


def _last(arguments: str) -> str:
    result = convert(_CALL.format(arguments=arguments), to="tensorflow")
    assert result.complete, result.findings
    assert result.code.count("def scaled_dot_product_attention(") == 1
    return result.code.splitlines()[-1].strip()


def test_the_helper_takes_what_torch_takes():
    for arguments in ("q, k, v", "q, k, v, is_causal=True", "q, k, v, attn_mask=mask, scale=0.5"):
        assert _last(arguments) == f"return scaled_dot_product_attention({arguments})"
    assert _last("q, k, v, mask, 0.1").endswith("attn_mask=mask, dropout_p=0.1)")


@rows(
    flagged(_CALL.format(arguments="q, k, v, enable_gqa=True"), at="enable_gqa"),
    to_torch(
        """
        import keras
        import tensorflow as tf
        def attend(q: tf.Tensor, k: tf.Tensor, mask: tf.Tensor):
            return keras.ops.dot_product_attention(q, k, k, mask=mask)
        """,
        """
        import torch
        import torch.nn.functional as F
        def attend(q: torch.Tensor, k: torch.Tensor, mask: torch.Tensor):
            return F.scaled_dot_product_attention(
                q.transpose(1, 2),
                k.transpose(1, 2),
                k.transpose(1, 2),
                attn_mask=mask,
            ).transpose(1, 2)
        """,
    ),
    flagged(
        "def f(q, k, b):\n    return keras.ops.dot_product_attention(q, k, k, bias=b)",
        at="bias=b",
        to="torch",
    ),
)
def test_attention_as_a_function(case):
    case.check()
