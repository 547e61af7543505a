"""Attention: helpers that take torch's masks, heads in front of the steps or behind them."""

from __future__ import annotations

import pytest

from translator import Code, convert

from .rows import flagged, rows, to_tensorflow, to_torch

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


@rows(
    # The operands in Keras's order, the size of one head, the steps behind the batch, the mean over the heads.
    to_tensorflow(
        """
        import torch
        from torch import nn

        class Block(nn.Module):
            def __init__(self, dim, heads):
                super().__init__()
                self.attn = nn.MultiheadAttention(dim, heads, dropout=0.1, batch_first=True)
                self.cross = nn.MultiheadAttention(64, 8, bias=False)

            def forward(self, x, memory, ids):
                unused = ids == 0
                x = x + self.attn(x, x, x, need_weights=False)[0]
                y, _ = self.attn(x, memory, memory + 1, key_padding_mask=unused)
                z, scores = self.cross(x, memory, memory)
                return y, z, scores
        """,
        """
        import keras
        import tensorflow as tf

        class Block(keras.Model):
            def __init__(self, dim, heads):
                super().__init__()
                self.config = {"dim": dim, "heads": heads}
                self.attn = keras.layers.MultiHeadAttention(heads, dim // heads, dropout=0.1)
                self.cross = keras.layers.MultiHeadAttention(8, 8, use_bias=False)

            def call(self, x, memory, ids):
                unused = ids == 0
                x = x + self.attn(x, x)
                y = self.attn(x, memory + 1, key=memory, attention_mask=~unused[:, tf.newaxis])
                z, scores = self.cross(
                    tf.transpose(x, [1, 0, 2]),
                    tf.transpose(memory, [1, 0, 2]),
                    return_attention_scores=True,
                )
                z = tf.transpose(z, [1, 0, 2])
                scores = tf.reduce_mean(scores, axis=1)
                return y, z, scores

            def get_config(self):
                return dict(self.config)
        """,
    ),
    # Masks that are added, or of which nothing is known, and results that stay together.
    flagged(
        "attn = nn.MultiheadAttention(8, 2, batch_first=True)\n"
        "def f(x, mask):\n    y, w = attn(x, x, x, attn_mask=mask)\n    return y, w",
        at="attn_mask=mask",
    ),
    flagged(
        "attn = nn.MultiheadAttention(8, 2, batch_first=True)\ndef f(x):\n    return attn(x, x, x)",
        at="return attn",
    ),
    flagged("attn = nn.MultiheadAttention(8, 2, kdim=4)", at="kdim"),
    flagged("attn = nn.MultiheadAttention(8, 2, add_bias_kv=True)", at="add_bias_kv"),
    flagged("attn = keras.layers.MultiHeadAttention(2, 4, output_shape=3)", to="torch"),
)
def test_attention_of_several_heads(case):
    case.check()


def test_attention_of_unknown_size_learns_it_at_its_first_call():
    source = "import keras\nattn = keras.layers.MultiHeadAttention(2, 4)\ndef f(x):\n    return attn(x, x)\n"
    result = convert(source, to="torch")
    assert result.complete
    assert "\nattn = LazyMultiHeadAttention(2, 4)\n" in result.code
    assert Code.LAZY_SIZE in {finding.code for finding in result.findings}


def test_heads_of_any_size_are_a_class_in_torch():
    result = convert(
        "import keras\nimport tensorflow as tf\n"
        "attn = keras.layers.MultiHeadAttention(2, key_dim=5, dropout=0.1)\n"
        "def f(x: tf.Tensor, y: tf.Tensor):\n"
        "    x, y = tf.reshape(x, [2, 7, 8]), tf.reshape(y, [2, 6, 4])\n"
        "    return attn(x, y, use_causal_mask=True)\n",
        to="torch",
    )
    assert result.complete, result.findings
    assert "attn = MultiHeadAttention(8, 2, 5, dropout=0.1, memory_dim=4)" in result.code
    assert result.code.endswith("return attn(x, y, use_causal_mask=True)\n")


_HIDING = """
class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.register_buffer("later", torch.triu(torch.full((n, n), float("-inf")), diagonal=1))
        self.other = self.make(n)
    def make(self, n):
        mask = torch.empty(n, n)
        mask.fill_(float("-inf"))
        mask.triu_(1)
        return mask
    def flags(self, n):
        mask = (torch.triu(torch.ones(n, n)) == 1).transpose(0, 1)
        mask = mask.float().masked_fill(mask == 0, float("-inf")).masked_fill(mask == 1, float(0.0))
        return mask
    def forward(self, x, given):
        n = x.size(1)
        here = torch.zeros(n, n).masked_fill(torch.ones(n, n) > 2, -math.inf).to(x.device)
        y, _ = self.attention(x, x, x, attn_mask={mask})
        return y
"""


@pytest.mark.parametrize(
    ("mask", "written"),
    [
        ("self.later[:n, :n]", "self.later[:n, :n] >= 0"),
        ("self.other", "self.other >= 0"),
        ("self.flags(n)", "self.flags(n) >= 0"),
        ("here", "here >= 0"),
        (
            "nn.Transformer.generate_square_subsequent_mask(n)",
            "square_subsequent_mask(n) >= 0",
        ),
    ],
)
def test_masks_that_hide_by_minus_infinity(mask, written):
    """Keras is told what may be seen: that a mask of numbers says nothing else has to be seen where it is made."""
    source = "import math\nimport torch\nfrom torch import nn\n" + _HIDING.format(mask=mask)
    found = convert(source, to="tensorflow")
    assert found.complete, found.findings
    assert f"y = self.attention(x, x, attention_mask={written})" in found.code


@pytest.mark.parametrize(
    ("mask", "written"),
    [
        ("given", "given"),
        ("self.later * 0.5", "self.later * 0.5"),
        ("torch.randn(n, n)", "tf.random.normal([n, n])"),
        ("self.other + given", "self.other + given"),
    ],
)
def test_masks_of_any_numbers(mask, written):
    """What is not seen to hide alone is added to the scores, by a layer that takes torch's masks."""
    source = "import math\nimport torch\nfrom torch import nn\n" + _HIDING.format(mask=mask)
    found = convert(source, to="tensorflow")
    assert found.complete, found.findings
    assert "self.attention = MaskedAttention(2, 4, batch_first=True)" in found.code
    assert f"y = self.attention(x, x, x, attn_mask={written})" in found.code
    weights = convert(source.replace("y, _ =", "y, self.seen ="), to="tensorflow")
    assert not weights.complete
