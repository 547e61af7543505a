# model: Classifier("lstm")
# inputs: 4x7x8
from torch import nn


class Classifier(nn.Module):
    """Recurrent layers whose classes are chosen in several ways."""

    def __init__(self, kind, rnn=nn.GRU):
        super().__init__()
        chosen = nn.LSTM if kind == "lstm" else nn.GRU
        self.both = chosen(8, 6, batch_first=True, bidirectional=True)
        self.deep = rnn(12, 6, 2, batch_first=True)
        self.last = {"lstm": nn.LSTM, "rnn": nn.RNN}[kind](6, 4, batch_first=True)
        self.norm = nn.BatchNorm1d(4)
        self.drop = nn.Dropout2d(0.2)
        self.out = nn.Linear(4, 3)

    def forward(self, x):
        x, _ = self.both(x)
        x, _ = self.deep(x)
        x, _ = self.last(x)
        return self.out(self.drop(self.norm(x[:, -1])))
