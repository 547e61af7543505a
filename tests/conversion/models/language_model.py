# model: LanguageModel("LSTM", 50, 16, 2, tie=True)
# inputs: 6x3:int64<50
import torch.nn.functional as F
from torch import nn


class LanguageModel(nn.Module):
    """A recurrent network over words, steps first, whose table of words may serve on both ends."""

    def __init__(self, kind, words, width, depth, tie=False):
        super().__init__()
        self.embed = nn.Embedding(words, width)
        if kind in ("LSTM", "GRU"):
            self.rnn = getattr(nn, kind)(width, width, depth, dropout=0.1)
        else:
            self.rnn = nn.RNN(width, width, depth, nonlinearity="relu", dropout=0.1)
        self.out = nn.Linear(width, words)
        if tie:
            self.out.weight = self.embed.weight
        self.kind, self.width, self.depth = kind, width, depth
        self.reset()

    def reset(self):
        nn.init.uniform_(self.embed.weight, -0.1, 0.1)
        nn.init.zeros_(self.out.bias)

    def start(self, batch):
        weight = next(self.parameters())
        if self.kind == "LSTM":
            return (
                weight.new_zeros(self.depth, batch, self.width),
                weight.new(self.depth, batch, self.width).zero_(),
            )
        return weight.new_zeros(self.depth, batch, self.width)

    def forward(self, x):
        out, _ = self.rnn(self.embed(x), self.start(x.size(1)))
        return F.log_softmax(self.out(out).view(-1, 50), dim=1)
