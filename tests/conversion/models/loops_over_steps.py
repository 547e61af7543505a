# model: Loops(4, 6)
# inputs: 3x5x4
import torch
from torch import nn


class Cell(nn.Module):
    def __init__(self, i, h):
        super().__init__()
        self.x2h = nn.Linear(i, 3 * h)
        self.h2h = nn.Linear(h, 3 * h)
        self.h = h

    def forward(self, x, h):
        xr, xz, xn = self.x2h(x).chunk(3, 1)
        hr, hz, hn = self.h2h(h).chunk(3, 1)
        r = torch.sigmoid(xr + hr)
        z = torch.sigmoid(xz + hz)
        n = torch.tanh(xn + r * hn)
        return n + z * (h - n)


class Loops(nn.Module):
    def __init__(self, i, h):
        super().__init__()
        self.cell = Cell(i, h)
        self.lstm = nn.LSTMCell(h, h)
        self.gru = nn.GRUCell(h, h)
        self.h = h

    def init_hidden(self, batch, device):
        return (torch.zeros(batch, self.h).to(device), torch.zeros(batch, self.h, device=device))

    def forward(self, x, state=None):
        batch, steps, _ = x.size()
        h = torch.zeros(batch, self.h, device=x.device, dtype=x.dtype)
        if state is None:
            state = self.init_hidden(batch, x.device)
        hx, cx = state
        g = torch.zeros_like(h)
        outs = []
        for t in range(steps):
            h = self.cell(x[:, t, :], h)
            hx, cx = self.lstm(h, (hx, cx))
            g = self.gru(hx, g)
            outs.append(hx + g)
        out = torch.stack(outs, dim=1)
        first = torch.stack([o.sum(1) for o in outs]).t()
        return out, first, (hx, cx)
