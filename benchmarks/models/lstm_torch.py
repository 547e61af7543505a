"""A language model of two LSTM layers as people write it in PyTorch."""

from torch import nn


class LanguageModel(nn.Module):
    def __init__(self, vocab=500, embed=128, hidden=128):
        super().__init__()
        self.embed = nn.Embedding(vocab, embed)
        self.lstm1 = nn.LSTM(embed, hidden, batch_first=True)
        self.lstm2 = nn.LSTM(hidden, hidden, batch_first=True)
        self.head = nn.Linear(hidden, vocab)

    def forward(self, tokens):
        x = self.embed(tokens)
        x, _ = self.lstm1(x)
        x, _ = self.lstm2(x)
        return self.head(x)
