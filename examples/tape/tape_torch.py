"""Linear regression with gradients by backward(), in PyTorch."""

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
        self.linear = nn.Linear(1, 1)
        nn.init.constant_(self.linear.weight, 0.5)
        nn.init.zeros_(self.linear.bias)

    def forward(self, x):
        return self.linear(x)


model = LinearRegression()

for epoch in range(1, epochs + 1):
    # Every operation on a parameter is recorded, wherever it happens.
    prediction = model(inputs)
    loss = ((prediction - targets) ** 2).mean()

    # backward() adds the gradients to the .grad of each parameter.
    model.zero_grad()
    loss.backward()

    with torch.no_grad():
        for parameter in model.parameters():
            parameter -= learning_rate * parameter.grad

    if epoch % 20 == 0:
        print(f"epoch {epoch:3d}  loss {loss.item():.6f}")

weight = model.linear.weight.item()
bias = model.linear.bias.item()
print(f"weight {weight:.6f}")
print(f"bias {bias:.6f}")
