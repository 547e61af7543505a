# model: Many(3)
# inputs: 4x3
from collections import namedtuple
from dataclasses import dataclass

import torch
from torch import nn

Pair = namedtuple("Pair", ["first", "second"])


@dataclass
class Output:
    logits: torch.Tensor
    hidden: torch.Tensor = None


class Many(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.ws = nn.ParameterList([nn.Parameter(torch.randn(n, n)) for _ in range(3)])
        self.bs = nn.ParameterDict(
            {"a": nn.Parameter(torch.zeros(n)), "b": nn.Parameter(torch.ones(n))}
        )
        self.fc = nn.Linear(n, n)

    def step(self, x):
        for i, w in enumerate(self.ws):
            x = torch.tanh(x @ w) + self.bs["a"] * i
        return Pair(x, x + self.bs["b"])

    def forward(self, x):
        pair = self.step(x)
        y = pair.first * 2 + pair[1]
        out = Output(logits=self.fc(y), hidden=pair.second)
        return {"logits": out.logits, "hidden": out.hidden}
