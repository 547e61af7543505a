import numpy as np
import torch
import torch as T
import torch.nn as nn
import torch.nn.functional as F
from torch import optim, tensor
from torch.nn import Linear, Module, functional

xs = np.random.default_rng(6).normal(size=(16, 1)).astype("f4")


class Fit(Module):
    def __init__(self):
        super(Fit, self).__init__()
        self.inner = Linear(1, 2)
        self.outer = nn.Linear(2, 1)
        for layer in (self.inner, self.outer):
            nn.init.constant_(layer.weight, 0.5)
            nn.init.constant_(layer.bias, 0)

    def forward(self, inp):
        return self.outer(T.tanh(self.inner(inp)))


X = tensor(xs)
Y = T.sin(X)
fit = Fit()
optimizer = optim.SGD(fit.parameters(), lr=0.1)
for k in range(8):
    optimizer.zero_grad()
    out = fit(X)
    loss = F.mse_loss(out, Y) if k % 2 else functional.mse_loss(input=out, target=Y)
    loss.backward()
    optimizer.step()
    print(k, "{:.5f}".format(loss.item()))
