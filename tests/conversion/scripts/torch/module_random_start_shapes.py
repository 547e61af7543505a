from __future__ import print_function, division

import numpy as np
import torch

# random start, so only the shapes are worth printing here


class Regressor(torch.nn.Module):
    def __init__(self, scale=0.1):
        super().__init__()
        self.w = torch.nn.Parameter(torch.Tensor(1, 1).uniform_(-scale, scale))
        self.b = torch.nn.Parameter(torch.rand(1), requires_grad=True)
        self.c = torch.nn.Parameter(torch.randn(1, dtype=torch.float))

    def forward(self, x):
        return torch.matmul(x, self.w) + self.b + self.c


def main():
    rng = np.random.default_rng(0)
    x = torch.tensor(rng.normal(size=(16, 1)), dtype=torch.float32)
    y = 2 * x
    net = Regressor()
    first = last = None
    for step in range(50):
        loss = ((net(x) - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for p in net.parameters():
                p -= 0.1 * p.grad
                p.grad.zero_()
        if first is None:
            first = loss.item()
        last = loss.item()
    print(tuple(net.w.shape), tuple(net.b.shape), net(x).shape[0])
    print("got better:", last < first)


if __name__ == "__main__":
    main()
