"""torch's transformers: classes that are written into the file, whose calls keep torch's masks."""

from __future__ import annotations

from translator import convert

from .rows import flagged, rows

SOURCE = """
import torch
from torch import nn
from torch.nn import TransformerEncoder, TransformerEncoderLayer


class Tagger(nn.Module):
    def __init__(self, size, count):
        super().__init__()
        layer = TransformerEncoderLayer(size, 4, activation="gelu", batch_first=True)
        self.encoder = TransformerEncoder(layer, count, enable_nested_tensor=False)
        self.whole = nn.Transformer(size, 4)

    def forward(self, x, hidden):
        later = nn.Transformer.generate_square_subsequent_mask(x.size(1))
        x = self.encoder(x, later, src_key_padding_mask=hidden)
        memory = self.whole.encoder(x)
        return self.whole.decoder(x, memory, tgt_mask=later, tgt_is_causal=True)


class Model(nn.Transformer):
    def __init__(self, size):
        super().__init__(d_model=size, nhead=2)
        self.out = nn.Linear(size, 3)

    def forward(self, src, tgt):
        return self.out(self.decoder(tgt, self.encoder(src)))
"""


def test_transformers():
    result = convert(SOURCE, to="tensorflow")
    assert result.complete, result.findings
    code = result.code
    for line in (
        'layer = TransformerEncoderLayer(size, 4, activation="gelu", batch_first=True)',
        "self.encoder = TransformerEncoder(layer, count)",
        "self.whole = Transformer(size, 4)",
        "later = square_subsequent_mask(x.shape[1])",
        "x = self.encoder(x, later, src_key_padding_mask=hidden)",
        "memory = self.whole.encoder(x)",
        "return self.whole.decoder(x, memory, tgt_mask=later)",
        "class Model(Transformer):",
        "return self.out(self.decoder(tgt, self.encoder(src)))",
    ):
        assert line in code, line
    names = [line.split("(")[0] for line in code.splitlines() if line.startswith("class ")]
    assert names == [
        "class MaskedAttention",
        "class TransformerEncoderLayer",
        "class TransformerEncoder",
        "class TransformerDecoderLayer",
        "class TransformerDecoder",
        "class Transformer",
        "class Tagger",
        "class Model",
    ]


def test_a_name_that_the_file_has_is_left_to_it():
    source = SOURCE.replace("class Tagger", "class Transformer")
    code = convert(source, to="tensorflow").code
    assert "class Transformer_(keras.Model):" in code
    assert "class Model(Transformer_):" in code
    assert "self.whole = Transformer_(size, 4)" in code


@rows(
    flagged(
        "layer = nn.TransformerEncoderLayer(8, 2, dtype=torch.float64)",
        at="nn.TransformerEncoderLayer",
    )
)
def test_left(case):
    case.check()
