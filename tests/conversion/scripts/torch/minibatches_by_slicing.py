import numpy as np, torch
from torch import nn
from torch.optim import SGD

rng = np.random.default_rng(17)
x = torch.from_numpy(rng.uniform(-1, 1, (22, 1)).astype(np.float32))
y = -1.5 * x + .25

class Line(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(1, 1)
        self.lin.weight.data = torch.tensor([[0.0]])
        self.lin.bias.data = torch.tensor([0.0])
    def forward(self, xb): return self.lin(xb)

model, bs, n = Line(), 5, len(x)
opt = SGD(model.parameters(), lr=.1)

for epoch in range(6):
    running_loss = 0.
    for i in range((n - 1) // bs + 1):
        start_i = i * bs
        end_i = start_i + bs
        xb = x[start_i:end_i]
        yb = y[start_i:end_i]
        loss = ((model(xb) - yb) ** 2).mean()

        loss.backward()
        opt.step()
        opt.zero_grad()
        running_loss += loss.item() * xb.size(0)
    print(epoch, f'{running_loss / n:.6f}')
