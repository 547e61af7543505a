import numpy as np
import torch
from torch import nn

lr = 5e-2
rng = np.random.default_rng(9)
xs = torch.tensor(rng.random((10, 1)), dtype=torch.float)
ys = torch.tensor(4 * rng.random((10, 1)) - 1, dtype=torch.float)


class Affine(nn.Module):
  def __init__(self):
    super().__init__()
    # two-space indentation, as in a notebook
    self.a = nn.Parameter(torch.tensor(1.0))
    self.b = nn.Parameter(torch.tensor([0.], dtype=torch.float32, requires_grad=True))

  def forward(self, x):
    return x.mul(self.a).add(self.b)


m = Affine()
for i in range(9):
  m.zero_grad()
  err = (m(xs) - ys).pow(2).mean()
  err.backward()
  for p in m.parameters():
    p.data.sub_(lr * p.grad)
  if i % 3 == 2:
    print(i, "%.5f" % err.item())

a, b = m.parameters()
print("a = %.5f" % a.item(), "b = %.5f" % b.item())
