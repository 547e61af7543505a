"""Linear regression with raw parameters, in PyTorch."""

import numpy as np
import torch

# The data, the same on both sides: y = 2x + 1 and a little fixed noise.
rng = np.random.default_rng(0)
x = rng.uniform(-1.0, 1.0, size=(64, 1)).astype(np.float32)
y = (2.0 * x + 1.0 + rng.normal(0.0, 0.1, size=(64, 1))).astype(np.float32)

epochs = 200
learning_rate = 0.05

inputs = torch.from_numpy(x)
targets = torch.from_numpy(y)

w = torch.tensor([[0.5]], requires_grad=True)
b = torch.tensor([0.0], requires_grad=True)

for epoch in range(1, epochs + 1):
    prediction = inputs @ w + b
    loss = ((prediction - targets) ** 2).mean()

    loss.backward()
    # The update is not part of the computation to differentiate.
    with torch.no_grad():
        w -= learning_rate * w.grad
        b -= learning_rate * b.grad
        # backward() adds to .grad, so the next epoch must find zeros there.
        w.grad.zero_()
        b.grad.zero_()

    if epoch % 20 == 0:
        print(f"epoch {epoch:3d}  loss {loss.item():.6f}")

weight = w.item()
bias = b.item()
print(f"weight {weight:.6f}")
print(f"bias {bias:.6f}")
