# model: Tagger(8, hidden=6)
# inputs: 4x5x8
import math
from collections import OrderedDict
from functools import partial

import torch
from torch import nn

NORM = partial(nn.LayerNorm, eps=1e-6)


class Feed(nn.Sequential):
    def __init__(self, width, inner, norm_layer=None, activation=nn.ReLU, inplace=None):
        settings = {} if inplace is None else {"inplace": inplace}
        layers = [nn.Linear(width, inner)]
        if norm_layer is not None:
            layers.append(norm_layer(inner))
        layers.append(activation(**settings))
        layers.append(nn.Dropout(0.1, **settings))
        layers.append(nn.Linear(inner, width))
        super().__init__(*layers)


class Tagger(nn.Module):
    def __init__(self, width, classes=3, hidden=None, norm_layer=NORM):
        super().__init__()
        self.norm = norm_layer(width)
        self.feed = Feed(width, 2 * width, activation=nn.GELU)
        self.scale = nn.Parameter(torch.empty(1, 1, width).normal_(std=0.02))
        layers = OrderedDict()
        if hidden is None:
            layers["out"] = nn.Linear(width, classes)
        else:
            layers["hidden"] = nn.Linear(width, hidden)
            layers["act"] = nn.Tanh()
            layers["out"] = nn.Linear(hidden, classes)
        self.head = nn.Sequential(layers)
        if hasattr(self.head, "hidden") and isinstance(self.head.hidden, nn.Linear):
            fan_in = self.head.hidden.in_features
            nn.init.normal_(self.head.hidden.weight, std=math.sqrt(1 / fan_in))
            nn.init.zeros_(self.head.hidden.bias)
        nn.init.zeros_(self.head.out.bias)

    def forward(self, x):
        x = x + self.feed(self.norm(x)) * self.scale
        return self.head(x)
