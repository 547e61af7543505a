"""Linear regression with a loss object and an optimizer, in PyTorch."""

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
criterion = nn.MSELoss()
# The optimizer is given its parameters once, here.
optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)

for epoch in range(1, epochs + 1):
    prediction = model(inputs)
    loss = criterion(prediction, targets)

    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

    if epoch % 20 == 0:
        print(f"epoch {epoch:3d}  loss {loss.item():.6f}")

weight = model.linear.weight.item()
bias = model.linear.bias.item()
print(f"weight {weight:.6f}")
print(f"bias {bias:.6f}")
