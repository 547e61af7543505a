"""Linear regression as a module with parameters of its own, in PyTorch."""

import numpy as np
import torch
from torch import nn

# The data, the same on both sides: y = 2x + 1 and a little fixed noise.
rng = np.random.default_rng(0)
x = rng.uniform(-1.0, 1.0, size=(64, 1)).astype(np.float32)
y = (2.0 * x + 1.0 + rng.normal(0.0, 0.1, size=(64, 1))).astype(np.float32)

epochs = 200
learning_rate = 0.05

inputs = torch.from_numpy(x)
targets = torch.from_numpy(y)


class LinearRegression(nn.Module):
    def __init__(self):
        super().__init__()
        # Assigning an nn.Parameter registers it with the module.
        self.weight = nn.Parameter(torch.tensor([[0.5]]))
        self.bias = nn.Parameter(torch.tensor([0.0]))

    def forward(self, x):
        return x @ self.weight + self.bias


model = LinearRegression()

for epoch in range(1, epochs + 1):
    prediction = model(inputs)
    loss = ((prediction - targets) ** 2).mean()

    model.zero_grad()
    loss.backward()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter -= learning_rate * parameter.grad

    if epoch % 20 == 0:
        print(f"epoch {epoch:3d}  loss {loss.item():.6f}")

weight = model.weight.item()
bias = model.bias.item()
print(f"weight {weight:.6f}")
print(f"bias {bias:.6f}")
