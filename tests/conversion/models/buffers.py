# model: Buffers(4)
# inputs: 3x5x4
import math

import torch
from torch import nn


class PositionalEncoding(nn.Module):
    def __init__(self, d_model, max_len=20):
        super().__init__()
        pe = torch.zeros(max_len, d_model)
        position = torch.arange(0, max_len, dtype=torch.float).unsqueeze(1)
        div_term = torch.exp(torch.arange(0, d_model, 2).float() * (-math.log(10000.0) / d_model))
        pe[:, 0::2] = torch.sin(position * div_term)
        pe[:, 1::2] = torch.cos(position * div_term)
        pe = pe.unsqueeze(0)
        self.register_buffer("pe", pe)

    def forward(self, x):
        return x + self.pe[:, : x.size(1)]


class Buffers(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.pos = PositionalEncoding(n)
        self.register_buffer("scale", torch.ones(n) * 2)
        self.register_buffer("shift", torch.tensor([1.0, 2.0, 3.0, 4.0]), persistent=False)
        self.register_buffer("cache", None)
        self.register_buffer("mask", torch.tril(torch.ones(20, 20)).view(1, 20, 20))
        self.register_buffer("steps", torch.tensor(0))
        self.fc = nn.Linear(n, n)

    def forward(self, x):
        x = self.pos(x)
        x = self.fc(x) * self.scale + self.shift
        t = x.shape[1]
        w = torch.matmul(x, x.transpose(1, 2))
        w = w.masked_fill(self.mask[:, :t, :t] == 0, float("-inf"))
        w = torch.softmax(w, dim=-1)
        if self.cache is not None:
            x = x + self.cache
        return w @ x
