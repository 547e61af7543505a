# model: Decoder(8, 5)
# inputs: 3x5x8
import torch
from torch import nn


class Decoder(nn.Module):
    """Two kinds of masks that hide by minus infinity, one made once and one at each call."""

    def __init__(self, width, length):
        super().__init__()
        self.first = nn.MultiheadAttention(width, 2, batch_first=True)
        self.second = nn.MultiheadAttention(width, 4, batch_first=True)
        self.norm = nn.LayerNorm(width)
        self.later = self.make_mask(length)

    def make_mask(self, length):
        mask = torch.empty(length, length)
        mask.fill_(float("-inf"))
        mask.triu_(1)
        return mask

    def square_mask(self, size):
        mask = (torch.triu(torch.ones(size, size)) == 1).transpose(0, 1)
        return mask.float().masked_fill(mask == 0, float("-inf")).masked_fill(mask == 1, 0.0)

    def forward(self, x):
        length = x.size(1)
        later = self.later[:length, :length].to(x.dtype)
        y, _ = self.first(x, x, x, attn_mask=later, need_weights=False)
        x = self.norm(x + y)
        y, weights = self.second(x, x, x, attn_mask=self.square_mask(length).type_as(x))
        return x + y, weights
