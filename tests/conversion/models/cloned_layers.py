# model: make_model()
# inputs: 3x5x8
import copy

import torch
from torch import nn


def clones(module, count):
    """As many of them as are asked for."""
    return nn.ModuleList([copy.deepcopy(module) for _ in range(count)])


class Attention(nn.Module):
    def __init__(self, heads, width):
        super().__init__()
        self.heads = heads
        self.maps = clones(nn.Linear(width, width), 4)

    def forward(self, query, key, value):
        n = query.size(0)
        query, key, value = [
            each(x).view(n, -1, self.heads, x.size(-1) // self.heads).transpose(1, 2)
            for each, x in zip(self.maps, (query, key, value))
        ]
        scores = torch.matmul(query, key.transpose(-2, -1)) / query.size(-1) ** 0.5
        x = torch.matmul(scores.softmax(dim=-1), value)
        x = x.transpose(1, 2).contiguous().view(n, -1, self.heads * query.size(-1))
        return self.maps[-1](x)


class Feed(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.first = nn.Linear(width, inner)
        self.second = nn.Linear(inner, width)

    def forward(self, x):
        return self.second(self.first(x).relu())


class Residual(nn.Module):
    def __init__(self, width, dropout):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, sublayer):
        return x + self.dropout(sublayer(self.norm(x)))


class Layer(nn.Module):
    def __init__(self, width, attention, feed, dropout):
        super().__init__()
        self.attention = attention
        self.feed = feed
        self.around = clones(Residual(width, dropout), 2)
        self.width = width

    def forward(self, x):
        x = self.around[0](x, lambda y: self.attention(y, y, y))
        return self.around[1](x, self.feed)


class Encoder(nn.Module):
    def __init__(self, layer, count):
        super().__init__()
        self.layers = clones(layer, count)
        self.norm = nn.LayerNorm(layer.width)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.norm(x)


def make_model(count=2, width=8, inner=16, heads=2, dropout=0.1):
    c = copy.deepcopy
    attention = Attention(heads, width)
    feed = Feed(width, inner)
    return Encoder(Layer(width, c(attention), c(feed), dropout), count)
